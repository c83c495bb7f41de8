//! Cuts a Parquet file into blocks of rows of the columns that are read.

use std::borrow::Cow;
use std::fs::File;

use super::columns::Columns;
use super::fields::Fields;
use super::row::{Row, RowKeys};
use super::rows::{Visit, not_utf8};
use super::value::Value;
use crate::columnar::{Cell, ColumnarError, Stored, Table};
use crate::diagnostic::Fault;

/// A block of rows.
#[derive(Debug)]
pub(crate) struct Cells {
    /// The number of its first row, from 1.
    first: u64,
    rows: usize,
    /// The cells of each column that is read.
    columns: Vec<Vec<Stored>>,
}

/// Rows of the first block; the size of texts is not known before.
const FIRST_BLOCK: usize = 16;

/// The most rows of a block.
const LARGEST_BLOCK: usize = 4096;

/// A file and its columns.
pub(super) struct ParquetFile {
    table: Table,
    pub(super) columns: Columns,
    /// Every column, as errors name them.
    pub(super) names: Vec<String>,
    /// The number of the next row.
    number: u64,
    /// The most rows of the next block.
    most: usize,
}

impl ParquetFile {
    /// Opens a file; nested columns are not read.
    pub(super) fn open(file: File, fields: &Fields) -> Result<Self, ColumnarError> {
        let mut table = Table::open(file)?;
        let names = table.names();
        let flat = names.iter().map(|name| {
            let path = name.is_flat.then(|| name.path.clone());
            path.unwrap_or_default()
        });
        let columns = Columns::new(flat.collect(), fields);
        table.select(columns.read());
        Ok(Self {
            table,
            columns,
            names: names.into_iter().map(|name| name.path).collect(),
            number: 1,
            most: FIRST_BLOCK,
        })
    }

    /// The next block of about `wanted` bytes of text; `None` after the last.
    pub(super) fn next(&mut self, wanted: usize) -> Result<Option<Cells>, ColumnarError> {
        let rows = self.table.advance(self.most)?;
        if rows == 0 {
            return Ok(None);
        }
        let cells = Cells {
            first: self.number,
            rows,
            columns: self.table.take_block(),
        };
        self.number += u64::try_from(rows).expect("a block is small");
        self.most = (wanted * rows / cells.bytes().max(1)).clamp(1, LARGEST_BLOCK);
        Ok(Some(cells))
    }
}

impl Cells {
    /// The size of the texts [byte].
    fn bytes(&self) -> usize {
        let cells = self.columns.iter().flatten();
        cells
            .map(|cell| match cell {
                Stored::Text(text) => text.len(),
                _ => 8,
            })
            .sum()
    }

    /// Reads every row.
    pub(super) fn each_row(&self, columns: &Columns, keys: &mut RowKeys, visit: &mut Visit<'_>) {
        let read = columns.read();
        for (number, place) in (self.first..).zip(0..self.rows) {
            let values: Result<Vec<_>, Fault> = self
                .columns
                .iter()
                .map(|cells| value(&cells[place]))
                .collect();
            let mut row = Row::default();
            let filled = values.and_then(|values| {
                let at = |column| read.iter().position(|read| *read == column);
                columns.fill(&|column| values[at(column)?].clone(), keys, &mut row)
            });
            visit(number, filled.map(|()| &row));
        }
    }
}

/// What a cell holds; `None` where there is nothing.
fn value(cell: &Stored) -> Result<Option<Value<'_>>, Fault> {
    if let Stored::Text(text) = cell {
        let text = std::str::from_utf8(text.data()).map_err(|_| not_utf8())?;
        return Ok(Some(Value::Text(Cow::Borrowed(text))));
    }
    let mut value = None;
    cell.give(|cell| {
        let text = match cell {
            Cell::Whole(number) | Cell::Micros(number) => number.to_string(),
            Cell::Text(text) => String::from_utf8_lossy(text).into_owned(),
        };
        value = Some(Value::Text(Cow::Owned(text)));
        Ok(())
    })?;
    Ok(value)
}
