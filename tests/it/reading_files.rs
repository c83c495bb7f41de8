//! What sources of every carrier and format give.

use std::fmt::Write as _;
use std::num::NonZero;

use proptest::prelude::*;
use tollbook::usage::{
    Fragment, FragmentSink, Hashing, MappedSource, PseudonymKey, ReadOptions, Source, read,
};

use crate::reading_desk::{CSV, Collected, LLM, OBJECT, gzip, read_all, rows_of, utf16};

#[test]
fn one_row_in_every_carrier() {
    let pretty = OBJECT.replace(',', ",\n  ");
    let record = r#"{"time":"2026-03-01T00:00:03.0012345Z","correlationId":"c-2","category":"GatewayLlmLogs","properties":P}"#;
    let properties = r#"{"requestId":"r","sequenceNumber":0,"modelName":"gpt-4o-2024-11-20","deploymentName":"gpt-4o","promptTokens":9120,"completionTokens":310}"#;
    let quoted = format!("{properties:?}");
    let twice = format!("{quoted:?}");
    let table = r#"{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"CorrelationId"},{"name":"RequestId"},{"name":"SequenceNumber"},{"name":"Url"},{"name":"ModelName"},{"name":"DeploymentName"},{"name":"PromptTokens"},{"name":"CompletionTokens"}],"rows":[["2026-03-01T00:00:03.0012345Z","c-2","r",0,{"a":["]"]},"gpt-4o-2024-11-20","gpt-4o",9120.0,310]]}],"statistics":{"query":{}}}"#;
    let legacy = "TenantId,TimeGenerated,Category,CorrelationId,requestId_s,sequenceNumber_d,modelName_s,deploymentName_s,promptTokens_d,completionTokens_d,apimSubscriptionId_s,responseCode_d\nt,2026-03-01T00:00:03.0012345Z,GatewayLlmLogs,C-2,r,0.0,gpt-4o-2024-11-20,gpt-4o,9120.0,310.0,,\n";
    for content in [
        OBJECT.as_bytes(),
        pretty.as_bytes(),
        format!("[{OBJECT}]").as_bytes(),
        format!("[\n{pretty}\n]\n").as_bytes(),
        format!("{{\"records\":[{OBJECT}]}}").as_bytes(),
        format!("{{\n\"records\" : [ {OBJECT} ]\n}}").as_bytes(),
        format!("[{{\"records\":[{OBJECT}]}}]").as_bytes(),
        format!("{{\"count\":1,\"value\":[{OBJECT}],\"next\":null}}").as_bytes(),
        format!("{{\"result\":[{pretty}]}}").as_bytes(),
        record.replace('P', properties).as_bytes(),
        record.replace('P', &quoted).as_bytes(),
        record.replace('P', &twice).as_bytes(),
        table.as_bytes(),
        table.replace(',', ",\n").as_bytes(),
        legacy.as_bytes(),
        CSV.as_bytes(),
        CSV.replace(',', ";").as_bytes(),
        CSV.replace(',', "\t").as_bytes(),
        CSV.replace('\n', "\r\n").as_bytes(),
        CSV.trim_end().as_bytes(),
        format!("\u{feff}{CSV}").as_bytes(),
        format!("\u{feff}{OBJECT}\r\n").as_bytes(),
        &utf16(CSV),
        &utf16(&pretty),
        &gzip(CSV.as_bytes()),
        &[gzip(&CSV.as_bytes()[..50]), gzip(&CSV.as_bytes()[50..])].concat(),
        &zstd::encode_all(OBJECT.as_bytes(), 1).unwrap(),
    ] {
        let (rows, wrong) = rows_of(content);
        let shown = String::from_utf8_lossy(content);
        assert_eq!((rows, wrong), (vec![LLM.to_owned()], vec![]), "{shown}");
    }
}

#[test]
fn several_rows_to_a_carrier() {
    let other = OBJECT.replace("9120", "7");
    for content in [
        format!("{OBJECT}\n{other}"),
        format!("{OBJECT}{other}"),
        format!("{}\n{other}", OBJECT.replace(',', ",\n")),
        format!("{{\"records\":[{OBJECT},{other}]}}"),
        format!("{{\"records\":[{OBJECT}]}}\n{{\"records\":[{other}]}}\n"),
        format!("{{\"tables\":[]}}\n{OBJECT}\n\n{other}"),
        format!("[{OBJECT},\n{other}]"),
    ] {
        let (rows, wrong) = rows_of(content.as_bytes());
        assert_eq!((rows.len(), wrong), (2, vec![]), "{content}");
    }
}

