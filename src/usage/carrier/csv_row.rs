//! Reads the rows of a CSV block.

use std::ops::ControlFlow;

use super::csv_fields::Fields;
use super::json_row::{JsonReader, Read};
use super::layout::Layout;
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

/// Reads every row of a block; `visit` is given its line, from 0, and may stop early.
pub(crate) fn read_csv(
    (text, delimiter): (&[u8], u8),
    layout: &Layout,
    (json, row): (&mut JsonReader<'_>, &mut Row),
    visit: &mut Visit<'_>,
) -> ControlFlow<()> {
    let mut fields = Fields::new(text, delimiter);
    while fields.next_row() {
        let item = match fill(&fields, layout, json, row) {
            Ok(()) if layout.is_repeated(row) && is_header(&fields, layout) => Item::Header,
            Ok(()) => Item::Row(row),
            Err(fault) => Item::Broken(fault),
        };
        visit(fields.line(), item)?;
    }
    ControlFlow::Continue(())
}

fn fill(
    fields: &Fields<'_>,
    layout: &Layout,
    json: &mut JsonReader<'_>,
    row: &mut Row,
) -> Result<(), Fault> {
    if fields.len() != layout.header.len() || fields.is_misquoted() {
        return Err(ragged());
    }
    row.start(layout.present);
    for (column, slot) in &layout.wanted {
        row.set_text(*slot, &fields.text(*column).ok_or_else(not_utf8)?);
    }
    if let Some(column) = layout.properties {
        let field = fields.text(column).ok_or_else(not_utf8)?;
        if let Read::Broken(fault) = json.properties(&field, row) {
            return Err(fault);
        }
    }
    Ok(())
}

fn is_header(fields: &Fields<'_>, layout: &Layout) -> bool {
    let mut titles = layout.header.iter().enumerate();
    titles.all(|(column, title)| *fields.get(column) == *title.as_bytes())
}

/// The text of a field or row.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| not_utf8())
}

#[cold]
fn ragged() -> Fault {
    Fault::new(
        "row has more or fewer fields than the header, or a quote inside one",
        "a quote or delimiter is missing, or the row is half-written: export the file again",
    )
}

#[cold]
fn not_utf8() -> Fault {
    Fault::new(
        "row is not UTF-8",
        "save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    )
}
