//! The same traffic again and again.

use std::num::NonZero;

use crate::time::{SimDuration, SimTime};
use crate::workload::app::Apps;
use crate::workload::request::Request;
use crate::workload::{END_OF_TIME, Traffic, TrafficError};

/// How often traffic is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounds {
    /// So many times in all.
    Times(NonZero<u64>),
    /// Until a point of time, which no request reaches.
    Until(SimTime),
}

/// Traffic repeated at even distances. It is opened anew for each round, so none is held.
#[derive(Debug)]
pub struct Repeat<T, F> {
    open: F,
    rounds: Rounds,
    /// From round to round, once it is known.
    every: Option<SimDuration>,
    traffic: T,
    /// Rounds that are done.
    done: u64,
    /// How far this round lies behind the first [µs].
    offset: u64,
    seen: Seen,
    is_over: bool,
}

/// What the first round showed.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    first: SimTime,
    last: SimTime,
    requests: u64,
}

impl<T, F> Repeat<T, F>
where
    T: Traffic,
    F: FnMut() -> Result<T, TrafficError>,
{
    /// Repeats the traffic that `open` yields `every` so often; without that, one mean gap after
    /// the last request of a round, so that the rate stays the same.
    pub fn new(
        mut open: F,
        rounds: Rounds,
        every: Option<SimDuration>,
    ) -> Result<Self, TrafficError> {
        let traffic = open()?;
        Ok(Self {
            open,
            rounds,
            every,
            traffic,
            done: 0,
            offset: 0,
            seen: Seen::default(),
            is_over: false,
        })
    }

    /// Starts the next round; whether there is one.
    fn again(&mut self) -> Result<bool, TrafficError> {
        self.done += 1;
        let is_last = matches!(self.rounds, Rounds::Times(times) if self.done >= times.get());
        if is_last || self.seen.requests == 0 {
            return Ok(false);
        }
        let every = self.seen.distance(self.every)?;
        self.every = Some(every);
        self.offset = self.offset.saturating_add(every.micros());
        self.traffic = (self.open)()?;
        Ok(true)
    }

    /// The request as this round has it; `None` when it lies beyond the end.
    fn moved(&mut self, request: Request) -> Result<Option<Request>, TrafficError> {
        if self.done == 0 {
            self.seen.note(request.at);
        }
        let at = request.at.after(SimDuration::from_micros(self.offset));
        if matches!(self.rounds, Rounds::Until(until) if at >= until) {
            return Ok(None);
        }
        if at.micros() >= END_OF_TIME {
            return Err(TrafficError::new(
                "repeated traffic reaches the year 2262; expected it to end before\nhint: repeat \
                 it less often",
            ));
        }
        Ok(Some(Request { at, ..request }))
    }

    fn step(&mut self, apps: &mut Apps) -> Result<Option<Request>, TrafficError> {
        loop {
            match self.traffic.next(apps) {
                Some(request) => return self.moved(request?),
                None if self.again()? => {}
                None => return Ok(None),
            }
        }
    }
}

impl Seen {
    fn note(&mut self, at: SimTime) {
        if self.requests == 0 {
            self.first = at;
        }
        self.last = at;
        self.requests += 1;
    }

    /// The distance of rounds: as `stated`, if rounds do not overlap then, or the span of a round
    /// and one mean gap.
    fn distance(&self, stated: Option<SimDuration>) -> Result<SimDuration, TrafficError> {
        let span = self.last.since(self.first);
        let gaps = self.requests - 1;
        let distance = stated.unwrap_or_else(|| {
            let gap = span.micros().checked_div(gaps).unwrap_or(0);
            span.plus(SimDuration::from_micros(gap))
        });
        if distance.is_zero() || distance < span {
            return Err(TrafficError::new(format!(
                "traffic of {} µs is repeated every {} µs; expected a distance above 0, so that \
                 rounds do not overlap\nhint: state a longer `every`, or cut the traffic",
                span.micros(),
                distance.micros()
            )));
        }
        Ok(distance)
    }
}

impl<T, F> Traffic for Repeat<T, F>
where
    T: Traffic,
    F: FnMut() -> Result<T, TrafficError>,
{
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        if self.is_over {
            return None;
        }
        let request = self.step(apps);
        self.is_over = !matches!(request, Ok(Some(_)));
        request.transpose()
    }
}