#[test]
fn sources_without_rows_are_fine() {
    let header = CSV.lines().next().unwrap();
    for content in [
        "",
        " \n\n",
        "[]",
        "{\"records\":[]}",
        "{\"value\":[]}",
        header,
    ] {
        assert_eq!(rows_of(content.as_bytes()), (vec![], vec![]), "{content:?}");
    }
}

#[test]
fn mixed_categories_are_told_apart() {
    let content = "TimeGenerated,Category,CorrelationId,apimSubscriptionId_s,apiId_s,responseCode_d,cache_s,promptTokens_d\n\
        2026-03-01T00:00:00Z,GatewayLogs,c,bu-hr,API;rev=2,200,none,\n\
        2026-03-01T00:00:01Z,GatewayLlmLogs,c,,,,,5\n\
        2026-03-01T00:00:02Z,WebSocketConnectionLogs,c,,,,,\n";
    let (rows, outcome) = read_all(&[("log", content.as_bytes())], &ReadOptions::default());
    assert_eq!(
        rows,
        [
            "Gateway 2026-03-01T00:00:00 bu-hr|| 0/0+0 200 Exact",
            "Llm 2026-03-01T00:00:01 || 5/0+0 0 Exact",
        ]
    );
    assert_eq!(outcome.rows.ignored, 1);
    assert_eq!(
        outcome.sources[0].formats,
        ["API Management LLM log", "API Management gateway log"]
    );
}

#[test]
fn rows_that_a_query_joined_keep_their_caller() {
    let (rows, wrong) = rows_of(
        b"TimeGenerated,CorrelationId,SequenceNumber,ModelName,DeploymentName,PromptTokens,\
          CompletionTokens,ApimSubscriptionId,ResponseCode\n\
          2026-03-01T00:00:03Z,c-2,0,gpt-4o-2024-11-20,gpt-4o,9120,310,bu-hr,200\n\
          2026-03-01T00:00:03Z,c-2,1,,,0,0,bu-hr,200\n\
          2026-03-01T00:00:04Z,c-3,,,,,,bu-hr,429\n\
          2026-03-01T00:00:05Z,c-4,0,m,d,7,8,,\n",
    );
    assert_eq!(
        rows,
        [
            "Gateway 2026-03-01T00:00:04 bu-hr|| 0/0+0 429 Exact",
            "Llm 2026-03-01T00:00:03 || 0/0+0 0 Exact",
            "Llm 2026-03-01T00:00:05 |d|m 7/0+8 0 Exact",
            "Whole 2026-03-01T00:00:03 bu-hr|gpt-4o|gpt-4o-2024-11-20 9120/0+310 200 Exact",
        ]
    );
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn anthropic_prompts_leave_cached_tokens_out() {
    let row = r#"{"time":"2026-03-01T00:03:30Z","correlationId":"c","category":"GatewayLlmLogs","properties":{"modelName":"claude-haiku-4-5-20251001","promptTokens":26,"completionTokens":1085,"promptCachedTokens":48854}}"#;
    let (rows, _) = rows_of(row.as_bytes());
    let expected = "Llm 2026-03-01T00:03:30 ||claude-haiku-4-5-20251001 48880/48854+1085 0 Exact";
    assert_eq!(rows, [expected]);
}

#[test]
fn ai_hub_records() {
    let hub = |id: &str, model: &str, counts: &str| {
        format!(
            r#"{{"id":"{id}","timestamp":"12/08/2024 5:43:59 PM","appId":"a","subscriptionId":"s","productName":"p","model":"{model}","endUserId":"NA","backendId":"NA","routeLocation":"East US","deploymentName":"chat",{counts}}}"#
        )
    };
    let content = [
        hub(
            "1",
            "gpt-4o",
            r#""promptTokens":"15000","responseTokens":"5000","totalTokens":"20000""#,
        ),
        hub(
            "2",
            "NA",
            r#""promptTokens":1,"responseTokens":0,"totalTokens":1"#,
        ),
        hub(
            "streaming-3",
            "streaming",
            r#""promptTokents":"5120","responseTokens":"733","totalTokens":"5853""#,
        ),
        hub(
            "4",
            "ada",
            r#""promptTokens":"","responseTokens":null,"totalTokens":"""#,
        ),
    ];
    let (rows, wrong) = rows_of(content.join("\n").as_bytes());
    assert_eq!(wrong, [""; 0]);
    assert_eq!(
        rows,
        [
            "Whole 2024-12-08T17:43:59 s|chat| 1/0+0 0 Defaulted",
            "Whole 2024-12-08T17:43:59 s|chat| 5120/0+733 0 Aggregated",
            "Whole 2024-12-08T17:43:59 s|chat|ada 0/0+0 0 Missing",
            "Whole 2024-12-08T17:43:59 s|chat|gpt-4o 15000/0+5000 0 Exact",
        ]
    );
}

fn mapped(text: &str) -> ReadOptions<'static> {
    let source: MappedSource = toml::from_str(text).unwrap();
    ReadOptions {
        mapped: vec![source],
        ..ReadOptions::default()
    }
}

