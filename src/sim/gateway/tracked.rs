//! A reserve for high priority that is kept by watching the quota which answers state.

use serde::Deserialize;

use super::limit::is_in;
use super::policy::Band;
use crate::sim::answer::Answer;
use crate::sim::seconds::Seconds;
use crate::time::{SimDuration, SimTime};
use crate::workload::Request;

/// `[gateway.tracked_reserve]`: low priority is blocked while the quota that the last answer of a
/// standard deployment stated (`x-ratelimit-remaining-tokens`) is under a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TrackedRules {
    /// Priority header values that are low.
    pub priorities: Band,
    /// The line [token].
    pub keep: u64,
    /// How long an answer's word counts [s].
    pub remember_s: Seconds,
    /// The time between two low calls that are let through all the same, to learn anew [s]; left
    /// out: none is.
    pub probe_s: Option<Seconds>,
}

/// What is known of the remaining quota.
#[derive(Clone, Debug)]
pub(super) struct Tracked {
    rules: TrackedRules,
    remaining: u64,
    known_until: SimTime,
    next_probe: SimTime,
}

impl Tracked {
    /// Nothing is known, so everything passes.
    pub(super) fn new(rules: TrackedRules) -> Self {
        Self {
            rules,
            remaining: 0,
            known_until: SimTime::default(),
            next_probe: SimTime::default(),
        }
    }

    /// Whether a call may pass: the answer it gets if not.
    pub(super) fn check(&mut self, now: SimTime, request: &Request) -> Option<Answer> {
        let is_low = is_in(self.rules.priorities, request);
        if !is_low || now >= self.known_until || self.remaining >= self.rules.keep {
            return None;
        }
        let mut until = self.known_until;
        if let Some(probe) = self.rules.probe_s {
            if now >= self.next_probe {
                self.next_probe = now.after(probe.span());
                return None;
            }
            until = until.min(self.next_probe);
        }
        Some(Answer {
            status: 429,
            retry_after: Some(SimDuration::from_seconds(until.since(now).seconds_up())),
        })
    }

    /// Learns from an answer that states what remains.
    pub(super) fn learn(&mut self, now: SimTime, remaining: u64) {
        self.remaining = remaining;
        self.known_until = now.after(self.rules.remember_s.span());
    }

    /// Learns from a 429: nothing remains until the quota's reset.
    pub(super) fn learn_refusal(&mut self, now: SimTime, reset: SimDuration) {
        self.remaining = 0;
        self.known_until = now.after(reset);
    }
}
