//! One series of requests hour by hour, and what its own rhythm expects of an hour.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};

use crate::check::tally::Hours;
use crate::time::BillingPeriod;

/// Hours of a day.
const DAY: usize = 24;

/// Most comparable days on each side of a day: the nearest tell most, for use grows.
const NEAREST: usize = 10;

/// Fewest days that tell a rhythm.
const FEWEST: usize = 3;

/// A series from the first to the last hour with requests.
#[derive(Clone, Debug)]
pub(super) struct Course {
    first_day: NaiveDate,
    /// How many days after a Monday the first day is.
    weekday: usize,
    /// Requests of every hour of whole days.
    hours: Vec<u32>,
    /// From the first hour with a request to the end of the last: what lies outside may be before
    /// the app was there, or after it.
    known: Range<usize>,
}

/// What an hour's comparable days say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// Requests that are usual.
    pub(super) requests: u32,
    /// The days that this rests on.
    pub(super) days: usize,
}

impl Course {
    /// The days of a series that lie in `period`; `None` where there is no request.
    pub(super) fn of(days: &BTreeMap<NaiveDate, Hours>, period: BillingPeriod) -> Option<Self> {
        let mut days = days.range(period.start()..period.end());
        let first_day = *days.clone().next()?.0;
        let last_day = *days.clone().next_back()?.0;
        let count = last_day.signed_duration_since(first_day).num_days() + 1;
        let count = usize::try_from(count).ok()?;
        let mut hours = vec![0; count * DAY];
        days.try_for_each(|(day, requests)| {
            let at = usize::try_from(day.signed_duration_since(first_day).num_days()).ok()?;
            hours[at * DAY..][..DAY].copy_from_slice(requests);
            Some(())
        })?;
        let first = hours.iter().position(|requests| *requests > 0)?;
        let last = hours.iter().rposition(|requests| *requests > 0)?;
        Some(Self {
            first_day,
            weekday: usize::try_from(first_day.weekday().num_days_from_monday()).ok()?,
            hours,
            known: first..last + 1,
        })
    }

    /// The same, known up to where `other` ends.
    pub(super) fn until_end_of(mut self, other: &Self) -> Self {
        let end = other.offset_to(&self) + i64::try_from(other.known.end).unwrap_or(0);
        let end = usize::try_from(end).unwrap_or(0).max(self.known.end);
        let days = end.div_ceil(DAY);
        self.hours.resize(days * DAY, 0);
        self.known.end = end;
        self
    }

    /// By how many hours this series' own numbers must be moved to be those of `other`.
    fn offset_to(&self, other: &Self) -> i64 {
        let days = self.first_day.signed_duration_since(other.first_day);
        days.num_hours()
    }

    /// The hours that are known.
    pub(super) fn known(&self) -> Range<usize> {
        self.known.clone()
    }

    /// How many days are known, counting those that are known in part.
    pub(super) fn days(&self) -> usize {
        self.known.end.div_ceil(DAY) - self.known.start / DAY
    }

    /// Requests of an hour; `None` where it is not known.
    pub(super) fn requests(&self, hour: usize) -> Option<u32> {
        self.known.contains(&hour).then(|| self.hours[hour])
    }

    /// All requests.
    pub(super) fn total(&self) -> u64 {
        self.hours.iter().copied().map(u64::from).sum()
    }

    /// The number that an hour of this series has in `other`.
    pub(super) fn hour_in(&self, other: &Self, hour: usize) -> Option<usize> {
        usize::try_from(self.offset_to(other) + i64::try_from(hour).ok()?).ok()
    }

    /// The known hours of the day of `hour` that come before it.
    pub(super) fn same_day_before(&self, hour: usize) -> Range<usize> {
        (hour / DAY * DAY).max(self.known.start)..hour
    }

