//! Recorded requests, and how far our counts are off.

use std::path::PathBuf;

use serde_json::{Map, Value};
use tollbook::tokenizer::counting::{Counter, ImageSize, Options, Scratch};
use tollbook::tokenizer::request::Api;
use tollbook::tokenizer::{
    Certainty, Count, EncodingName, Engines, Family, Load, Request, SpecialTokens,
};

use super::class::Class;

/// How far the count of one record is off.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) id: String,
    pub(super) class: Class,
    /// Our count less the service's [token].
    pub(super) off: i64,
    pub(super) certainty: Certainty,
}

/// Every record of the reference.
pub(super) fn records() -> Vec<Value> {
    let folder = std::env::var("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE names a folder");
    let path = PathBuf::from(folder).join("reference/token-oracles.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The records of one kind.
pub(super) fn of_kind(kind: &str) -> Vec<Value> {
    let mut records = records();
    records.retain(|record| record["kind"] == kind);
    assert!(!records.is_empty(), "no record of kind {kind}");
    records
}

/// Every whole request and how far its count is off.
pub(super) fn outcomes() -> Vec<Outcome> {
    let published = of_kind("chat").into_iter().map(|record| {
        let request = record["given"].clone();
        outcome(&record, Api::Chat, request)
    });
    let recorded = of_kind("recorded").into_iter().map(|record| {
        let api = match record["given"]["api"].as_str().unwrap() {
            "chat" => Api::Chat,
            "responses" => Api::Responses,
            "embeddings" => Api::Embeddings,
            other => panic!("no API {other}"),
        };
        let request = record["given"]["request"].clone();
        outcome(&record, api, request)
    });
    published.chain(recorded).collect()
}

fn outcome(record: &Value, api: Api, mut request: Value) -> Outcome {
    in_declared_order(&mut request);
    let kind = record["kind"].as_str().unwrap();
    let model = model(kind, record["given"]["model"].as_str().unwrap());
    let count = counted(model, api, &request.to_string(), None);
    let expected = record["expected"]["prompt_tokens"].as_i64().unwrap();
    Outcome {
        id: record["id"].as_str().unwrap().to_owned(),
        class: Class::of(kind, api, model, &request, &count),
        off: i64::try_from(count.total()).unwrap() - expected,
        certainty: count.certainty(),
    }
}

/// The published suites are of 2023, when `gpt-3.5-turbo` was its version 0613.
fn model<'m>(kind: &str, model: &'m str) -> &'m str {
    match (kind, model) {
        ("chat", "gpt-3.5-turbo") => "gpt-3.5-turbo-0613",
        _ => model,
    }
}

/// The count of one body.
pub(super) fn counted(model: &str, api: Api, body: &str, size: Option<ImageSize>) -> Count {
    let engines = Engines::new(Load::Bulk, SpecialTokens::Text);
    let options = Options { image_size: size };
    let counter = Counter::new(engines.get(encoding(model)), Family::of(model), options);
    let request = Request::parse(body.as_bytes(), Some(api)).unwrap();
    counter.count(&request, &mut Scratch::default())
}

fn encoding(model: &str) -> EncodingName {
    let older = ["gpt-3", "text-embedding", "gpt-4-"];
    let is_older = older.iter().any(|start| model.starts_with(start)) || model == "gpt-4";
    match model {
        _ if is_older => EncodingName::Cl100kBase,
        _ if model.starts_with("gpt-oss") => EncodingName::O200kHarmony,
        _ => EncodingName::O200kBase,
    }
}

/// The reference sorts keys. Requests list `required` names as they declare properties, so those
/// go first and in that order.
fn in_declared_order(value: &mut Value) {
    match value {
        Value::Object(keys) => {
            let required = keys.get("required").and_then(Value::as_array).cloned();
            if let Some(Value::Object(properties)) = keys.get_mut("properties") {
                *properties = declared(std::mem::take(properties), required.unwrap_or_default());
            }
            keys.values_mut().for_each(in_declared_order);
        }
        Value::Array(values) => values.iter_mut().for_each(in_declared_order),
        _ => {}
    }
}

fn declared(mut properties: Map<String, Value>, required: Vec<Value>) -> Map<String, Value> {
    let mut declared = Map::new();
    for name in required {
        let name = name.as_str().unwrap().to_owned();
        if let Some(schema) = properties.shift_remove(&name) {
            declared.insert(name, schema);
        }
    }
    declared.extend(properties);
    declared
}
