//! A thread that counts the records of batches.

use std::borrow::Cow;
use std::sync::Arc;

use memchr::memchr_iter;

use super::records::{At, Records};
use super::rules::Rules;
use crate::diagnostic::Fault;
use crate::tokenizer::count::{Counted, Reason};
use crate::tokenizer::source::{
    Batch, Call, Content, Origin, Place, Prompt, Record, RowKeys, TextPart, each_record,
};

/// What was found in a batch.
pub(super) struct BatchCounts {
    /// The batch's place among all batches.
    pub(super) number: u64,
    pub(super) origin: Arc<Origin>,
    /// In the order of the batch.
    pub(super) found: Vec<Found>,
}

/// One record, or something wrong.
pub(super) enum Found {
    /// A record, of so many rows, as it is counted as the first of the models.
    Counted(Box<Counted>, u64),
    /// A record, of so many rows, whose tokens the service reported and whose request was not
    /// kept.
    Reported(Box<Counted>, u64),
    /// The same record, as another model's.
    Again(Box<Counted>),
    /// A part of a text, counted as each of the models.
    Part(Vec<Counted>, Place),
    /// A record of so many rows that cannot be counted, and the line of the first.
    Faulty(u64, Fault, u64),
    /// So many rows that are no records.
    Ignored(u64),
    /// Something wrong that is no record, at this line.
    Note(u64, Fault),
}

/// Counts records; one for each thread.
pub(super) struct Worker<'w> {
    keys: RowKeys,
    records: Records<'w>,
}

impl<'w> Worker<'w> {
    pub(super) fn new(rules: &'w Rules<'w>) -> Self {
        Self {
            keys: RowKeys::default(),
            records: Records::new(rules),
        }
    }

    /// Counts the records of a batch.
    pub(super) fn count(&mut self, batch: Batch) -> BatchCounts {
        let origin = Arc::clone(&batch.origin);
        let mut found = Vec::new();
        let number = batch.number;
        match batch.content {
            Content::Text(part) => self.text(&part, &origin, &mut found),
            Content::Calls(batch) => {
                for (line, fault) in batch.faults {
                    found.push(Found::Faulty(line, fault, 1));
                }
                for call in batch.calls {
                    self.call(call, &mut found);
                }
                found.push(Found::Ignored(batch.ignored));
            }
            Content::Rows(_) | Content::Cells(_) => {
                let records = &mut self.records;
                each_record(&batch, &mut self.keys, &mut |line, record| {
                    let at = At {
                        origin: &origin,
                        line,
                    };
                    let mut group = Group::new(&mut found, 1);
                    let counted = record.and_then(|record| group.fill(records, &record, at));
                    if let Err(fault) = counted {
                        found.push(Found::Faulty(line, fault, 1));
                    }
                });
            }
        }
        BatchCounts {
            number,
            origin,
            found,
        }
    }

    fn call(&mut self, call: Call, found: &mut Vec<Found>) {
        let (rows, line) = (call.rows, call.line);
        let origin = Arc::clone(&call.origin);
        let at = At {
            origin: &origin,
            line,
        };
        let mut group = Group::new(found, rows);
        let counted = call.record().and_then(|record| {
            if let Some(record) = record {
                return group.fill(&mut self.records, &record, at);
            }
            group.found.push(Found::Ignored(rows));
            Ok(())
        });
        if let Err(fault) = counted {
            found.push(Found::Faulty(line, fault, rows));
        }
    }

    fn text(&mut self, part: &TextPart, origin: &Origin, found: &mut Vec<Found>) {
        let text = String::from_utf8_lossy(&part.bytes);
        let mut counts = Vec::new();
        let counted = self.records.text(&text, &mut |mut counted| {
            if let Cow::Owned(_) = text {
                counted.input.doubt(Reason::InvalidText);
            }
            if part.place == Place::Torn {
                counted.input.doubt(Reason::CutText);
            }
            counted.line = part.line;
            counted.labels.file.clone_from(&origin.name);
            counts.push(counted);
        });
        if let Cow::Owned(_) = text {
            found.push(Found::Note(invalid_line(part), not_utf8()));
        }
        found.push(match counted {
            Ok(()) => Found::Part(counts, part.place),
            Err(fault) => Found::Faulty(part.line, fault, 1),
        });
    }
}

/// The counts of one record.
struct Group<'f> {
    found: &'f mut Vec<Found>,
    rows: u64,
}

impl<'f> Group<'f> {
    const fn new(found: &'f mut Vec<Found>, rows: u64) -> Self {
        Self { found, rows }
    }

    /// Counts a record.
    fn fill(
        &mut self,
        records: &mut Records<'_>,
        record: &Record<'_>,
        at: At<'_>,
    ) -> Result<(), Fault> {
        let is_kept = record.prompt != Prompt::Absent;
        records.count(record, at, &mut |counted| {
            let counted = Box::new(counted);
            let rows = std::mem::take(&mut self.rows);
            self.found.push(match rows {
                0 => Found::Again(counted),
                rows if is_kept => Found::Counted(counted, rows),
                rows => Found::Reported(counted, rows),
            });
        })
    }
}

/// The line of the first byte that is no text.
fn invalid_line(part: &TextPart) -> u64 {
    let valid = std::str::from_utf8(&part.bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let lines = memchr_iter(b'\n', &part.bytes[..valid]).count();
    part.line + u64::try_from(lines).expect("fewer lines than bytes")
}

#[cold]
fn not_utf8() -> Fault {
    Fault::new(
        "text is not UTF-8; bytes that are no text count as replacement characters",
        "save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    )
}
