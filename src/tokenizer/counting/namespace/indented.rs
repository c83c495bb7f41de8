//! Definitions as models of 2023 saw them: a property a line, nested ones indented, and
//! descriptions at the top level only (hmarr/openai-chat-tokens; published counts).

use serde_json::Value;

use super::{DEEPEST, properties, simple, values};
use crate::tokenizer::counting::function::{Function, has_properties, text};

pub(super) fn function(out: &mut String, function: &Function<'_>) {
    if !function.description.is_empty() {
        out.extend(["// ", function.description, "\n"]);
    }
    out.extend(["type ", function.name, " = "]);
    if let Some(parameters) = function.parameters {
        out.push_str("(_: {\n");
        object(out, parameters, 0);
        out.push_str("}) => any;\n\n");
    } else {
        out.push_str("() => any;\n\n");
    }
}

fn object(out: &mut String, schema: &Value, depth: u32) {
    for property in properties(schema) {
        let description = text(property.schema, "description");
        if depth == 0 && !description.is_empty() {
            out.extend(["// ", description, "\n"]);
        }
        (0..depth).for_each(|_| out.push_str("  "));
        out.extend([property.name, property.colon, " "]);
        type_of(out, property.schema, depth);
        out.push_str(",\n");
    }
}

fn type_of(out: &mut String, schema: &Value, depth: u32) {
    if let Some(variants) = schema.get("anyOf").and_then(Value::as_array) {
        return union(out, variants, depth);
    }
    if let Some(known) = schema.get("enum").and_then(Value::as_array) {
        return values(out, known);
    }
    let name = text(schema, "type");
    match name {
        "array" => {
            type_of(out, schema.get("items").unwrap_or(&Value::Null), depth);
            out.push_str("[]");
        }
        "object" if depth < DEEPEST && has_properties(schema) => {
            out.push_str("{\n");
            object(out, schema, depth + 1);
            (0..depth).for_each(|_| out.push_str("  "));
            out.push('}');
        }
        "object" => out.push_str("object"),
        name => out.push_str(simple(name).unwrap_or("any")),
    }
}

fn union(out: &mut String, variants: &[Value], depth: u32) {
    for (at, variant) in variants.iter().enumerate() {
        out.push_str(if at > 0 { " | " } else { "" });
        type_of(out, variant, depth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_properties_are_indented_and_lose_their_descriptions() {
        let definition = serde_json::json!({
            "name": "book", "description": "Books a table.",
            "parameters": {"type": "object", "required": ["when"], "properties": {
                "when": {"type": "string", "description": "A day."},
                "guest": {"type": "object", "properties": {
                    "name": {"type": "string", "description": "Lost."},
                    "kind": {"enum": ["adult", "child"]}}},
                "tables": {"type": "array", "items": {"type": "integer"}}}}
        });
        let mut out = String::new();
        function(&mut out, &Function::of(&definition));
        assert_eq!(
            out,
            "// Books a table.\ntype book = (_: {\n// A day.\nwhen: string,\nguest?: {\n  \
             name?: string,\n  kind?: \"adult\" | \"child\",\n},\ntables?: number[],\n}) => any;\n\n"
        );
    }
}
