//! One column of a group of rows.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Text, also of a number.
    Text(&'a [u8]),
    /// A whole number of a typed column.
    Whole(i64),
    /// A point in time of a typed column [µs since 1970].
    Micros(i64),
}

/// A column, and the block of it that is at hand.
pub(super) struct Column {
    reader: ColumnReader,
    meaning: Meaning,
    /// The definition level of a value that is there.
    present: i16,
    cells: Vec<Stored>,
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
pub(crate) enum Stored {
    /// There is none.
    Absent,
    /// A whole number.
    Whole(i64),
    /// A point in time [µs since 1970].
    Micros(i64),
    /// Any number.
    Real(f64),
    /// A text, which shares the memory of its page.
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
                    Meaning::Unsigned => Stored::Whole(i64::from(number.cast_unsigned())),
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
                    Stored::Real(number.into())
                })
            }
            ColumnReader::DoubleColumnReader(reader) => {
                read(reader, (rows, present), cells, Stored::Real)
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                read(reader, (rows, present), cells, Stored::Text)
            }
            _ => unreachable!("other columns are refused when they are met"),
        }
    }

    /// The block at hand.
    pub(super) fn cells(&self) -> &[Stored] {
        &self.cells
    }

    /// The block at hand, to keep.
    pub(super) fn take_cells(&mut self) -> Vec<Stored> {
        std::mem::take(&mut self.cells)
    }
}

impl Stored {
    /// Shows the cell to `take`, unless there is none.
    pub(crate) fn give<E>(&self, take: impl FnOnce(Cell<'_>) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Absent => Ok(()),
            Self::Whole(number) => take(Cell::Whole(*number)),
            Self::Micros(micros) => take(Cell::Micros(*micros)),
            Self::Real(number) if number.is_nan() => Ok(()),
            Self::Real(number) => take(Cell::Text(number.to_string().as_bytes())),
            Self::Text(text) => take(Cell::Text(text.data())),
        }
    }
}

impl Meaning {
    fn value(self, number: i64) -> Stored {
        match self {
            Self::Number | Self::Unsigned => Stored::Whole(number),
            Self::Finer(in_a_micro) => Stored::Micros(number.div_euclid(in_a_micro)),
            Self::Coarser(micros) => Stored::Micros(number.saturating_mul(micros)),
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
    cells: &mut Vec<Stored>,
    value: impl Fn(T::T) -> Stored,
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
                .unwrap_or(Stored::Absent)
        }));
    }
    Ok(())
}
