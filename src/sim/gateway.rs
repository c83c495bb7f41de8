//! The gateway: chooses deployments for a call, and what to do when one refuses.

use super::call::Call;
use super::fleet::{Attempt, DeploymentId, Fleet, Service};
use crate::time::{SimDuration, SimTime};

/// What the gateway says to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is being served.
    Served(Service),
    /// The gateway holds it and tries again then.
    Wait(SimTime),
    /// The caller gets this answer.
    Refused {
        /// HTTP status.
        status: u16,
        /// What the answer says of when to come back.
        retry_after: Option<SimDuration>,
    },
}

/// A policy of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayRules {
    /// Calls are only passed on to one deployment; spilling over is that deployment's own affair.
    PassTo(DeploymentId),
}

/// A gateway at one moment.
#[derive(Clone, Debug)]
pub struct Gateway {
    first: DeploymentId,
}

impl Gateway {
    /// A gateway with this policy; `seed` decides what is left to chance.
    pub fn new(rules: &GatewayRules, _seed: u64) -> Self {
        let GatewayRules::PassTo(first) = *rules;
        Self { first }
    }

    /// Handles a call at `now`: its first try, or the next one after a wait.
    pub fn handle(&mut self, now: SimTime, call: &mut Call, fleet: &mut Fleet) -> Verdict {
        call.gateway_attempts += 1;
        match fleet.attempt(now, self.first, call) {
            Attempt::Served(service) => Verdict::Served(service),
            Attempt::Refused(refusal) => Verdict::Refused {
                status: refusal.status,
                retry_after: refusal.retry_after,
            },
        }
    }
}
