//! Each reader: what it takes, and what it refuses with which words.

use std::fmt::Write as _;
use std::num::NonZero;

use proptest::prelude::*;

use super::*;
use crate::workload::seed::Seed;
use crate::workload::tests::{all, is_ordered};
use crate::workload::{App, Apps, Request, Traffic};

fn bytes(text: impl AsRef<[u8]>) -> Bytes {
    Box::new(std::io::Cursor::new(text.as_ref().to_vec()))
}

fn seconds() -> TraceOptions {
    TraceOptions {
        time: TimeNotation::Seconds,
        app: App::named("trace"),
        ..TraceOptions::default()
    }
}

fn csv_of(text: &str, options: &TraceOptions) -> Result<Vec<Request>, String> {
    csv(bytes(text), "t.csv", options)
        .map_err(|error| error.to_string())
        .and_then(all)
}

/// One line for each request: µs, input, cached, cache write, output, reasoning.
fn shown(requests: &[Request]) -> String {
    let mut text = String::new();
    for Request { at, tokens, .. } in requests {
        let counts = [
            tokens.input,
            tokens.cached_input,
            tokens.cache_write,
            tokens.output,
            tokens.reasoning,
        ];
        writeln!(text, "{} {counts:?}", at.micros()).unwrap();
    }
    text
}

#[test]
fn every_column_is_read_in_any_order_and_case() {
    let header = "Output,TIME,input,cached,cache_write,reasoning,max_tokens,app,priority,latency_ms,deployment,other";
    let text = format!("{header}\n5,1.5,100,64,10,3,800,hr,-2,12.25,gpt,x\n6,2,100,,,,,,,,,\n");
    let mut apps = Apps::default();
    let mut traffic = csv(bytes(text), "t.csv", &seconds()).unwrap();
    let first = traffic.next(&mut apps).unwrap().unwrap();
    let second = traffic.next(&mut apps).unwrap().unwrap();
    assert!(traffic.next(&mut apps).is_none());
    assert_eq!(
        shown(&[first, second]),
        "1500000 [100, 64, 10, 5, 3]\n2000000 [100, 0, 0, 6, 0]\n"
    );
    assert_eq!(first.max_tokens, NonZero::new(800));
    assert_eq!(first.priority, Some(-2));
    assert_eq!(first.latency, Some(SimDuration::from_micros(12_250)));
    assert_eq!(second.max_tokens.or(NonZero::new(1)), NonZero::new(1));
    let [hr, trace] = apps.all() else {
        panic!("{apps:?}")
    };
    assert_eq!((hr.name(), hr.deployment.as_str()), ("hr", "gpt"));
    assert_eq!(*trace, App::named("trace"));
}

#[test]
fn json_lines_are_read_like_csv() {
    let text = r#"
        {"time": 1.5, "input": 100, "output": "5", "app": "h\u0072", "x": {"time": [1]}}

        {"output": 6, "input": 100.0, "time": "2", "cached": null, "priority": -1}
    "#;
    let found = all(json_lines(bytes(text), "t.jsonl", &seconds()).unwrap()).unwrap();
    let csv = csv_of("time,input,output\n1.5,100,5\n2,100,6\n", &seconds()).unwrap();
    assert_eq!(shown(&found), shown(&csv));
    assert_eq!(found[1].priority, Some(-1));
    assert_ne!(found[0].app, found[1].app);
}

#[test]
fn azure_traces_mix_their_notations() {
    let text = "timestamp,ContextTokens,GeneratedTokens\r\n\
                2024-05-10 00:00:00.009930+00:00,2162,5\r\n\
                2024-05-10 00:00:01+00:00,10,6\r\n\
                2024-05-10 00:00:01.0000019,11,7\r\n";
    let found = all(azure(bytes(text), "a.csv", &TraceOptions::default()).unwrap()).unwrap();
    assert_eq!(
        shown(&found),
        "1715299200009930 [2162, 0, 0, 5, 0]\n\
         1715299201000000 [10, 0, 0, 6, 0]\n\
         1715299201000001 [11, 0, 0, 7, 0]\n"
    );
}

