//! A function as `openai-harmony` writes it.

use serde_json::Value;

use crate::tokenizer::counting::function::{Function, text};
use crate::tokenizer::counting::namespace::{DEEPEST, properties};

/// Appends a function and an empty line.
pub(in crate::tokenizer::counting) fn function(out: &mut String, function: &Function<'_>) {
    for line in function.description.lines() {
        out.extend(["// ", line, "\n"]);
    }
    out.extend(["type ", function.name, " = "]);
    if let Some(parameters) = function.parameters {
        out.push_str("(_: ");
        type_of(out, parameters, 0);
        out.push_str(") => any;\n\n");
    } else {
        out.push_str("() => any;\n\n");
    }
}

fn indent(out: &mut String, depth: u32) {
    (0..depth).for_each(|_| out.push_str("    "));
}

fn comment(out: &mut String, depth: u32, words: &[&str]) {
    indent(out, depth);
    out.push_str("//");
    for word in words {
        out.extend([" ", word]);
    }
    out.push('\n');
}

fn type_of(out: &mut String, schema: &Value, depth: u32) {
    if let Some(variants) = schema.get("oneOf").and_then(Value::as_array) {
        return one_of(out, variants, depth);
    }
    if let Some(names) = schema.get("type").and_then(Value::as_array) {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).map(word).collect();
        return out.push_str(&names.join(" | "));
    }
    match text(schema, "type") {
        _ if depth > DEEPEST => out.push_str("any"),
        "object" => object(out, schema, depth),
        "array" => match schema.get("items") {
            Some(items) => {
                type_of(out, items, depth);
                out.push_str("[]");
            }
            None => out.push_str("Array<any>"),
        },
        "string" => string(out, schema),
        "integer" | "number" => out.push_str("number"),
        "boolean" => out.push_str("boolean"),
        _ => out.push_str("any"),
    }
}

fn word(name: &str) -> &str {
    if name == "integer" { "number" } else { name }
}

fn string(out: &mut String, schema: &Value) {
    let known = schema.get("enum").and_then(Value::as_array);
    let known = known.filter(|values| !values.is_empty());
    let Some(known) = known else {
        return out.push_str("string");
    };
    let quoted = known
        .iter()
        .filter_map(Value::as_str)
        .map(|value| format!("\"{value}\""));
    out.push_str(&quoted.collect::<Vec<_>>().join(" | "));
}

fn object(out: &mut String, schema: &Value, depth: u32) {
    let description = text(schema, "description");
    if !description.is_empty() {
        comment(out, depth, &[description]);
    }
    out.push_str("{\n");
    for property in properties(schema) {
        comments(out, property.schema, depth);
        indent(out, depth);
        out.extend([property.name, property.colon]);
        if property.schema.get("oneOf").is_some() {
            type_of(out, property.schema, depth);
            out.push('\n');
            indent(out, depth);
            out.push_str(",\n");
        } else {
            out.push(' ');
            type_of(out, property.schema, depth + 1);
            out.push_str(nullable(property.schema));
            out.push(',');
            default(out, property.schema);
            out.push('\n');
        }
    }
    indent(out, depth);
    out.push('}');
}

fn comments(out: &mut String, schema: &Value, depth: u32) {
    let title = text(schema, "title");
    if !title.is_empty() {
        comment(out, depth, &[title]);
        comment(out, depth, &[]);
    }
    let description = text(schema, "description");
    if !description.is_empty() {
        comment(out, depth, &[description]);
    }
    let examples = schema.get("examples").and_then(Value::as_array);
    if let Some(examples) = examples.filter(|examples| !examples.is_empty()) {
        comment(out, depth, &["Examples:"]);
        for example in examples.iter().filter_map(Value::as_str) {
            comment(out, depth, &["-", &format!("\"{example}\"")]);
        }
    }
}

fn default(out: &mut String, schema: &Value) {
    let Some(default) = schema.get("default") else {
        return;
    };
    let bare = schema.get("enum").and(default.as_str());
    let value = bare.map_or_else(|| default.to_string(), str::to_owned);
    out.extend([" // default: ", &value]);
}

fn one_of(out: &mut String, variants: &[Value], depth: u32) {
    for variant in variants {
        out.push('\n');
        indent(out, depth);
        out.push_str(" | ");
        type_of(out, variant, depth + 1);
        out.push_str(nullable(variant));
        default(out, variant);
    }
}

fn nullable(schema: &Value) -> &'static str {
    match schema.get("nullable") {
        Some(Value::Bool(true)) => " | null",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rendered(definition: &Value) -> String {
        let mut out = String::new();
        function(&mut out, &Function::of(definition));
        out
    }

    #[test]
    fn simple_functions_are_written_as_the_format_documents_them() {
        let definition = json!({"name": "get", "description": "Gets it.\nNow.", "parameters": {
            "type": "object", "required": ["place"], "properties": {
                "place": {"type": "string", "description": "Where."},
                "unit": {"type": "string", "enum": ["C", "F"], "default": "C"}}}});
        assert_eq!(
            rendered(&definition),
            "// Gets it.\n// Now.\ntype get = (_: {\n// Where.\nplace: string,\n\
             unit?: \"C\" | \"F\", // default: C\n}) => any;\n\n"
        );
        assert_eq!(rendered(&json!({"name": "go"})), "type go = () => any;\n\n");
    }

    /// What `openai-harmony` 0.0.8 writes for the same schema.
    #[test]
    fn nested_schemas_keep_their_comments() {
        let definition = json!({"name": "f", "parameters": {"type": "object", "properties": {
            "b": {"type": "object", "description": "nested", "properties": {
                "c": {"type": "integer", "default": 3},
                "d": {"type": "array", "items": {"type": "object", "properties": {
                    "x": {"type": "string", "title": "T", "examples": ["p"]}}}}}},
            "h": {"type": ["string", "null"]},
            "i": {"oneOf": [{"type": "string"}, {"type": "integer", "default": 4}]},
            "k": {"type": "string", "default": "s", "nullable": true},
            "m": {"type": "array"}, "n": {"anyOf": [{"type": "string"}]}, "p": {"type": "object"}
        }}});
        assert_eq!(
            rendered(&definition),
            "type f = (_: {\n// nested\nb?:     // nested\n{\n    c?: number, // default: 3\n    \
             d?: {\n        // T\n        //\n        // Examples:\n        // - \"p\"\n        \
             x?: string,\n        }[],\n    },\nh?: string | null,\ni?:\n | string\n | number \
             // default: 4\n,\nk?: string | null, // default: \"s\"\nm?: Array<any>,\nn?: any,\n\
             p?: {\n    },\n}) => any;\n\n"
        );
    }
}
