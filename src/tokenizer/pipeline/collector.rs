//! Puts the counts of batches in order.

use std::collections::BTreeMap;

use super::worker::{BatchCounts, Found};
use crate::diagnostic::Diagnostics;
use crate::tokenizer::count::Counted;
use crate::tokenizer::source::{InputError, Place};

/// What was found beside counts.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Where every record ended.
    pub rows: Rows,
    /// What was wrong with records.
    pub diagnostics: Diagnostics,
    /// Inputs that could not be read to their end.
    pub errors: Vec<InputError>,
    /// Inputs without any record.
    pub empty: Vec<String>,
}

/// Records read, each in exactly one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Records read from all inputs.
    pub read: u64,
    /// Records that were counted.
    pub counted: u64,
    /// Records that could not be, each reported with file and line.
    pub faulty: u64,
}

/// Puts the counts of batches in order.
#[derive(Default)]
pub(super) struct Collector {
    /// The number of the next batch.
    next: u64,
    /// Batches that were counted before an earlier one.
    waiting: BTreeMap<u64, BatchCounts>,
    /// The text whose parts are being added up.
    open: Option<Box<Counted>>,
    outcome: Outcome,
}

impl Collector {
    /// The batches whose turn it is, now that `counts` are there.
    pub(super) fn in_order(&mut self, counts: BatchCounts) -> Vec<BatchCounts> {
        self.waiting.insert(counts.number, counts);
        let mut ready = Vec::new();
        while let Some(counts) = self.waiting.remove(&self.next) {
            self.next += 1;
            ready.push(counts);
        }
        ready
    }

    /// Takes a batch.
    pub(super) fn take<E>(
        &mut self,
        counts: BatchCounts,
        collect: &mut dyn FnMut(&Counted) -> Result<(), E>,
    ) -> Result<(), E> {
        for found in counts.found {
            match found {
                Found::Counted(counted) => self.counted(&counted, collect)?,
                Found::Part(counted, place) => {
                    let whole = self.joined(counted);
                    match place {
                        Place::Before | Place::Torn => self.open = Some(whole),
                        Place::Last => self.counted(&whole, collect)?,
                    }
                }
                Found::Faulty(line, fault) => {
                    self.outcome.rows.read += 1;
                    self.outcome.rows.faulty += 1;
                    let name = &counts.origin.name;
                    self.outcome.diagnostics.add(fault.at(name, line));
                }
                Found::Note(line, fault) => {
                    let name = &counts.origin.name;
                    self.outcome.diagnostics.add(fault.at(name, line));
                }
            }
        }
        Ok(())
    }

    fn counted<E>(
        &mut self,
        counted: &Counted,
        collect: &mut dyn FnMut(&Counted) -> Result<(), E>,
    ) -> Result<(), E> {
        self.outcome.rows.read += 1;
        self.outcome.rows.counted += 1;
        collect(counted)
    }

    /// The parts of a text up to this one.
    fn joined(&mut self, part: Box<Counted>) -> Box<Counted> {
        match self.open.take() {
            None => part,
            Some(mut whole) => {
                whole.input.merge(&part.input);
                whole
            }
        }
    }

    pub(super) fn finish(self) -> Outcome {
        self.outcome
    }
}
