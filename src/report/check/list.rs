//! All rules in a table.

use serde_json::{Map, Value, json};

use crate::check::Rule;
use crate::report::grid::{Cell, Column, Grid};

const COLUMNS: [Column; 5] = [
    Column {
        heading: "Rule",
        field: "id",
        rank: 0,
    },
    Column {
        heading: "Name",
        field: "name",
        rank: 0,
    },
    Column {
        heading: "Family",
        field: "family",
        rank: 2,
    },
    Column {
        heading: "Severity",
        field: "severity",
        rank: 0,
    },
    Column {
        heading: "What it finds",
        field: "summary",
        rank: 1,
    },
];

/// The rules for people, in lines of at most `width` characters where names allow.
pub fn table(rules: &[&Rule], width: u16) -> String {
    let grid = Grid {
        names: COLUMNS.len(),
        columns: COLUMNS.to_vec(),
        rows: rules.iter().map(|rule| row(rule)).collect(),
        total: None,
    };
    let lines = grid.lines(width);
    lines.into_iter().map(|line| line + "\n").collect()
}

/// The rules for machines.
pub fn json(rules: &[&Rule]) -> String {
    let rules: Vec<Value> = rules.iter().map(|rule| object(rule).into()).collect();
    format!(
        "{:#}\n",
        json!({ "schema": "tollbook/rules/1", "rules": rules })
    )
}

/// What every output for machines says of a rule.
pub(super) fn object(rule: &Rule) -> Map<String, Value> {
    let fields = COLUMNS.iter().map(|column| column.field.to_owned());
    fields.zip(texts(rule).map(Value::from)).collect()
}

fn row(rule: &Rule) -> Vec<Cell> {
    texts(rule).map(|text| Cell::Text(text.to_owned())).to_vec()
}

const fn texts(rule: &Rule) -> [&'static str; COLUMNS.len()] {
    [
        rule.id,
        rule.name,
        rule.family.name(),
        rule.severity.name(),
        rule.summary,
    ]
}
