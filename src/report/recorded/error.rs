//! Why a file is no statement that can be read.

use thiserror::Error;

/// Why a file is no statement that can be read.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum RecordedError {
    /// Not JSON, or not that of a statement.
    #[error("{name}: not a statement as `tollbook chargeback --format json` writes it: {reason}")]
    Document {
        /// The file.
        name: String,
        /// What JSON says of it.
        reason: String,
    },
    /// Not CSV, or not with the columns of a statement.
    #[error(
        "{name}: not the lines of a statement as `tollbook chargeback --lines` writes them: {reason}"
    )]
    Lines {
        /// The file, and the line where there is one.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// A value that is none.
    #[error("{place}: `{field}` is {found:?}; expected {expected}")]
    Field {
        /// File and place in it.
        place: String,
        /// The field.
        field: String,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: String,
    },
    /// Lines that are not the total: a file that was changed, or is not whole.
    #[error("{name}: the lines add up to {lines}, `total` is {total}; was the file changed?")]
    Total {
        /// The file.
        name: String,
        /// What the lines add up to.
        lines: String,
        /// What the file says.
        total: String,
    },
}
