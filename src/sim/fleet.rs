//! The deployments, and native spillover between them.

use super::call::Call;
use super::deployment::DeploymentId;
use super::latency::Latency;
use super::provisioned::{Admitted, Provisioned};
use super::standard::{Denied, Standard};
use crate::time::{SimDuration, SimTime};

/// A deployment at one moment.
#[derive(Clone, Debug)]
pub enum Deployment {
    /// Capacity is bought.
    Provisioned(Box<Provisioned>),
    /// Tokens are paid.
    Standard(Standard),
}

/// Where a provisioned deployment sends what it cannot serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spillover {
    /// The standard deployment that gets it.
    pub to: DeploymentId,
    /// Time the failed attempt takes.
    pub delay: SimDuration,
}

/// What the end of a request changes at its deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// Nothing: nobody needs to look.
    Nothing,
    /// The level, by this much [weighted token × 10⁻³].
    Correct(i64),
    /// A place among those that may be in service at once.
    Release,
}

impl Completion {
    /// What it changes where the estimate is off by this [weighted token × 10⁻³].
    pub(super) const fn correcting(correction: i64) -> Self {
        match correction {
            0 => Self::Nothing,
            correction => Self::Correct(correction),
        }
    }
}

/// A request that is being served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Who serves it.
    pub by: DeploymentId,
    /// When it was admitted there.
    pub starts: SimTime,
    /// When the answer is complete.
    pub ends: SimTime,
    /// What its end changes at the deployment.
    pub completion: Completion,
    /// The deployment whose native spillover sent it here.
    pub spilled_from: Option<DeploymentId>,
}

/// A request that a deployment refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who refused it.
    pub by: DeploymentId,
    /// HTTP status.
    pub status: u16,
    /// How long to wait, where the answer says so.
    pub retry_after: Option<SimDuration>,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It is being served.
    Served(Service),
    /// It was refused.
    Refused(Refusal),
}

/// The deployments of a scenario.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    deployments: Vec<Deployment>,
    spillovers: Vec<Option<Spillover>>,
    refusals: Vec<u64>,
    throttled: Vec<u64>,
    attempts: Vec<u64>,
}

impl Fleet {
    /// Adds a deployment and says its place.
    pub fn add(&mut self, deployment: Deployment, spillover: Option<Spillover>) -> DeploymentId {
        self.deployments.push(deployment);
        self.spillovers.push(spillover);
        self.refusals.push(0);
        self.throttled.push(0);
        self.attempts.push(0);
        DeploymentId::at(self.deployments.len() - 1)
    }

    /// How many deployments there are.
    pub fn len(&self) -> usize {
        self.deployments.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.deployments.is_empty()
    }

    /// One of them.
    pub fn get(&self, id: DeploymentId) -> &Deployment {
        &self.deployments[id.place()]
    }

    /// A provisioned one, at `now`; `None` for others.
    pub fn provisioned(&mut self, id: DeploymentId, now: SimTime) -> Option<&Provisioned> {
        match &mut self.deployments[id.place()] {
            Deployment::Provisioned(deployment) => {
                deployment.advance(now);
                Some(deployment)
            }
            Deployment::Standard(_) => None,
        }
    }

    /// Attempts so far and how many of them were refused, native spillover's first ones included.
    pub fn attempts(&self, id: DeploymentId) -> (u64, u64) {
        (self.attempts[id.place()], self.refusals[id.place()])
    }

    /// How many attempts were answered with 429.
    pub fn throttled(&self, id: DeploymentId) -> u64 {
        self.throttled[id.place()]
    }

    /// Notes that a gateway keeps calls away from a deployment until `until`.
    pub fn keep_away(&mut self, now: SimTime, id: DeploymentId, until: SimTime) {
        if let Deployment::Provisioned(deployment) = &mut self.deployments[id.place()] {
            deployment.keep_away(now, until);
        }
    }

    /// Notes that a gateway kept a call away from a deployment.
    pub fn turn_away(&mut self, now: SimTime, id: DeploymentId, call: &Call) {
        if let Deployment::Provisioned(deployment) = &mut self.deployments[id.place()] {
            deployment.turn_away(now, call.weight);
        }
    }

    /// Offers a call to a deployment; what native spillover covers goes on to its target at once.
    pub fn attempt(&mut self, now: SimTime, id: DeploymentId, call: &mut Call) -> Attempt {
        let refusal = match self.offer(now, id, call) {
            Attempt::Refused(refusal) => refusal,
            served @ Attempt::Served(_) => return served,
        };
        let Some(spillover) = self.spillovers[id.place()] else {
            return Attempt::Refused(refusal);
        };
        match self.offer(now, spillover.to, call) {
            Attempt::Served(service) => Attempt::Served(Service {
                starts: service.starts.after(spillover.delay),
                ends: service.ends.after(spillover.delay),
                spilled_from: Some(id),
                ..service
            }),
            refused @ Attempt::Refused(_) => refused,
        }
    }

    fn is_provisioned(&self, id: DeploymentId) -> bool {
        matches!(self.deployments[id.place()], Deployment::Provisioned(_))
    }

    fn offer(&mut self, now: SimTime, id: DeploymentId, call: &mut Call) -> Attempt {
        call.attempts += 1;
        call.last = Some(id);
        self.attempts[id.place()] += 1;
        let refused = |status, retry_after| {
            Attempt::Refused(Refusal {
                by: id,
                status,
                retry_after,
            })
        };
        let request = &call.request;
        let served = |latency: &Latency, completion| {
            Attempt::Served(Service {
                by: id,
                starts: now,
                ends: now.after(latency.of(request)),
                completion,
                spilled_from: None,
            })
        };
        let attempt = match &mut self.deployments[id.place()] {
            Deployment::Provisioned(deployment) => match deployment.offer(now, request) {
                Admitted::Yes { correction } => {
                    let completion = Completion::correcting(correction);
                    served(&deployment.rules().latency, completion)
                }
                Admitted::Full(retry_after) => refused(429, retry_after),
                Admitted::TooLong => refused(400, None),
            },
            Deployment::Standard(deployment) => match deployment.offer(now, request) {
                Ok(()) if deployment.is_limited_at_once() => {
                    served(&deployment.rules().latency, Completion::Release)
                }
                Ok(()) => served(&deployment.rules().latency, Completion::Nothing),
                Err(Denied::Busy) => refused(429, None),
                Err(Denied::Throttled(wait)) => refused(429, Some(wait)),
                Err(Denied::TooLong) => refused(400, None),
            },
        };
        if let Attempt::Refused(refusal) = attempt {
            self.refusals[id.place()] += 1;
            self.throttled[id.place()] += u64::from(refusal.status == 429);
            if self.is_provisioned(id) {
                call.spilled_from.get_or_insert(id);
            }
        }
        attempt
    }

    /// Ends a request.
    pub fn complete(&mut self, now: SimTime, id: DeploymentId, completion: Completion) {
        match (&mut self.deployments[id.place()], completion) {
            (Deployment::Provisioned(deployment), Completion::Correct(correction)) => {
                deployment.correct(now, correction);
            }
            (Deployment::Standard(deployment), Completion::Release) => deployment.release(),
            _ => {}
        }
    }

    /// The deployments, in their places.
    pub fn into_deployments(self) -> Vec<Deployment> {
        self.deployments
    }
}
