//! Parquet files, column by column, a block of rows at a time, so memory does not grow with the
//! file.

mod column;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};

pub(crate) use column::{Cell, Stored};

use column::Column;

/// Why a file cannot be read.
#[derive(Debug)]
pub(crate) struct ColumnarError(ParquetError);

impl fmt::Display for ColumnarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; expected a whole Parquet file, packed with Snappy, Zstandard or not at all\n\
             hint: write the file again, e.g. with Snappy",
            self.0
        )
    }
}

/// The columns of a file that are read.
pub(crate) struct Table {
    file: Box<dyn FileReader>,
    /// The columns that are read, by their places in the file.
    places: Vec<usize>,
    columns: Vec<Column>,
    next_group: usize,
    /// Rows of the group at hand that are not yet in the block.
    left: usize,
}

/// A column as the file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnName {
    /// Its name; with the names around it where it is nested.
    pub(crate) path: String,
    /// Whether it has at most one value a row.
    pub(crate) is_flat: bool,
}

impl Table {
    /// Opens a file, of which no column is read yet.
    pub(crate) fn open(file: impl ChunkReader + 'static) -> Result<Self, ColumnarError> {
        let file = guarded(|| SerializedFileReader::new(file))?;
        Ok(Self {
            file: Box::new(file),
            places: Vec::new(),
            columns: Vec::new(),
            next_group: 0,
            left: 0,
        })
    }

    /// The columns of the file.
    pub(crate) fn names(&self) -> Vec<ColumnName> {
        let schema = self.file.metadata().file_metadata().schema_descr();
        let columns = schema.columns().iter();
        let name = columns.map(|column| ColumnName {
            path: column.path().string(),
            is_flat: column.path().parts().len() == 1 && column.max_rep_level() == 0,
        });
        name.collect()
    }

    /// Reads these columns, which are flat.
    pub(crate) fn select(&mut self, places: Vec<usize>) {
        self.places = places;
    }

    /// Reads the next block, of at most `most` rows; how many there are, 0 at the end.
    pub(crate) fn advance(&mut self, most: usize) -> Result<usize, ColumnarError> {
        guarded(|| self.fill(most))
    }

    fn fill(&mut self, most: usize) -> Result<usize, ParquetError> {
        while self.left == 0 {
            if self.next_group == self.file.num_row_groups() {
                return Ok(0);
            }
            let group = self.file.get_row_group(self.next_group)?;
            self.next_group += 1;
            self.left = usize::try_from(group.metadata().num_rows())
                .map_err(|_| ParquetError::General("a group has a negative row count".into()))?;
            let schema = group.metadata().schema_descr();
            let column = |place: &usize| {
                Column::new(&schema.column(*place), group.get_column_reader(*place)?)
            };
            self.columns = self.places.iter().map(column).collect::<Result<_, _>>()?;
        }
        let rows = most.min(self.left);
        self.left -= rows;
        for column in &mut self.columns {
            column.fill(rows)?;
        }
        Ok(rows)
    }

    /// The cells of the block, column by column in the order that they were selected.
    pub(crate) fn block(&self) -> impl Iterator<Item = &[Stored]> {
        self.columns.iter().map(Column::cells)
    }

    /// The same cells, to keep.
    pub(crate) fn take_block(&mut self) -> Vec<Vec<Stored>> {
        self.columns.iter_mut().map(Column::take_cells).collect()
    }
}

/// What `read` gives; damage that makes the library panic, as some does, is an error like other
/// damage. The file is not touched after an error.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ColumnarError> {
    let read = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(ParquetError::General(
            "its content contradicts itself".into(),
        ))
    });
    read.map_err(ColumnarError)
}
