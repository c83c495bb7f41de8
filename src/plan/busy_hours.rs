//! Hours of the week in which more is deployed.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Timelike, Weekday};
use thiserror::Error;

use super::span::Span;
use crate::time::{SimDuration, SimTime};

/// One hour.
const HOUR: SimDuration = SimDuration::from_seconds(3_600);

/// Hours of the week: from one full hour to another on some days, in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BusyHours {
    from: u32,
    until: u32,
    first: Weekday,
    last: Weekday,
    /// Local time minus UTC [min].
    offset: i32,
}

/// A text that is no hours of the week.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error(
    "{found:?} is no hours of the week; expected full hours, and days where not all count, such as \
     8-18 or 8-18,mon-fri or 22-6"
)]
pub struct BusyHoursError {
    found: String,
}

impl FromStr for BusyHours {
    type Err = BusyHoursError;

    /// Reads `8-18` or `8-18,mon-fri`; hours and days may run over midnight and over Sunday.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || BusyHoursError {
            found: text.to_owned(),
        };
        let (hours, days) = text.split_once(',').unwrap_or((text, "mon-sun"));
        let (from, until) = hours.split_once('-').ok_or_else(refused)?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let hour = |text: &str| text.trim().parse().ok().filter(|hour| *hour <= 24);
        let day = |text: &str| text.trim().parse::<Weekday>().map_err(|_| refused());
        let (from, until) = hour(from).zip(hour(until)).ok_or_else(refused)?;
        let hours = Self {
            from,
            until,
            first: day(first)?,
            last: day(last)?,
            offset: 0,
        };
        if from == until || from == 24 {
            return Err(refused());
        }
        Ok(hours)
    }
}

impl fmt::Display for BusyHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.until)?;
        if self.days() < 7 {
            write!(f, ",{}-{}", self.first, self.last)?;
        }
        Ok(())
    }
}

impl BusyHours {
    /// The same hours of a time that is `minutes` ahead of UTC.
    #[must_use]
    pub const fn ahead_of_utc(self, minutes: i32) -> Self {
        Self {
            offset: minutes,
            ..self
        }
    }

    /// How many hours of a week they are [h].
    pub const fn hours_a_week(&self) -> u32 {
        self.hours_a_day() * self.days()
    }

    /// How many hours of a day that counts they are [h].
    pub const fn hours_a_day(&self) -> u32 {
        if self.from < self.until {
            self.until - self.from
        } else {
            24 - self.from + self.until
        }
    }

    /// Days of the week that count.
    const fn days(&self) -> u32 {
        self.last.days_since(self.first) + 1
    }

    /// Whether the hour that starts at a moment is one of them. Hours after midnight belong to the
    /// day on which their evening began.
    fn holds(&self, at: SimTime) -> bool {
        let offset = i64::from(self.offset) * 60;
        let seconds = i64::try_from(at.micros() / 1_000_000).unwrap_or(i64::MAX);
        let Some(local) = DateTime::from_timestamp(seconds.saturating_add(offset), 0) else {
            return false;
        };
        let (hour, today) = (local.hour(), local.weekday());
        let on = |day: Weekday| day.days_since(self.first) < self.days();
        if self.from < self.until {
            return on(today) && self.from <= hour && hour < self.until;
        }
        (on(today) && hour >= self.from) || (on(today.pred()) && hour < self.until)
    }

    /// The stretches of a span that they cover, in order; both ends are cut to the span.
    pub fn within(&self, span: Span) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        // Local hours start on the half hour where the offset does.
        let shift = u64::from(self.offset.rem_euclid(60).unsigned_abs()) * 60_000_000;
        let first = (span.start.micros() + shift) / HOUR.micros() * HOUR.micros();
        let mut start = SimTime::from_micros(first.saturating_sub(shift));
        while start < span.end {
            let next = start.after(HOUR);
            if self.holds(start) {
                let (from, until) = (start.max(span.start), next.min(span.end));
                match found.last_mut() {
                    Some(last) if last.end == from => last.end = until,
                    _ => found.push(Span {
                        start: from,
                        end: until,
                    }),
                }
            }
            start = next;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday 5 October 2026, so many hours later.
    fn at(hours: u64) -> SimTime {
        SimTime::from_micros((1_791_158_400 + hours * 3_600) * 1_000_000)
    }

    fn stretches(text: &str, offset: i32) -> Vec<(u64, u64)> {
        let hours: BusyHours = text.parse().unwrap();
        let week = Span {
            start: at(0),
            end: at(168),
        };
        let since = |time: SimTime| time.since(at(0)).micros() / HOUR.micros();
        let found = hours.ahead_of_utc(offset).within(week);
        let found = found.iter();
        found
            .map(|one| (since(one.start), since(one.end)))
            .collect()
    }

    #[test]
    fn working_days_have_five_stretches() {
        let days = [(8, 18), (32, 42), (56, 66), (80, 90), (104, 114)];
        assert_eq!(stretches("8-18,mon-fri", 0), days);
        assert_eq!(stretches("8-18,mon-fri", 120)[0], (6, 16));
        assert_eq!(stretches("8-18,tue", 0), [(32, 42)]);
    }

    #[test]
    fn nights_belong_to_the_day_they_begin_on() {
        assert_eq!(stretches("22-6,fri-sat", 0), [(118, 126), (142, 150)]);
        assert_eq!(stretches("0-24", 0), [(0, 168)]);
        assert_eq!(stretches("12-24,sun-mon", 0), [(12, 24), (156, 168)]);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "8",
            "8-25",
            "8-8",
            "24-8",
            "8-18,someday",
            "8-18,mon-fri,sat",
        ] {
            assert!(text.parse::<BusyHours>().is_err(), "{text:?}");
        }
    }
}
