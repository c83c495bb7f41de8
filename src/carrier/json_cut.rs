//! Cuts any JSON into rows by its brackets, whatever its size.
//!
//! Rows are objects at the top or in arrays, or the arrays of a query result (`tables`). They are
//! found by following strings and depth only; whether a row is valid JSON is for its reader to
//! say. At most one row is held in memory, beside the block it goes into.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use memchr::memchr;

use super::block::{Block, Body, CutFault, Push, too_long};
use super::json_window::{BLANKS, Window};
use super::{ENVELOPES, LONGEST_ROW};
use crate::decoding::Bytes;
use crate::diagnostic::{Fault, Sort};

/// What a reader makes of the header of a table.
pub(crate) type Resolve<'a, L> = dyn Fn(Vec<String>) -> L + 'a;

/// Cuts JSON texts.
pub(crate) struct JsonCutter<'a, 'p, L> {
    /// The number of the first row.
    pub(crate) first: u64,
    /// The size that blocks are cut to, where rows allow [byte].
    pub(crate) block: usize,
    /// Resolves the header of a table.
    pub(crate) resolve: &'a Resolve<'a, L>,
    /// Takes blocks.
    pub(crate) push: &'a mut Push<'p, L>,
}

impl<L> JsonCutter<'_, '_, L> {
    /// Cuts a JSON text.
    pub(crate) fn cut(self, bytes: Bytes) -> Result<(), CutFault> {
        let window = Window::new(bytes, self.block);
        Splitter::new(window, self).document()
    }

    /// Cuts a JSON text in memory.
    pub(crate) fn cut_slice(self, text: &[u8]) -> Result<(), CutFault> {
        let window = Window::new(text, text.len().clamp(1, self.block));
        Splitter::new(window, self).document()
    }
}

/// Between rows; 0x1e separates records in JSON text sequences.
const BETWEEN_ROWS: &[u8] = b" \t\r\n,\x1e";

/// Bytes of a key or a header that are kept.
const LONGEST_HEADER: usize = 1 << 20;

/// Whether an object may hold rows instead of being one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    ForEnvelopes,
    ForRows,
}

/// Follows a JSON text and gathers its rows into blocks.
struct Splitter<'a, 'p, R, L> {
    window: Window<R>,
    resolve: &'a Resolve<'a, L>,
    push: &'a mut Push<'p, L>,
    block: usize,
    /// The number of the next row.
    number: u64,
    text: Vec<u8>,
    rows: Vec<Range<usize>>,
    /// Where each of them begins in the source.
    starts: Vec<u64>,
    /// The header of the table being read.
    layout: Option<Arc<L>>,
    /// Whether the row being taken is longer than any row may be.
    over: bool,
}

impl<'a, 'p, R: Read, L> Splitter<'a, 'p, R, L> {
    fn new(window: Window<R>, cutter: JsonCutter<'a, 'p, L>) -> Self {
        let JsonCutter {
            first,
            block,
            resolve,
            push,
        } = cutter;
        Self {
            window,
            resolve,
            push,
            block,
            number: first,
            text: Vec::new(),
            rows: Vec::new(),
            starts: Vec::new(),
            layout: None,
            over: false,
        }
    }

    fn document(mut self) -> Result<(), CutFault> {
        loop {
            match self.window.next(BETWEEN_ROWS)? {
                None => return self.flush(),
                Some(b'{') => self.object(Look::ForEnvelopes)?,
                Some(b'[') => {
                    self.window.skip(1);
                    self.elements(Look::ForEnvelopes)?;
                }
                Some(_) => {
                    let from = self.window.offset();
                    self.skip_line()?;
                    self.broken(from, not_a_row())?;
                }
            }
        }
    }

    /// The elements of an array of rows, after its bracket.
    fn elements(&mut self, look: Look) -> Result<(), CutFault> {
        loop {
            match self.window.next(BETWEEN_ROWS)? {
                None => return self.unfinished(),
                Some(b']') => {
                    self.window.skip(1);
                    return Ok(());
                }
                Some(b'{') => self.object(look)?,
                Some(b'}') => {
                    let from = self.window.offset();
                    self.window.skip(1);
                    self.broken(from, not_a_row())?;
                }
                Some(_) => {
                    let from = self.window.offset();
                    self.skip_value()?;
                    self.broken(from, not_a_row())?;
                }
            }
        }
    }

