//! Every kind of input, and what is counted of it. Tokens can be checked by hand: `hello` is one
//! token of every encoding; a chat of one message of that costs 8 (3 for the message, 1 for its
//! role, 1 for its content, 3 for the answer), 7 where the answer takes 2.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tollbook::tokenizer::source::Kind;

use super::tokenise_desk::Desk;

const HELLO: &str = r#"{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}"#;

#[track_caller]
fn check(desk: &Desk, name: &str, content: impl AsRef<[u8]>, expected: &[&str]) {
    let counts = desk.count_one(name, content);
    assert_eq!(counts.table(), expected, "{:?}", counts.faults());
    assert_eq!(counts.faults(), [""; 0]);
}

#[test]
fn bodies_of_every_api() {
    let lines = [
        HELLO,
        r#"{"model":"gpt-5","input":"hello"}"#,
        r#"{"model":"text-embedding-3-small","input":["hello","hello hello"]}"#,
        r#"{"model":"gpt-3.5-turbo-instruct","prompt":"hello"}"#,
    ];
    check(
        &Desk::new(),
        "bodies.jsonl",
        lines.join("\n"),
        &[
            "bodies.jsonl:1 gpt-4o - - 8",
            "bodies.jsonl:2 gpt-5 - - 7",
            "bodies.jsonl:3 text-embedding-3-small - - 3",
            "bodies.jsonl:4 gpt-35-turbo-instruct - - 1",
        ],
    );
}

#[test]
fn json_in_any_packing() {
    let pretty = HELLO.replace(',', ",\n").replace('{', "{\n");
    let two = ["a:1 gpt-4o - - 8", "a:2 gpt-4o - - 8"];
    let json = Desk::new().with_kind(Kind::Jsonl);
    check(&json, "a", &pretty, &two[..1]);
    check(&json, "a", format!("[{HELLO},\n{pretty}]"), &two);
    check(&json, "a", format!("{pretty}{pretty}"), &two);
    check(&json, "a", format!("\u{feff}{HELLO}\r\n{HELLO}\r\n"), &two);
    check(
        &json,
        "a",
        format!("{HELLO}\n\n  \n{HELLO}"),
        &["a:1 gpt-4o - - 8", "a:4 gpt-4o - - 8"],
    );
    check(
        &json,
        "a",
        format!("{HELLO}{HELLO}\n{HELLO}"),
        &["a:1 gpt-4o - - 8", "a:1 gpt-4o - - 8", "a:2 gpt-4o - - 8"],
    );
}

#[test]
fn encodings_and_compressions_are_undone() {
    let utf16: Vec<u8> = format!("\u{feff}{HELLO}\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(&Desk::new(), "a.jsonl", utf16, &["a.jsonl:1 gpt-4o - - 8"]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(HELLO.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    check(
        &Desk::new(),
        "a.jsonl.gz",
        gzip,
        &["a.jsonl.gz:1 gpt-4o - - 8"],
    );
    let zstd = zstd::encode_all(HELLO.as_bytes(), 1).unwrap();
    check(
        &Desk::new(),
        "a.json.zst",
        zstd,
        &["a.json.zst:1 gpt-4o - - 8"],
    );
}

#[test]
fn batches_are_read_with_their_answers() {
    let input = format!(
        r#"{{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{HELLO}}}"#
    );
    check(
        &Desk::new(),
        "in.jsonl",
        input,
        &["in.jsonl:1 gpt-4o - - 8"],
    );
    let output = r#"{"custom_id":"1","response":{"status_code":200,"body":{"model":"gpt-4o",
        "choices":[],"usage":{"prompt_tokens":27,"completion_tokens":24}}},"error":null}"#;
    let counts = Desk::new().count_one("out.jsonl", output.replace('\n', ""));
    assert_eq!(counts.table(), ["out.jsonl:1 gpt-4o - - 27>24"]);
    assert_eq!(counts.outcome.rows.reported, 1, "it was not counted");
}

