//! JSON lines with named fields.

use sonic_rs::{JsonValueTrait, LazyValue};

use super::cell::Cell;
use super::columns::Field;
use super::draft::{Draft, Reading};
use super::fault::{Fault, excerpt, row, unreadable};
use super::lines::Lines;
use super::{Bytes, Row, Rows};
use crate::workload::TrafficError;
use crate::workload::app::Apps;

/// The rows of a file of JSON lines.
pub struct JsonRows {
    lines: Lines,
    reading: Reading,
    draft: Draft,
}

/// What a value must be.
const SCALAR: &str = "a number or a text";

impl JsonRows {
    pub(super) fn new(bytes: Bytes, reading: Reading) -> Self {
        Self {
            lines: Lines::new(bytes),
            reading,
            draft: Draft::default(),
        }
    }

    /// The next row; `other` is shown the values of names that are no column.
    pub(super) fn row(
        &mut self,
        apps: &mut Apps,
        other: &mut dyn FnMut(&str, &LazyValue<'_>) -> Result<(), Fault>,
    ) -> Result<Option<Row>, TrafficError> {
        let Self {
            lines,
            reading,
            draft,
        } = self;
        let next = lines.next();
        let Some((line, text)) = next.map_err(|error| unreadable(&reading.name, &error))? else {
            return Ok(None);
        };
        read(text, reading, draft, other)
            .and_then(|()| reading.finish(draft, line, apps))
            .map(Some)
            .map_err(|fault| reading.refuse(fault, line))
    }

    /// Refuses the row at hand.
    pub(super) fn refuse(&self, message: &str) -> TrafficError {
        row(&self.reading.name, self.lines.number(), &message)
    }
}

/// Reads the fields of one object.
fn read(
    text: &[u8],
    reading: &Reading,
    draft: &mut Draft,
    other: &mut dyn FnMut(&str, &LazyValue<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let broken = || {
        let found = excerpt(text);
        Fault::Row(format!("found {found}; expected one JSON object a line"))
    };
    let object = std::str::from_utf8(text).map_err(|_| broken())?;
    for entry in sonic_rs::to_object_iter(object) {
        let (name, value) = entry.map_err(|_| broken())?;
        match reading.options.columns.field(&name) {
            Some(field) => take(reading, draft, field, &value)?,
            None => other(&name, &value)?,
        }
    }
    Ok(())
}

fn take(
    reading: &Reading,
    draft: &mut Draft,
    field: Field,
    value: &LazyValue<'_>,
) -> Result<(), Fault> {
    let raw = value.as_raw_str();
    match raw.as_bytes().first() {
        Some(b'n') => Ok(()),
        Some(b'"') => {
            let text = value.as_str().unwrap_or_default();
            reading.take(draft, field, Cell::Text(text.as_bytes()))
        }
        Some(b'-' | b'0'..=b'9') => reading.take(draft, field, Cell::Text(raw.as_bytes())),
        _ => Err(Fault::cell(field, raw.as_bytes(), SCALAR)),
    }
}

impl Rows for JsonRows {
    fn next_row(&mut self, apps: &mut Apps) -> Option<Result<Row, TrafficError>> {
        self.row(apps, &mut |_, _| Ok(())).transpose()
    }

    fn name(&self) -> &str {
        &self.reading.name
    }
}
