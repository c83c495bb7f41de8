//! The rate of requests over time.

use std::f64::consts::TAU;

use chrono::Datelike;

use crate::time::{SimTime, Timestamp};

/// How the rate changes over days, weeks and months. The factors multiply, and are not scaled to
/// a mean of 1: a factor of 1 is the rate as stated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Over the day.
    pub daily: Daily,
    /// Factors of Monday to Sunday; `None` is 1 each.
    pub weekly: Option<[f64; 7]>,
    /// From day to day, or month to month.
    pub growth: Growth,
    /// Local time of days and hours [minutes east of UTC].
    pub offset_minutes: i32,
}

/// How the rate changes over the day.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Daily {
    /// Not at all.
    #[default]
    Flat,
    /// Factors of the hours from midnight.
    Hours([f64; 24]),
    /// A wave: 1 + amplitude × cos(2π (hour − peak) / 24).
    Sine {
        /// From 0, flat, to 1, which is silent twelve hours from the peak.
        amplitude: f64,
        /// The hour of most requests, from 0 to 24.
        peak_hour: f64,
    },
}

/// How the rate grows; it steps at midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Growth {
    /// Not at all.
    #[default]
    None,
    /// By so many percent each day, compounded.
    PercentPerDay(f64),
    /// By so many percent on the first of each month, compounded.
    PercentPerMonth(f64),
}

/// The highest rate [request/s]: a thousand requests in a microsecond are a mistake.
const HIGHEST: f64 = 1e9;

const MICROS_PER_SECOND: f64 = 1e6;
const MICROS_PER_MINUTE: i64 = 60_000_000;
const MICROS_PER_HOUR: i64 = 3_600_000_000;
const MICROS_PER_DAY: i64 = 24 * MICROS_PER_HOUR;

/// The parts of a rate over time, one after the other.
#[derive(Debug)]
pub(super) struct RateCurve {
    rate: f64,
    profile: Profile,
    from: SimTime,
    now: SimTime,
    until: SimTime,
}

/// A part in which the rate is even, or follows one wave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    start: SimTime,
    /// [µs]
    length: f64,
    /// [µs/request]; infinite where there are no requests.
    gap: f64,
    wave: Option<Wave>,
}

/// 1 + amplitude × cos(2π (x − peak) / day).
#[derive(Clone, Copy, Debug)]
struct Wave {
    amplitude: f64,
    /// Place of the peak [µs from the start of the segment].
    peak: f64,
}

impl RateCurve {
    /// The curve from `from` up to, not including, `until`; or what is wrong with its numbers.
    pub(super) fn new(
        rate: f64,
        profile: &Profile,
        from: SimTime,
        until: SimTime,
    ) -> Result<Self, String> {
        if !(rate > 0.0 && rate <= HIGHEST) {
            return Err(format!(
                "the rate is {rate} requests a second; expected more than 0 and at most {HIGHEST}"
            ));
        }
        if from >= until {
            return Err("it ends before it starts; expected `until` after `from`".to_owned());
        }
        profile.check()?;
        Ok(Self {
            rate,
            profile: profile.clone(),
            from,
            now: from,
            until,
        })
    }

    /// The next part; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Segment>, String> {
        if self.now >= self.until {
            return Ok(None);
        }
        let local = self.local(self.now);
        let step = self.profile.step();
        let left = step.map_or(u64::MAX, |step| {
            let left = step - local.rem_euclid(step);
            u64::try_from(left).expect("the rest of a step is positive")
        });
        let start = self.now;
        let end = SimTime::from_micros(start.micros().saturating_add(left)).min(self.until);
        let rate = self.rate * self.factor(local);
        if rate.is_nan() || rate > HIGHEST {
            return Err(format!(
                "growth takes the rate beyond {HIGHEST} requests a second on {}",
                start.timestamp()
            ));
        }
        self.now = end;
        Ok(Some(Segment {
            start,
            length: micros(end.since(start).micros()),
            gap: MICROS_PER_SECOND / rate,
            wave: self.wave(local),
        }))
    }

    /// Local time [µs since 1970-01-01].
    fn local(&self, time: SimTime) -> i64 {
        time.timestamp().micros() + i64::from(self.profile.offset_minutes) * MICROS_PER_MINUTE
    }

    fn wave(&self, local: i64) -> Option<Wave> {
        let Daily::Sine {
            amplitude,
            peak_hour,
        } = self.profile.daily
        else {
            return None;
        };
        let passed = micros(local.rem_euclid(MICROS_PER_DAY).unsigned_abs());
        let peak = peak_hour * micros(MICROS_PER_HOUR.unsigned_abs()) - passed;
        Some(Wave { amplitude, peak })
    }

    /// The product of all factors but that of the wave.
    fn factor(&self, local: i64) -> f64 {
        let day = local.div_euclid(MICROS_PER_DAY);
        // 1970-01-01 was a Thursday, three days after Monday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).expect("a day of the week");
        let hour = local.rem_euclid(MICROS_PER_DAY) / MICROS_PER_HOUR;
        let hour = usize::try_from(hour).expect("an hour of the day");
        let daily = match &self.profile.daily {
            Daily::Hours(factors) => factors[hour],
            Daily::Flat | Daily::Sine { .. } => 1.0,
        };
        let weekly = self.profile.weekly.map_or(1.0, |factors| factors[weekday]);
        daily * weekly * self.growth(local)
    }

    fn growth(&self, local: i64) -> f64 {
        let first = self.local(self.from);
        let (percent, steps) = match self.profile.growth {
            Growth::None => return 1.0,
            Growth::PercentPerDay(percent) => {
                let days = local.div_euclid(MICROS_PER_DAY) - first.div_euclid(MICROS_PER_DAY);
                (percent, days)
            }
            Growth::PercentPerMonth(percent) => (percent, month(local) - month(first)),
        };
        let steps = i32::try_from(steps).unwrap_or(i32::MAX);
        (1.0 + percent / 100.0).powi(steps)
    }
}

