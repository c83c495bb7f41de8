//! One of the runs that are played side by side.

use super::Fate;
use super::course::Course;
use crate::sim::call::Call;
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Deployment;
use crate::sim::level::Level;
use crate::sim::outcome::{DeploymentOutcome, Outcome};
use crate::sim::provisioned::Provisioned;
use crate::sim::setup::Setup;
use crate::sim::tallies::Tallies;
use crate::time::SimTime;
use crate::workload::App;

/// A run: the deployment that makes it different, and what it adds up to.
#[derive(Debug)]
pub(super) struct Lane {
    deployment: Box<Provisioned>,
    tallies: Tallies,
    /// Requests that the deployment refused.
    spilled: u64,
    /// The moment last played.
    now: SimTime,
    start: SimTime,
    setup: Setup,
}

impl Lane {
    /// A run of a setup that differs from others in this deployment.
    pub(super) fn new(setup: &Setup, differs_in: DeploymentId) -> Self {
        let start = SimTime::default();
        Self {
            deployment: deployed(setup, differs_in, start),
            tallies: Tallies::new(setup),
            spilled: 0,
            now: start,
            start,
            setup: setup.clone(),
        }
    }

    pub(super) fn introduce(&mut self, app: &App) {
        self.tallies.introduce(app);
    }

    /// Deploys at the start of the span.
    pub(super) fn begin(&mut self, first: SimTime, differs_in: DeploymentId) {
        self.start = self.setup.start.unwrap_or(first).min(first);
        self.deployment = deployed(&self.setup, differs_in, self.start);
    }

    /// Notes a call that arrives.
    pub(super) fn arrive(&mut self, now: SimTime, call: &Call) {
        self.now = now;
        self.tallies.turn(now, || 0);
        self.tallies.offered(call);
    }

    /// Whether the deployment admits what is estimated at this.
    pub(super) fn admits(&mut self, now: SimTime, estimate: Level) -> bool {
        let is_admitted = self.deployment.admit(now, estimate).is_ok();
        self.spilled += u64::from(!is_admitted);
        is_admitted
    }

    /// Notes how a call is served.
    pub(super) fn serve(&mut self, fate: &Fate) {
        self.tallies.served(&fate.call, &fate.service);
    }

    /// Corrects an estimate [weighted token × 10⁻³].
    pub(super) fn correct(&mut self, now: SimTime, change: i64) {
        self.now = now;
        self.deployment.correct(now, change);
    }

    /// Ends the run. `attempts` are those that calls make at each deployment while nothing is
    /// deployed; nothing was begun where there are none.
    pub(super) fn finish(self, course: &Course, attempts: &[u64]) -> Outcome {
        let has_begun = !attempts.is_empty();
        let end = self.setup.end.unwrap_or(self.now).max(self.now);
        let (mut outcome, busy) = self.tallies.finish(0);
        outcome.start = if has_begun { self.start } else { end };
        outcome.end = end;
        let mut deployments: Vec<_> = attempts
            .iter()
            .zip(busy)
            .map(|(attempts, busy_micros)| DeploymentOutcome {
                attempts: *attempts,
                busy_micros,
                ..DeploymentOutcome::default()
            })
            .collect();
        if has_begun {
            let own = &mut deployments[course.deployment.place()];
            let admitted = own.attempts - self.spilled;
            (own.refused, own.throttled) = (self.spilled, self.spilled);
            own.minutes = self.deployment.finish(end);
            deployments[course.overflow.place()].attempts -= admitted;
        }
        outcome.deployments = deployments;
        debug_assert!(
            outcome.conserved(),
            "a request is unaccounted for: {outcome:?}"
        );
        outcome
    }
}

/// A deployment of a setup at the start of its span.
fn deployed(setup: &Setup, id: DeploymentId, start: SimTime) -> Box<Provisioned> {
    let deployments = setup.fleet(start).into_deployments();
    match deployments.into_iter().nth(id.place()) {
        Some(Deployment::Provisioned(deployment)) => deployment,
        other => unreachable!("runs side by side differ in a provisioned deployment: {other:?}"),
    }
}
