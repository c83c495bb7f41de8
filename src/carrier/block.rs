//! Pieces of a source that can be read by themselves.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Fault;

/// A run of whole rows of a source; `L` is what its reader makes of the header of a table.
#[derive(Debug)]
pub(crate) struct Block<L> {
    /// The number of its first line (CSV, JSON lines) or record (other JSON), from 1.
    pub(crate) first: u64,
    /// The rows.
    pub(crate) body: Body<L>,
    /// Where each row of JSON begins in the text that was cut [byte]; empty for lines, which are
    /// as they were.
    pub(crate) starts: Vec<u64>,
}

impl<L> Block<L> {
    /// A run of lines, or what stands for one row of them.
    pub(crate) const fn of_lines(first: u64, body: Body<L>) -> Self {
        Self {
            first,
            body,
            starts: Vec::new(),
        }
    }
}

/// Rows, as their carrier packs them.
#[derive(Debug)]
pub(crate) enum Body<L> {
    /// Lines of CSV, without the header.
    Csv(Vec<u8>),
    /// Lines, each with one or more JSON values.
    Lines(Vec<u8>),
    /// JSON objects, at these places of the text.
    Objects(Vec<u8>, Vec<Range<usize>>),
    /// JSON arrays of values in the order of a header, at these places of the text.
    Arrays(Vec<u8>, Vec<Range<usize>>, Arc<L>),
    /// One row that cannot be cut out.
    Broken(Fault),
    /// Something wrong that is not a row.
    Note(Fault),
}

/// Takes blocks; fails when nobody wants more.
pub(crate) type Push<'a, L> = dyn FnMut(Block<L>) -> Result<(), CutFault> + 'a;

/// Why a source was not cut to its end.
#[derive(Debug)]
pub(crate) enum CutFault {
    /// Its bytes could not be read or decompressed.
    Io(io::Error),
    /// Whoever takes the blocks has had enough.
    Stopped,
}

impl From<io::Error> for CutFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A row beyond the longest that is read.
#[cold]
pub(crate) fn too_long() -> Fault {
    Fault::new(
        "row is longer than 64 MiB",
        "no row is: look for a quote or bracket that is opened and never closed",
    )
}
