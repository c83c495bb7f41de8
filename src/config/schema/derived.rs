//! The schema as the types have it: those that read values in their own way say how, and what no
//! TOML can say is taken out.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde_json::{Value, json};

use crate::azure::{DeploymentKind, Offer, PtuTerm, Tier};
use crate::chargeback::pattern::{Pattern, RegexTable};
use crate::config::Sections;
use crate::config::scenario::{
    AmountTable, AmountText, Client, FactorText, Seconds as ListedSeconds,
};
use crate::money::{Factor, Money, PricePerMillion};
use crate::sim::client::{ClientPreset, ClientRules};
use crate::sim::codes::Codes;
use crate::sim::gateway::Preset;
use crate::sim::gateway::policy::TimeOfDay;
use crate::sim::seconds::Seconds;
use crate::time::{SimDuration, Timestamp};
use crate::units::{Ptu, TokenWeight};
use crate::workload::trace::Field;

/// The schema of a configuration file, as text. It has no `$id`: editors refuse one that is no whole
/// address, and it has none.
pub(super) fn text() -> String {
    let settings = SchemaSettings::draft07().with_transform(Tidy);
    let schema = settings.into_generator().into_root_schema_for::<Sections>();
    let mut schema = schema.to_value();
    let fields = schema.as_object_mut().expect("the schema of a table");
    fields.insert("title".to_owned(), "tollbook.toml".into());
    name_columns(&mut schema["definitions"]["TrafficSection"]["properties"]["columns"]);
    let presets: Vec<_> = Preset::all().iter().map(|preset| preset.name).collect();
    schema["definitions"]["GatewayTable"]["properties"]["preset"]["enum"] = json!(presets);
    sort_first(&mut schema, &["$schema", "title", "description"]);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}

/// Says which keys a table has whose keys are the words of a closed set.
fn name_columns(table: &mut Value) {
    let fields = schema_for!(Field);
    let words = fields.get("oneOf").and_then(Value::as_array);
    let words = words.expect("the schema of an enum").iter();
    let named = words.map(|word| {
        let name = word["const"].as_str().expect("the name of a field");
        let rule = json!({ "description": word["description"], "type": "string" });
        (name.to_owned(), rule)
    });
    table["properties"] = Value::Object(named.collect());
    table["additionalProperties"] = json!(false);
}

/// Moves the keys that a reader looks for first to the front.
fn sort_first(schema: &mut Value, first: &[&str]) {
    let fields = schema.as_object_mut().expect("the schema of a table");
    let mut sorted = serde_json::Map::new();
    for key in first {
        sorted.extend(fields.remove_entry(*key));
    }
    sorted.append(fields);
    *fields = sorted;
}

/// Takes out what no TOML file can say (null), formats that tools do not know, and line breaks of
/// the source.
#[derive(Clone, Debug)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(fields) = schema.as_object_mut() {
            let is_empty =
                |value: &Value| [json!(null), json!([]), json!({}), json!("")].contains(value);
            fields.retain(|key, value| !(key == "default" && is_empty(value)));
            fields.retain(|key, value| !(key == "format" && *value != json!("date")));
            drop_null_type(fields);
            drop_null_choice(fields);
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = in_one_line(text);
            }
        }
        transform_subschemas(self, schema);
    }
}

/// Paragraphs without the line breaks of the source.
fn in_one_line(text: &str) -> String {
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn drop_null_type(fields: &mut serde_json::Map<String, Value>) {
    if let Some(Value::Array(kinds)) = fields.get_mut("type") {
        kinds.retain(|kind| *kind != json!("null"));
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            fields.insert("type".to_owned(), only);
        }
    }
}

/// A choice between something and null is that something; beside a reference nothing else counts in
/// draft 7, so that it stands in a list of its own.
fn drop_null_choice(fields: &mut serde_json::Map<String, Value>) {
    let Some(Value::Array(choices)) = fields.get_mut("anyOf") else {
        return;
    };
    choices.retain(|choice| *choice != json!({ "type": "null" }));
    if let [only] = choices.as_slice() {
        let only = only.clone();
        fields.shift_remove("anyOf");
        fields.insert("allOf".to_owned(), json!([only]));
    }
}