    /// An object: a row, or an envelope of rows.
    fn object(&mut self, look: Look) -> Result<(), CutFault> {
        let from = self.window.offset();
        let mut start = self.text.len();
        let mut enveloped = false;
        self.copy(start, b'{');
        loop {
            match self.window.next(BLANKS)? {
                Some(b'"') => {}
                Some(b',') => {
                    self.copy(start, b',');
                    continue;
                }
                Some(b'}') => {
                    self.copy(start, b'}');
                    break;
                }
                None => break,
                Some(_) => {
                    self.copy_rest(start)?;
                    break;
                }
            }
            let key = self.text.len();
            self.copy_value(start)?;
            if self.window.next(BLANKS)? != Some(b':') {
                continue;
            }
            let envelope = self.envelope(key).filter(|_| look == Look::ForEnvelopes);
            self.copy(start, b':');
            match (self.window.next(BLANKS)?, envelope) {
                (Some(b'['), Some(name)) => {
                    if self.is_envelope(key - start - 1)? {
                        enveloped = true;
                        self.text.truncate(start);
                        self.rows_in(name)?;
                        start = self.text.len();
                    } else {
                        self.copy_rest_of_array(start)?;
                    }
                }
                _ => self.copy_value(start)?,
            }
        }
        if enveloped {
            self.text.truncate(start);
            self.over = false;
            return Ok(());
        }
        self.row_from(start, from)
    }