#[test]
fn mapped_sources_are_read_by_column_names() {
    let options = mapped(
        "name = 'proxy'\nfiles = '*proxy*.csv'\ninput_excludes_cached = true\n\
         columns = { time = 'ts', subscription = 'team', model = 'model', status = 'http_status', \
         input = 'prompt_tokens', cached_input = 'cached', output = 'completion_tokens', user = 'who' }",
    );
    let content = "ts,team,model,http_status,prompt_tokens,cached,completion_tokens,who\n\
        1772323203,hr,gpt-4o,200,10,90,5,ann\n\
        1772323203,hr,gpt-4o,200,10,90,5,ann\n";
    let sources = [("in/my-proxy-1.csv", content.as_bytes())];
    let (rows, outcome) = read_all(&sources, &options);
    let row = "Whole 2026-03-01T00:00:03 hr||gpt-4o 100/90+5 200 Exact";
    assert_eq!(rows, [row, row]);
    assert_eq!(outcome.sources[0].formats, ["mapped source"]);

    let (_, outcome) = read_all(&[("proxy.csv", b"ts,team\n1,2\n")], &options);
    let error = outcome.errors[0].to_string();
    assert!(
        error.starts_with("proxy.csv: [[source]] \"proxy\" names the column \"who\""),
        "{error}"
    );
}

