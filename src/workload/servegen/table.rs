//! Typed cells of a table.

use std::str::FromStr;

use csv::ByteRecord;

use super::Input;
use crate::workload::TrafficError;
use crate::workload::trace::{Table, fault, opened};

/// A table whose columns have fixed names.
pub(super) struct Cells<'a, const COLUMNS: usize> {
    name: &'a str,
    table: Table,
    columns: [&'static str; COLUMNS],
    places: [usize; COLUMNS],
}

/// One row of such a table.
pub(super) struct Cell<'a, const COLUMNS: usize> {
    pub(super) line: u64,
    name: &'a str,
    columns: [&'static str; COLUMNS],
    places: [usize; COLUMNS],
    record: &'a ByteRecord,
}

impl<'a, const COLUMNS: usize> Cells<'a, COLUMNS> {
    /// The table of `input`, which must have these `columns`.
    pub(super) fn new(
        input: Input<'a>,
        columns: [&'static str; COLUMNS],
    ) -> Result<Self, TrafficError> {
        let table = Table::new(opened(input.bytes, input.name)?, input.name)?;
        let mut places = [0; COLUMNS];
        for (place, column) in places.iter_mut().zip(columns) {
            *place = table.place(column, input.name)?;
        }
        Ok(Self {
            name: input.name,
            table,
            columns,
            places,
        })
    }

    /// The next row; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Cell<'_, COLUMNS>>, TrafficError> {
        let Self {
            name,
            table,
            columns,
            places,
        } = self;
        let row = table.next(name)?;
        Ok(row.map(|(line, record)| Cell {
            line,
            name,
            columns: *columns,
            places: *places,
            record,
        }))
    }
}

impl<const COLUMNS: usize> Cell<'_, COLUMNS> {
    /// The text of a column.
    pub(super) fn text(&self, column: usize) -> &str {
        let cell = self.record.get(self.places[column]).unwrap_or_default();
        std::str::from_utf8(cell).unwrap_or("\u{fffd}").trim()
    }

    /// The value of a column that `is_right`; `expected` says what it must be.
    pub(super) fn value<T: FromStr>(
        &self,
        column: usize,
        expected: &str,
        is_right: impl FnOnce(&T) -> bool,
    ) -> Result<T, TrafficError> {
        let value = self.text(column).parse().ok().filter(is_right);
        value.ok_or_else(|| self.refused(column, expected))
    }

    /// The error that a column does not hold what is `expected`.
    pub(super) fn refused(&self, column: usize, expected: &str) -> TrafficError {
        let found = fault::excerpt(self.text(column).as_bytes());
        let column = self.columns[column];
        let message = format!("`{column}` is {found:?}; expected {expected}");
        fault::row(self.name, self.line, &message)
    }
}
