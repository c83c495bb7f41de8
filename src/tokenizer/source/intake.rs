//! Opens inputs, decides how each is read, and cuts it into batches.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::batch::{Content, Origin};
use super::columns::Columns;
use super::error::InputError;
use super::fields::Fields;
use super::kind::{CsvShape, Kind, PARQUET, Shape, sniffed};
use super::parquet::ParquetFile;
use super::sending::{Rows, Sending, Take};
use super::text::cut_text;
use super::{Input, Opened, Reading};
use crate::carrier::{
    Block, Body, CsvText, CutFault, JsonCutter, LONGEST_ROW, Lines, cut_csv, too_long,
};
use crate::columnar::ColumnarError;
use crate::decoding::{Bytes, Compression, decompressed, peeked, text};

/// The size that batches of rows are cut to, where rows allow [byte]: small enough that cores end
/// together.
const BATCH: usize = 256 << 10;

/// Opens inputs one after the other and sends their batches.
pub(crate) struct Intake<'a> {
    reading: &'a Reading,
    fields: Arc<Fields>,
    sending: Sending<'a>,
}

/// What an input turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It has content.
    Some,
    /// It is empty.
    Nothing,
    /// Nobody wants more.
    Stopped,
}

/// Why an input was not cut to its end.
enum Fault {
    Refused(InputError),
    Cut(CutFault),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Cut(CutFault::Io(error))
    }
}

impl From<CutFault> for Fault {
    fn from(fault: CutFault) -> Self {
        Self::Cut(fault)
    }
}

impl From<InputError> for Fault {
    fn from(error: InputError) -> Self {
        Self::Refused(error)
    }
}

impl<'a> Intake<'a> {
    pub(crate) fn new(
        reading: &'a Reading,
        progress: &'a (dyn Fn(u64) + Sync),
        take: &'a mut Take<'a>,
    ) -> Self {
        Self {
            fields: Arc::new(reading.fields.clone()),
            reading,
            sending: Sending::new(progress, take),
        }
    }

    /// Cuts one input and sends its batches.
    pub(crate) fn take_in(&mut self, input: &Input) -> Result<Taken, InputError> {
        let name = || input.name().to_owned();
        let mut compression = Compression::None;
        let taken = self.cut(input, &mut compression);
        taken.or_else(|fault| match (fault, compression) {
            (Fault::Refused(error), _) => Err(error),
            (Fault::Cut(CutFault::Stopped), _) => Ok(Taken::Stopped),
            (Fault::Cut(CutFault::Io(error)), Compression::None) => Err(InputError::Unreadable {
                name: name(),
                error,
            }),
            (Fault::Cut(CutFault::Io(error)), compression) => Err(InputError::Damaged {
                name: name(),
                compression: compression.name(),
                error,
            }),
        })
    }

    /// Sends what waited for more rows, after the last input.
    pub(crate) fn finish(&mut self) {
        // Whoever stopped wants nothing of it.
        let _ = self.sending.finish();
    }

    fn cut(&mut self, input: &Input, compression: &mut Compression) -> Result<Taken, Fault> {
        let bytes: Bytes = match input.open()? {
            Opened::Stream(bytes) => bytes,
            Opened::File(mut file) => {
                let first = first_bytes(&mut file)?;
                if first == PARQUET {
                    return self.parquet(file, input.name());
                }
                Box::new(Cursor::new(first).chain(file))
            }
        };
        let metered = Metered {
            bytes,
            read: Arc::clone(&self.sending.read),
        };
        let (found, bytes) = decompressed(Box::new(metered))?;
        *compression = found;
        let (first, bytes) = peeked(bytes, PARQUET.len())?;
        if first == PARQUET {
            let name = input.name().to_owned();
            return Err(InputError::ParquetStream { name }.into());
        }
        self.text_input(text(bytes)?, input.name())
    }

