//! Reads the rows of a CSV block.

use std::ops::ControlFlow;

use super::json_row::{JsonReader, Read};
use super::layout::Layout;
use crate::diagnostic::Sort;
use crate::usage::format::{Fault, Row};

/// What was found where a row may be.
pub(crate) enum Item<'r> {
    /// A row.
    Row(&'r Row),
    /// The header again, as when files are put together.
    Header,
    /// A row that cannot be read.
    Broken(Fault),
    /// Something wrong that is not a row.
    Note(Fault),
}

/// Takes a row's line or number and what was found there, and may stop the reading.
pub(crate) type Visit<'a> = dyn FnMut(u64, Item<'_>) -> ControlFlow<()> + 'a;

/// Reads every row of a block; `visit` is given its line and may stop early.
pub(crate) fn read_csv(
    (text, delimiter): (&[u8], u8),
    layout: &Layout,
    (json, row): (&mut JsonReader<'_>, &mut Row),
    visit: &mut Visit<'_>,
) -> ControlFlow<()> {
    let mut reader = rows_of(text, delimiter);
    let mut record = csv::ByteRecord::new();
    // Reading from memory with flexible lengths cannot fail.
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let (_, line) = start_of(&record, text);
        let item = match fill(&record, layout, json, row) {
            Ok(()) if layout.is_repeated(row) && is_header(&record, layout) => Item::Header,
            Ok(()) => Item::Row(row),
            Err(fault) => Item::Broken(fault),
        };
        visit(line, item)?;
    }
    ControlFlow::Continue(())
}

/// A reader of rows without a header, of any number of fields.
pub(crate) fn rows_of(text: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(64 << 10)
        .from_reader(text)
}

/// Where a row begins in `text`: its first byte, and the line ends before it. The reader tells
/// where the row before ended, which is ahead of `\n` after `\r`, and of empty lines.
pub(crate) fn start_of(record: &csv::ByteRecord, text: &[u8]) -> (usize, u64) {
    let (byte, line) = record
        .position()
        .map_or((0, 1), |place| (place.byte(), place.line()));
    let (mut at, mut line) = (usize::try_from(byte).unwrap_or(text.len()), line - 1);
    while let Some(end @ (b'\r' | b'\n')) = text.get(at) {
        line += u64::from(*end == b'\n');
        at += 1;
    }
    (at, line)
}

fn fill(
    record: &csv::ByteRecord,
    layout: &Layout,
    json: &mut JsonReader<'_>,
    row: &mut Row,
) -> Result<(), Fault> {
    if record.len() != layout.header.len() {
        return Err(ragged());
    }
    let text = std::str::from_utf8(record.as_slice()).map_err(|_| not_utf8())?;
    row.start(layout.present, text);
    for (column, slot) in &layout.wanted {
        let span = record.range(*column).unwrap_or_default();
        row.set_span(*slot, span.start, span.end)
            .ok_or_else(not_utf8)?;
    }
    if let Some(column) = layout.properties {
        let span = record.range(column).unwrap_or_default();
        let nested = text.get(span).ok_or_else(not_utf8)?;
        if let Read::Broken(fault) = json.properties(nested, row) {
            return Err(fault);
        }
    }
    Ok(())
}

fn is_header(record: &csv::ByteRecord, layout: &Layout) -> bool {
    record.iter().eq(layout.header.iter().map(String::as_bytes))
}

#[cold]
fn ragged() -> Fault {
    Fault::new(
        "row has more or fewer fields than the header",
        "a quote or delimiter is missing, or the row is half-written: export the file again",
    )
    .sorted(Sort::Ragged, "")
}

#[cold]
pub(crate) fn not_utf8() -> Fault {
    Fault::new(
        "row is not UTF-8",
        "save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    )
}
