//! The largest records, and those over budget.

use crate::tokenizer::count::{Counted, Labels};

/// The records with the most input.
#[derive(Clone, Debug)]
pub struct Largest {
    most: usize,
    budget: Option<u64>,
    over_budget: u64,
    records: Vec<LargestRecord>,
}

/// Where a large record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LargestRecord {
    /// What it says of itself.
    pub labels: Labels,
    /// Line of the file, or row, from 1.
    pub line: u64,
    /// Its input [token].
    pub input: u64,
}

impl Largest {
    /// None yet; at most `most` will be kept.
    pub(super) const fn new(most: usize, budget: Option<u64>) -> Self {
        Self {
            most,
            budget,
            over_budget: 0,
            records: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, counted: &Counted) {
        let input = counted.input.total();
        if self.budget.is_some_and(|budget| input > budget) {
            self.over_budget += 1;
        }
        let is_full = self.records.len() >= self.most;
        if is_full && self.records.last().is_none_or(|last| input <= last.input) {
            return;
        }
        let at = self.records.partition_point(|known| known.input >= input);
        self.records.insert(
            at,
            LargestRecord {
                labels: counted.labels.clone(),
                line: counted.line,
                input,
            },
        );
        self.records.truncate(self.most);
    }

    /// The records, the largest first; of equal ones the earlier first.
    pub fn records(&self) -> &[LargestRecord] {
        &self.records
    }

    /// The most input that a record may have [token].
    pub const fn budget(&self) -> Option<u64> {
        self.budget
    }

    /// How many records have more.
    pub const fn over_budget(&self) -> u64 {
        self.over_budget
    }
}
