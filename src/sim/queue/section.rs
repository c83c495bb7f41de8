//! How a scenario writes a queue: one `[[queue]]` section.

use std::fmt;
use std::num::NonZero;

use serde::Deserialize;
use thiserror::Error;

use super::defaults;
use super::gate::{GateRules, MinuteMetric, Signal};
use super::rules::{QueueRules, Route, WhenThrottled};
use crate::sim::deployment::DeploymentId;
use crate::sim::setup::{DeploymentRules, DeploymentSetup};
use crate::spelling;
use crate::time::SimDuration;

/// One `[[queue]]` section. Times are whole seconds, lines thousandths of the bucket's depth (of
/// the minute's throughput for utilisation).
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QueueSection {
    /// Name that apps and reports use.
    pub name: String,
    /// Deployment that workers send to, past the gateway's policy; the gateway if not given.
    pub deployment: Option<String>,
    /// Most messages in work at once; no limit if not given.
    pub max_concurrent_calls: Option<NonZero<u32>>,
    /// Messages fetched ahead of work.
    #[serde(default)]
    pub prefetch_count: u32,
    /// Lock of a fetched message [s]; as Service Bus has it if not given.
    pub lock_duration_s: Option<NonZero<u32>>,
    /// How long the lock of a message in work is renewed [s]; 0 for never; as the SDK has it if
    /// not given.
    pub max_auto_lock_renewal_s: Option<u32>,
    /// Deliveries before a message is dead-lettered; as Service Bus has it if not given.
    pub max_delivery_count: Option<NonZero<u32>>,
    /// How long a message may wait for delivery [s]; for ever if not given.
    pub time_to_live_s: Option<NonZero<u32>>,
    /// How soon after enqueueing a message should be completed [s]; later ones are reported.
    pub deadline_s: Option<u32>,
    /// What to do with a message that is refused for want of capacity.
    #[serde(default)]
    pub on_throttle: OnThrottle,
    /// Deployment that gets refused messages; with `on_throttle = "spill"` only.
    pub spill_to: Option<String>,
    /// When to hold back; never if not given.
    pub gate: Option<GateSection>,
}

/// What to do with a message that is refused for want of capacity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OnThrottle {
    /// Keep its lock, wait as told, try again.
    #[default]
    Hold,
    /// Give it back at once.
    Abandon,
    /// Enqueue a copy for the time told.
    Reenqueue,
    /// Send it to the deployment `spill_to`.
    Spill,
}

/// The table `gate` of a `[[queue]]` section.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GateSection {
    /// Provisioned deployment that is watched.
    pub watch: String,
    /// Nothing is sent above this fill [10⁻³].
    pub stop_above_per_mille: u32,
    /// Once stopped, sending goes on at or below this fill [10⁻³]; the stop line if not given.
    pub resume_at_per_mille: Option<u32>,
    /// How the fill is known.
    #[serde(default)]
    pub signal: SignalName,
    /// How long after a minute's end its metric shows [s]; for the two minute signals only.
    pub lag_s: Option<u32>,
    /// When the report of an answer says nothing any more [s]; needed for `answer-header`, and
    /// for that only.
    pub stale_after_s: Option<NonZero<u32>>,
}

/// How the fill is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignalName {
    /// The level itself, at any instant.
    #[default]
    Level,
    /// The level at the end of the last whole minute.
    MinuteLevel,
    /// The utilisation of the last whole minute.
    MinuteUtilization,
    /// The fill that the deployment's last answer reported.
    AnswerHeader,
}

/// Why a `[[queue]]` section makes no queue.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum QueueError {
    /// A field names no deployment.
    #[error("queue {queue:?}: `{field}` is {found:?}; expected the name of a deployment{nearest}")]
    UnknownDeployment {
        /// The queue.
        queue: String,
        /// The field.
        field: &'static str,
        /// What it has.
        found: String,
        /// The nearest names, as a question.
        nearest: String,
    },
    /// A field has a value that it cannot have.
    #[error("queue {queue:?}: `{field}` is {found}; expected {expected}")]
    Field {
        /// The queue.
        queue: String,
        /// The field.
        field: &'static str,
        /// What it has.
        found: String,
        /// What it should have.
        expected: String,
    },
}

impl QueueSection {
    /// The queue of this section, whose deployments are found by name.
    pub fn rules(&self, deployments: &[DeploymentSetup]) -> Result<QueueRules, QueueError> {
        let defaults = defaults::bundled();
        let seconds = |span: u32| SimDuration::from_seconds(span.into());
        let lock = self.lock_duration_s.map(NonZero::get).map(seconds);
        if let Some(lock) = lock.filter(|lock| *lock > defaults.longest_lock) {
            let longest = defaults.longest_lock.seconds_up();
            return Err(self.refused(
                "lock_duration_s",
                &lock.seconds_up(),
                format!("at most {longest}, which is the longest lock of Service Bus"),
            ));
        }
        let place = |field, name| self.deployment(field, name, deployments);
        let direct = self.deployment.as_deref();
        let direct = direct.map(|name| place("deployment", name)).transpose()?;
        let gate = self.gate.as_ref();
        let gate = gate.map(|gate| self.gate(gate, deployments)).transpose()?;
        Ok(QueueRules {
            name: self.name.clone(),
            concurrency: self.max_concurrent_calls,
            prefetch: self.prefetch_count,
            lock: lock.unwrap_or(defaults.lock),
            renewal: self
                .max_auto_lock_renewal_s
                .map_or(defaults.renewal, seconds),
            max_deliveries: self.max_delivery_count.unwrap_or(defaults.max_deliveries),
            time_to_live: self.time_to_live_s.map(NonZero::get).map(seconds),
            deadline: self.deadline_s.map(seconds),
            gate,
            when_throttled: self.when_throttled(deployments)?,
            route: direct.map_or(Route::Gateway, Route::Deployment),
        })
    }