/// Blocks 0 and 1 are known to the second request, not to the third, whose first block is new.
#[test]
fn cached_input_follows_from_leading_blocks() {
    let text = r#"{"timestamp": 0, "input_length": 1200, "output_length": 1, "hash_ids": [0, 1, 2]}
{"timestamp": 5, "input_length": 1300, "output_length": 1, "hash_ids": [0, 1, 7]}
{"timestamp": 6, "input_length": 1300, "output_length": 1, "hash_ids": [9, 0, 1]}
{"timestamp": 7, "input_length": 600, "output_length": 1, "hash_ids": [0, 1]}"#;
    let cached = |minimum| {
        let cache = PrefixCache {
            block: PrefixCache::MOONCAKE_BLOCK,
            minimum,
        };
        let options = TraceOptions {
            start: SimTime::from_micros(1_000),
            ..TraceOptions::default()
        };
        let found = all(mooncake(bytes(text), "m.jsonl", &options, cache).unwrap()).unwrap();
        assert_eq!(found[1].at.micros(), 6_000);
        let tokens = found.iter().map(|request| request.tokens.cached_input);
        tokens.collect::<Vec<_>>()
    };
    assert_eq!(cached(0), [0, 1_024, 0, 600]);
    assert_eq!(cached(1_024), [0, 1_024, 0, 0]);
}

#[test]
fn rows_that_cannot_be_right_are_refused_with_their_place() {
    let huge = "4294967296";
    for (row, expected) in [
        (
            "x,1,1,",
            "t.csv:3: `time` is \"x\"; expected seconds from the start",
        ),
        ("-1,1,1,", "t.csv:3: `time` is \"-1\"; expected seconds"),
        (",1,1,", "t.csv:3: `time` is missing"),
        ("1,,1,", "t.csv:3: `input` is missing"),
        ("1,0,0,", "t.csv:3: the request has no tokens"),
        (
            "1,-5,1,",
            "t.csv:3: `input` is \"-5\"; expected a whole number of tokens",
        ),
        ("1,1.5,1,", "t.csv:3: `input` is \"1.5\""),
        (
            &format!("1,1,{huge},"),
            "t.csv:3: `output` is \"4294967296\"; expected a whole",
        ),
        (
            "1,3,1,5",
            "t.csv:3: cached input (5) and cache writes (0) exceed the input (3)",
        ),
        (
            "0.5,3,1,",
            "t.csv:3: the row is 0.5 s earlier than t.csv:2; expected rows to go back by at most 0 s",
        ),
    ] {
        let text = format!("time,input,output,cached\n1,1,1,\n{row}\n");
        let found = csv_of(&text, &seconds()).unwrap_err();
        assert!(found.starts_with(expected), "{row}: {found}");
        assert!(found.contains("\nhint: "), "{found}");
    }
}

#[test]
fn headers_that_lack_a_column_are_refused() {
    let found = csv_of("time,prompt,output\n", &seconds()).unwrap_err();
    let expected = "t.csv:1: there is no column `input`; found time, prompt, output";
    assert!(found.starts_with(expected), "{found}");
    let renamed = TraceOptions {
        columns: Columns::default().renamed(Field::Input, "Prompt"),
        ..seconds()
    };
    let found = csv_of("time,prompt,output\n1,2,3\n", &renamed).unwrap();
    assert_eq!(found[0].tokens.input, 2);
    assert!(csv_of("", &seconds()).is_err());
}

#[test]
fn lines_that_are_no_object_are_refused() {
    for line in [
        "[1]",
        "nonsense",
        "{\"time\": 1",
        "{\"time\": [1]}",
        "\u{fffd}",
    ] {
        let text = format!("{{\"time\": 1, \"input\": 1, \"output\": 1}}\n{line}\n");
        let error = all(json_lines(bytes(text), "t.jsonl", &seconds()).unwrap()).unwrap_err();
        assert!(error.starts_with("t.jsonl:2: "), "{line}: {error}");
    }
}

