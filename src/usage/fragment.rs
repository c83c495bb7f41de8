//! One row of a log, reduced to what usage needs.

use std::ops::Range;

use super::dimensions::Dimensions;
use super::record::Quality;
use crate::time::Timestamp;

/// Which part of a request a row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Part {
    /// The caller, the status and the backend, without tokens (`ApiManagementGatewayLogs`).
    Gateway = 0,
    /// The tokens, without the caller (`ApiManagementGatewayLlmLog`): header or chunk.
    Llm = 1,
    /// The whole request in one row.
    Whole = 2,
}

/// One row of a log, before it is joined with the other rows of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment<'a> {
    /// 128-bit hash of the id that all rows of the request share.
    pub request: u128,
    /// What tells rows of one request apart beside their counts: a hash of the attempt's id in the
    /// high half, 0 where the row does not tell it, and the sequence number in the low half. Equal
    /// keys and equal contents are one row delivered twice.
    pub row_key: u64,
    /// What the row tells.
    pub part: Part,
    /// The row's own time.
    pub time: Timestamp,
    /// The shared texts the row carries.
    pub dimensions: Dimensions<&'a str>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Prompt tokens, cached ones included.
    pub input: u32,
    /// Prompt tokens read from the cache.
    pub cached_input: u32,
    /// Prompt tokens written to the cache.
    pub cache_write: u32,
    /// Answer tokens.
    pub output: u32,
    /// Reasoning tokens.
    pub reasoning: u32,
    /// Prompt and answer tokens together as the row itself adds them up, where it does. Nothing is
    /// charged by it.
    pub total: Option<u32>,
    /// Requests the row stands for.
    pub requests: u32,
    /// Whether the answer was streamed.
    pub streamed: bool,
    /// Whether the gateway's semantic cache answered.
    pub cache_hit: bool,
    /// How far the counts can be trusted.
    pub quality: Quality,
    /// Place of the input among the inputs, from 0.
    ///
    /// Source and line only let faults name their place: rows that differ in nothing else are one
    /// row delivered twice.
    pub source: u32,
    /// Line (text) or record number (other carriers) of the row, from 1; 0 where it is not known.
    pub line: u32,
}

/// Takes fragments in, in any order: the seam between reading rows and assembling requests.
pub trait FragmentSink {
    /// Takes one fragment; its texts are borrowed from the row and must be copied to be kept.
    fn add(&mut self, fragment: &Fragment<'_>);

    /// Looks at the text of a run of rows before they are read; most have no need to.
    fn look_at(&mut self, _rows: &RowTexts<'_>) {}
}

/// The text of a run of rows, as it was cut out of a source.
#[derive(Clone, Copy, Debug)]
pub struct RowTexts<'a> {
    /// Place of the input among the inputs, from 0.
    pub source: u32,
    /// Line (text) or number (other carriers) of the first row, from 1.
    pub first: u64,
    /// The bytes, of any encoding.
    pub text: &'a [u8],
    /// How the rows lie in it.
    pub lie: Lie<'a>,
}

/// How rows lie in a text.
#[derive(Clone, Copy, Debug)]
pub enum Lie<'a> {
    /// Lines of CSV under these column names.
    Csv {
        /// The header as found.
        header: &'a [String],
        /// Between fields.
        delimiter: u8,
    },
    /// Lines of JSON.
    Lines,
    /// JSON objects at these places.
    Objects(&'a [Range<usize>]),
    /// JSON arrays at these places, in the order of these column names.
    Arrays(&'a [Range<usize>], &'a [String]),
}
