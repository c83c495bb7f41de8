//! Why a source cannot be read.

use std::io;

use thiserror::Error;

/// A source that cannot be read, or not to its end.
#[derive(Debug, Error)]
pub enum SourceError {
    /// Its bytes cannot be had.
    #[error("{name}: cannot be read: {error}")]
    Unreadable {
        /// The source.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// It ends in the middle of its compressed data, or its compressed data is damaged.
    #[error(
        "{name}: {compression} data is damaged or cut off: {error}\n\
         hint: the file was not copied to its end; copy or export it again"
    )]
    Damaged {
        /// The source.
        name: String,
        /// How it is compressed.
        compression: &'static str,
        /// What the decompressor said.
        error: io::Error,
    },
    /// It is neither CSV nor JSON.
    #[error(
        "{name}: is neither CSV nor JSON; expected text, plain or compressed with gzip or zstd\n\
         hint: export the log as CSV or JSON; unpack archives and workbooks first"
    )]
    NotText {
        /// The source.
        name: String,
    },
    /// Its fields are those of no format known.
    #[error(
        "{name}: no log format known has the fields {found}; known are: {known}\n\
         hint: name its columns in a [[source]] of the configuration"
    )]
    UnknownFields {
        /// The source.
        name: String,
        /// Its fields.
        found: String,
        /// The formats known.
        known: String,
        /// The schema that its first row states, where it states one.
        schema: Option<String>,
    },
    /// A `[[source]]` names columns it does not have.
    #[error(
        "{name}: [[source]] {source_name:?} names the column {column:?}, which is not among {found}\n\
         hint: correct `columns` of that [[source]], or its `files`"
    )]
    MissingColumn {
        /// The source.
        name: String,
        /// The `[[source]]`.
        source_name: String,
        /// The column it names.
        column: String,
        /// The columns there are.
        found: String,
    },
    /// No row tells which number of its dates is the month.
    #[error(
        "{name}: {example:?} may be day or month first, and no row of the file tells\n\
         hint: set `dates = \"month-first\"` or `dates = \"day-first\"` in [reading]"
    )]
    AmbiguousDates {
        /// The source.
        name: String,
        /// One of its dates.
        example: String,
    },
    /// Some of its dates are month first and some are day first.
    #[error(
        "{name}: {month_first:?} has its month first and {day_first:?} its day; a file has one order\n\
         hint: export the parts separately, or set `dates` in [reading] to quarantine the other rows"
    )]
    MixedDates {
        /// The source.
        name: String,
        /// A date with its month first.
        month_first: String,
        /// A date with its day first.
        day_first: String,
    },
    /// Its times are in a zone without a fixed offset from UTC.
    #[error(
        "{name}: times of column {column:?} are in no known offset from UTC\n\
         hint: export the log with times in UTC"
    )]
    LocalTime {
        /// The source.
        name: String,
        /// The column's header.
        column: String,
    },
}

impl SourceError {
    /// The source it is about.
    pub fn name(&self) -> &str {
        match self {
            Self::Unreadable { name, .. }
            | Self::Damaged { name, .. }
            | Self::NotText { name }
            | Self::UnknownFields { name, .. }
            | Self::MissingColumn { name, .. }
            | Self::AmbiguousDates { name, .. }
            | Self::MixedDates { name, .. }
            | Self::LocalTime { name, .. } => name,
        }
    }
}
