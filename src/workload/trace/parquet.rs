//! Parquet with named columns.
//!
//! Columns that are read are flat; a block of rows of each is held at a time, so memory does not
//! grow with the file.

use parquet::file::reader::ChunkReader;

use super::columns::Field;
use super::draft::{Draft, Reading};
use super::fault::no_column;
use super::{Row, Rows};
use crate::columnar::{ColumnarError, Table};
use crate::workload::TrafficError;
use crate::workload::app::Apps;

/// Rows that are held at a time.
const BLOCK: usize = 4096;

/// The rows of a Parquet file.
pub struct ParquetRows {
    table: Table,
    /// What the columns that are read hold.
    fields: Vec<Field>,
    reading: Reading,
    draft: Draft,
    /// Rows of the block, and how many of them are done.
    block: usize,
    done: usize,
    /// The number of the row at hand, from 1.
    number: u64,
}

impl ParquetRows {
    pub(super) fn new(
        file: impl ChunkReader + 'static,
        reading: Reading,
    ) -> Result<Self, TrafficError> {
        let mut table = Table::open(file).map_err(|error| broken(&reading, &error))?;
        let names = table.names();
        let flat = names.iter().enumerate().filter(|(_, name)| name.is_flat);
        let (places, fields): (Vec<_>, Vec<_>) = flat
            .filter_map(|(place, name)| Some((place, reading.options.columns.field(&name.path)?)))
            .unzip();
        for required in Field::REQUIRED {
            if !fields.contains(&required) {
                let header: Vec<String> = names.into_iter().map(|name| name.path).collect();
                let column = reading.options.columns.name(required);
                return Err(no_column(&reading.name, column, &header));
            }
        }
        table.select(places);
        Ok(Self {
            table,
            fields,
            reading,
            draft: Draft::default(),
            block: 0,
            done: 0,
            number: 0,
        })
    }

    fn row(&mut self, apps: &mut Apps) -> Result<Option<Row>, TrafficError> {
        if self.done == self.block {
            let block = self.table.advance(BLOCK);
            self.block = block.map_err(|error| broken(&self.reading, &error))?;
            self.done = 0;
            if self.block == 0 {
                return Ok(None);
            }
        }
        self.number += 1;
        let place = self.done;
        self.done += 1;
        for (cells, field) in self.table.block().zip(&self.fields) {
            cells[place]
                .give(|cell| self.reading.take(&mut self.draft, *field, cell))
                .map_err(|fault| self.reading.refuse(fault, self.number))?;
        }
        self.reading
            .finish(&mut self.draft, self.number, apps)
            .map(Some)
            .map_err(|fault| self.reading.refuse(fault, self.number))
    }
}

fn broken(reading: &Reading, error: &ColumnarError) -> TrafficError {
    TrafficError::new(format!("{}: could not be read: {error}", reading.name))
}

impl Rows for ParquetRows {
    fn next_row(&mut self, apps: &mut Apps) -> Option<Result<Row, TrafficError>> {
        self.row(apps).transpose()
    }

    fn name(&self) -> &str {
        &self.reading.name
    }
}

#[cfg(test)]
mod tests;
