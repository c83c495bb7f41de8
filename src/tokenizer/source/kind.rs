//! What an input is: told by its ending, else by its first bytes.

use std::io;
use std::sync::Arc;

use super::columns::Columns;
use super::fields::Fields;
use crate::carrier::is_one_value;
use crate::decoding::{Bytes, after, peeked};

/// What an input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// What its ending and its first bytes say.
    #[default]
    Auto,
    /// Request bodies, batch files or logs in JSON.
    Jsonl,
    /// CSV with a column of texts or bodies.
    Csv,
    /// Parquet with a column of texts or bodies.
    Parquet,
    /// One text.
    Text,
    /// Gateway logs in JSON or CSV.
    Logs,
}

/// How the records of an input are packed.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// Nothing but blanks.
    Empty,
    /// JSON values, at least one to a line.
    JsonLines,
    /// Any other JSON: arrays, envelopes, objects over many lines.
    Json,
    /// A header and lines.
    Csv(CsvShape),
    /// One text.
    Text,
}

/// What the first line of a CSV input tells.
#[derive(Clone, Debug)]
pub(super) struct CsvShape {
    /// Between fields.
    pub(super) delimiter: u8,
    /// Which column is which field.
    pub(super) columns: Arc<Columns>,
    /// Where the first row begins [line].
    pub(super) first_line: u64,
}

/// Text that is looked at; a header or a first line beyond it is taken for one value.
const WINDOW: usize = 256 << 10;

/// Delimiters that headers are tried with.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The first bytes of every Parquet file.
pub(super) const PARQUET: &[u8] = b"PAR1";

/// Tells how a decoded text is packed, and gives back the text from its first record on; `None`
/// when it is no text.
pub(super) fn sniffed(
    bytes: Bytes,
    name: &str,
    kind: Kind,
    fields: &Fields,
) -> io::Result<Option<(Shape, Bytes)>> {
    let (window, bytes) = peeked(bytes, WINDOW)?;
    if window.contains(&0) || window.starts_with(b"PK\x03\x04") {
        return Ok(None);
    }
    let text = window.trim_ascii_start();
    if text.is_empty() && window.len() < WINDOW {
        return Ok(Some((Shape::Empty, bytes)));
    }
    let ending = ending(name);
    let kind = match kind {
        Kind::Auto => kind_of(&ending, text),
        Kind::Logs if text.starts_with(b"{") || text.starts_with(b"[") => Kind::Jsonl,
        Kind::Logs => Kind::Csv,
        kind => kind,
    };
    let shape = match kind {
        Kind::Csv => {
            let (shape, length) = csv_shape(&window, fields);
            return Ok(Some((Shape::Csv(shape), after(bytes, length)?)));
        }
        Kind::Jsonl => json_shape(&ending, text),
        _ => Shape::Text,
    };
    Ok(Some((shape, bytes)))
}

fn kind_of(ending: &str, text: &[u8]) -> Kind {
    match ending {
        "json" | "jsonl" | "ndjson" => Kind::Jsonl,
        "csv" | "tsv" => Kind::Csv,
        "" | "log" | "-" if is_json(text) => Kind::Jsonl,
        _ => Kind::Text,
    }
}

/// The ending of a name, lower case, without that of compression.
fn ending(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let packed = [".gz", ".gzip", ".zst", ".zstd"];
    let inner = packed.iter().find_map(|packed| file.strip_suffix(packed));
    let file = inner.unwrap_or(&file);
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.to_owned()
}

/// Whether a text without a telling name is JSON: an object with a key, or an array of objects.
fn is_json(text: &[u8]) -> bool {
    let second = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    matches!(
        (text.first(), second),
        (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{'))
    )
}

fn first_line(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == b'\n').next().unwrap_or(text)
}

fn json_shape(ending: &str, text: &[u8]) -> Shape {
    let line = first_line(text);
    let is_whole = is_one_value(line) && !has_tables(line);
    let named_lines = matches!(ending, "jsonl" | "ndjson") && line.len() > 1;
    if text.starts_with(b"{") && (is_whole || named_lines) {
        Shape::JsonLines
    } else {
        Shape::Json
    }
}

/// Whether the line may be the answer of a query, whose header is checked before its rows.
fn has_tables(line: &[u8]) -> bool {
    let keys = ["\"tables\"", "\"Tables\""];
    keys.iter()
        .any(|key| memchr::memmem::find(line, key.as_bytes()).is_some())
}

/// The header read with the delimiter that gives most columns that are read, then most columns;
/// and its length [byte].
fn csv_shape(window: &[u8], fields: &Fields) -> (CsvShape, usize) {
    let (mut best, mut length) = csv_header(window, DELIMITERS[0], fields);
    for delimiter in &DELIMITERS[1..] {
        let (shape, size) = csv_header(window, *delimiter, fields);
        if shape.columns.worth() > best.columns.worth() {
            (best, length) = (shape, size);
        }
    }
    (best, length)
}

fn csv_header(window: &[u8], delimiter: u8, fields: &Fields) -> (CsvShape, usize) {
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
        columns: Arc::new(Columns::new(header, fields)),
        first_line: reader.position().line(),
    };
    let length = usize::try_from(reader.position().byte()).unwrap_or(window.len());
    (shape, length.min(window.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(name: &str, text: &str) -> String {
        let bytes: Bytes = Box::new(io::Cursor::new(text.as_bytes().to_vec()));
        let sniffed = sniffed(bytes, name, Kind::Auto, &Fields::default()).unwrap();
        match sniffed {
            None => "no text".to_owned(),
            Some((Shape::Csv(csv), _)) => format!("CSV {}", csv.columns.header.join("|")),
            Some((shape, _)) => format!("{shape:?}"),
        }
    }

    #[test]
    fn kinds_are_told_by_ending_and_first_bytes() {
        for (name, text, expected) in [
            ("a.jsonl", "{\"a\":1}\n{\"a\":2}\n", "JsonLines"),
            ("a.jsonl.gz", "{\"a\":1\n{\"a\":2}\n", "JsonLines"),
            ("a.json", "{\n\"a\":1}", "Json"),
            ("a.json", "[{\"a\":1}]", "Json"),
            ("a.json", "{\"tables\":[]}", "Json"),
            ("a.csv", "id;prompt;x,y\n1;2;3\n", "CSV id|prompt|x,y"),
            ("a.tsv", "id\tprompt\n", "CSV id|prompt"),
            ("a.md", "{\"a\":1}", "Text"),
            ("a.txt", "# a, b", "Text"),
            ("-", "{\"a\":1}\n", "JsonLines"),
            ("-", "{ curly }", "Text"),
            ("noend", "[1] see below", "Text"),
            ("a.log", "[{\"a\":1}]", "Json"),
            ("a.txt", " \n", "Empty"),
            ("a.md", "a\0b", "no text"),
        ] {
            assert_eq!(shape(name, text), expected, "{name}: {text}");
        }
    }
}
