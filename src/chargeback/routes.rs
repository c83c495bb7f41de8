//! What a logged deployment is, and so how its usage is paid.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::policy::Policy;
use crate::azure::{DeploymentKind, Tier};
use crate::catalog::{Catalog, ModelName};
use crate::usage::Dimensions;

/// How usage is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Per token, at the prices of a tariff; model routers take a fee for the prompt as well.
    PerToken {
        tariff: usize,
        router_fee: Option<usize>,
    },
    /// By the throughput of the deployment at this place in the policy.
    Provisioned(usize),
    /// Not at all: the usage only steers a shared cost.
    SharedCostOnly,
    /// The policy does not tell.
    Undescribed { lacks_model: bool },
}

/// What a price per token depends on, beside class, day and context, and the lines it makes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tariff {
    /// The model priced.
    pub(super) name: ModelName,
    /// The deployment's name on the statement.
    pub(super) deployment: String,
    /// Where requests may be processed.
    pub(super) kind: DeploymentKind,
    /// Azure region.
    pub(super) region: String,
    /// Price tier.
    pub(super) tier: Tier,
    /// Whether requests were spilled from a provisioned deployment.
    pub(super) spilled: bool,
}

/// All tariffs met, each with its number.
pub(super) struct Routes<'a> {
    policy: &'a Policy,
    catalog: &'a Catalog,
    numbers: BTreeMap<Tariff, usize>,
    /// The tariffs by number.
    pub(super) tariffs: Vec<Tariff>,
}

impl<'a> Routes<'a> {
    /// No tariffs yet.
    pub(super) fn new(policy: &'a Policy, catalog: &'a Catalog) -> Self {
        Self {
            policy,
            catalog,
            numbers: BTreeMap::new(),
            tariffs: Vec::new(),
        }
    }

    /// How usage with these texts is paid: what a shared cost claims, then the first deployment
    /// that serves it, then the defaults.
    pub(super) fn of(&mut self, dimensions: &Dimensions) -> Route {
        if self.policy.is_free_per_token(&dimensions.deployment) {
            return Route::SharedCostOnly;
        }
        let described = self.policy.deployments.iter();
        match described.enumerate().find(|(_, d)| d.serves(dimensions)) {
            Some((at, deployment)) if deployment.is_provisioned() => Route::Provisioned(at),
            Some((at, _)) => self.described(at, dimensions),
            None => self.by_default(dimensions),
        }
    }

    fn described(&mut self, at: usize, dimensions: &Dimensions) -> Route {
        let deployment = &self.policy.deployments[at];
        let logged = logged_model(self.catalog, &dimensions.model);
        let mut configured = deployment.model_name();
        if configured.version.is_none() && logged.model == configured.model {
            configured.version.clone_from(&logged.version);
        }
        let tier = deployment.offer.tier();
        let tariff = |name: ModelName| Tariff {
            name,
            deployment: deployment.name.clone(),
            kind: deployment.kind,
            region: deployment.region.clone(),
            tier: tier.expect("provisioned deployments have their own route"),
            spilled: deployment.spillover_from.is_some() || !dimensions.spilled_from.is_empty(),
        };
        if !deployment.price_served_model {
            return self.per_token(tariff(configured), None);
        }
        if logged.model.is_empty() {
            return Route::Undescribed { lacks_model: true };
        }
        let router = self
            .catalog
            .is_router(&configured.model)
            .then(|| tariff(deployment.model_name()));
        self.per_token(tariff(logged), router)
    }

    fn by_default(&mut self, dimensions: &Dimensions) -> Route {
        let name = logged_model(self.catalog, &dimensions.model);
        let Some((defaults, tier)) = self
            .policy
            .defaults
            .as_ref()
            .and_then(|defaults| Some((defaults, defaults.offer.tier()?)))
        else {
            return Route::Undescribed { lacks_model: false };
        };
        if name.model.is_empty() {
            return Route::Undescribed { lacks_model: true };
        }
        let tariff = Tariff {
            name,
            deployment: dimensions.deployment.to_lowercase(),
            kind: defaults.kind,
            region: defaults.region.clone(),
            tier,
            spilled: !dimensions.spilled_from.is_empty(),
        };
        self.per_token(tariff, None)
    }

    fn per_token(&mut self, tariff: Tariff, router: Option<Tariff>) -> Route {
        Route::PerToken {
            tariff: self.number(tariff),
            router_fee: router.map(|router| self.number(router)),
        }
    }

    fn number(&mut self, tariff: Tariff) -> usize {
        let next = self.tariffs.len();
        let number = *self.numbers.entry(tariff.clone()).or_insert(next);
        if number == next {
            self.tariffs.push(tariff);
        }
        number
    }
}

/// The model that a log names: the catalog's, else the name itself without its date, for models
/// that only the user's prices know.
pub(super) fn logged_model(catalog: &Catalog, logged: &str) -> ModelName {
    catalog.resolve(logged).unwrap_or_else(|| undated(logged))
}

/// A name such as `own-model-2026-08-06`, cut before its date.
fn undated(logged: &str) -> ModelName {
    let name = logged.to_lowercase();
    let version = name
        .len()
        .checked_sub("2026-08-06".len())
        .and_then(|at| name.get(at..))
        .filter(|date| date.parse::<NaiveDate>().is_ok());
    let model = version.and_then(|date| name.strip_suffix(date)?.strip_suffix('-'));
    match model {
        Some(model) if !model.is_empty() => ModelName {
            model: model.to_owned(),
            version: version.map(str::to_owned),
        },
        _ => ModelName {
            model: name,
            version: None,
        },
    }
}
