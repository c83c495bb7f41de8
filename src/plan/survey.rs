//! What the traffic is, before anything is deployed: how much, from whom, when.

use std::collections::BTreeMap;

use super::fluid::Fluid;
use super::span::Span;
use crate::sim::outcome::Tally;
use crate::sim::weighing::Weighing;
use crate::time::{SimDuration, SimTime};
use crate::units::{Ptu, TokensPerMinute};
use crate::workload::{App, Request};

/// A stretch without requests at least this long is a gap that is told [min].
const GAP_MINUTES: u64 = 24 * 60;

/// One minute of demand, whatever serves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MinuteDemand {
    /// Requests that arrive in it.
    pub requests: u64,
    /// What they weigh [weighted token × 10⁻³].
    pub weighted: u64,
}

/// What the traffic is.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The first arrival.
    pub first: SimTime,
    /// The last.
    pub last: SimTime,
    /// All requests.
    pub all: Tally,
    /// Those of each app, by the name it is shown by.
    pub apps: BTreeMap<String, Tally>,
    /// Busy minutes, by minutes since 1970.
    pub minutes: BTreeMap<u64, MinuteDemand>,
    /// The heaviest clock second [weighted token × 10⁻³].
    pub peak_second: u64,
    /// Requests that state the most tokens their answer may have, and these tokens added up.
    pub stated: (u64, u64),
}

/// A survey in the making.
#[derive(Debug)]
pub struct Surveyor {
    weighing: Weighing,
    survey: Survey,
    tallies: Vec<Tally>,
    minute: (u64, MinuteDemand),
    second: (u64, u64),
}

impl Surveyor {
    /// Nothing yet; requests are weighed by `weighing`.
    pub fn new(weighing: Weighing) -> Self {
        Self {
            weighing,
            survey: Survey::default(),
            tallies: Vec::new(),
            minute: (0, MinuteDemand::default()),
            second: (0, 0),
        }
    }

    /// Adds a request; requests come in time order.
    pub fn add(&mut self, request: &Request) {
        let weight = self.weighing.weigh(&request.tokens, request.tokens.output);
        let survey = &mut self.survey;
        if survey.all.requests.is_zero() {
            survey.first = request.at;
        }
        survey.last = request.at;
        survey.all.add(&request.tokens.counts(), weight);
        let place = request.app.place();
        if place >= self.tallies.len() {
            self.tallies.resize(place + 1, Tally::default());
        }
        self.tallies[place].add(&request.tokens.counts(), weight);
        if let Some(most) = request.max_tokens {
            survey.stated.0 += 1;
            survey.stated.1 += u64::from(most.get());
        }
        self.add_to_clock(request.at, weight);
    }

    fn add_to_clock(&mut self, at: SimTime, weight: u64) {
        let (minute, second) = (at.minutes(), at.micros() / SimDuration::SECOND.micros());
        if minute != self.minute.0 {
            self.close_minute();
            self.minute.0 = minute;
        }
        self.minute.1.requests += 1;
        self.minute.1.weighted += weight;
        if second != self.second.0 {
            self.second = (second, 0);
        }
        self.second.1 += weight;
        self.survey.peak_second = self.survey.peak_second.max(self.second.1);
    }

    fn close_minute(&mut self) {
        let (minute, demand) = std::mem::take(&mut self.minute);
        if demand.requests > 0 {
            self.survey.minutes.insert(minute, demand);
        }
    }

    /// The survey; `apps` are those of the requests, in the order of their ids.
    pub fn finish(mut self, apps: &[App]) -> Survey {
        self.close_minute();
        for (app, tally) in apps.iter().zip(&self.tallies) {
            let name = app.name().to_owned();
            self.survey.apps.entry(name).or_default().merge(tally);
        }
        self.survey
    }
}

impl Survey {
    /// From the first arrival to the last.
    pub fn span(&self) -> Span {
        Span {
            start: self.first,
            end: self.last,
        }
    }

    /// The size that would be busy all the time with the mean demand over a span [PTU].
    pub fn mean_ptu(&self, span: Span, per_ptu: TokensPerMinute) -> f64 {
        ptu(self.all.weighted, span.length(), per_ptu)
    }

    /// The size that would be busy all of the busiest clock minute [PTU].
    pub fn peak_minute_ptu(&self, per_ptu: TokensPerMinute) -> f64 {
        let peak = self.minutes.values().map(|minute| minute.weighted).max();
        ptu(peak.unwrap_or(0), SimDuration::MINUTE, per_ptu)
    }

    /// The size that would be busy all of the busiest clock second [PTU, rounded up].
    pub fn peak_second_ptu(&self, per_ptu: TokensPerMinute) -> Ptu {
        let per_second = u128::from(per_ptu.get()) * 1_000;
        let needed = (u128::from(self.peak_second) * 60).div_ceil(per_second.max(1));
        Ptu::new(u32::try_from(needed).unwrap_or(u32::MAX))
    }

    /// Demand of every minute of a span as a fluid [weighted token × 10⁻³]; quiet minutes are in it.
    pub fn fluid(&self, span: Span) -> Fluid {
        let busy = self.minutes.values().map(|minute| minute.weighted);
        let minutes = span
            .length()
            .micros()
            .div_ceil(SimDuration::MINUTE.micros());
        let quiet = minutes.saturating_sub(self.minutes.len() as u64);
        let quiet = std::iter::repeat_n(0, usize::try_from(quiet).unwrap_or(0));
        Fluid::new(busy.chain(quiet).collect())
    }

    /// Stretches of a day or more without requests: the first minute of each, and how many there are.
    pub fn gaps(&self) -> Vec<(SimTime, u64)> {
        let minutes: Vec<u64> = self.minutes.keys().copied().collect();
        let gaps = minutes.windows(2).map(|pair| (pair[0] + 1, pair[1]));
        gaps.map(|(from, until)| (from, until - from))
            .filter(|(_, length)| *length >= GAP_MINUTES)
            .map(|(from, length)| {
                let start = from * SimDuration::MINUTE.micros();
                (SimTime::from_micros(start), length)
            })
            .collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown, and a first guess")]
fn ptu(weighted: u64, span: SimDuration, per_ptu: TokensPerMinute) -> f64 {
    let minutes = span.micros() as f64 / SimDuration::MINUTE.micros() as f64;
    let per_ptu = per_ptu.get() as f64 * minutes;
    if per_ptu > 0.0 {
        weighted as f64 / 1_000.0 / per_ptu
    } else {
        0.0
    }
}
