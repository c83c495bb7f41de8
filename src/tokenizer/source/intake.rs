//! Opens inputs, decides how each is read, and cuts it into batches.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::batch::{Batch, Content, Origin};
use super::error::InputError;
use super::fields::Fields;
use super::kind::{CsvShape, PARQUET, Shape, sniffed};
use super::text::cut_text;
use super::{Input, Opened, Reading};
use crate::carrier::{
    Block, Body, CsvText, CutFault, JsonCutter, LONGEST_ROW, Lines, cut_csv, too_long,
};
use crate::decoding::{Bytes, Compression, decompressed, peeked, text};

use super::columns::Columns;

/// The size that batches of rows are cut to, where rows allow [byte]: small enough that cores end
/// together.
const BATCH: usize = 256 << 10;

/// Whoever takes the batches has had enough.
#[derive(Debug)]
pub(crate) struct Stopped;

/// Takes batches.
pub(crate) type Send<'s> = dyn FnMut(Batch) -> Result<(), Stopped> + 's;

/// Opens inputs one after the other and sends their batches.
pub(crate) struct Intake<'a> {
    reading: &'a Reading,
    fields: Arc<Fields>,
    /// Told how many bytes of all inputs have been read.
    progress: &'a (dyn Fn(u64) + Sync),
    read: Arc<AtomicU64>,
    /// The number of the next batch.
    next: u64,
}

/// What an input turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It has content.
    Some,
    /// It is empty.
    Nothing,
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
    pub(crate) fn new(reading: &'a Reading, progress: &'a (dyn Fn(u64) + Sync)) -> Self {
        Self {
            fields: Arc::new(reading.fields.clone()),
            reading,
            progress,
            read: Arc::default(),
            next: 0,
        }
    }

    /// Cuts one input and sends its batches.
    pub(crate) fn take_in(
        &mut self,
        input: &Input,
        send: &mut Send<'_>,
    ) -> Result<Taken, InputError> {
        let name = || input.name().to_owned();
        let mut compression = Compression::None;
        let taken = self.cut(input, &mut compression, send);
        taken.or_else(|fault| match (fault, compression) {
            (Fault::Refused(error), _) => Err(error),
            (Fault::Cut(CutFault::Stopped), _) => Ok(Taken::Some),
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

    fn cut(
        &mut self,
        input: &Input,
        compression: &mut Compression,
        send: &mut Send<'_>,
    ) -> Result<Taken, Fault> {
        let name = input.name();
        let bytes: Bytes = match input.open()? {
            Opened::Stream(bytes) => bytes,
            Opened::File(mut file) => {
                let mut first = Vec::new();
                file.by_ref().take(4).read_to_end(&mut first)?;
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
        };
        let metered = Metered {
            bytes,
            read: Arc::clone(&self.read),
        };
        let (found, bytes) = decompressed(Box::new(metered))?;
        *compression = found;
        let (first, bytes) = peeked(bytes, PARQUET.len())?;
        if first == PARQUET {
            let name = name.to_owned();
            return Err(InputError::ParquetStream { name }.into());
        }
        let not_text = || InputError::NotText {
            name: name.to_owned(),
        };
        let sniffed = sniffed(text(bytes)?, name, self.reading.kind, &self.fields)?;
        let (shape, bytes) = sniffed.ok_or_else(not_text)?;
        let mut origin = Origin {
            name: name.to_owned(),
            fields: Arc::clone(&self.fields),
            csv: None,
        };
        match shape {
            Shape::Empty => return Ok(Taken::Nothing),
            Shape::Text => self.text(bytes, origin, send)?,
            Shape::JsonLines => {
                let mut push = self.rows(origin, send);
                json_lines(bytes, &mut push)?;
            }
            Shape::Json => {
                let fields = Arc::clone(&self.fields);
                let mut push = self.rows(origin, send);
                let cutter = JsonCutter {
                    first: 1,
                    block: BATCH,
                    resolve: &|header| Columns::new(header, &fields),
                    push: &mut push,
                };
                cutter.cut(bytes)?;
            }
            Shape::Csv(csv) => {
                self.check_columns(&csv, name)?;
                origin.csv = Some((csv.delimiter, Arc::clone(&csv.columns)));
                let text = CsvText {
                    bytes,
                    delimiter: csv.delimiter,
                    first_line: csv.first_line,
                    block: BATCH,
                };
                cut_csv(text, &mut self.rows(origin, send))?;
            }
        }
        Ok(Taken::Some)
    }

    fn check_columns(&self, csv: &CsvShape, name: &str) -> Result<(), InputError> {
        if csv.columns.has_prompt(&self.fields) {
            return Ok(());
        }
        Err(InputError::NoColumn {
            name: name.to_owned(),
            column: self.fields.column.clone().unwrap_or_default(),
            found: csv.columns.header.join(", "),
        })
    }

    /// Sends blocks of rows.
    fn rows<'i>(
        &'i mut self,
        origin: Origin,
        send: &'i mut Send<'_>,
    ) -> impl FnMut(Block<Columns>) -> Result<(), CutFault> + 'i {
        let origin = Arc::new(origin);
        move |block| {
            let batch = self.batch(&origin, Content::Rows(block));
            send(batch).map_err(|Stopped| CutFault::Stopped)
        }
    }

    fn text(&mut self, bytes: Bytes, origin: Origin, send: &mut Send<'_>) -> Result<(), CutFault> {
        let origin = Arc::new(origin);
        cut_text(bytes, &mut |part| {
            let batch = self.batch(&origin, Content::Text(part));
            send(batch).map_err(|Stopped| CutFault::Stopped)
        })
    }

    fn batch(&mut self, origin: &Arc<Origin>, content: Content) -> Batch {
        let number = self.next;
        self.next += 1;
        (self.progress)(self.read.load(Ordering::Relaxed));
        Batch {
            number,
            origin: Arc::clone(origin),
            content,
        }
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
        push(Block {
            first,
            body: Body::Broken(too_long()),
        })?;
        lines = Lines {
            bytes: long.skipped()?,
            first: first + 1,
            block: BATCH,
            longest: LONGEST_ROW,
        };
    }
    Ok(())
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
