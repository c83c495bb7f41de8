//! A thread that counts the records of batches.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use memchr::memchr_iter;

use super::records::{At, Records};
use super::rules::Rules;
use super::sample::Key;
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
    /// What was found and the place of its record in the batch, in order.
    pub(super) found: Vec<(u32, Found)>,
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
    /// The places of records that are counted; all of them if there is no such set.
    only: Option<&'w BTreeSet<Key>>,
}

impl<'w> Worker<'w> {
    pub(super) fn new(rules: &'w Rules<'w>, only: Option<&'w BTreeSet<Key>>) -> Self {
        Self {
            keys: RowKeys::default(),
            records: Records::new(rules),
            only,
        }
    }

    /// Counts the records of a batch.
    pub(super) fn count(&mut self, batch: Batch) -> BatchCounts {
        let origin = Arc::clone(&batch.origin);
        let mut findings = Findings::new(batch.number, self.only);
        match batch.content {
            Content::Text(part) => self.text(&part, &origin, &mut findings),
            Content::Calls(batch) => {
                for (line, fault) in batch.faults {
                    findings.push(Found::Faulty(line, fault, 1));
                }
                for call in batch.calls {
                    self.call(call, &mut findings);
                }
                findings.push(Found::Ignored(batch.ignored));
            }
            Content::Rows(_) | Content::Cells(_) => {
                let (keys, records) = (&mut self.keys, &mut self.records);
                each_record(&batch, keys, &mut |line, record| {
                    let at = At {
                        origin: &origin,
                        line,
                    };
                    if findings.begin(1) {
                        let counted =
                            record.and_then(|record| findings.count(records, &record, at));
                        findings.end(line, counted);
                    }
                });
            }
        }
        BatchCounts {
            number: findings.number,
            origin,
            found: findings.found,
        }
    }

    fn call(&mut self, call: Call, findings: &mut Findings<'_>) {
        let (rows, line) = (call.rows, call.line);
        let origin = Arc::clone(&call.origin);
        if !findings.begin(rows) {
            return;
        }
        let counted = call.record().and_then(|record| {
            let at = At {
                origin: &origin,
                line,
            };
            if let Some(record) = record {
                return findings.count(&mut self.records, &record, at);
            }
            findings.push(Found::Ignored(rows));
            Ok(())
        });
        findings.end(line, counted);
    }

    fn text(&mut self, part: &TextPart, origin: &Origin, findings: &mut Findings<'_>) {
        if !findings.begin(1) {
            return;
        }
        let text = String::from_utf8_lossy(&part.bytes);
        let is_valid = matches!(text, Cow::Borrowed(_));
        let mut counts = Vec::new();
        let counted = self.records.text(&text, &mut |mut counted| {
            if !is_valid {
                counted.input.doubt(Reason::InvalidText);
            }
            if part.place == Place::Torn {
                counted.input.doubt(Reason::CutText);
            }
            counted.line = part.line;
            counted.labels.file.clone_from(&origin.name);
            counts.push(counted);
        });
        if !is_valid {
            findings.push(Found::Note(invalid_line(part), not_utf8()));
        }
        if counted.is_ok() {
            findings.push(Found::Part(counts, part.place));
        }
        findings.end(part.line, counted);
    }
}

/// What was found so far in a batch.
struct Findings<'w> {
    number: u64,
    only: Option<&'w BTreeSet<Key>>,
    found: Vec<(u32, Found)>,
    /// The place of the record at hand; the first has 1.
    place: u32,
    /// Rows of the record at hand that were not given to a count yet.
    rows: u64,
}

impl<'w> Findings<'w> {
    const fn new(number: u64, only: Option<&'w BTreeSet<Key>>) -> Self {
        Self {
            number,
            only,
            found: Vec::new(),
            place: 0,
            rows: 0,
        }
    }

    fn push(&mut self, found: Found) {
        self.found.push((self.place, found));
    }

    /// A record of so many rows begins; whether it is to be counted.
    fn begin(&mut self, rows: u64) -> bool {
        self.place += 1;
        self.rows = rows;
        let key = (self.number, self.place);
        self.only.is_none_or(|only| only.contains(&key))
    }

    /// Counts the record at hand.
    fn count(
        &mut self,
        records: &mut Records<'_>,
        record: &Record<'_>,
        at: At<'_>,
    ) -> Result<(), Fault> {
        let is_kept = record.prompt != Prompt::Absent;
        let rows = self.rows;
        let mut is_first = true;
        records.count(record, at, &mut |counted| {
            let counted = Box::new(counted);
            let found = match (std::mem::take(&mut is_first), is_kept) {
                (false, _) => Found::Again(counted),
                (true, true) => Found::Counted(counted, rows),
                (true, false) => Found::Reported(counted, rows),
            };
            self.push(found);
        })
    }

    /// The record at hand ends, at best without fault.
    fn end(&mut self, line: u64, counted: Result<(), Fault>) {
        if let Err(fault) = counted {
            self.push(Found::Faulty(line, fault, self.rows));
        }
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
