//! Tables of assembling. A row of a table is one fragment; see [`fragment`].

mod laws;

use std::fmt::Write as _;

use super::*;
use crate::time::Timestamp;
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::{Fragment, FragmentSink, Part};
use crate::usage::record::Quality;

/// Reads `request part key time names tokens [status] [flags…]`, where names are
/// `subscription/deployment/model/operation`, tokens are `input+cached+output`, `-` is nothing.
fn fragment(line: &'static str, number: u32) -> Fragment<'static> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [request, part, key, time, names, tokens, status, flags @ ..] = words.as_slice() else {
        panic!("{line:?} has too few columns");
    };
    let names: Vec<&str> = names.trim_matches('-').split('/').collect();
    let counts: Vec<u32> = tokens
        .split('+')
        .filter_map(|count| count.parse().ok())
        .collect();
    let count = |index: usize| counts.get(index).copied().unwrap_or_default();
    let name = |index: usize| names.get(index).copied().unwrap_or_default();
    Fragment {
        request: u128::from(request.as_bytes()[0]) << 64 | u128::from(request.as_bytes()[0]),
        row_key: row_key(key),
        part: match *part {
            "gateway" => Part::Gateway,
            "llm" => Part::Llm,
            _ => Part::Whole,
        },
        time: Timestamp::from_micros(time.parse().unwrap()),
        dimensions: Dimensions {
            subscription: name(0),
            deployment: name(1),
            model: name(2),
            operation: name(3),
            ..Dimensions::default()
        },
        status: status.parse().ok(),
        input: count(0),
        cached_input: count(1),
        cache_write: 0,
        output: count(2),
        reasoning: 0,
        total: None,
        requests: 1,
        streamed: flags.contains(&"streamed"),
        cache_hit: flags.contains(&"cache-hit"),
        quality: match flags {
            [.., "defaulted"] => Quality::Defaulted,
            [.., "estimated"] => Quality::Estimated,
            _ => Quality::Exact,
        },
        source: 0,
        line: number,
    }
}

/// `sequence`, or `attempt.sequence` where the row tells its attempt.
fn row_key(text: &str) -> u64 {
    let (attempt, sequence) = text.split_once('.').unwrap_or(("0", text));
    attempt.parse::<u64>().unwrap() << 32 | sequence.parse::<u64>().unwrap()
}