    /// The known hours of the day of the last hour before `end` that come after that.
    pub(super) fn same_day_after(&self, end: usize) -> Range<usize> {
        end..(end.div_ceil(DAY) * DAY).min(self.known.end)
    }

    /// Whether an hour is of the first or the last day that is known.
    pub(super) fn is_edge(&self, hour: usize) -> bool {
        [self.known.start, self.known.end - 1]
            .iter()
            .any(|edge| edge / DAY == hour / DAY)
    }

    /// The longest runs of known hours without a request, in order.
    pub(super) fn silences(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for hour in self.known() {
            if self.hours[hour] > 0 {
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.end == hour => run.end += 1,
                _ => runs.push(hour..hour + 1),
            }
        }
        runs
    }

    /// What is usual in `hour`, by the days that `away`, a run of hours around it, leaves out: the
    /// median of the same hour of the nearest comparable days. Of what both sides and each side by
    /// itself say, the least counts: use that grows, begins or ends is no gap. Of a
    /// weekend, a side without other weekend days speaks by half of its weekdays. `None` where fewer than three days can tell.
    pub(super) fn expected(&self, hour: usize, away: &Range<usize>) -> Option<Expected> {
        let alike = |day| self.is_weekend(day) == self.is_weekend(hour / DAY);
        let sides = self.near(hour, away, &alike);
        let few = sides.iter().map(Vec::len).sum::<usize>() < FEWEST;
        let others = if few || sides.iter().any(Vec::is_empty) {
            self.near(hour, away, &|_| true)
        } else {
            [Vec::new(), Vec::new()]
        };
        let mut all = if few { others.concat() } else { sides.concat() };
        if all.len() < FEWEST {
            return None;
        }
        let spoken = sides.into_iter().zip(others).map(|(mut alike, mut any)| {
            let any = lower_median(&mut any);
            let of_weekend = any.filter(|_| self.is_weekend(hour / DAY));
            let unlike = if few {
                any
            } else {
                of_weekend.map(|any| any / 2)
            };
            lower_median(&mut alike).filter(|_| !few).or(unlike)
        });
        let least = spoken.flatten().min();
        Some(Expected {
            requests: least.into_iter().chain(lower_median(&mut all)).min()?,
            days: all.len(),
        })
    }

    /// The same hour of the nearest days before and after `away` that are `alike`.
    fn near(
        &self,
        hour: usize,
        away: &Range<usize>,
        alike: &dyn Fn(usize) -> bool,
    ) -> [Vec<u32>; 2] {
        let of_day = hour % DAY;
        let requests = |day| self.hours[day * DAY + of_day];
        let (first, last) = (away.start / DAY, away.end.div_ceil(DAY));
        let before = (self.known.start / DAY..first).rev();
        let before = before.filter(|day| alike(*day));
        let after = (last..self.known.end.div_ceil(DAY)).filter(|day| alike(*day));
        [
            before.map(requests).take(NEAREST).collect(),
            after.map(requests).take(NEAREST).collect(),
        ]
    }

    fn is_weekend(&self, day: usize) -> bool {
        (self.weekday + day) % 7 >= 5
    }

    fn day(&self, day: usize) -> NaiveDate {
        let days = Days::new(u64::try_from(day).expect("days of a calendar fit 64 bits"));
        self.first_day + days
    }

    /// The whole days within a run of hours.
    pub(super) fn whole_days(&self, run: &Range<usize>) -> Range<NaiveDate> {
        let (first, end) = (run.start.div_ceil(DAY), run.end / DAY);
        self.day(first)..self.day(end.max(first))
    }

    /// The start of an hour, to the hour.
    pub(super) fn moment(&self, hour: usize) -> String {
        format!("{}T{:02}:00Z", self.day(hour / DAY), hour % DAY)
    }
}

/// The median; of an even number, the lower of the two in the middle. `None` of none.
fn lower_median(values: &mut [u32]) -> Option<u32> {
    values.sort_unstable();
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied()
}
