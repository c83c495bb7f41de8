//! Inputs, cut into records in their order.
//!
//! An [`Input`] is opened, [decompressed and decoded](crate::decoding), and cut by one thread into
//! [`Batch`]es of whole rows, or of parts of a text, in bounded memory. Workers read the rows of a
//! batch: whatever carried them (JSON, CSV, Parquet, a query result), their values go by what they
//! mean, and a [`Record`] says what is to be counted.

mod batch;
mod call;
mod calls;
mod columns;
mod error;
mod fields;
mod intake;
mod kind;
mod messages;
mod parquet;
mod record;
mod row;
mod rows;
mod sending;
mod slot;
mod text;
mod usage;
mod value;

use std::fmt;
use std::fs::File;
use std::io;
use std::sync::Arc;

pub(crate) use batch::{Batch, Content, Origin, Place, TextPart};
pub(crate) use call::Call;
pub use error::InputError;
pub use fields::Fields;
pub(crate) use intake::{Intake, Taken};
pub use kind::Kind;
pub(crate) use record::{Prompt, Record};
pub(crate) use row::RowKeys;
pub(crate) use sending::Stopped;

use row::Row;

use crate::decoding::Bytes;
use crate::diagnostic::Fault;

/// One input: a name to show, and a way to open it, as often as needed.
pub struct Input {
    name: String,
    open: Box<dyn Fn() -> io::Result<Opened> + Send + Sync>,
}

/// What an input is when it is opened.
pub enum Opened {
    /// Bytes that come one after the other.
    Stream(Bytes),
    /// A file, which Parquet needs: its directory is at the end.
    File(File),
}

impl Input {
    /// An input shown as `name` (the path as the user gave it), opened by `open`.
    pub fn new<F>(name: impl Into<String>, open: F) -> Self
    where
        F: Fn() -> io::Result<Opened> + Send + Sync + 'static,
    {
        Self {
            name: name.into(),
            open: Box::new(open),
        }
    }

    /// An input of bytes that are already in memory.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into();
        Self::new(name, move || {
            let bytes = io::Cursor::new(Arc::clone(&bytes));
            Ok(Opened::Stream(Box::new(bytes)))
        })
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn open(&self) -> io::Result<Opened> {
        (self.open)()
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Input").field(&self.name).finish()
    }
}

/// How inputs are read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What the inputs are.
    pub kind: Kind,
    /// What the user says about fields.
    pub fields: Fields,
}

/// Reads the records of a batch of rows; `visit` is given each record's line or number.
pub(crate) fn each_record(
    batch: &Batch,
    keys: &mut RowKeys,
    visit: &mut dyn FnMut(u64, Result<Record<'_>, Fault>),
) {
    let origin = &batch.origin;
    let mut each = |line, row: Result<&Row<'_>, Fault>| {
        visit(line, row.and_then(|row| Record::of(row, &origin.fields)));
    };
    match (&batch.content, &origin.columns) {
        (Content::Rows(block), _) => rows::each_row(block, origin, keys, &mut each),
        (Content::Cells(cells), Some(columns)) => cells.each_row(columns, keys, &mut each),
        _ => {}
    }
}
