//! Every place of a schema, and documents that have something there.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value, json};

/// Where something is in a document.
#[derive(Clone, Debug)]
enum Segment {
    /// Under a key that the schema names.
    Key(String),
    /// Under a key that the user chooses.
    AnyKey,
    /// In a list.
    Item,
    /// One of several ways to write it.
    Way(usize),
}

/// A place in documents, and what the schema says of it.
#[derive(Clone)]
pub(super) struct Place<'s> {
    path: Vec<Segment>,
    pub(super) rule: &'s Value,
}

/// A schema to be walked.
pub(super) struct Walk<'s> {
    root: &'s Value,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.path {
            match segment {
                Segment::Key(key) => write!(f, "/{key}")?,
                Segment::AnyKey => write!(f, "/*")?,
                Segment::Item => write!(f, "[]")?,
                Segment::Way(way) => write!(f, "#{way}")?,
            }
        }
        Ok(())
    }
}

impl<'s> Place<'s> {
    fn then(&self, segment: Segment, rule: &'s Value) -> Self {
        let mut path = self.path.clone();
        path.push(segment);
        Self { path, rule }
    }

    /// Whether it is a table whose keys are all named.
    pub(super) fn is_closed(&self) -> bool {
        self.rule["additionalProperties"] == json!(false)
    }

    /// The keys that the schema names, and what it says of them.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&'s String, &'s Value)> + use<'s> {
        let properties = self.rule.get("properties").and_then(Value::as_object);
        properties.into_iter().flatten()
    }

    /// The keys that it must have.
    pub(super) fn required(&self) -> Vec<&'s str> {
        let required = self.rule.get("required").and_then(Value::as_array);
        required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The words that may stand here, if it is a closed set.
    pub(super) fn words(&self) -> BTreeSet<String> {
        let list = |key| {
            self.rule
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        let consts = list("oneOf").map(|choice| &choice["const"]);
        let words = list("enum").chain(consts);
        words
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    }

    /// The types that may stand here; none where the place has several ways to be written.
    pub(super) fn kinds(&self) -> Vec<&'s str> {
        if self.rule.get("oneOf").is_some() || self.rule.get("enum").is_some() {
            return vec!["string"];
        }
        match self.rule.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            Some(kind) => vec![kind.as_str().unwrap()],
            None => Vec::new(),
        }
    }
}

impl<'s> Walk<'s> {
    /// Walks this schema.
    pub(super) const fn of(root: &'s Value) -> Self {
        Self { root }
    }

    /// What a rule says in the end, behind references.
    fn resolved(&self, rule: &'s Value) -> &'s Value {
        if let Some(name) = rule.get("$ref").and_then(Value::as_str) {
            return self.resolved(self.root.pointer(name.trim_start_matches('#')).unwrap());
        }
        match rule.get("allOf").and_then(Value::as_array) {
            Some(only) => self.resolved(&only[0]),
            None => rule,
        }
    }

    /// Every place, the root first.
    pub(super) fn places(&self) -> Vec<Place<'s>> {
        let mut places = vec![Place {
            path: Vec::new(),
            rule: self.root,
        }];
        let mut at = 0;
        while let Some(place) = places.get(at).cloned() {
            places.extend(self.below(&place));
            at += 1;
        }
        // Where something can be written in several ways, these are the places.
        places.retain(|place| place.rule.get("anyOf").is_none());
        places
    }

    fn below(&self, place: &Place<'s>) -> Vec<Place<'s>> {
        let mut below = Vec::new();
        for (key, rule) in place.properties() {
            below.push(place.then(Segment::Key(key.clone()), self.resolved(rule)));
        }
        if let Some(rule) = place
            .rule
            .get("additionalProperties")
            .filter(|rule| rule.is_object())
        {
            below.push(place.then(Segment::AnyKey, self.resolved(rule)));
        }
        if let Some(rule) = place.rule.get("items") {
            below.push(place.then(Segment::Item, self.resolved(rule)));
        }
        for (way, rule) in place.rule["anyOf"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            below.push(place.then(Segment::Way(way), self.resolved(rule)));
        }
        below
    }

    /// The least document that has `value` at a place.
    pub(super) fn document(&self, place: &Place<'s>, value: Value) -> Value {
        self.filled(self.root, &place.path, value)
    }

    fn filled(&self, rule: &'s Value, path: &[Segment], value: Value) -> Value {
        let rule = self.resolved(rule);
        let Some((segment, rest)) = path.split_first() else {
            return value;
        };
        match segment {
            Segment::Key(key) => {
                let mut table = self.sample(rule);
                table[key] = self.filled(&rule["properties"][key], rest, value);
                table
            }
            Segment::AnyKey => {
                json!({ "x": self.filled(&rule["additionalProperties"], rest, value) })
            }
            Segment::Item => {
                let least = rule["minItems"].as_u64().unwrap_or(1).max(1);
                let mut list = vec![self.sample(&rule["items"]); usize::try_from(least).unwrap()];
                list[0] = self.filled(&rule["items"], rest, value);
                Value::Array(list)
            }
            Segment::Way(way) => self.filled(&rule["anyOf"][way], rest, value),
        }
    }

    /// The least value that a rule allows.
    pub(super) fn sample(&self, rule: &'s Value) -> Value {
        let rule = self.resolved(rule);
        if let Some(example) = rule.pointer("/examples/0") {
            return example.clone();
        }
        for choices in ["/anyOf/0", "/oneOf/0"] {
            if let Some(first) = rule.pointer(choices) {
                return self.sample(first);
            }
        }
        if let Some(word) = rule.get("const").or_else(|| rule.pointer("/enum/0")) {
            return word.clone();
        }
        match rule["type"].as_str().unwrap() {
            "string" if rule.get("format").is_some() => json!("2026-10-01"),
            "string" => json!("x"),
            "integer" => json!(rule["minimum"].as_i64().unwrap_or(0).max(1)),
            "number" => json!(1.5),
            "boolean" => json!(true),
            "array" => {
                let least = usize::try_from(rule["minItems"].as_u64().unwrap_or(0)).unwrap();
                Value::Array((0..least).map(|_| self.sample(&rule["items"])).collect())
            }
            _ => self.table(rule),
        }
    }

    fn table(&self, rule: &'s Value) -> Value {
        let place = Place {
            path: Vec::new(),
            rule,
        };
        let required = place.required().into_iter();
        let fields = required.map(|key| (key.to_owned(), self.sample(&rule["properties"][key])));
        Value::Object(fields.collect::<Map<_, _>>())
    }
}
