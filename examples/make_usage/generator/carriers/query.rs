//! Answers of Log Analytics queries: the REST API's tables and the Azure CLI's objects.

use serde_json::{Map, Value, json};

use super::super::call::iso;
use super::table::{Cell, Row};

/// The answer of the query API: column names and types once, then typed rows.
pub(crate) fn rest(rows: &[Row]) -> String {
    let columns: Vec<Value> = rows.first().map_or_else(Vec::new, |row| {
        row.iter()
            .map(|(name, cell)| json!({ "name": name, "type": cell.type_name() }))
            .collect()
    });
    let typed: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| row.iter().map(|(_, cell)| typed_value(cell)).collect())
        .collect();
    let table = json!({ "name": "PrimaryResult", "columns": columns, "rows": typed });
    format!("{}\n", json!({ "tables": [table] }))
}

fn typed_value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(value) => json!(value),
        Cell::Whole(value) => json!(value),
        Cell::Flag(value) => json!(value),
        Cell::Time(millis, ticks) => json!(iso(*millis, *ticks)),
    }
}

/// The output of `az monitor log-analytics query -o json`: every value a string.
pub(crate) fn az_cli(rows: &[Row]) -> String {
    let objects: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut object: Map<String, Value> = row
                .iter()
                .map(|(name, cell)| ((*name).to_owned(), json!(string_value(cell))))
                .collect();
            object.insert("TableName".to_owned(), json!("PrimaryResult"));
            Value::Object(object)
        })
        .collect();
    format!("{:#}\n", Value::Array(objects))
}

fn string_value(cell: &Cell) -> String {
    match cell {
        Cell::Text(value) => value.clone(),
        Cell::Whole(value) => value.to_string(),
        Cell::Flag(true) => "True".to_owned(),
        Cell::Flag(false) => "False".to_owned(),
        Cell::Time(millis, ticks) => iso(*millis, *ticks),
    }
}
