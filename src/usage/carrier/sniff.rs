//! Tells carriers apart by the first bytes of their text.

use std::io;
use std::sync::Arc;

use super::layout::Layout;
use crate::carrier::is_one_value;
use crate::decoding::{Bytes, after, peeked};
use crate::usage::format::Vocabulary;

/// How the rows of a source are packed.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Nothing but blanks.
    Empty,
    /// A header and lines.
    Csv(CsvShape),
    /// JSON values, at least one to a line.
    JsonLines,
    /// Any other JSON: arrays, envelopes, objects over many lines.
    Json,
}

/// What the first line of a CSV source tells.
#[derive(Clone, Debug)]
pub(crate) struct CsvShape {
    /// Between fields.
    pub(crate) delimiter: u8,
    /// Which column is which field.
    pub(crate) layout: Arc<Layout>,
    /// Where the first row begins [line].
    pub(crate) first_line: u64,
}

impl Shape {
    /// The carrier's name on screen.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Csv(_) => "CSV",
            Self::JsonLines => "JSON lines",
            Self::Json => "JSON",
        }
    }
}

/// Text that is looked at; a header or a first line beyond it is taken for one value.
const WINDOW: usize = 256 << 10;

/// Delimiters that headers are tried with.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Tells the carrier of a decoded text, and gives back the text from its first row on; `None`
/// when it is no text.
pub(crate) fn sniffed(bytes: Bytes, names: &Vocabulary) -> io::Result<Option<(Shape, Bytes)>> {
    let (window, bytes) = peeked(bytes, WINDOW)?;
    if window.contains(&0) || window.starts_with(b"PK\x03\x04") || window.starts_with(b"PAR1") {
        return Ok(None);
    }
    let text = window.trim_ascii_start();
    let shape = match text.first() {
        None if window.len() < WINDOW => Shape::Empty,
        None | Some(b'[') => Shape::Json,
        Some(b'{') => {
            let line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
            if is_one_value(line) && !has_tables(line) {
                Shape::JsonLines
            } else {
                Shape::Json
            }
        }
        Some(_) => {
            let (shape, length) = csv_shape(&window, names);
            return Ok(Some((Shape::Csv(shape), after(bytes, length)?)));
        }
    };
    Ok(Some((shape, bytes)))
}

/// Whether the line may be the answer of a query, whose header is checked before its rows.
fn has_tables(line: &[u8]) -> bool {
    ["\"tables\"", "\"Tables\""]
        .iter()
        .any(|key| memchr::memmem::find(line, key.as_bytes()).is_some())
}

/// The header read with the delimiter that gives most known columns, then most columns; and its
/// length [byte].
fn csv_shape(window: &[u8], names: &Vocabulary) -> (CsvShape, usize) {
    let (mut best, mut length) = csv_header(window, DELIMITERS[0], names);
    for delimiter in &DELIMITERS[1..] {
        let (shape, size) = csv_header(window, *delimiter, names);
        let worth = |layout: &Layout| (layout.wanted.len(), layout.header.len());
        if worth(&shape.layout) > worth(&best.layout) {
            (best, length) = (shape, size);
        }
    }
    (best, length)
}

fn csv_header(window: &[u8], delimiter: u8, names: &Vocabulary) -> (CsvShape, usize) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(window);
    let mut record = csv::ByteRecord::new();
    // Reading from memory with flexible lengths cannot fail; no record is an empty header.
    let _ = reader.read_byte_record(&mut record);
    let header = record
        .iter()
        .map(|title| String::from_utf8_lossy(title).into_owned())
        .collect();
    let shape = CsvShape {
        delimiter,
        layout: Arc::new(Layout::new(header, names)),
        first_line: reader.position().line(),
    };
    let length = usize::try_from(reader.position().byte()).unwrap_or(window.len());
    (shape, length.min(window.len()))
}
