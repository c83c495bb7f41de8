//! A gateway log with messages, as Event Hub delivers it.

use serde_json::{Value, json};

use super::super::rng::Rng;
use super::message;
use super::words::paragraph;

/// What the gateway cuts messages to [byte].
const CHUNK: usize = 32_000;

/// The callers, by their subscriptions.
const CALLERS: [&str; 3] = ["bu-hr", "bu-finance", "bu-legal"];

/// Messages of Event Hub: each holds the rows of one call, and one of them comes twice.
pub(super) fn messages(rng: &mut Rng) -> Vec<Value> {
    let mut messages: Vec<Value> = (1..=24).map(|number| call(rng, number)).collect();
    let again = messages[3].clone();
    messages.insert(6, again);
    messages
}

/// The rows of one call.
fn call(rng: &mut Rng, number: u32) -> Value {
    let id = format!("00000000-0000-4000-8000-{number:012}");
    let row = |category: &str, properties: Value| {
        json!({
            "category": category,
            "correlationId": id,
            "time": format!("2026-10-05T08:{number:02}:00.0000000Z"),
            "properties": properties,
        })
    };
    let caller = *rng.pick(&CALLERS);
    let gateway = row(
        "GatewayLogs",
        json!({"method": "POST", "responseCode": 200, "apimSubscriptionId": caller}),
    );
    // Long enough for several chunks, now and then.
    let sentences = if number == 7 { 900 } else { rng.between(3, 60) };
    let asked = vec![
        ("system", "Answer in one paragraph.".to_owned()),
        ("user", paragraph(rng, sentences)),
    ];
    let sentences = rng.between(1, 8);
    let answered = paragraph(rng, sentences);
    let mut rows = vec![gateway];
    let model = |sequence: u32, properties: Value| {
        let mut properties = properties;
        properties["sequenceNumber"] = json!(sequence);
        properties["requestId"] = json!(format!("chatcmpl-{number}"));
        row("GatewayLlmLogs", properties)
    };
    let (input, output) = (tokens_of(&asked), tokens(&answered));
    rows.push(model(
        0,
        json!({
            "modelName": "gpt-4.1-2025-04-14",
            "deploymentName": "chat",
            "promptTokens": input,
            "completionTokens": output,
            "totalTokens": input + output,
        }),
    ));
    // One caller's messages are not logged.
    if number != 11 {
        let chunks = chunks(&asked);
        rows.extend(
            chunks
                .iter()
                .map(|chunk| model(1, json!({"requestMessages": chunk}))),
        );
        let answer = json!([message("assistant", &answered)]).to_string();
        rows.push(model(2, json!({"responseMessages": answer})));
    }
    json!({"records": rows})
}

/// The messages as arrays of at most [`CHUNK`] bytes, more or less.
fn chunks(messages: &[(&str, String)]) -> Vec<String> {
    let mut chunks = Vec::new();
    let mut chunk = Vec::new();
    for (role, content) in messages {
        let mut rest = content.as_str();
        while rest.len() > CHUNK {
            let (start, more) = rest.split_at(CHUNK);
            chunk.push(message(role, start));
            chunks.push(json!(chunk).to_string());
            chunk.clear();
            rest = more;
        }
        chunk.push(message(role, rest));
    }
    chunks.push(json!(chunk).to_string());
    chunks
}

/// The published rule for plain chats.
fn tokens_of(messages: &[(&str, String)]) -> usize {
    let each = messages.iter();
    3 + each
        .map(|(role, content)| 3 + tokens(role) + tokens(content))
        .sum::<usize>()
}

fn tokens(text: &str) -> usize {
    bpe_openai::o200k_base().count(text)
}
