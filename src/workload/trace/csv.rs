//! CSV with named columns.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::cell::Cell;
use super::columns::Field;
use super::draft::{Draft, Reading};
use super::fault::{no_column, unreadable};
use super::lines::Guarded;
use super::{Bytes, Row, Rows};
use crate::workload::TrafficError;
use crate::workload::app::Apps;

/// The rows of a CSV file.
#[derive(Debug)]
pub struct CsvRows {
    table: Table,
    /// The columns that are read, and what they hold.
    fields: Vec<(usize, Field)>,
    reading: Reading,
    draft: Draft,
}

/// The records below the header of a CSV file.
pub(in crate::workload) struct Table {
    reader: Reader<Guarded>,
    record: ByteRecord,
    pub(super) header: Vec<String>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Read ahead of the records [byte].
const AHEAD: usize = 256 << 10;

impl Table {
    pub(in crate::workload) fn new(bytes: Bytes, name: &str) -> Result<Self, TrafficError> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(AHEAD)
            .from_reader(Guarded::new(bytes));
        let mut table = Self {
            reader,
            record: ByteRecord::new(),
            header: Vec::new(),
        };
        if let Some((_, record)) = table.next(name)? {
            let texts = record.iter().map(String::from_utf8_lossy);
            table.header = texts.map(|text| text.trim().to_owned()).collect();
        }
        Ok(table)
    }

    /// The place of a column that must be there.
    pub(in crate::workload) fn place(
        &self,
        column: &str,
        name: &str,
    ) -> Result<usize, TrafficError> {
        let mut names = self.header.iter();
        names
            .position(|header| header == column)
            .ok_or_else(|| no_column(name, column, &self.header))
    }

    /// The next record and its line; `None` after the last.
    pub(in crate::workload) fn next(
        &mut self,
        name: &str,
    ) -> Result<Option<(u64, &ByteRecord)>, TrafficError> {
        let read = self.reader.read_byte_record(&mut self.record);
        let is_record = read.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => unreadable(name, &error),
            other => TrafficError::new(format!("{name}: {other:?}")),
        })?;
        self.reader.get_mut().row_ended();
        let line = self.record.position().map_or(0, csv::Position::line);
        Ok(is_record.then_some((line, &self.record)))
    }
}

impl CsvRows {
    pub(super) fn new(bytes: Bytes, reading: Reading) -> Result<Self, TrafficError> {
        let table = Table::new(bytes, &reading.name)?;
        let columns = &reading.options.columns;
        let named = (0..).zip(&table.header);
        let fields: Vec<_> = named
            .filter_map(|(place, header)| Some((place, columns.field(header)?)))
            .collect();
        for required in Field::REQUIRED {
            if !fields.iter().any(|(_, field)| *field == required) {
                let column = columns.name(required);
                return Err(no_column(&reading.name, column, &table.header));
            }
        }
        Ok(Self {
            table,
            fields,
            reading,
            draft: Draft::default(),
        })
    }

    fn row(&mut self, apps: &mut Apps) -> Result<Option<Row>, TrafficError> {
        let Some((line, record)) = self.table.next(&self.reading.name)? else {
            return Ok(None);
        };
        for (place, field) in &self.fields {
            let cell = Cell::Text(record.get(*place).unwrap_or_default());
            self.reading
                .take(&mut self.draft, *field, cell)
                .map_err(|fault| self.reading.refuse(fault, line))?;
        }
        self.reading
            .finish(&mut self.draft, line, apps)
            .map(Some)
            .map_err(|fault| self.reading.refuse(fault, line))
    }
}

impl Rows for CsvRows {
    fn next_row(&mut self, apps: &mut Apps) -> Option<Result<Row, TrafficError>> {
        self.row(apps).transpose()
    }

    fn name(&self) -> &str {
        &self.reading.name
    }
}
