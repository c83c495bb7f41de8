//! Definitions as models since 2024 see them: an object without any comment on one line, any
//! other a property a line, titles, descriptions and defaults as comments everywhere (fitted to
//! recorded usage of gpt-3.5-turbo-0125 to gpt-5.6).

use serde_json::Value;

use super::{DEEPEST, LONGEST, Property, properties, simple, values};
use crate::tokenizer::counting::function::{Function, has_properties, text};

pub(super) fn function(out: &mut String, function: &Function<'_>) {
    comment(out, function.description);
    out.extend(["type ", function.name, " = "]);
    if let Some(parameters) = function.parameters {
        out.push_str("(_: ");
        Writer::new(out, parameters).commented(parameters);
        out.push_str(") => any;\n\n");
    } else {
        out.push_str("() => any;\n\n");
    }
}

/// A comment; its further lines are text of their own, without blanks around them.
fn comment(out: &mut String, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    out.push_str("// ");
    for line in text.lines() {
        out.extend([line.trim(), "\n"]);
    }
}

/// Writes the schema of one function.
struct Writer<'w> {
    out: &'w mut String,
    /// The schema that references start from.
    root: &'w Value,
    depth: u32,
}

impl<'w> Writer<'w> {
    fn new(out: &'w mut String, root: &'w Value) -> Self {
        Self {
            out,
            root,
            depth: 0,
        }
    }

    /// An object that no property's comments stand before.
    fn commented(&mut self, schema: &Value) {
        comment(self.out, text(schema, "title"));
        comment(self.out, text(schema, "description"));
        self.object(schema);
    }

    fn object(&mut self, schema: &Value) {
        if properties(schema).any(|property| has_comment(property.schema)) {
            self.lines(schema);
        } else {
            self.line(schema);
        }
    }

    fn lines(&mut self, schema: &Value) {
        self.out.push_str("{\n");
        for property in properties(schema) {
            comment(self.out, text(property.schema, "title"));
            comment(self.out, text(property.schema, "description"));
            self.property(&property);
            self.out.push(',');
            if let Some(default) = property.schema.get("default") {
                let bare = default
                    .as_str()
                    .map_or_else(|| default.to_string(), str::to_owned);
                self.out.extend([" // default: ", &bare]);
            }
            self.out.push('\n');
        }
        self.out.push('}');
    }

    fn line(&mut self, schema: &Value) {
        self.out.push_str("{ ");
        for (at, property) in properties(schema).enumerate() {
            self.out.push_str(if at > 0 { ", " } else { "" });
            self.property(&property);
        }
        self.out.push_str(" }");
    }

    fn property(&mut self, property: &Property<'_>) {
        self.out.extend([property.name, property.colon, " "]);
        self.type_of(property.schema);
    }

    fn type_of(&mut self, schema: &Value) {
        if self.out.len() > LONGEST || self.depth > DEEPEST {
            return self.out.push_str("any");
        }
        self.depth += 1;
        self.type_within(schema);
        self.depth -= 1;
    }

    fn type_within(&mut self, schema: &Value) {
        let list = |key: &str| schema.get(key).and_then(Value::as_array);
        if let Some(variants) = list("anyOf").or(list("oneOf")) {
            return self.union(variants);
        }
        if let Some(known) = list("enum") {
            return values(self.out, known);
        }
        if let Some(names) = list("type") {
            let names = names.iter().filter_map(Value::as_str).filter_map(simple);
            return self.out.push_str(&names.collect::<Vec<_>>().join(" | "));
        }
        if let Some(target) = self.referred(schema) {
            comment(self.out, text(target, "title"));
            comment(self.out, text(target, "description"));
            return self.type_of(target);
        }
        match text(schema, "type") {
            "array" => {
                self.type_of(schema.get("items").unwrap_or(&Value::Null));
                self.out.push_str("[]");
            }
            "object" if has_properties(schema) => self.object(schema),
            "object" => self.out.push_str("object"),
            name => self.out.push_str(simple(name).unwrap_or("any")),
        }
    }

    fn union(&mut self, variants: &[Value]) {
        for (at, variant) in variants.iter().enumerate() {
            self.out.push_str(if at > 0 { " | " } else { "" });
            self.type_of(variant);
        }
    }

    /// The schema that a `$ref` names.
    fn referred(&self, schema: &Value) -> Option<&'w Value> {
        let path = schema.get("$ref")?.as_str()?;
        self.root.pointer(path.strip_prefix('#')?)
    }
}

fn has_comment(schema: &Value) -> bool {
    let says = |key| !text(schema, key).trim().is_empty();
    says("title") || says("description") || schema.get("default").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rendered(parameters: &Value) -> String {
        let definition = json!({"name": "f", "parameters": parameters});
        let mut out = String::new();
        function(&mut out, &Function::of(&definition));
        let body = out.strip_prefix("type f = (_: ").unwrap();
        body.strip_suffix(") => any;\n\n").unwrap().to_owned()
    }

    #[test]
    fn objects_without_comments_stand_on_one_line() {
        for (parameters, expected) in [
            (
                json!({"properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
                       "required": ["city"]}),
                "{ city: string, days?: number }",
            ),
            (
                json!({"properties": {"at": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}),
                "{ at?: string | null }",
            ),
            (
                json!({"properties": {"at": {"type": ["string", "null"]}}}),
                "{ at?: string | null }",
            ),
            (
                json!({"properties": {"unit": {"type": "string", "enum": ["C", "F"]}}}),
                "{ unit?: \"C\" | \"F\" }",
            ),
            (
                json!({"properties": {"kind": {"type": "string", "const": "a"}, "x": {}}}),
                "{ kind?: string, x?: any }",
            ),
            (
                json!({"properties": {"all": {"type": "array", "items": {"type": "object",
                       "properties": {"a": {"type": "boolean"}}}}}}),
                "{ all?: { a?: boolean }[] }",
            ),
        ] {
            assert_eq!(rendered(&parameters), expected);
        }
    }

    #[test]
    fn comments_put_each_property_on_its_own_line() {
        let parameters = json!({"title": "Args", "properties": {
            "city": {"type": "string", "title": "City", "description": "Where.\n\n  Any town."},
            "days": {"type": "integer", "default": 3},
            "unit": {"type": "string", "default": "C"}}});
        assert_eq!(
            rendered(&parameters),
            "// Args\n{\n// City\n// Where.\n\nAny town.\ncity?: string,\n\
             days?: number, // default: 3\nunit?: string, // default: C\n}"
        );
    }

    #[test]
    fn references_are_followed_and_end() {
        let tree = json!({"$defs": {"Node": {"type": "object", "properties": {
            "left": {"$ref": "#/$defs/Node"}, "right": {"$ref": "#/$defs/Node"}}}},
            "properties": {"root": {"$ref": "#/$defs/Node"}, "lost": {"$ref": "#/nowhere"}}});
        let text = rendered(&tree);
        assert!(text.starts_with("{ root?: { left?: { left?: "));
        assert!(text.ends_with("lost?: any }"));
        assert!(text.len() < 2 * LONGEST);
    }
}
