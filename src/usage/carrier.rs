//! Carriers: how rows are packed into bytes, whatever they mean.
//!
//! Content decides, never a file's name. Bytes are [decompressed and decoded](crate::decoding), [sniffed](sniff), and cut
//! into [`Block`]s of whole rows by one thread; blocks are then read by many, since what costs
//! time is reading fields, not finding row ends. No row may be longer than [`LONGEST_ROW`], so
//! memory is bounded on any input.

mod block;
mod csv_cut;
mod csv_row;

mod json_cut;
mod json_row;
mod json_window;
mod layout;
mod line_cut;
mod sniff;

pub(crate) use block::{Block, Body, CutFault, Push};
pub(crate) use csv_row::{Item, Visit, not_utf8, read_csv};

pub(crate) use json_cut::{cut_json, cut_json_slice};
pub(crate) use json_row::{JsonReader, Read as JsonRead};
pub(crate) use layout::Layout;
pub(crate) use sniff::{Shape, sniffed};

use super::format::Vocabulary;

/// The longest row that is read [byte]; longer ones are quarantined.
pub(crate) const LONGEST_ROW: usize = 64 << 20;

/// The size that blocks are cut to, where rows allow [byte].
const BLOCK: usize = 1 << 20;

/// Cuts a decoded, sniffed source into blocks and hands them on in order.
pub(crate) fn cut(
    shape: &Shape,
    bytes: Box<dyn std::io::Read + Send>,
    vocabulary: &Vocabulary,
    push: &mut Push<'_>,
) -> Result<(), CutFault> {
    match shape {
        Shape::Empty => Ok(()),
        Shape::Csv(csv) => csv_cut::cut_csv(csv, bytes, push),
        Shape::JsonLines => line_cut::cut_lines(bytes, vocabulary, push),
        Shape::Json => cut_json(bytes, vocabulary, push),
    }
}
