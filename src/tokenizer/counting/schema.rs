//! The schema of the answer.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::definitions::opens_with_system;
use super::function::text;
use super::tally::Tally;
use crate::facts::{FactError, Settings};
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::request::{Api, Item, Request};

/// Keys that the service does not show to the model (recorded usage).
const HIDDEN: [&str; 3] = ["required", "additionalProperties", "$schema"];

impl Tally<'_> {
    /// A schema costs its compact JSON under a heading; other formats of the answer cost nothing.
    /// Fitted to recorded usage; see data/schemas.csv.
    pub(super) fn schema(&mut self, request: &Request<'_>, items: &[Item<'_>]) {
        let Some(format) = request.format.as_ref() else {
            return;
        };
        if text(format, "type") != "json_schema" {
            return;
        }
        self.count.doubt(Reason::Schema);
        let inside = format.get("json_schema").unwrap_or(format);
        self.written(Part::Schema, |out| write(out, inside));
        self.frame(Part::Schema, frame(request, items));
    }
}

fn write(out: &mut String, format: &Value) {
    out.extend(["# Response Formats\n\n## ", text(format, "name"), "\n\n"]);
    let description = text(format, "description");
    if !description.is_empty() {
        out.extend(["// ", description, "\n"]);
    }
    let schema = format.get("schema").unwrap_or(&Value::Null);
    out.push_str(&shown(schema).to_string());
}

/// A schema without the keys that the model does not see.
fn shown(schema: &Value) -> Value {
    match schema {
        Value::Object(keys) => {
            let shown = keys
                .iter()
                .filter(|(key, _)| !HIDDEN.contains(&key.as_str()));
            let shown = shown.map(|(key, value)| (key.clone(), shown_inside(key, value)));
            Value::Object(shown.collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(shown).collect()),
        other => other.clone(),
    }
}

/// Under `properties`, keys are names that the model does see.
fn shown_inside(key: &str, value: &Value) -> Value {
    match (key, value) {
        ("properties" | "$defs" | "definitions", Value::Object(names)) => {
            let inner = names
                .iter()
                .map(|(name, schema)| (name.clone(), shown(schema)));
            Value::Object(inner.collect::<Map<_, _>>())
        }
        _ => shown(value),
    }
}

/// What a schema costs besides its text [token].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frames {
    /// After definitions of tools, in Chat Completions.
    after_tools: i64,
    /// After a system message, in Chat Completions.
    after_system: i64,
    /// On its own, in Chat Completions.
    alone: i64,
    /// In Responses.
    responses: i64,
}

static FRAMES: LazyLock<Frames> =
    LazyLock::new(|| frames().expect("a test reads the bundled table"));

fn frames() -> Result<Frames, FactError> {
    let table = Settings::read("schemas.csv", include_str!("../data/schemas.csv"))?;
    let get = |name| table.get(name).map(|tokens| i64::from(tokens.get()));
    Ok(Frames {
        after_tools: get("chat_after_tools")?,
        after_system: get("chat_after_system")?,
        alone: get("chat_alone")?,
        responses: get("responses")?,
    })
}

fn frame(request: &Request<'_>, items: &[Item<'_>]) -> i64 {
    let tools = !request.tools.is_empty() || !request.functions.is_empty();
    match request.api {
        Api::Responses => FRAMES.responses,
        _ if tools => FRAMES.after_tools,
        _ if opens_with_system(items) => FRAMES.after_system,
        _ => FRAMES.alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_bundled_table_loads() {
        frames().unwrap();
    }

    #[test]
    fn a_schema_is_shown_without_the_keys_that_only_check() {
        let format = json!({"name": "Person", "description": "Who.", "schema": {
            "$schema": "x", "type": "object", "additionalProperties": false,
            "properties": {"required": {"type": "string"}}, "required": ["required"]}});
        let mut out = String::new();
        write(&mut out, &format);
        assert_eq!(
            out,
            "# Response Formats\n\n## Person\n\n// Who.\n\
             {\"type\":\"object\",\"properties\":{\"required\":{\"type\":\"string\"}}}"
        );
    }
}
