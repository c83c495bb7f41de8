//! A list of facts: one table of texts, written in three formats.

use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde_json::{Map, Value, json};

/// One column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Name in CSV and JSON.
    pub(super) name: &'static str,
    /// Heading in a table; `None` for columns that tables leave out.
    pub(super) heading: Option<&'static str>,
    /// Narrowest table that has the column [columns of the terminal].
    pub(super) from_width: usize,
    /// Whether the column holds numbers.
    pub(super) number: bool,
}

impl Column {
    /// A column of texts that every table has.
    pub(super) const fn text(name: &'static str, heading: &'static str) -> Self {
        Self {
            name,
            heading: Some(heading),
            from_width: 0,
            number: false,
        }
    }

    /// A column of numbers that every table has.
    pub(super) const fn number(name: &'static str, heading: &'static str) -> Self {
        Self {
            name,
            heading: Some(heading),
            from_width: 0,
            number: true,
        }
    }

    /// A column of texts that wide tables have.
    pub(super) const fn wide(name: &'static str, heading: &'static str) -> Self {
        Self {
            name,
            heading: Some(heading),
            from_width: WIDE,
            number: false,
        }
    }

    /// A column that tables leave out.
    pub(super) const fn data(name: &'static str) -> Self {
        Self {
            name,
            heading: None,
            from_width: 0,
            number: false,
        }
    }
}

/// Blanks between columns.
const GAP: u16 = 2;
/// From here on tables have all their columns [columns of the terminal].
const WIDE: usize = 110;

/// A list of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// What is listed, for the JSON schema's name.
    pub(super) what: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Listing {
    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The list as a table of at most `width` columns; a column without a value is left out.
    pub fn table(&self, width: usize) -> String {
        let shown: Vec<(usize, Column)> = self
            .columns
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, column)| column.heading.is_some() && column.from_width <= width)
            .filter(|(at, _)| self.rows.iter().any(|row| !row[*at].is_empty()))
            .collect();
        let mut table = Table::new();
        table
            .load_style(comfy_table::presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .force_no_tty()
            .set_width(u16::try_from(width).unwrap_or(u16::MAX))
            .set_header(shown.iter().filter_map(|(_, column)| column.heading));
        for row in &self.rows {
            table.add_row(
                shown
                    .iter()
                    .map(|(at, column)| short(column.name, &row[*at])),
            );
        }
        for (cells, (_, column)) in table.column_iter_mut().zip(&shown) {
            cells.set_padding((0, GAP));
            if column.number {
                cells.set_cell_alignment(CellAlignment::Right);
            }
        }
        trimmed(&table.to_string())
    }

    /// The list as CSV, every column.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        writer
            .write_record(header)
            .expect("a vector takes every record");
        for row in &self.rows {
            writer
                .write_record(row)
                .expect("every row has every column");
        }
        let bytes = writer.into_inner().expect("a vector can always be flushed");
        String::from_utf8(bytes).expect("only texts were written")
    }

    /// The list as JSON, every column; numbers are texts, for they are exact decimals.
    pub fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
        let schema = format!("tollbook.catalog.{}/1", self.what);
        let value = json!({ "schema": schema, "rows": rows });
        serde_json::to_string_pretty(&value).expect("texts are always JSON") + "\n"
    }

    fn object(&self, row: &[String]) -> Value {
        let fields = self.columns.iter().zip(row).map(|(column, text)| {
            let value = if text.is_empty() {
                Value::Null
            } else {
                Value::from(text.as_str())
            };
            (column.name.to_owned(), value)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }
}

/// Lists of regions are too long for tables: the first, and how many more there are.
fn short(column: &str, text: &str) -> String {
    match text.split_once('|') {
        Some((first, rest)) if column == "regions" => {
            format!("{first} +{}", rest.split('|').count())
        }
        _ => text.to_owned(),
    }
}

/// The table without blanks at the ends of its lines.
fn trimmed(table: &str) -> String {
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}
