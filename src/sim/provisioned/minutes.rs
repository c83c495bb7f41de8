//! The minutes of a deployment: the last ones for those who watch it, all of them for its outcome.

use std::collections::VecDeque;

use super::Minute;
use crate::sim::series::{Entry, Series};

/// Whole minutes so far, in order and without gaps.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Minutes {
    series: Series,
    /// How many of the last minutes are watched.
    watched: usize,
    /// The last minutes, as they were.
    recent: VecDeque<Minute>,
    /// What is before them, as the series has it.
    kept: Vec<Minute>,
}

impl Minutes {
    /// None yet; the last `watched` of them can be looked at.
    pub(in crate::sim) fn new(series: Series, watched: usize) -> Self {
        Self {
            series,
            watched,
            ..Self::default()
        }
    }

    /// Adds the next.
    pub(super) fn push(&mut self, minute: Minute) {
        self.recent.push_back(minute);
        if self.recent.len() > self.watched {
            self.keep_oldest();
        }
    }

    /// The minute of this number; `None` where it is not over, or not watched any more.
    pub(super) fn get(&self, number: u64) -> Option<&Minute> {
        let first = self.recent.front()?.minute;
        let place = usize::try_from(number.checked_sub(first)?).ok()?;
        self.recent.get(place)
    }

    /// All of them, as the series has them.
    pub(super) fn finish(mut self) -> Vec<Minute> {
        while !self.recent.is_empty() {
            self.keep_oldest();
        }
        self.kept
    }

    fn keep_oldest(&mut self) {
        if let Some(minute) = self.recent.pop_front() {
            self.series.keep(&mut self.kept, minute);
        }
    }
}

impl Entry for Minute {
    fn minute(&self) -> u64 {
        self.minute
    }

    fn begin_with(&mut self, minute: u64) {
        self.minute = minute;
    }

    fn absorb(&mut self, later: Self) {
        self.drained = self.drained.plus(later.drained);
        self.capacity = self.capacity.plus(later.capacity);
        self.end_level = later.end_level;
        self.refused += later.refused;
    }

    fn is_worth_keeping(&self) -> bool {
        true
    }
}