#[test]
fn rows_are_sorted_within_a_span() {
    let text = "time,input,output\n5,1,0\n3,2,0\n5,3,0\n4,4,0\n9,5,0\n7,6,0\n";
    let within = |span| {
        let options = TraceOptions {
            reorder_within: SimDuration::from_seconds(span),
            ..seconds()
        };
        csv_of(text, &options)
    };
    let found = within(2).unwrap();
    let inputs: Vec<_> = found.iter().map(|request| request.tokens.input).collect();
    assert_eq!(inputs, [2, 4, 1, 3, 6, 5]);
    assert!(is_ordered(&found));
    let error = within(1).unwrap_err();
    let expected =
        "t.csv:3: the row is 2 s earlier than t.csv:2; expected rows to go back by at most 1 s";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn packed_files_and_byte_order_marks_are_undone() {
    use std::io::Write as _;
    let text = "\u{feff}time,input,output\n1,2,3\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    for packed in [gzip.clone(), zstd, text.as_bytes().to_vec()] {
        let found = all(csv(bytes(packed), "t.csv.gz", &seconds()).unwrap()).unwrap();
        assert_eq!(shown(&found), "1000000 [2, 0, 0, 3, 0]\n");
    }
    let cut = csv(bytes(&gzip[..gzip.len() - 9]), "t.csv.gz", &seconds());
    let error = cut
        .map_err(|error| error.to_string())
        .and_then(all)
        .unwrap_err();
    assert!(error.starts_with("t.csv.gz: could not be read"), "{error}");
}

#[test]
fn a_quote_that_is_never_closed_ends_in_an_error() {
    let text = format!("time,input,output\n1,2,\"{}", "x".repeat(40 << 20));
    let error = csv_of(&text, &seconds()).unwrap_err();
    assert!(error.contains("does not end within 16 MiB"), "{error}");
}

fn minute_options() -> MinuteOptions {
    MinuteOptions {
        start: SimTime::default(),
        input: 6,
        output: 4,
        spread: Spread::Even,
        app: App::named("minutes"),
    }
}

fn minutes_of(text: &str, options: MinuteOptions) -> Result<Vec<Request>, String> {
    minutes(bytes(text), "m.csv", options)
        .map_err(|error| error.to_string())
        .and_then(all)
}

/// 25 tokens make two requests of ten, five are carried; with the next 6 they make one; the last
/// one and 30.1 × 60 = 1806 make 180 of ten and one of seven.
#[test]
fn what_makes_no_whole_request_is_carried() {
    let found = minutes_of("minute,tokens\n0,25\n3,6\n", minute_options()).unwrap();
    assert_eq!(
        shown(&found),
        "0 [6, 0, 0, 4, 0]\n\
         30000000 [6, 0, 0, 4, 0]\n\
         180000000 [6, 0, 0, 4, 0]\n\
         239999999 [0, 0, 0, 1, 0]\n"
    );
    let found = minutes_of("minute,tokens_per_second\n7,30.1\n", minute_options()).unwrap();
    assert_eq!(found.len(), 181);
    let total = |part: fn(&Request) -> u32| found.iter().map(part).sum::<u32>();
    let sums = (total(|r| r.tokens.input), total(|r| r.tokens.output));
    assert_eq!(sums, (1_083, 723));
}

#[test]
fn counted_requests_share_the_tokens_of_their_minute() {
    let text =
        "time,requests,tokens_per_minute\n2026-10-01T09:00:00Z,3,11\n2026-10-01T09:02:00Z,1,9\n";
    let found = minutes_of(text, minute_options()).unwrap();
    let sizes: Vec<_> = found
        .iter()
        .map(|r| r.tokens.input + r.tokens.output)
        .collect();
    assert_eq!(sizes, [3, 4, 4, 9]);
    assert_eq!(found.iter().map(|r| r.tokens.input).sum::<u32>(), 12);
    assert_eq!(
        found[1].at.since(found[0].at),
        SimDuration::from_seconds(20)
    );
}

#[test]
fn drawn_places_are_ordered_within_their_minute() {
    let options = MinuteOptions {
        spread: Spread::Uniform(Seed::new(5)),
        ..minute_options()
    };
    let text = "minute,tokens\n2,40000\n3,40000\n";
    let found = minutes_of(text, options.clone()).unwrap();
    assert!(is_ordered(&found));
    assert_eq!(found, minutes_of(text, options).unwrap());
    let minute = |request: &&Request| request.at.minutes() == 2;
    assert_eq!(found.iter().filter(minute).count(), 4_000);
    let places = found.iter().map(|request| request.at.micros() % 60_000_000);
    let mean = places.sum::<u64>() / 8_000;
    assert!((29_000_000..31_000_000).contains(&mean), "{mean}");
}