#[test]
fn mapped_sources_are_checked() {
    for (text, expected) in [
        (
            "name='a'\nfiles='[.csv'\ncolumns={time='t',input='i'}",
            "`files` is \"[.csv\"",
        ),
        (
            "name='a'\nfiles='*.csv'\ncolumns={input='i'}",
            "does not name `time`",
        ),
        (
            "name='a'\nfiles='*.csv'\ncolumns={time='t'}",
            "does not name any of `input`",
        ),
        (
            "name='a'\nfiles='*.csv'\ncolumns={time='t',input='t'}",
            "column \"t\" is named for two",
        ),
        (
            "name='a'\nfiles='*.csv'\ncolumns={tim='t'}",
            "unknown field `tim`",
        ),
    ] {
        let error = toml::from_str::<MappedSource>(text)
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn users_become_pseudonyms_only_when_asked() {
    struct Users(Vec<String>);
    impl FragmentSink for Users {
        fn add(&mut self, row: &Fragment<'_>) {
            self.0.push(row.dimensions.user.to_owned());
        }
    }
    let content = b"TimeGenerated,CorrelationId,ApimSubscriptionId,UserId\n2026-03-01,c,s,ann\n";
    let sources = [Source::from_bytes("log", *content)];
    let threads = NonZero::new(1).unwrap();
    let user = |options: ReadOptions<'_>| {
        let outcome = read(&sources, &options, || Users(Vec::new()), threads);
        outcome.sinks[0].0[0].clone()
    };
    assert_eq!(user(ReadOptions::default()), "");
    let pseudonym_key = Some(PseudonymKey::new(b"secret"));
    // printf ann | openssl dgst -sha256 -hmac secret | cut -c -32
    assert_eq!(
        user(ReadOptions {
            pseudonym_key,
            ..ReadOptions::default()
        }),
        "aad4e6199b77de3305e568999486a8be"
    );
}

#[test]
fn summaries_tell_size_hash_and_kind() {
    let options = ReadOptions {
        hashing: Hashing::Sha256,
        ..ReadOptions::default()
    };
    let content = gzip(CSV.as_bytes());
    let (_, outcome) = read_all(&[("a", &content), ("b", b"")], &options);
    let [a, b] = outcome.sources.as_slice() else {
        panic!("two sources")
    };
    assert_eq!(
        (a.name.as_str(), a.rows, a.carrier.as_str()),
        ("a", 1, "CSV, gzip")
    );
    assert_eq!(a.bytes, u64::try_from(content.len()).unwrap());
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(
        (b.carrier.as_str(), b.sha256.as_deref()),
        ("empty", Some(empty))
    );
}

/// A CSV file larger than a block, with line ends and quotes inside fields.
#[test]
fn blocks_end_where_rows_end() {
    let mut content = String::from("TimeGenerated,CorrelationId,RequestMessages,PromptTokens\n");
    let messages = [
        "plain",
        "\"line\nline \"\"x\"\", y\"",
        "a\"b",
        "\"\"",
        "\"\"\"\n\"",
        "",
    ];
    for row in 0..60_000 {
        let message = messages[row % messages.len()];
        let count = row % 1000;
        writeln!(content, "2026-03-01T00:00:00Z,c{row},{message},{count}").unwrap();
    }
    let (rows, outcome) = read_all(&[("log", content.as_bytes())], &ReadOptions::default());
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    assert_eq!(rows.len(), 60_000);
}

/// JSON larger than a block, as lines, as one array on one line, and as one envelope.
#[test]
fn large_json_is_cut_by_brackets() {
    let rows: Vec<_> = (0..20_000)
        .map(|row| OBJECT.replace("c-2", &format!("c-{row} \\\" {{[")))
        .collect();
    let rows = rows.join(",\n");
    for content in [
        rows.replace("},\n{", "}\n{"),
        format!("[{rows}]"),
        format!("{{\"records\":[{}]}}", rows.replace('\n', "")),
    ] {
        let (found, outcome) = read_all(&[("log", content.as_bytes())], &ReadOptions::default());
        assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
        assert_eq!(found.len(), 20_000);
    }
}

/// A reader that gives its bytes in small pieces.
struct Pieces(Vec<u8>, usize, usize);

impl std::io::Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let end = (self.1 + self.2.min(out.len())).min(self.0.len());
        let piece = &self.0[self.1..end];
        out[..piece.len()].copy_from_slice(piece);
        self.1 = end;
        Ok(piece.len())
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_or_unbalance(content in prop::collection::vec(any::<u8>(), 0..300)) {
        rows_of(&content);
    }

    #[test]
    fn no_text_of_brackets_and_quotes_panics(
        start in prop::sample::select(vec!["", "{\"records\":[", "{\"tables\":[{\"columns\":[{\"name\":\"time\"}],\"rows\":[", "TimeGenerated,CorrelationId,PromptTokens\n", "[", OBJECT]),
        rest in "[\\[\\]{}\",:\\\\\na0 ]{0,60}",
    ) {
        rows_of(format!("{start}{rest}").as_bytes());
    }

    #[test]
    fn any_delivery_of_bytes_gives_the_same_rows(size in 1_usize..40, which in 0_usize..4) {
        let content = [
            format!("{CSV}{}", CSV.lines().skip(1).collect::<Vec<_>>().join("\n")),
            format!("{OBJECT}\n{OBJECT}"),
            format!("[{OBJECT},{OBJECT}]"),
            format!("{{\"a\":[1],\"records\" : [{OBJECT},{OBJECT}],\"b\":\"]\"}}"),
        ][which].clone().into_bytes();
        let bytes = content.clone();
        let source = Source::new("log", move || Ok(Box::new(Pieces(bytes.clone(), 0, size))));
        let threads = NonZero::new(1).unwrap();
        let outcome = read(&[source], &ReadOptions::default(), Collected::default, threads);
        prop_assert_eq!(&outcome.sinks[0].0, &rows_of(&content).0);
        prop_assert_eq!(outcome.sinks[0].0.len(), 2);
    }
}
