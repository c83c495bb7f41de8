//! Writes the rows of a month as its carrier does.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::Timelike;
use serde_json::{Map, Value, json};

use super::month::{Carrier, Key, Kind, Month, Row, moment};

/// Files by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The files of a month.
pub(crate) fn written(month: &Month) -> Files {
    let mut rows: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in &month.rows {
        rows.entry(&row.file).or_default().push(row);
    }
    let file = |(name, rows): (&str, Vec<&Row>)| {
        let text = match month.carrier {
            Carrier::Portal => csv(&rows, &portal_columns(rows[0].kind), '\u{feff}'.to_string()),
            Carrier::EventHub => hub(&rows),
            Carrier::AiHub => rows.iter().map(|row| line(&ai_hub(row))).collect(),
            Carrier::Sums => csv(&rows, &SUMS, String::new()),
        };
        (name.to_owned(), text.into_bytes())
    };
    rows.into_iter().map(file).collect()
}

/// A column: its title, and the field it holds; the time where there is none.
type Column = (&'static str, Option<Key>);

const SUMS: [Column; 13] = [
    ("sum", Some(Key::Id)),
    ("hour", None),
    ("client", Some(Key::Caller)),
    ("engine", Some(Key::Model)),
    ("asked", Some(Key::Deployment)),
    ("backend", Some(Key::Backend)),
    ("region", Some(Key::Region)),
    ("status", Some(Key::Status)),
    ("calls", Some(Key::Requests)),
    ("prompt", Some(Key::Input)),
    ("cached", Some(Key::Cached)),
    ("answer", Some(Key::Output)),
    ("thought", Some(Key::Reasoning)),
];

const LLM: [Column; 10] = [
    ("TimeGenerated", None),
    ("CorrelationId", Some(Key::Id)),
    ("RequestId", Some(Key::Part)),
    ("SequenceNumber", Some(Key::Sequence)),
    ("ModelName", Some(Key::Model)),
    ("DeploymentName", Some(Key::Deployment)),
    ("PromptTokens", Some(Key::Input)),
    ("PromptCachedTokens", Some(Key::Cached)),
    ("CompletionTokens", Some(Key::Output)),
    ("TotalTokens", Some(Key::Total)),
];

const GATEWAY: [Column; 8] = [
    ("TimeGenerated", None),
    ("CorrelationId", Some(Key::Id)),
    ("ApimSubscriptionId", Some(Key::Caller)),
    ("ProductId", Some(Key::Product)),
    ("ApiId", Some(Key::Api)),
    ("OperationId", Some(Key::Operation)),
    ("ResponseCode", Some(Key::Status)),
    ("BackendId", Some(Key::Backend)),
];

const AI_HUB: [Column; 12] = [
    ("id", Some(Key::Id)),
    ("timestamp", None),
    ("subscriptionId", Some(Key::Caller)),
    ("productName", Some(Key::Product)),
    ("model", Some(Key::Model)),
    ("operationName", Some(Key::Operation)),
    ("backendId", Some(Key::Backend)),
    ("routeLocation", Some(Key::Region)),
    ("deploymentName", Some(Key::Deployment)),
    ("promptTokens", Some(Key::Input)),
    ("responseTokens", Some(Key::Output)),
    ("totalTokens", Some(Key::Total)),
];

fn portal_columns(kind: Kind) -> Vec<Column> {
    let mut columns = match kind {
        Kind::Llm => LLM.to_vec(),
        _ => GATEWAY.to_vec(),
    };
    columns[0].0 = "TimeGenerated [UTC]";
    columns
}

/// The time as a carrier writes it.
fn time(row: &Row) -> String {
    if let Some(text) = &row.time {
        return text.clone();
    }
    let at = moment(row.at);
    match (row.kind, row.file.as_str()) {
        (_, "llmlog.csv" | "gatewaylogs.csv") => portal_time(row),
        (_, "sums.csv") => at.format("%Y-%m-%dT%H:00:00Z").to_string(),
        _ => at.format("%Y-%m-%dT%H:%M:%S.1230000Z").to_string(),
    }
}

/// The time as the Azure portal writes it in English of the United States.
fn portal_time(row: &Row) -> String {
    let at = moment(row.at);
    let (is_pm, hour) = at.hour12();
    let half = if is_pm { "PM" } else { "AM" };
    let day = at.format("%-m/%-d/%Y");
    format!(
        "{day}, {hour}:{:02}:{:02}.123 {half}",
        at.minute(),
        at.second()
    )
}

fn csv(rows: &[&Row], columns: &[Column], mut text: String) -> String {
    let more: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.more.iter().map(|(title, _)| *title))
        .take(1)
        .collect();
    let titles: Vec<String> = columns
        .iter()
        .map(|(title, _)| *title)
        .chain(more.iter().copied())
        .map(quoted)
        .collect();
    writeln!(text, "{}", titles.join(",")).unwrap();
    for row in rows {
        let cells = columns.iter().map(|(_, key)| match key {
            Some(key) => quoted(row.get(*key)),
            None => quoted(&time(row)),
        });
        let extra = more.iter().map(|title| {
            let cell = row.more.iter().find(|(own, _)| own == title);
            quoted(cell.map_or("", |(_, text)| text))
        });
        let cells: Vec<String> = cells.chain(extra).collect();
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// A cell as JSON: a number where it is one.
fn value(row: &Row, key: Option<Key>) -> Value {
    let Some(key) = key else {
        return Value::String(time(row));
    };
    let text = row.get(key);
    let is_count = !matches!(key, Key::Id | Key::Part | Key::Caller | Key::Model);
    match text.parse::<serde_json::Number>() {
        Ok(number) if is_count => Value::Number(number),
        _ => Value::String(text.to_owned()),
    }
}

fn object(row: &Row, columns: &[Column]) -> Map<String, Value> {
    let fields = columns
        .iter()
        .filter(|(_, key)| key.is_none_or(|key| row.has(key)));
    let mut fields: Map<String, Value> = fields
        .map(|(title, key)| ((*title).to_owned(), value(row, *key)))
        .collect();
    let more = row.more.iter();
    fields.extend(more.map(|(title, text)| ((*title).to_owned(), Value::String(text.clone()))));
    fields
}

fn ai_hub(row: &Row) -> Value {
    Value::Object(object(row, &AI_HUB))
}

/// Rows of an Event Hub: envelopes of twenty.
fn hub(rows: &[&Row]) -> String {
    let envelopes = rows.chunks(20).map(|rows| {
        let records: Vec<Value> = rows.iter().map(|row| resource_row(row)).collect();
        line(&json!({ "records": records }))
    });
    envelopes.collect()
}

fn resource_row(row: &Row) -> Value {
    let (category, columns) = match row.kind {
        Kind::Llm => ("GatewayLlmLogs", &LLM[2..]),
        _ => ("GatewayLogs", &GATEWAY[2..]),
    };
    let properties = object(row, columns).into_iter().map(|(title, value)| {
        let first = title[..1].to_ascii_lowercase();
        (format!("{first}{}", &title[1..]), value)
    });
    let properties: Map<String, Value> = properties.collect();
    json!({
        "category": category,
        "correlationId": row.get(Key::Id),
        "time": time(row),
        "properties": properties,
    })
}
