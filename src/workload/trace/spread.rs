//! Where in a span with totals its requests arrive, and what each takes of the totals.

use rand::RngExt;

use crate::time::{SimDuration, SimTime};
use crate::workload::seed::{Seed, Stream};

/// Where in its minute a request arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// At even distances, the first at the start of the minute.
    #[default]
    Even,
    /// Anywhere, drawn with a seed.
    Uniform(Seed),
}

/// The requests of one span that are still to come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    start: SimTime,
    /// How long the span is [µs].
    length: u64,
    requests: u64,
    done: u64,
    /// The share of it that has passed, where places are drawn.
    passed: f64,
}

impl Spread {
    /// The stream that places are drawn from, where they are drawn.
    pub(super) fn stream(self, purpose: &str, name: &str) -> Option<Stream> {
        match self {
            Self::Even => None,
            Self::Uniform(seed) => Some(seed.stream(purpose, name)),
        }
    }
}

impl Places {
    /// The places of `requests` in the span of `length` from `start` on.
    pub(super) const fn of(start: SimTime, length: SimDuration, requests: u64) -> Self {
        Self {
            start,
            length: length.micros(),
            requests,
            done: 0,
            passed: 0.0,
        }
    }

    /// Whether every request has arrived.
    pub(super) const fn is_over(&self) -> bool {
        self.done == self.requests
    }

    /// When the next request arrives.
    pub(super) fn arrival(&mut self, stream: Option<&mut Stream>) -> SimTime {
        let offset = match stream {
            None => {
                let passed = u128::from(self.length) * u128::from(self.done);
                let offset = passed / u128::from(self.requests);
                u64::try_from(offset).expect("a part of a minute")
            }
            Some(stream) => self.drawn(stream),
        };
        self.start.after(SimDuration::from_micros(offset))
    }

    /// The smallest of the places still to draw, given those passed: of n uniform places in what
    /// is left of the span, the smallest has the distribution of 1 − U^(1/n). So sorted places
    /// come one at a time, however many there are.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place within a span [µs]"
    )]
    fn drawn(&mut self, stream: &mut Stream) -> u64 {
        let left = (self.requests - self.done) as f64;
        let uniform: f64 = stream.random();
        self.passed = 1.0 - (1.0 - self.passed) * (1.0 - uniform).powf(1.0 / left);
        ((self.passed * self.length as f64) as u64).min(self.length - 1)
    }

    /// What the next request takes of `total`: parts that differ by one at most and add up.
    pub(super) fn part(&self, total: u64) -> u64 {
        let up_to = |done: u64| u128::from(total) * u128::from(done) / u128::from(self.requests);
        let part = up_to(self.done + 1) - up_to(self.done);
        u64::try_from(part).expect("a part of the total")
    }

    /// Goes on to the request after the next.
    pub(super) const fn step(&mut self) {
        self.done += 1;
    }
}