/// Months since year 0.
fn month(local: i64) -> i64 {
    let day = Timestamp::from_micros(local).day();
    day.map_or(0, |day| {
        i64::from(day.year()) * 12 + i64::from(day.month0())
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "spans below 285 years are exact"
)]
fn micros(span: u64) -> f64 {
    span as f64
}

impl Profile {
    /// How long the rate stays the same, or on one wave [µs]; `None` is for ever.
    fn step(&self) -> Option<i64> {
        match (&self.daily, self.weekly, self.growth) {
            (Daily::Hours(_), _, _) => Some(MICROS_PER_HOUR),
            (Daily::Flat, None, Growth::None) => None,
            _ => Some(MICROS_PER_DAY),
        }
    }

    /// What is wrong with the numbers, if anything.
    fn check(&self) -> Result<(), String> {
        let hours: &[f64] = match &self.daily {
            Daily::Hours(factors) => factors,
            Daily::Flat | Daily::Sine { .. } => &[],
        };
        let days = self.weekly.as_ref().map_or(&[][..], |factors| factors);
        for (name, factors) in [("hourly", hours), ("weekly", days)] {
            let is_factor = |factor: &f64| (0.0..=HIGHEST).contains(factor);
            if let Some(wrong) = factors.iter().find(|factor| !is_factor(factor)) {
                return Err(format!(
                    "a {name} factor is {wrong}; expected factors from 0 to {HIGHEST}"
                ));
            }
            if !factors.is_empty() && factors.iter().all(|factor| *factor == 0.0) {
                return Err(format!(
                    "all {name} factors are 0, so there are no requests; expected one above 0"
                ));
            }
        }
        if let Daily::Sine {
            amplitude,
            peak_hour,
        } = self.daily
            && !((0.0..=1.0).contains(&amplitude) && (0.0..=24.0).contains(&peak_hour))
        {
            return Err(format!(
                "the wave has amplitude {amplitude} and peak hour {peak_hour}; expected 0 to 1 \
                 and 0 to 24"
            ));
        }
        let percent = match self.growth {
            Growth::None => 0.0,
            Growth::PercentPerDay(percent) | Growth::PercentPerMonth(percent) => percent,
        };
        if !(percent > -100.0 && percent <= HIGHEST) {
            return Err(format!(
                "growth is {percent} %; expected more than -100 and at most {HIGHEST}"
            ));
        }
        if self.offset_minutes.unsigned_abs() > 24 * 60 {
            return Err(format!(
                "local time is {} minutes east of UTC; expected -1440 to 1440",
                self.offset_minutes
            ));
        }
        Ok(())
    }
}

impl Segment {
    /// The place [µs] at which `gap` mean gaps have passed since `place`; or how many are left to
    /// pass when the segment ends before.
    pub(super) fn walk(&self, place: f64, gap: f64) -> Result<f64, f64> {
        match self.wave {
            None => {
                let next = place + gap * self.gap;
                if next < self.length {
                    return Ok(next);
                }
                let passed = (self.length - place) / self.gap;
                Err((gap - passed).max(0.0))
            }
            Some(wave) => {
                let wanted = gap * self.gap;
                let there = wave.passed(self.length) - wave.passed(place);
                if wanted < there {
                    return Ok(wave.place_of(wave.passed(place) + wanted, (place, self.length)));
                }
                Err((gap - there / self.gap).max(0.0))
            }
        }
    }

    /// The point of time at `place`, to the nearest microsecond.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place lies within its segment"
    )]
    pub(super) fn at(&self, place: f64) -> SimTime {
        let last = self.length as u64 - 1;
        SimTime::from_micros(self.start.micros() + (place.round() as u64).min(last))
    }
}

impl Wave {
    /// The integral of the wave up to `place` [µs].
    fn passed(self, place: f64) -> f64 {
        let day = micros(MICROS_PER_DAY.unsigned_abs());
        let angle = |place: f64| TAU * (place - self.peak) / day;
        place + self.amplitude * day / TAU * angle(place).sin()
    }

    /// The place up to which the integral is `passed`, which lies between the two given: Newton's
    /// steps, halving where one leaves the bracket. The integral never falls, so there is one.
    fn place_of(self, passed: f64, (mut low, mut high): (f64, f64)) -> f64 {
        const ENOUGH: f64 = 0.01;
        let day = micros(MICROS_PER_DAY.unsigned_abs());
        let mut place = low;
        for _ in 0..100 {
            let off = self.passed(place) - passed;
            if off.abs() < ENOUGH || high - low < ENOUGH {
                break;
            }
            if off < 0.0 {
                low = place;
            } else {
                high = place;
            }
            let slope = 1.0 + self.amplitude * (TAU * (place - self.peak) / day).cos();
            let newton = place - off / slope;
            place = if newton > low && newton < high {
                newton
            } else {
                f64::midpoint(low, high)
            };
        }
        place
    }
}