#[test]
fn logs_with_requests_and_answers_in_one_row() {
    let answer = r#"{"choices":[{"message":{"content":"hello hello"}}]}"#;
    let usage = r#"{"usage":{"prompt_tokens":8,"completion_tokens":5}}"#;
    let text = |json: &str| serde_json::to_string(json).unwrap();
    let rows = [
        format!(r#"{{"request":{HELLO},"response":{usage}}}"#),
        format!(
            r#"{{"request_body":{},"response_body":{}}}"#,
            text(HELLO),
            text(answer)
        ),
        format!(r#"{{"properties":{{"RequestBody":{}}}}}"#, text(HELLO)),
        format!(r#"{{"request":{{"body":{HELLO}}},"response":{{"body":{usage}}}}}"#),
        r#"{"model":"gpt-4o","messages":"[{\"role\":\"user\",\"content\":\"hello\"}]"}"#.to_owned(),
    ];
    check(
        &Desk::new(),
        "gateway.jsonl",
        rows.join("\n"),
        &[
            "gateway.jsonl:1 gpt-4o - - 8>5",
            "gateway.jsonl:2 gpt-4o - - 8>2",
            "gateway.jsonl:3 gpt-4o - - 8",
            "gateway.jsonl:4 gpt-4o - - 8>5",
            "gateway.jsonl:5 gpt-4o - - 8",
        ],
    );
}

#[test]
fn columns_of_csv_hold_texts_or_bodies() {
    let body = HELLO.replace('"', "\"\"");
    let table = format!("id,prompt,team\n1,\"hello\nhello\",hr\n2,\"{body}\",\n3,{{not json,hr\n");
    check(
        &Desk::new().with_fields(["", "", "", "team"]),
        "a.csv",
        table.replace("{not json", "hello"),
        &[
            "a.csv:2 - - hr 3",
            "a.csv:4 gpt-4o - - 8",
            "a.csv:5 - - hr 1",
        ],
    );
    // A text that only looks like a body is a text.
    check(
        &Desk::new(),
        "a.csv",
        "prompt\n{hello}\n",
        &["a.csv:2 - - - 3"],
    );
    let semicolons = "Frage;Modell\nhello;gpt-4\n";
    check(
        &Desk::new().with_fields(["Frage", "Modell", "", ""]),
        "a.csv",
        semicolons,
        &["a.csv:2 gpt-4 - - 1"],
    );
}

#[test]
fn labels_are_columns_or_paths() {
    let body = r#"{"model":"gpt-4o","metadata":{"app":"hr"},"messages":[{"role":"user","content":"hello"}]}"#;
    let batch = format!(r#"{{"custom_id":"7","body":{body}}}"#);
    check(
        &Desk::new().with_fields(["", "", "metadata.app", "custom_id"]),
        "a.jsonl",
        format!("{body}\n{batch}"),
        &["a.jsonl:1 gpt-4o hr - 8", "a.jsonl:2 gpt-4o hr 7 8"],
    );
    let data = r#"{"q":{"text":"hello"},"m":"gpt-4"}"#;
    check(
        &Desk::new().with_fields(["q.text", "m", "", ""]),
        "a.jsonl",
        data,
        &["a.jsonl:1 gpt-4 - - 1"],
    );
}

#[test]
fn names_of_deployments_mean_models() {
    let mut desk = Desk::new();
    desk.deployments = vec![("my-chat".to_owned(), "gpt-4o".to_owned())];
    let in_body = HELLO.replace("gpt-4o", "My-Chat");
    let in_url = r#"{"url":"/openai/deployments/my-chat/chat/completions?api-version=1",
        "body":{"messages":[{"role":"user","content":"hello"}]}}"#;
    check(
        &desk,
        "a.jsonl",
        format!("{in_body}\n{}", in_url.replace('\n', "")),
        &["a.jsonl:1 gpt-4o - - 8", "a.jsonl:2 gpt-4o - - 8"],
    );
    // The model that answered goes before a name that nobody knows.
    let answered = format!(r#"{{"request":{in_body},"response":{{"model":"gpt-4o-2024-11-20"}}}}"#);
    check(
        &Desk::new(),
        "b.jsonl",
        answered,
        &["b.jsonl:1 gpt-4o - - 8"],
    );
}

#[test]
fn every_record_is_counted_as_each_model() {
    let mut desk = Desk::new();
    desk.models = vec!["gpt-4".to_owned(), "gpt-5".to_owned()];
    let counts = desk.count_one("a.jsonl", format!("{HELLO}\n{HELLO}"));
    assert_eq!(
        counts.table(),
        [
            "a.jsonl:1 gpt-4 - - 8",
            "a.jsonl:1 gpt-5 - - 7",
            "a.jsonl:2 gpt-4 - - 8",
            "a.jsonl:2 gpt-5 - - 7",
        ]
    );
    assert_eq!(counts.outcome.rows.counted, 2, "records, not counts");
}

#[test]
fn a_text_is_one_record_however_long() {
    check(&Desk::new(), "a.md", "hello\nhello\n", &["a.md:1 - - - 4"]);
    let long = "hello\n".repeat(200_000);
    check(&Desk::new(), "a.txt", long, &["a.txt:1 - - - 400000"]);
}
