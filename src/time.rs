//! Points and spans of time: usage times, days and billing periods, all in UTC.

pub(crate) mod notation;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::Serialize;
use thiserror::Error;

/// A point in time [µs since 1970-01-01T00:00:00Z].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

const MICROS_PER_DAY: i64 = 86_400_000_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;

impl Timestamp {
    /// The point `micros` µs after 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Midnight at the start of `day`.
    pub fn start_of(day: NaiveDate) -> Self {
        Self::from_naive(day.and_time(NaiveTime::MIN))
    }

    /// The point in UTC that `datetime` names.
    pub fn from_naive(datetime: NaiveDateTime) -> Self {
        Self(datetime.and_utc().timestamp_micros())
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole minutes since 1970, rounded down.
    pub const fn minutes(self) -> i64 {
        self.0.div_euclid(MICROS_PER_MINUTE)
    }

    /// The number of the UTC day since 1970, rounded down.
    pub fn day_number(self) -> i32 {
        i32::try_from(self.0.div_euclid(MICROS_PER_DAY)).expect("64-bit µs span under 2^31 days")
    }

    /// The UTC day, or `None` outside the years a calendar can show.
    pub fn day(self) -> Option<NaiveDate> {
        self.datetime().map(|datetime| datetime.date_naive())
    }

    fn datetime(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.datetime() {
            Some(datetime) => write!(f, "{}", datetime.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
            None => write!(f, "{} µs", self.0),
        }
    }
}

/// A point of simulated time [µs since 1970-01-01T00:00:00Z]. It never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(u64);

/// A span of simulated time [µs].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(u64);

impl SimTime {
    /// The point `micros` µs after 1970.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// The point that a log or trace names; `None` before 1970.
    pub fn from_timestamp(time: Timestamp) -> Option<Self> {
        u64::try_from(time.0).ok().map(Self)
    }

    /// The same point as a usage time.
    pub fn timestamp(self) -> Timestamp {
        Timestamp(i64::try_from(self.0).expect("simulated time stays within 292,000 years"))
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Whole minutes since 1970, rounded down.
    pub const fn minutes(self) -> u64 {
        self.0 / SimDuration::MINUTE.0
    }

    /// The span from `earlier` to here; empty when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }

    /// The point `span` from here.
    #[must_use]
    pub const fn after(self, span: SimDuration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl SimDuration {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One second.
    pub const SECOND: Self = Self(1_000_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000);

    /// A span of so many microseconds.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// A span of so many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis * 1_000)
    }

    /// A span of so many seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds * 1_000_000)
    }

    /// Microseconds.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Milliseconds, rounded up.
    pub const fn millis_up(self) -> u64 {
        self.0.div_ceil(1_000)
    }

    /// Seconds, rounded up.
    pub const fn seconds_up(self) -> u64 {
        self.0.div_ceil(1_000_000)
    }

    /// Whether nothing passes.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both spans, one after the other.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The part beyond `other`; nothing when `other` is longer.
    #[must_use]
    pub const fn beyond(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `count` times this span.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

/// The day `number` days after 1970-01-01, the inverse of [`Timestamp::day_number`].
pub fn day_from_number(number: i32) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(number)
}

/// A billing period: half-open, whole UTC days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct BillingPeriod {
    start: NaiveDate,
    end: NaiveDate,
}

/// Why a text is not a billing period.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error(
    "{found:?} is not a billing period; expected a month such as 2026-10, or first and last \
     such as 2026-10..2026-12 or 2026-10-05..2026-10-18"
)]
pub struct PeriodError {
    found: String,
}

impl BillingPeriod {
    /// The period from `start` up to, not including, `end`; `None` when that is empty.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// The first day.
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// The day after the last.
    pub const fn end(self) -> NaiveDate {
        self.end
    }

    /// Every day of the period, in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.start
            .iter_days()
            .take_while(move |day| *day < self.end)
    }

    /// Whether `time` lies in the period.
    pub fn contains(self, time: Timestamp) -> bool {
        Timestamp::start_of(self.start) <= time && time < Timestamp::start_of(self.end)
    }

    /// Whether `day` lies in the period.
    pub fn contains_day(self, day: NaiveDate) -> bool {
        self.start <= day && day < self.end
    }
}

impl FromStr for BillingPeriod {
    type Err = PeriodError;

    /// Reads a month, a range of months, or a range of days; both ends of a range are included.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let both_months = first.len() == last.len();
        span(first)
            .zip(span(last))
            .filter(|_| both_months && (text.contains("..") || first.len() == "2026-10".len()))
            .and_then(|((start, _), (_, end))| Self::new(start, end))
            .ok_or_else(|| PeriodError {
                found: text.to_owned(),
            })
    }
}

/// The half-open span that a month or a day names.
fn span(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    match text.len() {
        7 => {
            let start = format!("{text}-01").parse().ok()?;
            Some((start, start.checked_add_months(Months::new(1))?))
        }
        10 => {
            let start: NaiveDate = text.parse().ok()?;
            Some((start, start.checked_add_days(Days::new(1))?))
        }
        _ => None,
    }
}

impl fmt::Display for BillingPeriod {
    /// Writes the period as it is typed: `2026-10`, `2026-10..2026-12` or two days.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self
            .end
            .pred_opt()
            .expect("a period has a first day before its end");
        if self.start.day() != 1 || self.end.day() != 1 {
            return write!(f, "{}..{last}", self.start);
        }
        let (first_month, last_month) = (self.start.format("%Y-%m"), last.format("%Y-%m"));
        if self.start.checked_add_months(Months::new(1)) == Some(self.end) {
            return write!(f, "{first_month}");
        }
        write!(f, "{first_month}..{last_month}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written_alike() {
        for text in [
            "2026-10",
            "2026-12",
            "2024-10..2024-12",
            "2026-10-05..2026-10-05",
        ] {
            assert_eq!(text.parse::<BillingPeriod>().unwrap().to_string(), text);
        }
        let whole: BillingPeriod = "2026-10-01..2026-10-31".parse().unwrap();
        assert_eq!(whole.to_string(), "2026-10");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-10-05",
            "2026-11..2026-10",
            "2026-10..2026-11-05",
        ] {
            assert!(text.parse::<BillingPeriod>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_end_is_outside() {
        let october: BillingPeriod = "2026-10".parse().unwrap();
        assert!(october.contains(Timestamp::start_of(october.start())));
        assert!(!october.contains(Timestamp::start_of(october.end())));
        assert_eq!(october.days().count(), 31);
    }

    #[test]
    fn days_before_1970_round_down() {
        assert_eq!(Timestamp::from_micros(-1).day_number(), -1);
        assert_eq!(day_from_number(0), NaiveDate::from_ymd_opt(1970, 1, 1));
    }
}
