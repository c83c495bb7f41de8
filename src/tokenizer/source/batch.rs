//! Pieces of inputs that workers read by themselves.

use std::sync::Arc;

use super::call::Call;
use super::columns::Columns;
use super::fields::Fields;
use super::parquet::Cells;
use crate::carrier::Block;
use crate::diagnostic::Fault;

/// A run of records, in the order of the inputs.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Its place among all batches, from 0.
    pub(crate) number: u64,
    /// Where it is from.
    pub(crate) origin: Arc<Origin>,
    /// The records.
    pub(crate) content: Content,
}

/// What the batches of one input have in common.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The name of the input.
    pub(crate) name: String,
    /// What the user says about fields.
    pub(super) fields: Arc<Fields>,
    /// The columns of CSV and Parquet.
    pub(super) columns: Option<Arc<Columns>>,
    /// Between fields of CSV.
    pub(super) delimiter: u8,
}

/// The records of a batch.
#[derive(Debug)]
pub(crate) enum Content {
    /// Rows, as their carrier packs them.
    Rows(Block<Columns>),
    /// Rows of Parquet.
    Cells(Cells),
    /// Calls, each of which may have several rows.
    Calls(CallBatch),
    /// A text, or a part of one.
    Text(TextPart),
}

/// Calls that are done, and what else became of rows.
#[derive(Debug, Default)]
pub(crate) struct CallBatch {
    /// The calls.
    pub(crate) calls: Vec<Call>,
    /// Rows that belong to no call.
    pub(crate) ignored: u64,
    /// Rows that cannot be read, and their lines.
    pub(crate) faults: Vec<(u64, Fault)>,
}

impl CallBatch {
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.ignored == 0 && self.faults.is_empty()
    }
}

/// A part of a text; all parts together are one record.
#[derive(Debug)]
pub(crate) struct TextPart {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// The line that it begins in.
    pub(crate) line: u64,
    /// Where in the text it lies.
    pub(crate) place: Place,
}

/// Where in a text a part lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is the whole text, or its last part.
    Last,
    /// More parts follow.
    Before,
    /// More parts follow, and a token may lie across its end.
    Torn,
}