#[test]
fn totals_that_cannot_be_right_are_refused() {
    for (text, expected) in [
        (
            "minute\n",
            "m.csv:1: the columns are minute; expected `minute` or `time`, one of",
        ),
        (
            "minute,tokens,tokens_per_second\n",
            "m.csv:1: the columns are",
        ),
        ("minute,tokens\n1,x\n", "m.csv:2: tokens are \"x\""),
        ("minute,tokens\n1,-3\n", "m.csv:2: tokens are \"-3\""),
        ("minute,tokens\n1.5,3\n", "m.csv:2: `minute` is \"1.5\""),
        (
            "minute,tokens\n1,3\n1,3\n",
            "m.csv:3: the minute is not after that of line 2",
        ),
        (
            "time,tokens\n2026-10-01T09:00:30Z,3\n",
            "m.csv:2: `time` is",
        ),
        (
            "minute,tokens,requests\n1,3,4\n",
            "m.csv:2: 4 requests have only 3 tokens",
        ),
        (
            "minute,tokens,requests\n1,3,0\n",
            "m.csv:2: 3 tokens are left",
        ),
    ] {
        let found = minutes_of(text, minute_options()).unwrap_err();
        assert!(found.starts_with(expected), "{text}: {found}");
    }
    let empty = MinuteOptions {
        input: 0,
        output: 0,
        ..minute_options()
    };
    assert!(minutes_of("minute,tokens\n1,3\n", empty).is_err());
}

/// Cells that are nearly right reach further into a reader than bytes do.
fn cells() -> impl Strategy<Value = String> {
    let cell = prop::sample::select(vec![
        "1",
        "0",
        "2",
        "1e9",
        "-1",
        "",
        "4294967296",
        "99999999999999999999",
        "\"",
        "NaN",
        "1.5",
        "2026-10-01T00:00:00Z",
        "{",
        "}",
        "[1,2]",
        "null",
        "\u{e9}",
    ]);
    let row = prop::collection::vec(cell, 0..6).prop_map(|cells| cells.join(","));
    prop::collection::vec(row, 0..6).prop_map(|rows| rows.join("\n"))
}

fn drain(traffic: Result<impl Traffic, TrafficError>) {
    let mut apps = Apps::default();
    let Ok(mut traffic) = traffic else { return };
    for _ in 0..10_000 {
        if traffic.next(&mut apps).is_none() {
            break;
        }
    }
}

fn read_every_way(content: &[u8]) {
    let options = seconds();
    let cache = PrefixCache {
        block: PrefixCache::MOONCAKE_BLOCK,
        minimum: 0,
    };
    drain(csv(bytes(content), "x", &options));
    drain(azure(bytes(content), "x", &options));
    drain(json_lines(bytes(content), "x", &options));
    drain(mooncake(bytes(content), "x", &options, cache));
    drain(minutes(bytes(content), "x", minute_options()));
    drain(super::parquet(file(content), "x", &options));
}

fn file(content: &[u8]) -> std::fs::File {
    use std::io::Write as _;
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    file
}

proptest! {
    #[test]
    fn no_bytes_panic(content in prop::collection::vec(any::<u8>(), 0..200)) {
        read_every_way(&content);
    }

    #[test]
    fn no_cells_panic(text in cells()) {
        read_every_way(format!("time,input,output,cached,tokens,minute\n{text}").as_bytes());
        let line = format!("{{\"timestamp\": {text}, \"input_length\": {text}, \"hash_ids\": {text}}}");
        read_every_way(line.as_bytes());
    }

    /// Whatever the order of the rows, a wide enough span sorts them.
    #[test]
    fn sorting_keeps_every_row(times in prop::collection::vec(0_u32..100, 1..60)) {
        let mut text = "time,input,output\n".to_owned();
        for time in &times {
            writeln!(text, "{time},1,1").unwrap();
        }
        let options = TraceOptions {
            reorder_within: SimDuration::from_seconds(100),
            ..seconds()
        };
        let found = csv_of(&text, &options).unwrap();
        prop_assert!(is_ordered(&found));
        prop_assert_eq!(found.len(), times.len());
    }
}
