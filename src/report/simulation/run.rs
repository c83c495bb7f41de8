//! One outcome, with its cost and the owners of its apps.

use crate::azure::Offer;
use crate::chargeback::deployments::Deployment;
use crate::chargeback::owners::Payer;
use crate::chargeback::{Charges, Policy};
use crate::config::scenario::{Built, FiguresUsed};
use crate::money::Factor;
use crate::report::Report as Statement;
use crate::settlement;
use crate::sim::outcome::{AppOutcome, ServedBy};
use crate::sim::{DeploymentId, Outcome, Setup};
use crate::usage::Dimensions;

/// What one run found.
#[derive(Clone, Debug)]
pub struct Run {
    /// What is changed against the scenario; empty for the scenario as it is.
    pub label: String,
    /// What was played.
    pub setup: Setup,
    /// The throughput figures it was played with.
    pub figures: Vec<FiguresUsed>,
    /// What happened.
    pub outcome: Outcome,
    /// What it cost.
    pub statement: Statement,
    /// Who pays for each app.
    pub owners: Vec<Vec<(Payer, Factor)>>,
    /// The deployments as chargebacks know them, in the simulation's places.
    pub deployments: Vec<Deployment>,
}

/// How a request was served, as far as reports tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// By the provisioned deployment it was meant for.
    Provisioned,
    /// By another one after a provisioned deployment was full or passed over.
    Spilled,
    /// Per token, as meant.
    PerToken,
}

impl Run {
    /// The run of an outcome that was charged under a policy.
    pub fn of(
        label: String,
        built: &Built,
        outcome: Outcome,
        charges: Charges,
        policy: &Policy,
    ) -> Self {
        let first = policy.deployments.first();
        let owners = outcome
            .apps
            .iter()
            .map(|app| owners(app, first, policy, &outcome));
        Self {
            label,
            setup: built.setup.clone(),
            figures: built.figures.clone(),
            owners: owners.collect(),
            statement: Statement::of(charges, policy),
            deployments: policy.deployments.clone(),
            outcome,
        }
    }

    /// What the run is called beside others.
    pub(super) fn name(&self) -> &str {
        match self.label.as_str() {
            "" => "as written",
            label => label,
        }
    }

    pub(super) fn path(&self, by: ServedBy) -> Path {
        let served_by = &self.deployments[by.deployment.place()];
        match (by.spilled_from, served_by.offer) {
            (Some(_), _) => Path::Spilled,
            (None, Offer::Provisioned) => Path::Provisioned,
            (None, _) => Path::PerToken,
        }
    }

    /// Every deployment with its place.
    pub(super) fn places(&self) -> impl Iterator<Item = (DeploymentId, &Deployment)> {
        let deployments = self.deployments.iter().enumerate();
        deployments.map(|(at, deployment)| (DeploymentId::at(at), deployment))
    }
}

/// Who pays for an app, as its calls to the first deployment would be logged.
fn owners(
    app: &AppOutcome,
    first: Option<&Deployment>,
    policy: &Policy,
    outcome: &Outcome,
) -> Vec<(Payer, Factor)> {
    let app = &app.app;
    let mut dimensions = Dimensions {
        subscription: app.subscription.clone(),
        product: app.product.clone(),
        app: app.app.clone(),
        api: app.api.clone(),
        ..first.map(settlement::logged).unwrap_or_default()
    };
    if !app.deployment.is_empty() {
        dimensions.deployment.clone_from(&app.deployment);
    }
    let day = settlement::period(outcome).start();
    policy.payers(&dimensions, day).1
}
