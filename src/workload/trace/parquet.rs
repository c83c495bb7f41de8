//! Parquet with named columns.
//!
//! Columns that are read are flat; a block of rows of each is held at a time, so memory does not
//! grow with the file.

mod column;

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};

use self::column::Column;
use super::columns::Field;
use super::draft::{Draft, Reading};
use super::fault::no_column;
use super::{Row, Rows};
use crate::workload::TrafficError;
use crate::workload::app::Apps;

/// Rows that are held at a time.
const BLOCK: usize = 4096;

/// The rows of a Parquet file.
pub struct ParquetRows {
    file: Box<dyn FileReader>,
    /// The columns of the file that are read, and what they hold.
    fields: Vec<(usize, Field)>,
    reading: Reading,
    draft: Draft,
    columns: Vec<Column>,
    next_group: usize,
    /// Rows of the group at hand that are not yet in the block.
    left: usize,
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
        let file = guarded(|| SerializedFileReader::new(file));
        let file = file.map_err(|error| broken(&reading, &error))?;
        let schema = file.metadata().file_metadata().schema_descr();
        let mut fields = Vec::new();
        let mut header = Vec::new();
        for (place, column) in schema.columns().iter().enumerate() {
            header.push(column.path().string());
            let is_flat = column.path().parts().len() == 1 && column.max_rep_level() == 0;
            if let Some(field) = reading.options.columns.field(column.name())
                && is_flat
            {
                fields.push((place, field));
            }
        }
        for required in Field::REQUIRED {
            if !fields.iter().any(|(_, field)| *field == required) {
                let column = reading.options.columns.name(required);
                return Err(no_column(&reading.name, column, &header));
            }
        }
        Ok(Self {
            file: Box::new(file),
            fields,
            reading,
            draft: Draft::default(),
            columns: Vec::new(),
            next_group: 0,
            left: 0,
            block: 0,
            done: 0,
            number: 0,
        })
    }

    /// Reads the next block of rows; whether there was one.
    fn advance(&mut self) -> Result<bool, ParquetError> {
        while self.left == 0 {
            if self.next_group == self.file.num_row_groups() {
                return Ok(false);
            }
            let group = self.file.get_row_group(self.next_group)?;
            self.next_group += 1;
            self.left = usize::try_from(group.metadata().num_rows())
                .map_err(|_| ParquetError::General("a group has a negative row count".into()))?;
            let schema = group.metadata().schema_descr();
            self.columns = self
                .fields
                .iter()
                .map(|(place, _)| {
                    Column::new(&schema.column(*place), group.get_column_reader(*place)?)
                })
                .collect::<Result<_, ParquetError>>()?;
        }
        self.block = BLOCK.min(self.left);
        self.left -= self.block;
        self.done = 0;
        for column in &mut self.columns {
            column.fill(self.block)?;
        }
        Ok(true)
    }

    fn row(&mut self, apps: &mut Apps) -> Result<Option<Row>, TrafficError> {
        if self.done == self.block {
            let has_block = guarded(|| self.advance());
            if !has_block.map_err(|error| broken(&self.reading, &error))? {
                return Ok(None);
            }
        }
        self.number += 1;
        let place = self.done;
        self.done += 1;
        for (column, (_, field)) in self.columns.iter().zip(&self.fields) {
            column
                .give(place, |cell| {
                    self.reading.take(&mut self.draft, *field, cell)
                })
                .map_err(|fault| self.reading.refuse(fault, self.number))?;
        }
        self.reading
            .finish(&mut self.draft, self.number, apps)
            .map(Some)
            .map_err(|fault| self.reading.refuse(fault, self.number))
    }
}

/// What `read` gives; damage that makes the library panic, as some does, is an error like other
/// damage. The file is not touched after an error.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(ParquetError::General(
            "its content contradicts itself".into(),
        ))
    })
}

fn broken(reading: &Reading, error: &ParquetError) -> TrafficError {
    TrafficError::new(format!(
        "{}: could not be read: {error}; expected a whole Parquet file, packed with Snappy, \
         Zstandard or not at all\nhint: write the file again, e.g. with Snappy",
        reading.name
    ))
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
