//! Resource logs: storage blobs, one JSON record a line, and Event Hub messages of several records.

use serde_json::{Map, Value, json};

use super::super::call::{Call, iso};
use super::super::rng::Rng;
use super::body;

/// The gateway's resource id as diagnostic settings write it.
pub(crate) const RESOURCE_ID: &str = "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000001/\
    RESOURCEGROUPS/RG-GATEWAY/PROVIDERS/MICROSOFT.APIMANAGEMENT/SERVICE/APIM-CONTOSO";

/// The records of category `GatewayLogs`.
pub(crate) fn gateway_records(calls: &[&Call]) -> Vec<Value> {
    let logged = calls.iter().filter(|call| call.has_gateway_row());
    logged.map(|call| gateway_record(call)).collect()
}

/// The records of category `GatewayLlmLogs`.
pub(crate) fn llm_records(calls: &[&Call]) -> Vec<Value> {
    let logged = calls.iter().filter(|call| call.has_llm_rows());
    logged
        .flat_map(|call| (0..=call.chunks).map(|sequence| llm_record(call, sequence)))
        .collect()
}

/// The text of a blob: one record a line.
pub(crate) fn blob(records: &[Value]) -> String {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    lines.join("\n") + "\n"
}

/// Event Hub messages with up to four records each. Delivery is at least once: about one message
/// in nine comes again, a few messages later.
pub(crate) fn messages(rng: &mut Rng, records: &[Value]) -> Vec<String> {
    let mut delivered = Vec::new();
    let mut again: Option<String> = None;
    for batch in records.chunks(4) {
        let message = json!({ "records": batch }).to_string();
        delivered.push(message.clone());
        if delivered.len() % 3 == 0 {
            delivered.extend(again.take());
        }
        if rng.percent(11) {
            again = Some(message);
        }
    }
    delivered.extend(again);
    delivered
}

fn gateway_record(call: &Call) -> Value {
    let is_success = call.status() == 200;
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    put(
        "method",
        json!(if call.status() == 401 { "GET" } else { "POST" }),
    );
    put("url", json!("https://apim-contoso.azure-api.net/openai"));
    put("responseCode", json!(call.status()));
    put("cache", json!("none"));
    put("apiId", json!(call.api()));
    put("operationId", json!(call.operation()));
    for (name, value) in [
        ("apimSubscriptionId", call.subscription()),
        ("productId", call.product()),
    ] {
        if !value.is_empty() {
            put(name, json!(value));
        }
    }
    put("backendId", json!(call.backend));
    let mut record = envelope(call, "GatewayLogs", call.at, properties);
    let mut put = |name: &str, value: Value| record.insert(name.to_owned(), value);
    put("isRequestSuccess", json!(is_success));
    put("callerIpAddress", json!(call.ip));
    put("durationMs", json!(call.lag));
    Value::Object(record)
}

fn llm_record(call: &Call, sequence: u32) -> Value {
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    put("requestId", json!(call.request_id));
    put("sequenceNumber", json!(sequence));
    match sequence {
        0 => {
            let (input, cached, output) = call.logged_tokens();
            put("modelName", json!(call.logged_model()));
            put("deploymentName", json!(call.logged_deployment()));
            put("isStreamCompletion", json!(call.streamed));
            put("promptTokens", json!(input));
            put("completionTokens", json!(output));
            put("totalTokens", json!(input + output));
            put("promptCachedTokens", json!(cached))
        }
        1 => put("requestMessages", json!(body("user", 1))),
        _ => put("responseMessages", json!(body("assistant", sequence - 1))),
    };
    Value::Object(envelope(call, "GatewayLlmLogs", call.llm_at(), properties))
}

fn envelope(
    call: &Call,
    category: &str,
    millis: i64,
    properties: Map<String, Value>,
) -> Map<String, Value> {
    let fields = [
        ("Region", json!("swedencentral")),
        ("serviceName", json!("apim-contoso")),
        ("category", json!(category)),
        (
            "operationName",
            json!(format!("Microsoft.ApiManagement/{category}")),
        ),
        ("correlationId", json!(call.id)),
        ("resourceId", json!(RESOURCE_ID)),
        ("properties", Value::Object(properties)),
        ("time", json!(iso(millis, call.ticks))),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
