//! Definitions of tools as requests give them.

use serde_json::Value;

/// One function that the model may call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Function<'v> {
    pub(super) name: &'v str,
    /// What it does; empty is as good as none.
    pub(super) description: &'v str,
    /// The schema of its arguments, if it takes any.
    pub(super) parameters: Option<&'v Value>,
}

/// What a request gives the model to call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tool<'v> {
    /// A function of the caller.
    Function(Function<'v>),
    /// A tool that the service hosts, or that only the service renders.
    Hosted,
}

impl<'v> Function<'v> {
    /// A definition of Responses, of the older key `functions`, or inside one of Chat Completions.
    pub(super) fn of(definition: &'v Value) -> Self {
        let parameters = definition.get("parameters");
        Self {
            name: text(definition, "name"),
            description: text(definition, "description"),
            parameters: parameters.filter(|schema| has_properties(schema)),
        }
    }
}

impl<'v> Tool<'v> {
    /// A definition of Chat Completions or Responses.
    pub(super) fn of(definition: &'v Value) -> Self {
        match (text(definition, "type"), definition.get("function")) {
            ("function", Some(inside)) => Self::Function(Function::of(inside)),
            ("function", None) => Self::Function(Function::of(definition)),
            _ => Self::Hosted,
        }
    }
}

/// The text of a key; empty if there is none.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Whether an object has any property.
pub(super) fn has_properties(schema: &Value) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| !properties.is_empty())
}
