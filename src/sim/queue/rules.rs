//! What a queue and its workers are.

use std::num::NonZero;

use super::gate::GateRules;
use crate::sim::deployment::DeploymentId;
use crate::time::SimDuration;

/// A Service Bus queue with peek-lock, and the workers that send its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRules {
    /// Its name in the scenario and in reports.
    pub name: String,
    /// Most messages in work at once; `None` for no limit.
    pub concurrency: Option<NonZero<u32>>,
    /// Messages fetched ahead of work; their locks run, and nobody renews them.
    pub prefetch: u32,
    /// How long a fetched message stays locked without renewal.
    pub lock: SimDuration,
    /// How long a message in work has its lock renewed; zero for no renewal.
    pub renewal: SimDuration,
    /// Deliveries after which a message that was not completed is dead-lettered.
    pub max_deliveries: NonZero<u32>,
    /// How long a message may wait for delivery; it expires after that.
    pub time_to_live: Option<SimDuration>,
    /// How soon after enqueueing a message should be completed; later ones are misses.
    pub deadline: Option<SimDuration>,
    /// When workers hold back; `None` for never.
    pub gate: Option<GateRules>,
    /// What a worker does with a message that was refused for want of capacity.
    pub when_throttled: WhenThrottled,
    /// Where workers send.
    pub route: Route,
}

/// Where workers send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// Through the gateway, like any client.
    #[default]
    Gateway,
    /// Straight to a deployment, past the gateway's policy.
    Deployment(DeploymentId),
}

/// What a worker does with a message that was refused with 429 or 503. Other refusals are always
/// abandoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenThrottled {
    /// Keeps message and lock, waits as `retry-after-ms` says, and tries again.
    #[default]
    Hold,
    /// Gives the message back: it is visible at once, and one delivery is used up.
    Abandon,
    /// Completes the message and enqueues a copy for the time that `retry-after-ms` names; the
    /// copy's deliveries are counted from zero.
    Reenqueue,
    /// Sends it to this deployment at once, and holds it if that refuses too.
    Spill(DeploymentId),
}

impl QueueRules {
    /// A queue as Service Bus makes it where nothing is stated, with unlimited workers that send
    /// whenever there is a message and hold what is refused.
    pub fn named(name: &str) -> Self {
        let defaults = super::defaults::bundled();
        Self {
            name: name.to_owned(),
            concurrency: None,
            prefetch: 0,
            lock: defaults.lock,
            renewal: defaults.renewal,
            max_deliveries: defaults.max_deliveries,
            time_to_live: None,
            deadline: None,
            gate: None,
            when_throttled: WhenThrottled::Hold,
            route: Route::Gateway,
        }
    }
}
