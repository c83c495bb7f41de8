//! What is wrong with a row, before and after it is known where.

use std::fmt::Display;
use std::io;

use super::columns::{Columns, Field};
use crate::workload::TrafficError;

/// What to do about a row that is refused.
const HINT: &str = "hint: a trace is replayed whole, so no row is skipped; correct or remove it";

/// The longest part of a cell that an error shows [character].
const SHOWN: usize = 60;

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A cell is not what its column holds.
    Cell {
        field: Field,
        found: String,
        expected: &'static str,
    },
    /// A cell that every row needs is empty or absent.
    Missing { field: Field },
    /// The cells contradict each other.
    Row(String),
}

impl Fault {
    /// The cell of `field` is not what was `expected`.
    pub(crate) fn cell(field: Field, found: &[u8], expected: &'static str) -> Self {
        Self::Cell {
            field,
            found: excerpt(found),
            expected,
        }
    }

    /// The error with the place of the row and the names of its columns.
    pub(crate) fn at(self, name: &str, line: u64, columns: &Columns) -> TrafficError {
        let message = match self {
            Self::Cell {
                field,
                found,
                expected,
            } => format!(
                "`{}` is {found:?}; expected {expected}",
                columns.name(field)
            ),
            Self::Missing { field } => {
                format!("`{}` is missing; every row needs it", columns.name(field))
            }
            Self::Row(message) => message,
        };
        row(name, line, &message)
    }
}

/// The start of what was found, enough to know it by.
pub(crate) fn excerpt(found: &[u8]) -> String {
    let found = String::from_utf8_lossy(found);
    let mut shown: String = found.chars().take(SHOWN).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    shown
}

/// A row that is refused for what `message` says.
pub(crate) fn row(name: &str, line: u64, message: &dyn Display) -> TrafficError {
    TrafficError::new(format!("{name}:{line}: {message}\n{HINT}"))
}

/// A file that cannot be read, or not to its end.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> TrafficError {
    TrafficError::new(format!(
        "{name}: could not be read: {error}; expected a whole file, plain or packed with gzip or \
         Zstandard\nhint: fetch or pack the file again"
    ))
}

/// A header that lacks a column.
pub(crate) fn no_column(name: &str, column: &str, header: &[String]) -> TrafficError {
    if header.is_empty() || header == [""] {
        return TrafficError::new(format!(
            "{name}: the file is empty; expected a line with the names of its columns"
        ));
    }
    TrafficError::new(format!(
        "{name}:1: there is no column `{column}`; found {}\nhint: rename \
         the file's columns, or say in the traffic's `columns` what they are called",
        header.join(", ")
    ))
}