    /// The name of the envelope that the key taken last may open.
    fn envelope(&self, key: usize) -> Option<&'static str> {
        let key = self.text.get(key + 1..self.text.len().checked_sub(1)?)?;
        ENVELOPES
            .into_iter()
            .find(|name| key.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Takes the bracket of an array, and says whether rows are inside: it has objects, or is
    /// empty under the object's first key.
    fn is_envelope(&mut self, keys_before: usize) -> Result<bool, CutFault> {
        self.window.skip(1);
        Ok(match self.window.next(BLANKS)? {
            Some(b'{') => true,
            Some(b']') => keys_before == 0,
            _ => false,
        })
    }

    fn rows_in(&mut self, envelope: &str) -> Result<(), CutFault> {
        if envelope == "tables" {
            self.tables()
        } else {
            self.elements(Look::ForRows)
        }
    }

    /// The tables of a query result, after their bracket.
    fn tables(&mut self) -> Result<(), CutFault> {
        loop {
            match self.window.next(BETWEEN_ROWS)? {
                None => return self.unfinished(),
                Some(b']') => {
                    self.window.skip(1);
                    return Ok(());
                }
                Some(b'{') => self.table()?,
                Some(b'}') => self.window.skip(1),
                Some(_) => self.skip_value()?,
            }
        }
    }

    /// One table: its columns, then its rows.
    fn table(&mut self) -> Result<(), CutFault> {
        self.flush()?;
        self.window.skip(1);
        loop {
            match self.window.next(BETWEEN_ROWS)? {
                None => return self.unfinished(),
                Some(b'"') => {}
                Some(b'}') => {
                    self.window.skip(1);
                    break;
                }
                Some(_) => {
                    self.window.container(&mut |_| {}, 1)?;
                    break;
                }
            }
            let key = self.header_value()?;
            if self.window.next(BLANKS)? != Some(b':') {
                continue;
            }
            self.window.skip(1);
            let is_array = self.window.next(BLANKS)? == Some(b'[');
            if is_array && key.eq_ignore_ascii_case(b"\"columns\"") {
                let columns = self.header_value()?;
                self.layout = header_of(&columns).map(self.resolve).map(Arc::new);
            } else if is_array && key.eq_ignore_ascii_case(b"\"rows\"") {
                self.table_rows()?;
            } else {
                self.skip_value()?;
            }
        }
        self.flush()?;
        self.layout = None;
        Ok(())
    }

    /// The rows of a table: arrays in the order of its columns.
    fn table_rows(&mut self) -> Result<(), CutFault> {
        if self.layout.is_none() {
            let from = self.window.offset();
            self.skip_value()?;
            return self.broken(from, without_columns());
        }
        self.window.skip(1);
        loop {
            match self.window.next(BETWEEN_ROWS)? {
                None => return self.unfinished(),
                Some(b']') => {
                    self.window.skip(1);
                    return Ok(());
                }
                Some(b'}') => {
                    let from = self.window.offset();
                    self.window.skip(1);
                    self.broken(from, not_a_row())?;
                }
                Some(_) => {
                    let (start, from) = (self.text.len(), self.window.offset());
                    self.copy_value(start)?;
                    self.row_from(start, from)?;
                }
            }
        }
    }

    /// Takes a key or a header, which are short; the end of a long one is lost.
    fn header_value(&mut self) -> Result<Vec<u8>, CutFault> {
        let mut text = Vec::new();
        let mut take = |bytes: &[u8]| {
            if text.len() + bytes.len() <= LONGEST_HEADER {
                text.extend_from_slice(bytes);
            }
        };
        self.window.value(&mut take)?;
        Ok(text)
    }

    fn copy(&mut self, start: usize, byte: u8) {
        keep(&mut self.text, &mut self.over, start, &[byte]);
        self.window.skip(1);
    }

    fn copy_value(&mut self, start: usize) -> Result<(), CutFault> {
        let Self {
            window, text, over, ..
        } = self;
        window.value(&mut |bytes| keep(text, over, start, bytes))?;
        Ok(())
    }

    /// Copies up to the bracket that closes the object being taken.
    fn copy_rest(&mut self, start: usize) -> Result<(), CutFault> {
        let Self {
            window, text, over, ..
        } = self;
        let take = &mut |bytes: &[u8]| keep(text, over, start, bytes);
        window.container(take, 1)?;
        Ok(())
    }

    /// Copies an array whose bracket was taken already.
    fn copy_rest_of_array(&mut self, start: usize) -> Result<(), CutFault> {
        keep(&mut self.text, &mut self.over, start, b"[");
        self.copy_rest(start)
    }

    fn skip_value(&mut self) -> Result<(), CutFault> {
        self.window.value(&mut |_| {})?;
        Ok(())
    }

    fn skip_line(&mut self) -> Result<(), CutFault> {
        loop {
            let ahead = self.window.ahead()?;
            if ahead.is_empty() {
                return Ok(());
            }
            let end = memchr(b'\n', ahead);
            let count = end.map_or(ahead.len(), |at| at + 1);
            self.window.skip(count);
            if end.is_some() {
                return Ok(());
            }
        }
    }

    /// Ends the row that begins at `start` of the text, and at `from` of the source.
    fn row_from(&mut self, start: usize, from: u64) -> Result<(), CutFault> {
        if self.over {
            self.over = false;
            self.text.truncate(start);
            return self.broken(from, too_long());
        }
        self.rows.push(start..self.text.len());
        self.starts.push(from);
        if self.text.len() >= self.block {
            self.flush()?;
        }
        Ok(())
    }

    /// Hands on the rows gathered so far.
    fn flush(&mut self) -> Result<(), CutFault> {
        let rows = std::mem::take(&mut self.rows);
        let text = std::mem::take(&mut self.text);
        let starts = std::mem::take(&mut self.starts);
        if rows.is_empty() {
            return Ok(());
        }
        let first = self.number;
        self.number += u64::try_from(rows.len()).expect("fewer rows than bytes");
        let body = match &self.layout {
            Some(layout) => Body::Arrays(text, rows, Arc::clone(layout)),
            None => Body::Objects(text, rows),
        };
        (self.push)(Block {
            first,
            body,
            starts,
        })
    }

    /// What stands for a row, from `from` of the source on.
    fn broken(&mut self, from: u64, fault: Fault) -> Result<(), CutFault> {
        self.flush()?;
        let first = self.number;
        self.number += 1;
        (self.push)(Block {
            first,
            body: Body::Broken(fault),
            starts: vec![from],
        })
    }

    /// The text ends inside an array: rows may be missing.
    fn unfinished(&mut self) -> Result<(), CutFault> {
        self.flush()?;
        (self.push)(Block {
            first: self.number,
            body: Body::Note(
                Fault::new(
                    "JSON ends before its last bracket, so rows may be missing",
                    "the file is half-written: export it again",
                )
                .sorted(Sort::CutOff, ""),
            ),
            starts: vec![self.window.offset()],
        })
    }
}

/// Copies bytes of a row, up to the longest there may be.
fn keep(text: &mut Vec<u8>, over: &mut bool, start: usize, bytes: &[u8]) {
    if text.len() - start + bytes.len() <= LONGEST_ROW {
        text.extend_from_slice(bytes);
    } else {
        *over = true;
    }
}

/// The header of a query result: `[{"name": "TimeGenerated", "type": "datetime"}, …]`.
fn header_of(columns: &[u8]) -> Option<Vec<String>> {
    let columns: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(columns).ok()?;
    let name = |column: &serde_json::Map<String, serde_json::Value>| {
        let (_, name) = column.iter().find(|(key, _)| {
            key.eq_ignore_ascii_case("name") || key.eq_ignore_ascii_case("columnname")
        })?;
        Some(name.as_str()?.to_owned())
    };
    columns.iter().map(name).collect()
}

#[cold]
fn without_columns() -> Fault {
    Fault::new(
        "a table has rows before, or without, its columns",
        "expected {\"tables\": [{\"columns\": […], \"rows\": […]}]}: save the answer as it came",
    )
}

#[cold]
fn not_a_row() -> Fault {
    Fault::new(
        "text that is no JSON object where a row was expected",
        "the file is damaged or of another kind: export it again",
    )
}
