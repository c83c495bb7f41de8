//! The JSON statement is what its schema says, and the schema says no more than is there.

use proptest::prelude::*;
use serde_json::Value;
use tollbook::report::{Grouping, Report, View, json};

use crate::report_fixture::{contoso, hostile, of_lines, yen};
use crate::report_laws::reports;

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/schema/statement-1.schema.json")).unwrap()
}

fn document(report: &Report, grouping: Grouping) -> Value {
    serde_json::from_str(&json::render(report, &View::of(report, grouping))).unwrap()
}

/// The first place where `value` is not what `rule` says: the part of JSON Schema that the
/// schemas use.
pub(crate) fn violation(value: &Value, rule: &Value, root: &Value, path: &str) -> Option<String> {
    if let Some(name) = rule.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return violation(value, target, root, path);
    }
    if let Some(choices) = rule.get("anyOf").and_then(Value::as_array) {
        let fits = |choice| violation(value, choice, root, path).is_none();
        return (!choices.iter().any(fits)).then(|| format!("{path}: {value}"));
    }
    let agrees = rule.get("const").is_none_or(|only| only == value)
        && rule
            .get("enum")
            .is_none_or(|all| all.as_array().unwrap().contains(value))
        && rule.get("type").is_none_or(|kind| has_type(value, kind))
        && rule
            .get("pattern")
            .is_none_or(|pattern| matches(value, pattern));
    if !agrees {
        return Some(format!("{path}: {value} against {rule}"));
    }
    match value {
        Value::Array(items) => items.iter().enumerate().find_map(|(place, item)| {
            violation(item, &rule["items"], root, &format!("{path}/{place}"))
        }),
        Value::Object(fields) => {
            let required = rule["required"].as_array().unwrap();
            let missing = required
                .iter()
                .find(|name| !fields.contains_key(name.as_str().unwrap()));
            if let Some(name) = missing {
                return Some(format!("{path}: no {name}"));
            }
            fields.iter().find_map(|(name, field)| {
                let path = format!("{path}/{name}");
                match rule["properties"].get(name) {
                    Some(rule) => violation(field, rule, root, &path),
                    None => Some(format!("{path}: not in the schema")),
                }
            })
        }
        _ => None,
    }
}

fn has_type(value: &Value, kinds: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match kinds {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == name),
        kind => kind == name,
    }
}

/// The three patterns of the schemas.
fn matches(value: &Value, pattern: &Value) -> bool {
    let text = value.as_str().unwrap();
    if pattern.as_str().unwrap().starts_with("^-?") {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        [whole, fraction]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    } else if pattern.as_str().unwrap().contains('T') {
        text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok()
    } else {
        text.parse::<chrono::NaiveDate>().is_ok()
    }
}

#[test]
fn statements_are_what_the_schema_says() {
    let schema = schema();
    for report in [contoso(), yen(), hostile(), of_lines(Vec::new())] {
        for grouping in [Grouping::BusinessUnit, Grouping::App, Grouping::Day] {
            let found = violation(&document(&report, grouping), &schema, &schema, "");
            assert_eq!(found, None);
        }
    }
}

#[test]
fn the_check_can_fail() {
    let schema = schema();
    let mut statement = document(&contoso(), Grouping::Model);
    statement["lines"][0]["amount"] = "1e3".into();
    let found = violation(&statement, &schema, &schema, "").unwrap();
    assert!(found.starts_with("/lines/0/amount"), "{found}");
    statement["lines"][0]["colour"] = "red".into();
    statement["lines"][0]["amount"] = "1".into();
    let found = violation(&statement, &schema, &schema, "").unwrap();
    assert_eq!(found, "/lines/0/colour: not in the schema");
}

proptest! {
    #[test]
    fn any_statement_is_what_the_schema_says(report in reports()) {
        let schema = schema();
        let found = violation(&document(&report, Grouping::CostCentre), &schema, &schema, "");
        prop_assert_eq!(found, None);
    }
}
