//! Fields of a CSV row in the bytes it is written with.

use std::ops::Range;

use super::json_row::{Mark, Search};
use crate::usage::carrier::Layout;
use crate::usage::format::Slot;

/// A CSV row: as it is written, and as it reads.
pub(super) struct CsvRow<'r> {
    /// The text from the row's first byte on; rows may follow.
    pub(super) text: &'r [u8],
    /// Between fields.
    pub(super) delimiter: u8,
    /// Its fields.
    pub(super) record: &'r csv::ByteRecord,
    /// Which column is which field.
    pub(super) layout: &'r Layout,
}

impl CsvRow<'_> {
    /// The field that a reader takes for `slot`: the first column with a value, JSON in a column
    /// of properties after all others; else the first column of the field.
    pub(super) fn find(&self, slot: Slot, mut search: Search<'_>) -> Option<Mark> {
        let cells = self.cells();
        let columns = self.layout.wanted.iter();
        for (column, _) in columns.filter(|(_, known)| *known == slot) {
            search.offer(self.mark(*column, cells.get(*column)?.clone())?);
        }
        if let Some(column) = self.layout.properties {
            let text = std::str::from_utf8(self.record.get(column)?).ok()?;
            search.inside(text, cells.get(column)?);
        }
        search.finish()
    }

    fn mark(&self, column: usize, span: Range<usize>) -> Option<Mark> {
        let value = self.record.get(column)?;
        Some(Mark {
            span,
            title: self.layout.header.get(column)?.trim().to_owned(),
            value: String::from_utf8_lossy(value.trim_ascii()).into_owned(),
        })
    }

    /// How far the row reaches [byte].
    pub(super) fn length(&self) -> usize {
        self.cells().last().map_or(0, |cell| cell.end)
    }

    /// Where each field is written, without its quotes and the blanks around it.
    fn cells(&self) -> Vec<Range<usize>> {
        let mut cells = Vec::new();
        let mut start = 0;
        loop {
            let end = self.cell_end(start);
            cells.push(self.trimmed(start..end));
            if self.text.get(end) != Some(&self.delimiter) {
                return cells;
            }
            start = end + 1;
        }
    }

    /// Where the field that begins at `start` ends: at a delimiter, at a line end, or at the end.
    fn cell_end(&self, start: usize) -> usize {
        let mut at = start;
        if self.text.get(start) == Some(&b'"') {
            at = self.quote_end(start + 1);
        }
        let rest = &self.text[at..];
        let is_end = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        at + rest.iter().position(is_end).unwrap_or(rest.len())
    }

    /// The byte after the quote that closes a field; a doubled quote is a letter.
    fn quote_end(&self, mut at: usize) -> usize {
        while let Some(offset) = memchr::memchr(b'"', &self.text[at..]) {
            at += offset + 1;
            if self.text.get(at) != Some(&b'"') {
                return at;
            }
            at += 1;
        }
        self.text.len()
    }

    fn trimmed(&self, mut span: Range<usize>) -> Range<usize> {
        let text = &self.text[span.clone()];
        if text.len() >= 2 && text.starts_with(b"\"") && text.ends_with(b"\"") {
            span = span.start + 1..span.end - 1;
        }
        let text = &self.text[span.clone()];
        let start = span.end - text.trim_ascii_start().len();
        start..start + text.trim_ascii().len()
    }
}
