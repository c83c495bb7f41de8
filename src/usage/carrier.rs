//! Carriers: how rows are packed into bytes, whatever they mean.
//!
//! Content decides, never a file's name. Bytes are [decompressed and decoded](crate::decoding), [sniffed](sniff), and cut
//! into [`Block`]s of whole rows by one thread; blocks are then read by many, since what costs
//! time is reading fields, not finding row ends. No row may be longer than [`LONGEST_ROW`], so
//! memory is bounded on any input.

mod csv_row;
mod json_row;
mod layout;
mod sniff;

pub(crate) use crate::carrier::{Body, CutFault};
pub(crate) use csv_row::{Item, Visit, not_utf8, read_csv, rows_of, start_of};
pub(crate) use json_row::{DEEPEST_NESTED, JsonReader, Read as JsonRead, is_shallow};
pub(crate) use layout::Layout;
pub(crate) use sniff::{Shape, sniffed};

use super::format::Vocabulary;
use crate::carrier::{self, CsvText, JsonCutter, Lines, cut_csv};
use crate::decoding::Bytes;

/// A run of rows.
pub(crate) type Block = carrier::Block<Layout>;

/// Takes blocks; fails when nobody wants more.
pub(crate) type Push<'a> = carrier::Push<'a, Layout>;

/// The size that blocks are cut to, where rows allow [byte].
const BLOCK: usize = 1 << 20;

/// Lines longer than this are cut by their brackets, like any other JSON [byte].
const LONGEST_LINE: usize = 8 << 20;

/// Cuts a decoded, sniffed source into blocks and hands them on in order.
pub(crate) fn cut(
    shape: &Shape,
    bytes: Bytes,
    vocabulary: &Vocabulary,
    push: &mut Push<'_>,
) -> Result<(), CutFault> {
    match shape {
        Shape::Empty => Ok(()),
        Shape::Csv(csv) => {
            let text = CsvText {
                bytes,
                delimiter: csv.delimiter,
                first_line: csv.first_line,
                block: BLOCK,
            };
            cut_csv(text, push)
        }
        Shape::JsonLines => cut_lines(bytes, vocabulary, push),
        Shape::Json => cut_json(bytes, 1, vocabulary, push),
    }
}

fn cut_lines(bytes: Bytes, vocabulary: &Vocabulary, push: &mut Push<'_>) -> Result<(), CutFault> {
    let lines = Lines {
        bytes,
        first: 1,
        block: BLOCK,
        longest: LONGEST_LINE,
    };
    match lines.cut(push)? {
        None => Ok(()),
        Some(long) => cut_json(long.bytes, long.number, vocabulary, push),
    }
}

fn cut_json(
    bytes: Bytes,
    first: u64,
    vocabulary: &Vocabulary,
    push: &mut Push<'_>,
) -> Result<(), CutFault> {
    cutter(first, &|header| Layout::new(header, vocabulary), push).cut(bytes)
}

/// Cuts a JSON text in memory, whose first row has the number `first`.
pub(crate) fn cut_json_slice(
    text: &[u8],
    first: u64,
    vocabulary: &Vocabulary,
    push: &mut Push<'_>,
) -> Result<(), CutFault> {
    cutter(first, &|header| Layout::new(header, vocabulary), push).cut_slice(text)
}

fn cutter<'a, 'p>(
    first: u64,
    resolve: &'a carrier::Resolve<'a, Layout>,
    push: &'a mut Push<'p>,
) -> JsonCutter<'a, 'p, Layout> {
    JsonCutter {
        first,
        block: BLOCK,
        resolve,
        push,
    }
}