fn rows(table: &'static str) -> Vec<Fragment<'static>> {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .zip(1..)
        .map(|(line, number)| fragment(line, number))
        .collect()
}

/// Assembles `fragments`, dealt in turn to `workers`; shows records to `visit`.
fn assemble(
    fragments: &[Fragment<'_>],
    workers: usize,
    options: Options,
    mut visit: impl FnMut(&UsageRecord<'_>) + Send,
) -> Assembled {
    let assembly = Assembly::new(options);
    let mut sinks: Vec<_> = (0..workers).map(|_| assembly.worker()).collect();
    for (index, fragment) in fragments.iter().enumerate() {
        sinks[index % workers].add(fragment);
    }
    let sources = ["log.csv".to_owned()];
    assembly.finish(sinks, &sources, &mut [&mut visit]).unwrap()
}

fn options() -> Options {
    Options::new(std::env::temp_dir())
}

/// Checks what a table of rows comes to: records, then accounting, then faults.
fn check(case: &str, table: &'static str, expected: &str) {
    let fragments = rows(table);
    let mut shown = String::new();
    let mut assembled = assemble(&fragments, 1, options(), |record| {
        show(&mut shown, record);
    });
    assembled.accounting.read = fragments.len() as u64;
    assert!(assembled.accounting.balances(), "{case}: {assembled:?}");
    let RowAccounting {
        requests,
        merged,
        duplicates,
        conflicts,
        ..
    } = assembled.accounting;
    writeln!(shown, "rows {requests} {merged} {duplicates} {conflicts}").unwrap();
    for place in assembled
        .diagnostics
        .kinds()
        .flat_map(|(_, _, places)| places)
    {
        writeln!(shown, "{place}").unwrap();
    }
    let expected: String = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |all, line| all + line + "\n");
    assert_eq!(shown, expected, "{case}");
}

/// Writes `request time names tokens status disposition quality`.
fn show(to: &mut String, record: &UsageRecord<'_>) {
    let letter = char::from(record.request.to_be_bytes()[15]);
    let names = &record.dimensions;
    let names = [&names.subscription, &names.deployment, &names.model].map(String::as_str);
    let tokens = record.tokens;
    writeln!(
        to,
        "{letter} {} {} {}+{}+{} {} {} {:?}{}",
        record.time.micros(),
        names.join("/"),
        tokens.input,
        tokens.cached_input,
        tokens.output,
        record
            .status
            .map_or("-".to_owned(), |status| status.to_string()),
        record.disposition.name(),
        record.quality,
        if record.streamed { " streamed" } else { "" },
    )
    .unwrap();
}

#[test]
fn the_eight_requests_of_the_schema_example() {
    // The rows of the two tables of API Management, and what a correct join yields: request 8's
    // gateway row has not arrived, 6 never reached a model, 4 is a throttled estimate.
    check(
        "schema example",
        "
        1 gateway 0 90 hr              -         200
        1 llm     0 95 /mini/mini-0718 120+0+45  -
        1 llm     1 95 -               -         -
        1 llm     2 95 -               -         -
        2 gateway 0 100 finance        -         200
        2 llm     0 103 /4o/4o-1120    9120+8192+310 - streamed
        2 llm     1 103 -              -         -
        2 llm     1 103 -              -         -
        2 llm     1 103 -              -         -
        2 llm     2 103 -              -         -
        2 llm     3 103 -              -         -
        3 gateway 0 109 finance        -         200
        3 llm     0 109 /4o            -         -   streamed
        3 llm     1 109 -              -         -
        3 llm     2 109 -              -         -
        4 gateway 0 110 hr             -         429
        4 llm     0 110 -              37+0+0    -   streamed
        5 gateway 0 160 legal          -         200
        5 llm     0 160 /emb/emb-3     512+0+0   -
        5 llm     1 160 -              -         -
        6 gateway 0 220 -              -         401
        7 gateway 0 330 master         -         200
        7 llm     0 330 /haiku/haiku-45 48880+48854+1085 -
        7 llm     1 330 -              -         -
        7 llm     2 330 -              -         -
        8 llm     0 340 /mini/mini-0718 60+0+20  -
        ",
        "
        1 90 hr/mini/mini-0718 120+0+45 200 billable Exact
        2 100 finance/4o/4o-1120 9120+8192+310 200 billable Exact streamed
        3 109 finance/4o/ 0+0+0 200 2xx-without-tokens Missing streamed
        4 110 hr// 37+0+0 429 error Estimated streamed
        5 160 legal/emb/emb-3 512+0+0 200 billable Exact
        6 220 // 0+0+0 401 not-an-llm-call Missing
        7 330 master/haiku/haiku-45 48880+48854+1085 200 billable Exact
        8 340 /mini/mini-0718 60+0+20 - no-gateway-row Exact
        rows 8 18 0 0
        ",
    );
}

#[test]
fn what_became_of_requests() {
    check(
        "gateway rows alone",
        "
        a gateway 0 1 hr - 200
        b gateway 0 1 hr - 404
        c gateway 0 1 hr - 429
        d gateway 0 1 hr - 503
        e gateway 0 1 hr - 0
        f gateway 0 1 hr - -
        g gateway 0 1 hr - 200 cache-hit
        ",
        "
        a 1 hr// 0+0+0 200 no-llm-row Missing
        b 1 hr// 0+0+0 404 not-an-llm-call Missing
        c 1 hr// 0+0+0 429 error Missing
        d 1 hr// 0+0+0 503 error Missing
        e 1 hr// 0+0+0 0 error Missing
        f 1 hr// 0+0+0 - no-llm-row Missing
        g 1 hr// 0+0+0 200 cache-hit Missing
        rows 7 0 0 0
        ",
    );
    check(
        "whole rows",
        "
        a whole 0 1 hr/d/m 10+0+5 200
        b whole 0 1 hr/d/m 10+0+5 -
        c whole 0 1 hr/d/m -      200
        d whole 0 1 hr/d/m 1+0+0  200 defaulted
        e whole 0 1 hr/d/m 10+0+0 429
        f whole 0 1 hr/d   10+0+0 200
        g whole 0 1 hr/d/m 10+0+5 200 cache-hit
        h whole 0 1 hr/d/m 10+0+5 404
        i whole 0 1 hr/d/m 10+0+5 101 estimated
        ",
        "
        a 1 hr/d/m 10+0+5 200 billable Exact
        b 1 hr/d/m 10+0+5 - billable Exact
        c 1 hr/d/m 0+0+0 200 2xx-without-tokens Missing
        d 1 hr/d/m 1+0+0 200 2xx-without-tokens Defaulted
        e 1 hr/d/m 10+0+0 429 error Estimated
        f 1 hr/d/ 10+0+0 200 billable Exact
        g 1 hr/d/m 10+0+5 200 cache-hit Exact
        h 1 hr/d/m 10+0+5 404 error Estimated
        i 1 hr/d/m 10+0+5 101 billable Estimated
        rows 9 0 0 0
        ",
    );
    check(
        "a stream of the Responses API lost its usage; an embedding did not",
        "
        a gateway 0 1 ops - 200
        a llm 0 1 /d 12+0+0 - streamed
        b gateway 0 1 ops///Embeddings_Create - 200
        b llm 0 1 /d 12+0+0 -
        c llm 0 1 - 12+0+0 -
        d llm 0 1 - - -
        ",
        "
        a 1 ops/d/ 12+0+0 200 2xx-without-tokens Missing streamed
        b 1 ops/d/ 12+0+0 200 billable Exact
        c 1 // 12+0+0 - 2xx-without-tokens Missing
        d 1 // 0+0+0 - 2xx-without-tokens Missing
        rows 4 2 0 0
        ",
    );
}

#[test]
fn rows_delivered_again_count_once() {
    check(
        "everything twice; the chunk cannot be told from a second chunk",
        "
        a gateway 0 1 hr - 200
        a gateway 0 1 hr - 200
        a llm 0 2 /d/m 10+0+5 -
        a llm 0 2 /d/m 10+0+5 -
        a llm 1 2 - - -
        a llm 1 2 - - -
        b whole 0 1 hr/d/m 7+0+7 200
        b whole 0 1 hr/d/m 7+0+7 200
        ",
        "
        a 1 hr/d/m 10+0+5 200 billable Exact
        b 1 hr/d/m 7+0+7 200 billable Exact
        rows 2 3 3 0
        ",
    );
    check(
        "carriers with less detail: milliseconds, columns left out, no cached tokens in or beside \
         the prompt",
        "
        a gateway 0 1234567 hr///chat - 200
        a gateway 0 1234567 hr - 200
        a gateway 0 1234000 hr - 200
        a llm 0 1234567 /d/m 9120+8192+310 -
        a llm 0 1234000 /d/m 9120+0+310 -
        b llm 0 1 /d/m 48880+48854+1085 -
        b llm 0 1 /d/m 26+0+1085 -
        ",
        "
        a 1234567 hr/d/m 9120+8192+310 200 billable Exact
        b 1 /d/m 48880+48854+1085 - no-gateway-row Exact
        rows 2 1 4 0
        ",
    );
    check(
        "an export without the attempt's id beside one with it; another count is another row",
        "
        a llm 7.0 1 /d/m 10+0+5 -
        a llm 0 1 /d/m 10+0+5 -
        b llm 7.0 1 /d/m 9120+8192+310 -
        b llm 8.0 1 /d/m 9120+8192+310 -
        b llm 0 1 /d/m 9120+0+310 -
        c llm 7.0 1 /d/m 10+0+5 -
        c llm 0 1 /d/m 11+0+5 -
        ",
        "
        a 1 /d/m 10+0+5 - no-gateway-row Exact
        b 1 /d/m 18240+16384+620 - no-gateway-row Exact
        c 1 /d/m 21+0+10 - no-gateway-row Exact
        rows 3 2 2 0
        ",
    );
    check(
        "a request told whole, with the chunks of its messages",
        "
        a llm 1 1 - - -
        a llm 2 1 - - -
        a whole 0 1 hr/d/m 10+0+5 200
        ",
        "
        a 1 hr/d/m 10+0+5 200 billable Exact
        rows 1 2 0 0
        ",
    );
}

#[test]
fn token_rows_of_one_request_add_up() {
    check(
        "a realtime session: several keys, and one key with several counts",
        "
        a gateway 0 1 hr - 101
        a llm 0 5 /rt/m 10+0+5 -
        a llm 1 6 /rt/m 10+0+5 -
        a llm 1 7 /rt/m 20+0+9 -
        ",
        "
        a 1 hr/rt/m 40+0+19 101 billable Exact
        rows 1 3 0 0
        ",
    );
    check(
        "the name with most tokens stands for all",
        "
        a llm 0 5 /d/small 10+0+5 -
        a llm 1 4 /d/large 90+0+5 -
        ",
        "
        a 4 /d/large 100+0+10 - no-gateway-row Exact
        rows 1 1 0 0
        log.csv:1: rows of one request name different models or deployments: found \"large, small\"
        ",
    );
}

#[test]
fn contradictions_are_counted_and_named() {
    check(
        "retries under one id: the last attempt stands",
        "
        a gateway 0 9 hr - 200
        a gateway 0 5 hr - 429
        a gateway 0 5 hr - 429
        a llm 0 9 /d/m 10+0+5 -
        ",
        "
        a 9 hr/d/m 10+0+5 200 billable Exact
        rows 1 1 1 1
        log.csv:2: another row of the same request says otherwise
        ",
    );
    check(
        "equal times: more tokens stand",
        "
        a whole 0 9 hr/d/m 10+0+5 200
        a whole 0 9 hr/d/m 30+0+5 200
        a whole 0 8 hr/d/m 90+0+5 200
        ",
        "
        a 9 hr/d/m 30+0+5 200 billable Exact
        rows 1 0 0 2
        log.csv:1: another row of the same request says otherwise
        log.csv:3: another row of the same request says otherwise
        ",
    );
    check(
        "told whole by one source, in halves by another",
        "
        a gateway 0 9 hr - 200
        a whole 0 8 hr/d/m 10+0+5 200
        a llm 0 9 /d/m 10+0+5 -
        a llm 0 9 /d/m 10+0+5 -
        ",
        "
        a 8 hr/d/m 10+0+5 200 billable Exact
        rows 1 0 1 2
        log.csv:1: a row of the gateway's log belongs to a request that another source tells whole
        log.csv:3: a row of the gateway's log belongs to a request that another source tells whole
        ",
    );
}

#[test]
fn a_full_disk_is_an_error_that_says_what_to_do() {
    let gone = tempfile::tempdir().unwrap().path().join("gone");
    let assembly = Assembly::new(Options {
        memory: 0,
        block_rows: 1,
        ..Options::new(gone)
    });
    let mut worker = assembly.worker();
    for row in rows("a whole 0 1 hr/d/m 10+0+5 200\n b whole 0 1 hr/d/m 10+0+5 200") {
        worker.add(&row);
    }
    let error = assembly
        .finish(vec![worker], &[], &mut [|_: &UsageRecord<'_>| ()])
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("could not create a temporary file in"),
        "{error}"
    );
}
