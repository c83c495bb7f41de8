//! Everything a run needs, ready to start: what a scenario file, or a variation of it, comes to.

use super::client::ClientRules;
use super::deployment::DeploymentId;
use super::fleet::{Deployment, Fleet, Spillover};
use super::gateway::GatewayRules;
use super::provisioned::{Minutes, Provisioned, ProvisionedRules};
use super::queue::QueueRules;
use super::series::Series;
use super::standard::{Standard, StandardRules};
use super::weighing::Weighing;
use crate::time::{SimDuration, SimTime};
use crate::units::Tokens;
use crate::workload::App;

/// A run that has not begun. Runs that differ (depths, sizes, policies) are changed copies.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The deployments; their places are their ids.
    pub deployments: Vec<DeploymentSetup>,
    /// The gateway's policy.
    pub gateway: GatewayRules,
    /// What holds for apps; the first rule that matches wins, and [`AppRules::default`] after all.
    pub apps: Vec<(AppPattern, AppRules)>,
    /// Queues of batch work, in their places.
    pub queues: Vec<QueueRules>,
    /// Weighs requests for the outcome, whoever serves them.
    pub yardstick: Weighing,
    /// The rate card's context thresholds, ascending.
    pub thresholds: Vec<Tokens>,
    /// Decides what is left to chance.
    pub seed: u64,
    /// When the span starts; with the first request if not given.
    pub start: Option<SimTime>,
    /// When the span ends at the earliest; with the last event if not given.
    pub end: Option<SimTime>,
    /// How fine the series of its outcome are.
    pub series: Series,
}

/// One deployment of a setup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentSetup {
    /// Its name in the scenario and on statements.
    pub name: String,
    /// The names that callers ask for it by, in any case; its own name if there are none.
    pub logged_as: Vec<String>,
    /// What it is.
    pub rules: DeploymentRules,
    /// Where it sends what it cannot serve.
    pub spillover: Option<Spillover>,
}

/// What a deployment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeploymentRules {
    /// Capacity is bought.
    Provisioned(Box<ProvisionedRules>),
    /// Tokens are paid.
    Standard(StandardRules),
}

/// Which apps a rule is for: by the name they are shown by, exact or up to a trailing `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPattern(pub String);

/// What holds for the calls of an app.
#[derive(Clone, Debug, Default)]
pub struct AppRules {
    /// Value of the priority header where the traffic tells none.
    pub priority: Option<i32>,
    /// The business unit it belongs to, for limits that are counted by business unit.
    pub business_unit: Option<String>,
    /// How its client tries again; `None` for clients that do not.
    pub client: Option<ClientRules>,
    /// The place of the queue that takes its calls; they go to the gateway if not given.
    pub queue: Option<usize>,
}

impl AppPattern {
    /// Whether the rule is for this app.
    pub fn matches(&self, app: &App) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => app.name().starts_with(start),
            None => app.name() == self.0,
        }
    }
}

impl Setup {
    /// The rules for an app.
    pub fn rules_for(&self, app: &App) -> AppRules {
        let rule = self.apps.iter().find(|(pattern, _)| pattern.matches(app));
        rule.map(|(_, rules)| rules.clone()).unwrap_or_default()
    }

    /// The deployment that the calls of an app ask for by name, where one is known by it.
    pub fn asked_by(&self, app: &App) -> Option<DeploymentId> {
        let asked = |name: &String| name.eq_ignore_ascii_case(&app.deployment);
        let place = self.deployments.iter().position(|deployment| {
            let names = &deployment.logged_as;
            names.iter().any(asked) || (names.is_empty() && asked(&deployment.name))
        });
        place.map(DeploymentId::at)
    }

    /// The deployments at the start of the span, empty. Provisioned ones without spillover of their
    /// own spill where the gateway asks them to.
    pub fn fleet(&self, start: SimTime) -> Fleet {
        let mut fleet = Fleet::default();
        for deployment in &self.deployments {
            let (state, spillover) = match &deployment.rules {
                DeploymentRules::Provisioned(rules) => {
                    let minutes = Minutes::new(self.series, self.watched_minutes());
                    let state = Provisioned::new(rules.as_ref().clone(), start).keeping(minutes);
                    let asked = self.gateway.asked_spillover();
                    let spillover = deployment.spillover.or(asked);
                    (Deployment::Provisioned(Box::new(state)), spillover)
                }
                DeploymentRules::Standard(rules) => {
                    let state = Standard::new(rules.clone());
                    (Deployment::Standard(state), deployment.spillover)
                }
            };
            fleet.add(state, spillover);
        }
        fleet
    }

    /// How many of a deployment's last minutes gateway and queues may look at. Who sees a minute
    /// some time after its end looks behind all minutes that ended since.
    fn watched_minutes(&self) -> usize {
        let gates = self.queues.iter().filter_map(|queue| queue.gate);
        let lags = gates.filter_map(|gate| gate.signal.looks_back());
        let longest = lags.chain(self.gateway.looks_back()).max();
        let minutes = longest.map_or(0, |lag| {
            lag.micros().div_ceil(SimDuration::MINUTE.micros()) + 1
        });
        usize::try_from(minutes).unwrap_or(usize::MAX)
    }

    /// This setup with every bucket `depth` deep.
    #[must_use]
    pub fn with_depth(mut self, depth: SimDuration) -> Self {
        for deployment in &mut self.deployments {
            if let DeploymentRules::Provisioned(rules) = &mut deployment.rules {
                rules.depth = depth;
            }
        }
        self
    }
}