    fn when_throttled(&self, deployments: &[DeploymentSetup]) -> Result<WhenThrottled, QueueError> {
        Ok(match (self.on_throttle, self.spill_to.as_deref()) {
            (OnThrottle::Spill, Some(to)) => {
                WhenThrottled::Spill(self.deployment("spill_to", to, deployments)?)
            }
            (OnThrottle::Spill, None) => {
                let expected = "the name of a deployment, as `on_throttle` is \"spill\"";
                return Err(self.refused("spill_to", &"not given", expected));
            }
            (_, Some(to)) => {
                let expected = "nothing, as `on_throttle` is not \"spill\"";
                return Err(self.refused("spill_to", &format!("{to:?}"), expected));
            }
            (OnThrottle::Hold, None) => WhenThrottled::Hold,
            (OnThrottle::Abandon, None) => WhenThrottled::Abandon,
            (OnThrottle::Reenqueue, None) => WhenThrottled::Reenqueue,
        })
    }

    fn gate(
        &self,
        gate: &GateSection,
        deployments: &[DeploymentSetup],
    ) -> Result<GateRules, QueueError> {
        let watched = self.deployment("gate.watch", &gate.watch, deployments)?;
        let rules = &deployments[watched.place()].rules;
        if !matches!(rules, DeploymentRules::Provisioned(_)) {
            let found = format!("{:?}, which is not provisioned", gate.watch);
            let expected = "a provisioned deployment: others have no fill";
            return Err(self.refused("gate.watch", &found, expected));
        }
        let stop = gate.stop_above_per_mille;
        let resume = gate.resume_at_per_mille.unwrap_or(stop);
        if resume > stop {
            let expected = format!("at most `gate.stop_above_per_mille`, which is {stop}");
            return Err(self.refused("gate.resume_at_per_mille", &resume, expected));
        }
        Ok(GateRules {
            watched,
            stop,
            resume,
            signal: self.signal(gate)?,
        })
    }

    fn signal(&self, gate: &GateSection) -> Result<Signal, QueueError> {
        let metric = match gate.signal {
            SignalName::MinuteLevel => Some(MinuteMetric::Level),
            SignalName::MinuteUtilization => Some(MinuteMetric::Utilization),
            SignalName::Level | SignalName::AnswerHeader => None,
        };
        if let (None, Some(lag)) = (metric, gate.lag_s) {
            let expected = "nothing, as `gate.signal` is no metric of a minute";
            return Err(self.refused("gate.lag_s", &lag, expected));
        }
        let answers = gate.signal == SignalName::AnswerHeader;
        match (answers, gate.stale_after_s) {
            (true, None) => {
                let expected = "seconds, as `gate.signal` is \"answer-header\"";
                return Err(self.refused("gate.stale_after_s", &"not given", expected));
            }
            (false, Some(stale)) => {
                let expected = "nothing, as `gate.signal` is not \"answer-header\"";
                return Err(self.refused("gate.stale_after_s", &stale, expected));
            }
            (true, Some(stale)) => {
                let stale_after = SimDuration::from_seconds(stale.get().into());
                return Ok(Signal::Answer { stale_after });
            }
            (false, None) => {}
        }
        let lag = SimDuration::from_seconds(gate.lag_s.unwrap_or(0).into());
        Ok(metric.map_or(Signal::Level, |metric| Signal::Minute { metric, lag }))
    }

    /// The deployment that a field names.
    fn deployment(
        &self,
        field: &'static str,
        name: &str,
        deployments: &[DeploymentSetup],
    ) -> Result<DeploymentId, QueueError> {
        let names = || {
            deployments
                .iter()
                .map(|deployment| deployment.name.as_str())
        };
        let place = names().position(|known| known == name);
        place
            .map(DeploymentId::at)
            .ok_or_else(|| QueueError::UnknownDeployment {
                queue: self.name.clone(),
                field,
                found: name.to_owned(),
                nearest: spelling::hint(name, names()),
            })
    }

    fn refused(
        &self,
        field: &'static str,
        found: &dyn fmt::Display,
        expected: impl Into<String>,
    ) -> QueueError {
        QueueError::Field {
            queue: self.name.clone(),
            field,
            found: found.to_string(),
            expected: expected.into(),
        }
    }
}
