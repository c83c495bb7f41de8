//! Rows of one call of API Management, in every carrier and any order.

use serde_json::{Value, json};
use tollbook::tokenizer::source::Input;

use super::tokenise_desk::{Counts, Desk};

/// A row of the log of messages and counts.
fn row(call: u32, sequence: u32, fields: &Value) -> Value {
    let mut row = json!({
        "CorrelationId": format!("call-{call}"),
        "SequenceNumber": sequence,
        "ModelName": "",
        "PromptTokens": 0,
        "CompletionTokens": 0,
        "RequestMessages": "",
        "ResponseMessages": "",
        "Type": "ApiManagementGatewayLlmLog",
    });
    let fields = fields.as_object().unwrap().clone();
    row.as_object_mut().unwrap().extend(fields);
    row
}

fn head(call: u32, input: u32, output: u32) -> Value {
    let model = "gpt-4o-2024-11-20";
    let fields = json!({"ModelName": model, "PromptTokens": input, "CompletionTokens": output});
    row(call, 0, &fields)
}

fn asked(call: u32, sequence: u32, text: &str) -> Value {
    let messages = json!([{"role": "user", "content": text}]).to_string();
    row(call, sequence, &json!({"RequestMessages": messages}))
}

fn answered(call: u32, text: &str) -> Value {
    let messages = json!([{"role": "assistant", "content": text}]).to_string();
    row(call, 2, &json!({"ResponseMessages": messages}))
}

fn gateway(call: u32, caller: &str, fields: &Value) -> Value {
    let mut row = json!({
        "CorrelationId": format!("call-{call}"),
        "ApimSubscriptionId": caller,
        "Type": "ApiManagementGatewayLogs",
    });
    let fields = fields.as_object().unwrap().clone();
    row.as_object_mut().unwrap().extend(fields);
    row
}

fn lines(rows: &[Value]) -> String {
    let rows: Vec<String> = rows.iter().map(Value::to_string).collect();
    rows.join("\n") + "\n"
}

fn count(rows: &[Value]) -> Counts {
    Desk::new().count_one("log.jsonl", lines(rows))
}

/// Two calls: one of a user message `hello`, and one of two messages.
fn calls() -> Vec<Value> {
    vec![
        head(1, 8, 5),
        asked(1, 1, "hello"),
        answered(1, "hello hello"),
        head(2, 13, 1),
        asked(2, 1, "hello"),
        asked(2, 1, "hello again"),
        gateway(2, "bu-hr", &json!({})),
    ]
}

const COUNTED: [&str; 2] = [
    "log.jsonl:1 gpt-4o - - 8>5",
    "log.jsonl:4 gpt-4o bu-hr - 14>1",
];

#[test]
fn rows_of_a_call_are_one_record() {
    let counts = count(&calls());
    assert_eq!(counts.table(), COUNTED);
    let rows = counts.outcome.rows;
    assert_eq!((rows.read, rows.counted, rows.merged), (7, 2, 5));
    let errors: Vec<_> = counts
        .counted
        .iter()
        .map(|c| c.usage.unwrap().input)
        .collect();
    assert_eq!(errors, [8, 13], "the log's own counts stand beside");
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut rows = calls();
    rows.reverse();
    let tokens = |counts: &Counts| {
        let tokens = counts.counted.iter();
        let mut tokens: Vec<_> = tokens.map(|c| (c.input.total(), c.output)).collect();
        tokens.sort_unstable();
        tokens
    };
    assert_eq!(tokens(&count(&rows)), tokens(&count(&calls())));
}

#[test]
fn repeated_rows_count_once() {
    let mut rows = calls();
    rows.extend(calls());
    assert_eq!(count(&rows).table(), COUNTED);
}

