//! Traffic at another time.

use chrono::NaiveDate;

use crate::time::{SimDuration, SimTime, Timestamp};
use crate::workload::app::Apps;
use crate::workload::request::Request;
use crate::workload::{END_OF_TIME, Traffic, TrafficError};

/// Where traffic is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Later by a span.
    Later(SimDuration),
    /// Earlier by a span.
    Earlier(SimDuration),
    /// The first request to a point of time.
    FirstAt(SimTime),
    /// The first request to a day; the time of the day stays.
    FirstOn(NaiveDate),
}

/// Traffic moved by one span, which the first request may decide.
#[derive(Debug)]
pub struct Shifted<T> {
    traffic: T,
    shift: Shift,
    /// What every time is moved by, once it is known [µs].
    span: Option<i128>,
}

const MICROS_PER_DAY: i128 = 86_400_000_000;

impl<T> Shifted<T> {
    /// `traffic` moved by `shift`.
    pub const fn new(traffic: T, shift: Shift) -> Self {
        Self {
            traffic,
            shift,
            span: None,
        }
    }

    fn moved(&mut self, at: SimTime) -> Result<SimTime, TrafficError> {
        let shift = self.shift;
        let span = *self.span.get_or_insert_with(|| shift.span(at));
        let micros = u64::try_from(i128::from(at.micros()) + span).ok();
        micros
            .filter(|micros| *micros < END_OF_TIME)
            .map(SimTime::from_micros)
            .ok_or_else(|| {
                TrafficError::new(format!(
                    "a request of {} is moved by {} s; expected a time from 1970 to 2261\nhint: \
                     shift the traffic less",
                    at.timestamp(),
                    span / 1_000_000
                ))
            })
    }
}

impl Shift {
    /// The span [µs] by which this moves traffic that starts at `first`.
    fn span(self, first: SimTime) -> i128 {
        match self {
            Self::Later(span) => i128::from(span.micros()),
            Self::Earlier(span) => -i128::from(span.micros()),
            Self::FirstAt(start) => i128::from(start.micros()) - i128::from(first.micros()),
            Self::FirstOn(day) => {
                let day = i128::from(Timestamp::start_of(day).day_number());
                (day - i128::from(first.timestamp().day_number())) * MICROS_PER_DAY
            }
        }
    }
}

impl<T: Traffic> Traffic for Shifted<T> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let request = self.traffic.next(apps)?;
        Some(request.and_then(|request| {
            let at = self.moved(request.at)?;
            Ok(Request { at, ..request })
        }))
    }
}
