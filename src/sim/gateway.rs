//! The gateway: chooses deployments for a call, and what to do when one refuses.
//!
//! One model covers every public gateway: limits before the choice ([`limit`]), [`pool`]s of
//! deployments with a choice among them, [`health`] that keeps calls away, and [`retry`]. A
//! [`policy`] says which of them are used; it is data, read from a scenario or a [`preset`], and
//! becomes [`rules`] when its names are resolved.

mod counter;
pub mod health;
pub mod limit;
pub mod lines;
pub mod policy;
mod pool;
pub mod preset;
mod resolve;
pub mod retry;
mod router;
mod rules;
pub mod tracked;

pub use policy::Policy;
pub use preset::Preset;
pub use resolve::{DeploymentRole, PolicyError};
pub use rules::GatewayRules;

use super::answer::Answer;
use super::call::Call;
use super::deployment::DeploymentId;
use super::fleet::{Attempt, Fleet, Refusal, Service};
use super::setup::AppRules;
use crate::time::{SimDuration, SimTime};
use crate::workload::App;
use router::Router;

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

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self {
            status: refusal.status,
            retry_after: refusal.retry_after,
        }
    }
}

impl From<Answer> for Verdict {
    fn from(answer: Answer) -> Self {
        Self::Refused {
            status: answer.status,
            retry_after: answer.retry_after,
        }
    }
}

/// A gateway at one moment.
#[derive(Clone, Debug)]
pub struct Gateway(Plan);

#[derive(Clone, Debug)]
enum Plan {
    /// A call goes to the deployment it asks for by name, else to this one, and the answer back:
    /// the plain path costs nothing.
    Pass(DeploymentId),
    Route(Box<Router>),
}

impl Gateway {
    /// A gateway with this policy; `seed` decides what is left to chance.
    pub fn new(rules: &GatewayRules, seed: u64) -> Self {
        Self(match rules.only_target() {
            Some(target) => Plan::Pass(target),
            None => Plan::Route(Box::new(Router::new(rules, seed))),
        })
    }

    /// Makes an app known; apps come in the order of their ids.
    pub fn introduce(&mut self, app: &App, rules: &AppRules) {
        if let Plan::Route(router) = &mut self.0 {
            router.introduce(app, rules);
        }
    }

    /// Handles a call at `now`: its first try, or the next one after a wait. A call whose
    /// `gateway_attempts` are 0 comes in anew: limits are checked and an instance takes it.
    pub fn handle(&mut self, now: SimTime, call: &mut Call, fleet: &mut Fleet) -> Verdict {
        match &mut self.0 {
            Plan::Pass(target) => {
                call.gateway_attempts += 1;
                let target = call.asks.unwrap_or(*target);
                match fleet.attempt(now, target, call) {
                    Attempt::Served(service) => Verdict::Served(service),
                    Attempt::Refused(refusal) => Answer::from(refusal).into(),
                }
            }
            Plan::Route(router) => router.handle(now, call, fleet),
        }
    }

    /// How often health took each deployment out, by its place, over all instances; nothing for
    /// places beyond the last that a policy names.
    pub fn trips(&self) -> &[u64] {
        match &self.0 {
            Plan::Pass(_) => &[],
            Plan::Route(router) => router.trips(),
        }
    }
}
