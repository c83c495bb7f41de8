//! A way to deploy whose size is open: a model and kind, in front of which the same traffic stands.

use chrono::NaiveDate;

use super::error::PlanError;
pub use super::owned::Owned;
use super::term::TermPrices;
use crate::azure::{DeploymentKind, PtuTerm};
use crate::catalog::PtuSizes;
use crate::chargeback::deployments::Deployment;
use crate::chargeback::{Facts, Policy};
use crate::config::Config;
use crate::config::scenario::{Built, Sizes};
use crate::sim::Setup;
use crate::sim::series::Series;
use crate::sim::setup::DeploymentRules;
use crate::sim::weighing::Weighing;
use crate::time::SimTime;
use crate::units::{Ptu, TokensPerMinute};

/// A way to deploy whose size is open.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it is called beside others, e.g. `gpt-4.1 global`.
    pub label: String,
    /// Deployments, gateway, prices.
    pub config: Config,
    /// The place of the planned deployment.
    pub place: usize,
    /// The setup, and the figures it was made with.
    pub built: Built,
    /// The sizes that can be bought.
    pub sizes: PtuSizes,
    /// What they cost.
    pub prices: TermPrices,
    /// Reservations that cover it already.
    pub owned: Owned,
    /// The deployed size of today, where the scenario states one that does not change.
    pub today: Option<Ptu>,
    /// The day whose prices and figures hold.
    pub on: NaiveDate,
}

/// What can be bought, and when.
#[derive(Clone, Debug)]
pub struct Market<'m> {
    /// Prices and models.
    pub facts: Facts<'m>,
    /// The terms to consider.
    pub terms: Vec<PtuTerm>,
    /// The day whose prices and figures hold.
    pub on: NaiveDate,
}

impl Candidate {
    /// The provisioned deployment at `place` of a configuration, of any size that can be bought.
    pub fn of(config: Config, place: usize, market: &Market<'_>) -> Result<Self, PlanError> {
        let facts = market.facts;
        let refused = |error: String| PlanError::Unplannable(error);
        let built = config.setup(facts.catalog, market.on, Sizes::Any);
        let mut built = built.map_err(|error| refused(error.to_string()))?;
        built.setup.thresholds = facts.rates.context_thresholds();
        let deployment = &config.policy.deployments[place];
        let (name, kind) = (deployment.model_name(), deployment.kind);
        let sizes = facts.catalog.sizes(&name, kind, market.on);
        let sizes = sizes.ok_or_else(|| {
            refused(format!(
                "no source gives the sizes of {kind} deployments of {name} on {}; name another kind \
                 or day, or add the sizes in [[model]]",
                market.on
            ))
        })?;
        let region = &deployment.region;
        let prices = TermPrices::of(facts.rates, kind, region, &market.terms, market.on);
        if prices.is_empty() {
            let mut reasons: Vec<&str> =
                prices.missing.iter().map(|(_, why)| why.as_str()).collect();
            reasons.dedup();
            return Err(refused(reasons.join("\n")));
        }
        let owned = Owned::left_for(&config.policy, place, facts.rates, market.on);
        let owned = owned.map_err(|error| refused(error.to_string()))?;
        Ok(Self {
            label: format!("{name} {kind}"),
            place,
            sizes,
            prices,
            owned,
            today: constant(deployment),
            on: market.on,
            built,
            config,
        })
    }

    /// The planned deployment, as the configuration describes it.
    pub fn deployment(&self) -> &Deployment {
        &self.config.policy.deployments[self.place]
    }

    /// Where its requests may be processed.
    pub fn kind(&self) -> DeploymentKind {
        self.deployment().kind
    }

    /// The setup with this much deployed all the time.
    pub fn setup(&self, ptu: Ptu) -> Setup {
        self.scheduled(vec![(SimTime::default(), ptu)])
    }

    /// The setup with throughput that changes at stated times, ascending.
    pub fn scheduled(&self, capacity: Vec<(SimTime, Ptu)>) -> Setup {
        let mut setup = self.built.setup.clone();
        setup.series = Series::ByHour;
        if let DeploymentRules::Provisioned(rules) = &mut setup.deployments[self.place].rules {
            rules.capacity = capacity;
            setup.yardstick = rules.weighing.clone();
        }
        setup
    }

    /// Weighs requests as the planned deployment does.
    pub fn weighing(&self) -> &Weighing {
        match &self.built.setup.deployments[self.place].rules {
            DeploymentRules::Provisioned(rules) => &rules.weighing,
            DeploymentRules::Standard(_) => &self.built.setup.yardstick,
        }
    }

    /// What one PTU drains.
    pub fn tpm_per_ptu(&self) -> TokensPerMinute {
        match &self.built.setup.deployments[self.place].rules {
            DeploymentRules::Provisioned(rules) => rules.tpm_per_ptu,
            DeploymentRules::Standard(_) => TokensPerMinute::new(0),
        }
    }

    /// The policy that prices tokens alone: deployments are known, and nothing provisioned is paid.
    pub fn tokens_only(&self) -> Policy {
        let mut deployments = self.config.policy.deployments.clone();
        for deployment in &mut deployments {
            deployment.capacity.clear();
        }
        Policy {
            deployments,
            allowed_unpriced: self.config.policy.allowed_unpriced.clone(),
            ..Policy::default()
        }
    }
}

/// The size of a deployment that has one and keeps it.
fn constant(deployment: &Deployment) -> Option<Ptu> {
    match deployment.capacity.as_slice() {
        [only] if !only.ptu.is_zero() => Some(only.ptu),
        _ => None,
    }
}
