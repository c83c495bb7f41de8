//! Why an input cannot be read.

use std::io;

use thiserror::Error;

/// An input that cannot be read, or not to its end.
#[derive(Debug, Error)]
pub enum InputError {
    /// Its bytes cannot be had.
    #[error("{name}: cannot be read: {error}")]
    Unreadable {
        /// The input.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// It ends in the middle of its compressed data, or its compressed data is damaged.
    #[error(
        "{name}: {compression} data is damaged or cut off: {error}\n\
         hint: the file was not copied to its end; copy it again"
    )]
    Damaged {
        /// The input.
        name: String,
        /// How it is compressed.
        compression: &'static str,
        /// What the decompressor said.
        error: io::Error,
    },
    /// It is no text.
    #[error(
        "{name}: is no text; expected JSON, CSV, Parquet or plain text, compressed with gzip or \
         zstd or not at all\n\
         hint: unpack archives and documents first, or leave the file out"
    )]
    NotText {
        /// The input.
        name: String,
    },
    /// It has no column to count.
    #[error(
        "{name}: {}; its columns are {found}\n\
         hint: name the column that holds texts or request bodies with --column",
        missing(.column)
    )]
    NoColumn {
        /// The input.
        name: String,
        /// The column that the user named; empty where none was.
        column: String,
        /// The columns there are.
        found: String,
    },
    /// Parquet cannot be read from a stream.
    #[error("{name}: is a Parquet file in a stream; name the file itself, not compressed")]
    ParquetStream {
        /// The input.
        name: String,
    },
    /// A Parquet file that cannot be read to its end.
    #[error("{name}: cannot be read: {problem}")]
    Parquet {
        /// The input.
        name: String,
        /// What the reader said.
        problem: String,
    },
}

fn missing(column: &str) -> String {
    if column.is_empty() {
        "no column is known to hold texts or request bodies".to_owned()
    } else {
        format!("there is no column `{column}`")
    }
}