    /// Cuts a decoded text, whatever it packs.
    fn text_input(&mut self, bytes: Bytes, name: &str) -> Result<Taken, Fault> {
        let sniffed = sniffed(bytes, name, self.reading.kind, &self.fields)?;
        let (shape, bytes) = sniffed.ok_or_else(|| InputError::NotText {
            name: name.to_owned(),
        })?;
        match shape {
            Shape::Empty => return Ok(Taken::Nothing),
            Shape::Text => self.text(bytes, name)?,
            Shape::JsonLines => json_lines(bytes, &mut self.rows(name, None))?,
            Shape::Json => {
                let fields = Arc::clone(&self.fields);
                let cutter = JsonCutter {
                    first: 1,
                    block: BATCH,
                    resolve: &|header| Columns::new(header, &fields),
                    push: &mut self.rows(name, None),
                };
                cutter.cut(bytes)?;
            }
            Shape::Csv(csv) => {
                self.check_columns(&csv.columns, &csv.columns.header, name)?;
                let text = CsvText {
                    bytes,
                    delimiter: csv.delimiter,
                    first_line: csv.first_line,
                    block: BATCH,
                };
                cut_csv(text, &mut self.rows(name, Some(&csv)))?;
            }
        }
        Ok(Taken::Some)
    }

    fn check_columns(
        &self,
        columns: &Columns,
        names: &[String],
        name: &str,
    ) -> Result<(), InputError> {
        if columns.has_prompt(&self.fields) {
            return Ok(());
        }
        Err(InputError::NoColumn {
            name: name.to_owned(),
            column: self.fields.column.clone().unwrap_or_default(),
            found: names.join(", "),
        })
    }

    fn parquet(&mut self, file: File, name: &str) -> Result<Taken, Fault> {
        let broken = |error: ColumnarError| InputError::Parquet {
            name: name.to_owned(),
            problem: error.to_string(),
        };
        let size = file.metadata()?.len();
        let mut file = ParquetFile::open(file, &self.fields).map_err(broken)?;
        self.check_columns(&file.columns, &file.names, name)?;
        let origin = Arc::new(Origin {
            columns: Some(Arc::new(file.columns.clone())),
            ..self.origin(name)
        });
        let mut taken = Taken::Nothing;
        while let Some(cells) = file.next(BATCH).map_err(broken)? {
            taken = Taken::Some;
            self.sending.send(&origin, Content::Cells(cells))?;
        }
        self.sending.read.fetch_add(size, Ordering::Relaxed);
        Ok(taken)
    }

    fn origin(&self, name: &str) -> Origin {
        Origin {
            name: name.to_owned(),
            fields: Arc::clone(&self.fields),
            columns: None,
            delimiter: b',',
        }
    }

    /// Sends blocks of rows.
    fn rows(
        &mut self,
        name: &str,
        csv: Option<&CsvShape>,
    ) -> impl FnMut(Block<Columns>) -> Result<(), CutFault> + use<'_, 'a> {
        let mut origin = self.origin(name);
        if let Some(csv) = csv {
            origin.columns = Some(Arc::clone(&csv.columns));
            origin.delimiter = csv.delimiter;
        }
        let origin = Arc::new(origin);
        let mut rows = match self.reading.kind {
            Kind::Auto | Kind::Logs => Rows::Unknown,
            _ => Rows::Records,
        };
        move |block| self.sending.rows(&origin, block, &mut rows)
    }

    fn text(&mut self, bytes: Bytes, name: &str) -> Result<(), CutFault> {
        let origin = Arc::new(self.origin(name));
        let sending = &mut self.sending;
        cut_text(bytes, &mut |part| {
            sending.send(&origin, Content::Text(part))
        })
    }
}

/// Cuts JSON lines into blocks; lines that are too long for any body are broken rows.
fn json_lines(
    bytes: Bytes,
    push: &mut dyn FnMut(Block<Columns>) -> Result<(), CutFault>,
) -> Result<(), CutFault> {
    let mut lines = Lines {
        bytes,
        first: 1,
        block: BATCH,
        longest: LONGEST_ROW,
    };
    while let Some(long) = lines.cut(push)? {
        let first = long.number;
        push(Block::of_lines(first, Body::Broken(too_long())))?;
        lines = Lines {
            bytes: long.skipped()?,
            first: first + 1,
            block: BATCH,
            longest: LONGEST_ROW,
        };
    }
    Ok(())
}

/// As many bytes as tell Parquet; a file may be a pipe, so there is no going back.
fn first_bytes(file: &mut File) -> io::Result<Vec<u8>> {
    let mut first = Vec::new();
    let length = u64::try_from(PARQUET.len()).expect("four bytes");
    file.by_ref().take(length).read_to_end(&mut first)?;
    Ok(first)
}

/// Counts the bytes that are read.
struct Metered {
    bytes: Bytes,
    read: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(out)?;
        let more = u64::try_from(count).expect("a count of bytes in memory");
        self.read.fetch_add(more, Ordering::Relaxed);
        Ok(count)
    }
}
