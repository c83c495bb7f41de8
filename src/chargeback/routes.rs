//! What a logged deployment is, and so how its usage is paid.

use std::collections::BTreeMap;

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
        let router = (!configured.model.is_empty() && configured.model != logged.model)
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

/// The model that a log names: the one place that reads names such as `gpt-4o-2024-08-06`.
pub(super) fn logged_model(_catalog: &Catalog, logged: &str) -> ModelName {
    // MERGE: replace the body by Catalog::resolve once the prices branch is in.
    let logged = logged.to_ascii_lowercase();
    let dated = logged.len().checked_sub("-2024-08-06".len()).filter(|&at| {
        let suffix = logged.as_bytes().get(at..).unwrap_or_default();
        suffix.iter().enumerate().all(|(place, byte)| match place {
            0 | 5 | 8 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    });
    match dated {
        Some(at) if at > 0 => ModelName {
            version: Some(logged[at + 1..].to_owned()),
            model: logged[..at].to_owned(),
        },
        _ => ModelName {
            model: logged,
            version: None,
        },
    }
}