#[test]
fn every_carrier_gives_the_same_counts() {
    let rows = calls();
    let tokens = |name: &str, content: String| {
        let counts = Desk::new().count_one(name, content);
        let tokens = counts.counted.iter();
        tokens
            .map(|c| (c.input.total(), c.output))
            .collect::<Vec<_>>()
    };
    let expected = tokens("a.jsonl", lines(&rows));
    assert_eq!(
        tokens("a.json", Value::from(rows.clone()).to_string()),
        expected
    );
    // Event Hub and storage: camel case below `properties`.
    let nested: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut properties = serde_json::Map::new();
            for (key, value) in row.as_object().unwrap() {
                let (first, rest) = key.split_at(1);
                properties.insert(first.to_lowercase() + rest, value.clone());
            }
            let id = properties.remove("correlationId").unwrap();
            json!({"correlationId": id, "properties": properties})
        })
        .collect();
    assert_eq!(tokens("a.jsonl", lines(&nested)), expected);
    assert_eq!(
        tokens("a.jsonl", format!("{}\n", json!({"records": nested}))),
        expected
    );
    // A query: columns and rows; and CSV of it.
    let columns: Vec<String> = rows[0].as_object().unwrap().keys().cloned().collect();
    let cells = |row: &Value| -> Vec<Value> {
        let cell = |column| row.get(column).cloned().unwrap_or_else(|| json!(""));
        columns.iter().map(cell).collect()
    };
    let named: Vec<Value> = columns.iter().map(|name| json!({"name": name})).collect();
    let table: Vec<Vec<Value>> = rows.iter().map(cells).collect();
    let query = json!({"tables": [{"columns": named, "rows": table}]});
    assert_eq!(tokens("a.json", query.to_string()), expected);
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(&columns).unwrap();
    for row in &table {
        let texts = row.iter().map(|cell| match cell {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        csv.write_record(texts).unwrap();
    }
    let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();
    assert_eq!(tokens("a.csv", csv), expected);
}

#[test]
fn rows_of_a_call_may_lie_in_several_files() {
    let rows = calls();
    let (first, second) = rows.split_at(5);
    let inputs = [("b", first), ("a", second)]
        .map(|(name, rows)| Input::from_bytes(format!("{name}.jsonl"), lines(rows).into_bytes()));
    let counts = Desk::new().count(&inputs);
    let tokens: Vec<u64> = counts.counted.iter().map(|c| c.input.total()).collect();
    assert_eq!(tokens, [8, 14]);
    assert_eq!(counts.counted[1].labels.app, "bu-hr");
}

#[test]
fn a_whole_body_goes_before_messages() {
    let body = r#"{"messages":[{"role":"user","content":"hello hello"}],"max_tokens":9}"#;
    let rows = [
        head(1, 9, 1),
        asked(1, 1, "hello"),
        gateway(1, "bu", &json!({"RequestBody": body})),
    ];
    let counts = count(&rows);
    assert_eq!(counts.table(), ["log.jsonl:1 gpt-4o bu - 9>1"]);
    assert_eq!(counts.counted[0].max_tokens.unwrap().get(), 9);
    // Cut off, as the gateway does beyond 8,192 bytes: the messages are whole.
    let rows = [
        head(1, 9, 1),
        asked(1, 1, "hello"),
        gateway(1, "bu", &json!({"RequestBody": &body[..40]})),
    ];
    assert_eq!(count(&rows).table(), ["log.jsonl:1 gpt-4o bu - 8>1"]);
}

#[test]
fn calls_without_messages_are_reported_ignored_or_faulty() {
    let rows = [
        head(1, 20, 3),
        head(2, 0, 0),
        gateway(3, "bu", &json!({"ResponseCode": 401})),
        gateway(4, "bu", &json!({"RequestBody": "{\"messages\":[{\"ro"})),
        json!({"Category": "AuditLogs", "Who": "somebody"}),
    ];
    let counts = count(&rows);
    assert_eq!(counts.table(), ["log.jsonl:1 gpt-4o - - 20>3"]);
    assert_eq!(
        counts.faults(),
        [
            "log.jsonl:2: no messages of this call were logged",
            "log.jsonl:4: the logged request body is cut off",
        ]
    );
    let rows = counts.outcome.rows;
    assert_eq!((rows.reported, rows.ignored, rows.faulty), (1, 2, 2));
}

#[test]
fn calls_are_done_when_others_need_their_room() {
    let long = "hello ".repeat(100_000);
    let mut rows = Vec::new();
    for call in 0..300 {
        rows.extend([head(call, 8, 1), asked(call, 1, &format!("{call} {long}"))]);
    }
    rows.push(answered(0, "late"));
    let counts = count(&rows);
    assert_eq!(counts.counted.len(), 300);
    assert_eq!(
        counts.faults(),
        ["log.jsonl:601: a row comes long after the others of its call"]
    );
}
