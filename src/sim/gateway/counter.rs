//! Counts within a window of time, of which a part may become known later.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;

use crate::time::{SimDuration, SimTime, Timestamp};

/// The window that a count holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    /// The last `span`: each use leaves it `span` after it came.
    Sliding(SimDuration),
    /// Windows of `span` that follow one another since 1970.
    Fixed(SimDuration),
    /// Hours, days … of the calendar, in UTC.
    Calendar(Period),
}

/// A period of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// From one full hour to the next.
    Hour,
    /// From midnight to midnight.
    Day,
    /// From Monday to Monday.
    Week,
    /// From the first to the first.
    Month,
    /// From January to January.
    Year,
}

/// What a consumer used within the window.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    window: Window,
    count: u64,
    /// When a window that does not slide ends.
    end: SimTime,
    /// Uses that a sliding window holds, in order.
    uses: VecDeque<(SimTime, u64)>,
    /// Uses that become known later.
    later: BinaryHeap<Reverse<(SimTime, u64)>>,
}

impl Counter {
    /// Nothing used.
    pub(super) fn new(window: Window) -> Self {
        Self {
            window,
            count: 0,
            end: SimTime::default(),
            uses: VecDeque::new(),
            later: BinaryHeap::new(),
        }
    }

    /// What is used at `now`, as far as it is known.
    pub(super) fn used(&mut self, now: SimTime) -> u64 {
        while let Some(Reverse((at, amount))) = self.later.peek().copied() {
            if at > now {
                break;
            }
            self.later.pop();
            self.count_at(at, amount);
        }
        self.pass(now);
        self.count
    }

    /// Counts a use at `at`, which is not before the time last asked for.
    pub(super) fn add(&mut self, now: SimTime, at: SimTime, amount: u64) {
        if amount == 0 {
            return;
        }
        if at <= now {
            self.count_at(now, amount);
        } else {
            self.later.push(Reverse((at, amount)));
        }
    }

    /// How long after `now` the use is at most `most`, if nothing is added.
    pub(super) fn time_until(&self, now: SimTime, most: Option<u64>) -> SimDuration {
        let Window::Sliding(span) = self.window else {
            return self.end.since(now);
        };
        let mut count = self.count;
        for (at, amount) in &self.uses {
            count -= amount;
            if most.is_some_and(|most| count <= most) {
                return at.after(span).since(now);
            }
        }
        let last = self.uses.back();
        last.map_or(span, |(at, _)| at.after(span).since(now))
    }

    fn count_at(&mut self, at: SimTime, amount: u64) {
        self.pass(at);
        self.count += amount;
        if matches!(self.window, Window::Sliding(_)) {
            match self.uses.back_mut() {
                Some((last, sum)) if *last == at => *sum += amount,
                _ => self.uses.push_back((at, amount)),
            }
        }
    }

    /// Forgets what lies before the window of `now`.
    fn pass(&mut self, now: SimTime) {
        if let Window::Sliding(span) = self.window {
            while let Some((at, amount)) = self.uses.front().copied() {
                if at.after(span) > now {
                    break;
                }
                self.count -= amount;
                self.uses.pop_front();
            }
        } else if now >= self.end {
            self.count = 0;
            self.end = self.window.end(now);
        }
    }
}

impl Window {
    /// When the window that `now` lies in ends.
    fn end(self, now: SimTime) -> SimTime {
        match self {
            Self::Sliding(span) => now.after(span),
            Self::Fixed(span) => next_multiple(now, span),
            Self::Calendar(Period::Hour) => next_multiple(now, SimDuration::from_seconds(3600)),
            Self::Calendar(period) => now
                .timestamp()
                .day()
                .and_then(|day| period.next(day))
                .and_then(|day| SimTime::from_timestamp(Timestamp::start_of(day)))
                .expect("simulated days lie within the calendar"),
        }
    }
}

fn next_multiple(now: SimTime, span: SimDuration) -> SimTime {
    let number = now.micros() / span.micros().max(1);
    SimTime::from_micros((number + 1).saturating_mul(span.micros().max(1)))
}

impl Period {
    /// The first day after the period of `day`; for an hour the day after.
    fn next(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Hour | Self::Day => day.checked_add_days(Days::new(1)),
            Self::Week => {
                let passed = u64::from(day.weekday().num_days_from_monday());
                day.checked_add_days(Days::new(7 - passed))
            }
            Self::Month => day.with_day(1)?.checked_add_months(Months::new(1)),
            Self::Year => NaiveDate::from_ymd_opt(day.year() + 1, 1, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> SimTime {
        SimTime::from_micros(second * 1_000_000)
    }

    /// Reference case T16: 100 tokens in 60 s, sliding.
    #[test]
    fn a_sliding_window_says_when_there_is_room() {
        let mut counter = Counter::new(Window::Sliding(SimDuration::MINUTE));
        for (second, cost) in [(10, 20), (20, 20), (30, 20), (40, 40)] {
            assert!(counter.used(at(second)) + cost <= 100);
            counter.add(at(second), at(second), cost);
        }
        assert_eq!(counter.used(at(50)), 100);
        for (cost, seconds) in [(20, 20), (40, 30), (100, 50)] {
            let wait = counter.time_until(at(50), Some(100 - cost));
            assert_eq!(wait, SimDuration::from_seconds(seconds), "{cost}");
        }
        assert_eq!(counter.used(at(69)), 100);
        assert_eq!(counter.used(at(70)), 80);
    }

    /// Reference case T16: 10 requests in 10 s.
    #[test]
    fn requests_leave_a_sliding_window_one_by_one() {
        let mut counter = Counter::new(Window::Sliding(SimDuration::from_seconds(10)));
        (0..10).for_each(|_| counter.add(at(2), at(2), 1));
        assert_eq!(counter.used(at(5)), 10);
        let wait = counter.time_until(at(5), Some(9));
        assert_eq!(wait, SimDuration::from_seconds(7));
    }

    #[test]
    fn what_becomes_known_later_counts_from_then() {
        let mut counter = Counter::new(Window::Fixed(SimDuration::MINUTE));
        counter.add(at(0), at(50), 600);
        counter.add(at(0), at(70), 400);
        for (second, used) in [(49, 0), (50, 600), (60, 0), (70, 400), (120, 0)] {
            assert_eq!(counter.used(at(second)), used, "{second}");
        }
    }

    #[test]
    fn calendar_windows_end_with_the_calendar() {
        // 2026-11-25 is a Wednesday.
        let day = |text: &str| Timestamp::start_of(text.parse().unwrap());
        let now = SimTime::from_timestamp(day("2026-11-25")).unwrap();
        for (period, end) in [
            (Period::Day, "2026-11-26"),
            (Period::Week, "2026-11-30"),
            (Period::Month, "2026-12-01"),
            (Period::Year, "2027-01-01"),
        ] {
            let end = SimTime::from_timestamp(day(end)).unwrap();
            assert_eq!(Window::Calendar(period).end(now), end, "{period:?}");
        }
        let hour = Window::Calendar(Period::Hour).end(now);
        assert_eq!(hour.since(now), SimDuration::from_seconds(3600));
    }
}
