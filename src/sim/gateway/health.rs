//! Which deployments the gateway keeps calls away from: circuit breakers and lists of failures.

use std::collections::VecDeque;

use serde::Deserialize;

use crate::sim::answer::Answer;
use crate::sim::codes::Codes;
use crate::sim::deployment::DeploymentId;
use crate::sim::seconds::Seconds;
use crate::time::{SimDuration, SimTime};

/// `[gateway.health]`: what takes a deployment out, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HealthRules {
    /// Statuses that count as failures, such as `[429, "5xx"]`.
    pub codes: Codes,
    /// Failures that take a deployment out.
    #[serde(default = "one")]
    pub failures: u32,
    /// The span in which they must fall [s]; needed for more than one.
    #[serde(default)]
    pub window_s: Seconds,
    /// How long the deployment stays out [s]; left out: until the failures have left the window.
    pub trip_s: Option<Seconds>,
    /// Whether the answer's Retry-After takes the place of `trip_s`, and in which grain.
    #[serde(default)]
    pub retry_after: RetryAfter,
    /// Forget all failures when no call was tried for so long [s].
    pub forget_s: Option<Seconds>,
}

/// How much of an answer's Retry-After is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RetryAfter {
    /// Nothing.
    #[default]
    Ignored,
    /// The header `retry-after`: whole seconds, rounded up.
    Seconds,
    /// The header `retry-after-ms`: milliseconds, rounded up.
    Milliseconds,
}

impl RetryAfter {
    /// The span as it is read.
    pub(super) fn read(self, span: Option<SimDuration>) -> Option<SimDuration> {
        match self {
            Self::Ignored => None,
            Self::Seconds => span.map(|span| SimDuration::from_seconds(span.seconds_up())),
            Self::Milliseconds => span.map(|span| SimDuration::from_millis(span.millis_up())),
        }
    }
}

/// The gateway's picture of its deployments, one for each of its instances.
#[derive(Clone, Debug)]
pub(super) struct Health {
    rules: HealthRules,
    deployments: usize,
    /// By instance, then by deployment.
    states: Vec<State>,
    /// When each instance last tried a call.
    used: Vec<SimTime>,
    trips: Vec<u64>,
}

#[derive(Clone, Debug, Default)]
struct State {
    out_until: SimTime,
    /// Failures within the window, while they do not suffice.
    failures: VecDeque<SimTime>,
}

impl Health {
    /// Nothing failed yet.
    pub(super) fn new(rules: &HealthRules, instances: usize, deployments: usize) -> Self {
        Self {
            rules: rules.clone(),
            deployments,
            states: vec![State::default(); instances * deployments],
            used: vec![SimTime::default(); instances],
            trips: vec![0; deployments],
        }
    }

    /// How often each deployment was taken out, by its place, over all instances.
    pub(super) fn trips(&self) -> &[u64] {
        &self.trips
    }

    /// Prepares for a choice of `instance`: a list nobody used for long is forgotten.
    pub(super) fn look(&mut self, now: SimTime, instance: usize) {
        let used = std::mem::replace(&mut self.used[instance], now);
        if self
            .rules
            .forget_s
            .is_some_and(|forget| now.since(used) >= forget.span())
        {
            let first = instance * self.deployments;
            self.states[first..first + self.deployments].fill_with(State::default);
        }
    }

    /// Until when `instance` keeps calls away from a deployment; the past when it does not.
    pub(super) fn out_until(&self, instance: usize, id: DeploymentId) -> SimTime {
        self.states[instance * self.deployments + id.place()].out_until
    }

    /// Until when every instance keeps calls away from a deployment.
    fn out_for_all_until(&self, id: DeploymentId) -> SimTime {
        let states = self
            .states
            .iter()
            .skip(id.place())
            .step_by(self.deployments);
        let ends = states.map(|state| state.out_until);
        ends.min().expect("a gateway has an instance")
    }

    /// Notes an answer; says until when no instance sends calls to the deployment, if it was
    /// taken out.
    pub(super) fn note(
        &mut self,
        now: SimTime,
        instance: usize,
        id: DeploymentId,
        answer: &Answer,
    ) -> Option<SimTime> {
        if !self.rules.codes.contains(answer.status) {
            return None;
        }
        let rules = &self.rules;
        let state = &mut self.states[instance * self.deployments + id.place()];
        let oldest = if rules.failures == 1 {
            now
        } else {
            state.fail(now, rules)?
        };
        let stated = rules.retry_after.read(answer.retry_after);
        state.out_until = match stated.or(rules.trip_s.map(Seconds::span)) {
            Some(span) => now.after(span),
            None => oldest.after(rules.window_s.span()),
        };
        self.trips[id.place()] += 1;
        Some(self.out_for_all_until(id))
    }
}

impl State {
    /// Adds a failure; the oldest of those that suffice, if they do, and then starts anew.
    fn fail(&mut self, now: SimTime, rules: &HealthRules) -> Option<SimTime> {
        let window = rules.window_s.span();
        while self
            .failures
            .front()
            .is_some_and(|at| now.since(*at) >= window)
        {
            self.failures.pop_front();
        }
        self.failures.push_back(now);
        if self.failures.len() < rules.failures as usize {
            return None;
        }
        let oldest = self.failures.front().copied();
        self.failures.clear();
        oldest
    }
}

const fn one() -> u32 {
    1
}
