//! Definitions of functions as `TypeScript`, which is what models see.

mod indented;
mod inline;

use std::collections::BTreeSet;

use serde_json::Value;

use super::function::Function;
use crate::tokenizer::family::Rendering;

/// What stands before the first function.
pub(super) const OPENING: &str = "namespace functions {\n\n";
/// What stands after the last.
pub(super) const CLOSING: &str = "} // namespace functions";

/// The longest text that is written of one request's definitions [byte], so that references within
/// references end; what comes after becomes `any`.
const LONGEST: usize = 4 << 20;

/// Schemas within schemas that are written; deeper ones become `any`.
pub(super) const DEEPEST: u32 = 64;

/// Appends functions, each after the other.
pub(super) fn write(out: &mut String, functions: &[Function<'_>], rendering: Rendering) {
    for function in functions {
        match rendering {
            Rendering::Indented => indented::function(out, function),
            Rendering::Inline => inline::function(out, function),
            Rendering::Harmony => super::harmony::function(out, function),
        }
    }
}

/// One property of an object.
pub(super) struct Property<'v> {
    pub(super) name: &'v str,
    /// What stands after the name: `:`, or `?:` where the property may be missing.
    pub(super) colon: &'static str,
    pub(super) schema: &'v Value,
}

/// The properties of a schema, in the order of the request.
pub(super) fn properties(schema: &Value) -> impl Iterator<Item = Property<'_>> {
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().filter_map(Value::as_str);
    let required: BTreeSet<&str> = required.collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(move |(name, schema)| Property {
            name,
            colon: if required.contains(name.as_str()) {
                ":"
            } else {
                "?:"
            },
            schema,
        })
}

/// The word of a simple type; `None` for objects, lists and what is no type.
fn simple(name: &str) -> Option<&'static str> {
    match name {
        "string" => Some("string"),
        "integer" | "number" => Some("number"),
        "boolean" => Some("boolean"),
        "null" => Some("null"),
        _ => None,
    }
}

/// Appends the values of an enum.
fn values(out: &mut String, values: &[Value]) {
    for (at, value) in values.iter().enumerate() {
        out.push_str(if at > 0 { " | " } else { "" });
        out.push_str(&value.to_string());
    }
}
