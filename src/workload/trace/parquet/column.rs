//! One column of a group of rows.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

use crate::workload::trace::cell::Cell;

/// A column, and the block of it that is at hand.
pub(super) struct Column {
    reader: ColumnReader,
    meaning: Meaning,
    /// The definition level of a value that is there.
    present: i16,
    cells: Vec<Value>,
}

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Number,
    /// A number without sign.
    Unsigned,
    /// Points in time: so many in a microsecond, or so many microseconds in one.
    Finer(i64),
    Coarser(i64),
}

/// One cell of a block.
#[derive(Clone, Debug)]
enum Value {
    Absent,
    Whole(i64),
    Micros(i64),
    Real(f64),
    Text(ByteArray),
}

impl Column {
    /// The column that `reader` reads; types that hold no number, time or text are refused.
    pub(super) fn new(
        descriptor: &ColumnDescriptor,
        reader: ColumnReader,
    ) -> Result<Self, ParquetError> {
        let is_read = matches!(
            reader,
            ColumnReader::Int32ColumnReader(_)
                | ColumnReader::Int64ColumnReader(_)
                | ColumnReader::FloatColumnReader(_)
                | ColumnReader::DoubleColumnReader(_)
                | ColumnReader::ByteArrayColumnReader(_)
        );
        if !is_read {
            return Err(ParquetError::General(format!(
                "column `{}` is of the type {}; expected INT32, INT64, FLOAT, DOUBLE or BYTE_ARRAY",
                descriptor.name(),
                descriptor.physical_type()
            )));
        }
        Ok(Self {
            reader,
            meaning: meaning(descriptor),
            present: descriptor.max_def_level(),
            cells: Vec::new(),
        })
    }

    /// Reads the next `rows` rows in place of those at hand.
    pub(super) fn fill(&mut self, rows: usize) -> Result<(), ParquetError> {
        let (present, meaning, cells) = (self.present, self.meaning, &mut self.cells);
        cells.clear();
        match &mut self.reader {
            ColumnReader::Int32ColumnReader(reader) => {
                read(reader, (rows, present), cells, |number| match meaning {
                    Meaning::Unsigned => Value::Whole(i64::from(number.cast_unsigned())),
                    meaning => meaning.value(i64::from(number)),
                })
            }
            ColumnReader::Int64ColumnReader(reader) => {
                read(reader, (rows, present), cells, |number| {
                    meaning.value(number)
                })
            }
            ColumnReader::FloatColumnReader(reader) => {
                read(reader, (rows, present), cells, |number| {
                    Value::Real(number.into())
                })
            }
            ColumnReader::DoubleColumnReader(reader) => {
                read(reader, (rows, present), cells, Value::Real)
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                read(reader, (rows, present), cells, Value::Text)
            }
            _ => unreachable!("other columns are refused when they are met"),
        }
    }

    /// Shows the cell at `place` of the block to `take`, unless there is none.
    pub(super) fn give<E>(
        &self,
        place: usize,
        take: impl FnOnce(Cell<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.cells[place] {
            Value::Absent => Ok(()),
            Value::Whole(number) => take(Cell::Whole(*number)),
            Value::Micros(micros) => take(Cell::Micros(*micros)),
            Value::Real(number) if number.is_nan() => Ok(()),
            Value::Real(number) => take(Cell::Text(number.to_string().as_bytes())),
            Value::Text(text) => take(Cell::Text(text.data())),
        }
    }
}

impl Meaning {
    fn value(self, number: i64) -> Value {
        match self {
            Self::Number | Self::Unsigned => Value::Whole(number),
            Self::Finer(in_a_micro) => Value::Micros(number.div_euclid(in_a_micro)),
            Self::Coarser(micros) => Value::Micros(number.saturating_mul(micros)),
        }
    }
}

fn meaning(descriptor: &ColumnDescriptor) -> Meaning {
    let converted = descriptor.converted_type();
    match (descriptor.logical_type_ref(), converted) {
        (Some(LogicalType::Timestamp(time)), _) => match time.unit {
            TimeUnit::MILLIS => Meaning::Coarser(1_000),
            TimeUnit::MICROS => Meaning::Coarser(1),
            TimeUnit::NANOS => Meaning::Finer(1_000),
        },
        (_, ConvertedType::TIMESTAMP_MILLIS) => Meaning::Coarser(1_000),
        (_, ConvertedType::TIMESTAMP_MICROS) => Meaning::Coarser(1),
        (_, ConvertedType::UINT_32) => Meaning::Unsigned,
        _ => Meaning::Number,
    }
}

/// Reads `rows` rows of a column whose values are `present` at that level into `cells`.
fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    (rows, present): (usize, i16),
    cells: &mut Vec<Value>,
    value: impl Fn(T::T) -> Value,
) -> Result<(), ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    while cells.len() < rows {
        levels.clear();
        values.clear();
        let wanted = rows - cells.len();
        let wants_levels = (present > 0).then_some(&mut levels);
        let (records, _, _) = reader.read_records(wanted, wants_levels, None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::General(
                "a column has fewer rows than its group".to_owned(),
            ));
        }
        let mut values = values.drain(..).map(&value);
        if present == 0 {
            cells.extend(values);
            continue;
        }
        cells.extend(levels.iter().map(|level| {
            let is_there = *level == present;
            is_there
                .then(|| values.next())
                .flatten()
                .unwrap_or(Value::Absent)
        }));
    }
    Ok(())
}