/// Says how types are written that read values in their own way.
macro_rules! written {
    ($($type:ty, $name:literal = $schema:expr;)*) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let schema: fn(&mut SchemaGenerator) -> Schema = $schema;
                schema(generator)
            }
        }
    )*};
}

written! {
    Money, "Money" = |_| decimal("An exact amount");
    Factor, "Factor" = |_| decimal("An exact number");
    PricePerMillion, "PricePerMillion" = |_| decimal("A price of a million tokens");
    TokenWeight, "TokenWeight" = |_| decimal("The weight of a token, in thousandths");
    Timestamp, "Moment" = |_| json_schema!({
        "description": "A day (its first minute, UTC), or an RFC 3339 time of a whole minute.",
        "type": "string",
        "pattern": r"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}:00(\.0+)?([Zz]|[+-]\d{2}:\d{2}))?$",
        "examples": ["2026-10-01", "2026-10-01T08:30:00Z"],
    });
    SimDuration, "Span" = |_| json_schema!({
        "description": "A span of time in the unit that the key ends in; at most a year.",
        "type": "number",
        "minimum": 0,
    });
    ListedSeconds, "ListedSeconds" = |_| span("A span of time [s]; at most a year.");
    Seconds, "Seconds" = |_| span("A span of time [s].");
    FactorText, "ScaleFactor" = |_| json_schema!({
        "description": "A factor such as 1.5.",
        "type": ["number", "string"],
        "minimum": 0,
        "examples": [1.5],
    });
    AmountText, "Amount" = |generator| json_schema!({
        "description": "A number of tokens, { least, most }, or { mean, cv, most }.",
        "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": u32::MAX },
            generator.subschema_for::<AmountTable>(),
        ],
    });
    Client, "Client" = |generator| json_schema!({
        "description": "The name of a client preset, or a table of rules.",
        "anyOf": [
            { "enum": client_presets() },
            generator.subschema_for::<ClientRules>(),
        ],
    });
    Pattern, "Pattern" = |generator| json_schema!({
        "description": "A name in any case, a prefix with a trailing *, or { regex = \"…\" }.",
        "anyOf": [
            { "type": "string" },
            generator.subschema_for::<RegexTable>(),
        ],
    });
    Codes, "Codes" = |_| json_schema!({
        "description": "HTTP statuses: numbers and classes such as \"5xx\".",
        "type": "array",
        "items": {
            "anyOf": [
                { "type": "integer", "minimum": 100, "maximum": 599 },
                { "type": "string", "pattern": "^[1-5]xx$", "examples": ["5xx"] },
            ],
        },
    });
    TimeOfDay, "TimeOfDay" = |_| json_schema!({
        "description": "A time of day in UTC.",
        "type": "string",
        "pattern": "^([01]?[0-9]|2[0-3]):[0-5]?[0-9]$",
        "examples": ["08:00"],
    });
    Ptu, "Ptu" = |_| json_schema!({
        "description": "Provisioned throughput units.",
        "type": "integer",
        "minimum": 0,
        "maximum": u32::MAX,
    });
    Offer, "Offer" = |_| words(Offer::ALL.iter().map(|word| word.name()));
    DeploymentKind, "DeploymentKind" = |_| words(DeploymentKind::ALL.iter().map(|word| word.name()));
    Tier, "Tier" = |_| words(Tier::ALL.iter().map(|word| word.name()));
    PtuTerm, "PtuTerm" = |_| words(PtuTerm::ALL.iter().map(|word| word.name()));
}

fn decimal(what: &str) -> Schema {
    json_schema!({
        "description": format!("{what}: a whole number, or a decimal in quotes."),
        "type": ["integer", "string"],
        "pattern": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$",
        "examples": ["12.5"],
    })
}

fn span(description: &str) -> Schema {
    json_schema!({ "description": description, "type": "number", "minimum": 0 })
}

fn words(words: impl Iterator<Item = &'static str>) -> Schema {
    json_schema!({ "enum": words.collect::<Vec<_>>() })
}

fn client_presets() -> Vec<&'static str> {
    let presets = ClientPreset::all();
    presets.iter().map(|preset| preset.name).collect()
}
