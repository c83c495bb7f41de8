//! Puts the counts of batches in order.

use std::collections::BTreeMap;

use super::sample::{Sample, Sampler, Sampling};
use super::worker::{BatchCounts, Found};
use crate::diagnostic::{Diagnostics, Fault};
use crate::tokenizer::count::{Counted, Reason};
use crate::tokenizer::source::{InputError, Place};

/// What was found beside counts.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Where every row ended.
    pub rows: Rows,
    /// What was wrong with records.
    pub diagnostics: Diagnostics,
    /// Inputs that could not be read to their end.
    pub errors: Vec<InputError>,
    /// Inputs without any record.
    pub empty: Vec<String>,
    /// How many of the records are texts of their own.
    pub texts: u64,
    /// Some of the counted records.
    pub sample: Sample,
}

/// Rows read, each in exactly one place; a text is one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows read from all inputs.
    pub read: u64,
    /// Rows that are, or begin, a counted record.
    pub counted: u64,
    /// The same, where the service reported the tokens and the request was not kept.
    pub reported: u64,
    /// Further rows of a record.
    pub merged: u64,
    /// Rows that ask nothing of a model.
    pub ignored: u64,
    /// Rows that could not be counted, each record reported with file and line.
    pub faulty: u64,
}

impl Rows {
    /// Whether every row read is accounted for.
    pub const fn balances(&self) -> bool {
        self.read == self.counted + self.reported + self.merged + self.ignored + self.faulty
    }
}

/// Takes counts: the place of the model among those compared, and the count.
pub type Collect<'c, E> = dyn FnMut(usize, &Counted) -> Result<(), E> + 'c;

/// Puts the counts of batches in order.
#[derive(Default)]
pub(super) struct Collector {
    /// The number of the next batch.
    next: u64,
    /// Batches that were counted before an earlier one.
    waiting: BTreeMap<u64, BatchCounts>,
    /// The text whose parts are being added up.
    open: Vec<Counted>,
    /// The place of the last count among those of its record.
    place: usize,
    sampler: Sampler,
    outcome: Outcome,
}

impl Collector {
    pub(super) fn new(sampling: Option<Sampling>) -> Self {
        Self {
            sampler: Sampler::new(sampling),
            ..Self::default()
        }
    }

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
        collect: &mut Collect<'_, E>,
    ) -> Result<(), E> {
        let name = &counts.origin.name;
        for (place, found) in counts.found {
            let key = (counts.number, place);
            match found {
                Found::Counted(counted, of) => {
                    self.sampler.offer(key, &counted);
                    self.outcome.rows.counted += 1;
                    self.first(&counted, of, collect)?;
                }
                Found::Reported(counted, of) => {
                    self.outcome.rows.reported += 1;
                    self.first(&counted, of, collect)?;
                }
                Found::Again(counted) => {
                    self.sampler.again(&counted);
                    self.counted(&counted, collect)?;
                }
                Found::Part(parts, place) => {
                    for (model, part) in parts.iter().enumerate() {
                        match model {
                            0 => self.sampler.offer(key, part),
                            _ => self.sampler.again(part),
                        }
                    }
                    self.part(parts, place, collect)?;
                }
                Found::Ignored(of) => {
                    self.outcome.rows.read += of;
                    self.outcome.rows.ignored += of;
                }
                Found::Faulty(line, fault, of) => {
                    self.outcome.rows.read += of;
                    self.outcome.rows.faulty += of;
                    self.outcome.diagnostics.add(fault.at(name, line));
                }
                Found::Note(line, fault) => self.outcome.diagnostics.add(fault.at(name, line)),
            }
        }
        Ok(())
    }

    /// Adds a part to its text; the last one makes it a record.
    fn part<E>(
        &mut self,
        parts: Vec<Counted>,
        place: Place,
        collect: &mut Collect<'_, E>,
    ) -> Result<(), E> {
        if self.open.is_empty() {
            self.open = parts;
        } else {
            for (whole, part) in self.open.iter_mut().zip(&parts) {
                whole.input.merge(&part.input);
            }
        }
        if place != Place::Last {
            return Ok(());
        }
        self.outcome.rows.read += 1;
        self.outcome.rows.counted += 1;
        self.outcome.texts += 1;
        self.place = 0;
        for whole in std::mem::take(&mut self.open) {
            self.counted(&whole, collect)?;
        }
        Ok(())
    }

    /// Takes a record of so many rows, as it is counted as the first of the models.
    fn first<E>(
        &mut self,
        counted: &Counted,
        rows: u64,
        collect: &mut Collect<'_, E>,
    ) -> Result<(), E> {
        self.outcome.rows.read += rows;
        self.outcome.rows.merged += rows - 1;
        self.place = 0;
        self.counted(counted, collect)
    }

    fn counted<E>(&mut self, counted: &Counted, collect: &mut Collect<'_, E>) -> Result<(), E> {
        let is_unknown = counted
            .input
            .reasons()
            .any(|reason| reason == Reason::UnknownModel);
        if is_unknown {
            let fault = unknown_model().showing(&counted.labels.model);
            let place = fault.at(&counted.labels.file, counted.line);
            self.outcome.diagnostics.add(place);
        }
        let place = self.place;
        self.place += 1;
        collect(place, counted)
    }

    pub(super) fn finish(self) -> Outcome {
        Outcome {
            sample: self.sampler.finish(),
            ..self.outcome
        }
    }
}

#[cold]
fn unknown_model() -> Fault {
    Fault::new(
        "no model of this name is known; it is counted as o200k_base",
        "map deployments to models with [[deployment]] in tollbook.toml, or give --model",
    )
}
