//! Runs of days on which the same rules and rates hold.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::time::BillingPeriod;

/// A period cut at given days. Inside a segment nothing changes, so usage is added up first and
/// priced, adjusted and converted once.
#[derive(Clone, Debug)]
pub(super) struct Segments {
    period: BillingPeriod,
    /// The segment of each day of the period.
    of_day: Vec<u32>,
    /// The first day of each segment.
    starts: Vec<NaiveDate>,
}

impl Segments {
    /// `period` cut before each of `cuts` that lies in it.
    pub(super) fn cut(period: BillingPeriod, cuts: impl IntoIterator<Item = NaiveDate>) -> Self {
        let cuts: BTreeSet<NaiveDate> = cuts.into_iter().collect();
        let (mut of_day, mut starts) = (Vec::new(), Vec::new());
        for day in period.days() {
            if starts.is_empty() || cuts.contains(&day) {
                starts.push(day);
            }
            of_day
                .push(u32::try_from(starts.len() - 1).expect("a period has fewer than 2^32 days"));
        }
        Self {
            period,
            of_day,
            starts,
        }
    }

    /// The number of `day` in the period; `None` outside.
    pub(super) fn day_index(&self, day: NaiveDate) -> Option<usize> {
        let offset = day.signed_duration_since(self.period.start()).num_days();
        usize::try_from(offset)
            .ok()
            .filter(|index| *index < self.of_day.len())
    }

    /// The segment of the day with this number.
    pub(super) fn of(&self, day_index: usize) -> u32 {
        self.of_day[day_index]
    }

    /// The first day of a segment.
    pub(super) fn start(&self, segment: u32) -> NaiveDate {
        self.starts[segment as usize]
    }

    /// How many segments there are.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// Every day of the period with its number.
    pub(super) fn days(&self) -> impl Iterator<Item = (usize, NaiveDate)> {
        self.period.days().enumerate()
    }
}
