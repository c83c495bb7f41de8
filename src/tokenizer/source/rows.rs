//! The records of a batch of rows, one after the other, whatever the carrier.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr_iter;

use super::batch::Origin;
use super::columns::Columns;
use super::fields::Fields;
use super::row::{Row, RowKeys};
use super::value::Value;
use crate::carrier::{Block, Body, JsonCutter, extent};
use crate::diagnostic::Fault;

/// Takes a row's line or number, and the row or what is wrong with it.
pub(super) type Visit<'v> = dyn FnMut(u64, Result<&Row<'_>, Fault>) + 'v;

/// Reads every row of a block.
pub(super) fn each_row(
    block: &Block<Columns>,
    origin: &Origin,
    keys: &mut RowKeys,
    visit: &mut Visit<'_>,
) {
    let first = block.first;
    let fields = &origin.fields;
    match &block.body {
        Body::Csv(text) => {
            if let Some(columns) = &origin.columns {
                let mut place = |line, row: Result<&Row<'_>, Fault>| visit(first + line, row);
                csv_rows((text, origin.delimiter), columns, keys, &mut place);
            }
        }
        Body::Lines(text) => lines(text, first, &mut |number, line| {
            json_values(line, fields, keys, &mut |row| visit(number, row));
        }),
        Body::Objects(text, rows) => numbered(text, rows, first, &mut |number, text| {
            object(text, fields, keys, &mut |row| visit(number, row));
        }),
        Body::Arrays(text, rows, columns) => numbered(text, rows, first, &mut |number, text| {
            array(text, columns, keys, &mut |row| visit(number, row));
        }),
        Body::Broken(fault) | Body::Note(fault) => visit(first, Err(fault.clone())),
    }
}

/// Takes a row, or what is wrong with it.
type Take<'t> = dyn FnMut(Result<&Row<'_>, Fault>) + 't;

/// Every line that is not blank, and its number.
fn lines(text: &[u8], first: u64, visit: &mut dyn FnMut(u64, &[u8])) {
    let ends = memchr_iter(b'\n', text).chain([text.len()]);
    let mut start = 0;
    for (number, end) in (first..).zip(ends) {
        let line = text[start..end].trim_ascii();
        start = end + 1;
        if !line.is_empty() {
            visit(number, line);
        }
    }
}

/// Every row of a text and its number.
fn numbered(text: &[u8], rows: &[Range<usize>], first: u64, visit: &mut dyn FnMut(u64, &[u8])) {
    for (number, row) in (first..).zip(rows) {
        visit(number, &text[row.clone()]);
    }
}

/// The values of a line, which mostly has one.
fn json_values(line: &[u8], fields: &Fields, keys: &mut RowKeys, take: &mut Take<'_>) {
    let mut rest = match utf8(line) {
        Ok(text) => text,
        Err(fault) => return take(Err(fault)),
    };
    while !rest.is_empty() {
        let (value, more) = rest.split_at(extent(rest.as_bytes()).length);
        let mut row = Row::default();
        match keys.object(value, fields, &mut row) {
            Ok(()) if row.is_envelope => envelope(value, fields, keys, take),
            read => take(read.map(|()| &row)),
        }
        rest = more.trim_start();
    }
}

/// The rows inside an object, or the object itself if there are none.
fn envelope(text: &str, fields: &Fields, keys: &mut RowKeys, take: &mut Take<'_>) {
    let mut push = |block: Block<Columns>| {
        match block.body {
            Body::Objects(text, rows) => numbered(&text, &rows, 1, &mut |_, text| {
                object(text, fields, keys, take);
            }),
            Body::Arrays(text, rows, columns) => numbered(&text, &rows, 1, &mut |_, text| {
                array(text, &columns, keys, take);
            }),
            Body::Broken(fault) | Body::Note(fault) => take(Err(fault)),
            Body::Csv(_) | Body::Lines(_) => {}
        }
        Ok(())
    };
    let cutter = JsonCutter {
        first: 1,
        block: text.len().max(1),
        resolve: &|header| Columns::new(header, fields),
        push: &mut push,
    };
    // Nothing is read, so nothing can fail.
    let _ = cutter.cut_slice(text.as_bytes());
}

fn utf8(text: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(text).map_err(|_| not_utf8())
}

/// Reads a JSON object.
fn object(text: &[u8], fields: &Fields, keys: &mut RowKeys, take: &mut Take<'_>) {
    let mut row = Row::default();
    let read = utf8(text).and_then(|text| keys.object(text, fields, &mut row));
    take(read.map(|()| &row));
}

/// Reads a row of a query result: an array in the order of its columns.
fn array(text: &[u8], columns: &Columns, keys: &mut RowKeys, take: &mut Take<'_>) {
    let mut row = Row::default();
    let read = utf8(text).and_then(|text| {
        let cells = sonic_rs::to_array_iter(text)
            .map(|value| Some(Value::Json(value.ok()?.as_raw_cow())))
            .collect::<Option<Vec<_>>>();
        let cells = cells.filter(|cells| cells.len() == columns.header.len());
        let cells = cells.ok_or_else(ragged)?;
        columns.fill(&|column| cells.get(column).cloned(), keys, &mut row)
    });
    take(read.map(|()| &row));
}

fn csv_rows(
    (text, delimiter): (&[u8], u8),
    columns: &Columns,
    keys: &mut RowKeys,
    visit: &mut Visit<'_>,
) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(64 << 10)
        .from_reader(text);
    let mut record = csv::ByteRecord::new();
    // Reading from memory with flexible lengths cannot fail.
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let line = record.position().map_or(1, csv::Position::line);
        let is_header = record
            .iter()
            .eq(columns.header.iter().map(String::as_bytes));
        if !is_header {
            let mut row = Row::default();
            let read = csv_row(&record, columns, keys, &mut row);
            visit(line - 1, read.map(|()| &row));
        }
    }
}

fn csv_row<'a>(
    record: &'a csv::ByteRecord,
    columns: &Columns,
    keys: &mut RowKeys,
    row: &mut Row<'a>,
) -> Result<(), Fault> {
    if record.len() != columns.header.len() {
        return Err(ragged());
    }
    let text = utf8(record.as_slice())?;
    let cell = |column| {
        let cell = text.get(record.range(column)?)?;
        Some(Value::Text(Cow::Borrowed(cell)))
    };
    columns.fill(&cell, keys, row)
}

#[cold]
fn ragged() -> Fault {
    Fault::new(
        "row has more or fewer fields than the header",
        "a quote or delimiter is missing, or the row is half-written: write the file again",
    )
}

#[cold]
pub(super) fn not_utf8() -> Fault {
    Fault::new(
        "row is not UTF-8",
        "save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    )
}
