//! One pass over all usage: every sum is given its owner and its route, and added up as integers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hashbrown::HashMap;

use super::callers::{Callers, Owner};
use super::error::{ChargeError, NeededBy, NoFigures, Undescribed};
use super::owned::{Count, CountKey};
use super::policy::Policy;
use super::rating::{Occasion, Prices, Rated};
use super::routes::{Route, logged_model};
use super::segments::Segments;
use super::shared_costs::{Counted, SharedCost, SharedKey};
use super::statement::UNATTRIBUTED;
use super::{Facts, RequestAccounting};
use crate::catalog::{ModelName, ProvisionedModel};
use crate::units::{Tokens, WeightedTokens};
use crate::usage::{Disposition, UsageSum};

/// What tokens are added up by.
pub(super) type TokenKey = (usize, Owner, u32);

/// Capacity use of a provisioned deployment, by day and owner.
pub(super) type CapacityUse = BTreeMap<(usize, usize), BTreeMap<Owner, WeightedTokens>>;

/// Everything the pass adds up.
pub(super) struct Meter<'a> {
    policy: &'a Policy,
    facts: Facts<'a>,
    segments: &'a Segments,
    /// Owners and routes.
    pub(super) callers: Callers<'a>,
    /// Prices looked up.
    pub(super) prices: Prices<'a>,
    /// Tokens and their cost.
    pub(super) tokens: HashMap<TokenKey, [Rated; 4]>,
    /// Capacity use of provisioned deployments.
    pub(super) capacity: HashMap<(usize, usize, Owner), WeightedTokens>,
    /// Counts towards shared costs, by the cost's place in the policy and owner.
    pub(super) shared: HashMap<(usize, Owner), u128>,
    /// Owners of priced use.
    pub(super) active: BTreeSet<Owner>,
    /// Where requests ended.
    pub(super) requests: RequestAccounting,
    /// How much each owner asked for.
    pub(super) counts: BTreeMap<CountKey, Count>,
    weights: HashMap<(String, usize), Result<&'a ProvisionedModel, String>>,
    undescribed: BTreeMap<(String, String, String, bool), u64>,
    no_figures: BTreeMap<NeededBy, (NaiveDate, ModelName, String)>,
}

/// Everything about one usage sum that the steps need.
#[derive(Clone, Copy)]
struct Reading<'u> {
    sum: &'u UsageSum,
    caller: usize,
    owner: Owner,
    day: usize,
    priced: bool,
}

impl<'a> Meter<'a> {
    /// A meter at zero.
    pub(super) fn new(
        policy: &'a Policy,
        facts: Facts<'a>,
        segments: &'a Segments,
        owner_segments: Segments,
    ) -> Self {
        Self {
            policy,
            facts,
            segments,
            callers: Callers::new(policy, facts.catalog, owner_segments),
            prices: Prices::new(facts.rates),
            tokens: HashMap::new(),
            capacity: HashMap::new(),
            shared: HashMap::new(),
            active: BTreeSet::new(),
            requests: RequestAccounting::default(),
            counts: BTreeMap::new(),
            weights: HashMap::new(),
            undescribed: BTreeMap::new(),
            no_figures: BTreeMap::new(),
        }
    }

    /// Adds one usage sum.
    pub(super) fn add(&mut self, sum: &UsageSum) {
        let Some(day) = self.segments.day_index(sum.key.day) else {
            self.requests.outside_period += sum.requests;
            return;
        };
        let caller = self.callers.number(&sum.key.dimensions);
        let owner = match sum.key.disposition {
            Disposition::NoGatewayRow => self.callers.nobody(caller),
            _ => self.callers.owner(caller, day),
        };
        let reading = Reading {
            sum,
            caller,
            owner,
            day,
            priced: self.policy.priced.contains(&sum.key.disposition),
        };
        let requests = &mut self.requests.by_disposition;
        *requests.entry(sum.key.disposition).or_default() += sum.requests;
        let key = (caller, owner, self.segments.of(day), sum.key.disposition);
        self.counts.entry(key).or_default().add(sum);
        self.count_shared(reading);
        if reading.priced {
            self.active.insert(owner);
            if self.callers.payers[owner][0].0.business_unit == UNATTRIBUTED {
                self.requests.unattributed += sum.requests;
            }
            self.pay(reading);
        }
    }

    fn pay(&mut self, reading: Reading<'_>) {
        match self.callers.route(reading.caller) {
            Route::SharedCostOnly => {}
            Route::PerToken { tariff, router_fee } => {
                self.rate(reading, tariff, Prices::rate);
                if let Some(router) = router_fee {
                    self.rate(reading, router, Prices::rate_fee);
                }
            }
            Route::Provisioned(at) => self.use_capacity(reading, at),
            Route::Undescribed { lacks_model } => {
                let dimensions = self.callers.dimensions(reading.caller);
                let name = (
                    dimensions.deployment.to_lowercase(),
                    dimensions.backend.to_lowercase(),
                    logged_model(self.facts.catalog, &dimensions.model).model,
                    lacks_model,
                );
                *self.undescribed.entry(name).or_default() += reading.sum.requests.get();
            }
        }
    }

    fn rate(
        &mut self,
        reading: Reading<'_>,
        number: usize,
        rate: fn(&mut Prices<'a>, &Occasion<'_>, &crate::units::TokenCounts, &mut [Rated; 4]),
    ) {
        let occasion = Occasion {
            tariff: &self.callers.routes.tariffs[number],
            number,
            day: (reading.day, reading.sum.key.day),
            input_above: reading.sum.key.input_above,
        };
        let key = (number, reading.owner, self.segments.of(reading.day));
        let rated = self.tokens.entry(key).or_default();
        rate(&mut self.prices, &occasion, &reading.sum.tokens, rated);
    }

    fn use_capacity(&mut self, reading: Reading<'_>, at: usize) {
        let name = self.policy.deployments[at].model_name();
        match self.weigh(&name, reading) {
            Ok(weighted) => {
                let key = (at, reading.day, reading.owner);
                *self.capacity.entry(key).or_default() += weighted;
            }
            Err(reason) => {
                let needed_by = NeededBy::Deployment(self.policy.deployments[at].name.clone());
                self.lacks_figures(needed_by, (reading.sum.key.day, name, reason));
            }
        }
    }

    fn count_shared(&mut self, reading: Reading<'_>) {
        let policy = self.policy;
        for (at, cost) in policy.shared_costs.iter().enumerate() {
            let counts = reading.priced || cost.count == Counted::All;
            if counts && cost.counts_deployment(&reading.sum.key.dimensions.deployment) {
                let weight = self.shared_weight(cost, reading);
                *self.shared.entry((at, reading.owner)).or_default() += weight;
            }
        }
    }

    fn shared_weight(&mut self, cost: &SharedCost, reading: Reading<'_>) -> u128 {
        let tokens = &reading.sum.tokens;
        match cost.by {
            SharedKey::Requests => u128::from(reading.sum.requests.get()),
            SharedKey::InputTokens => u128::from(tokens.input.get()),
            SharedKey::Tokens => u128::from(tokens.input.get()) + u128::from(tokens.output.get()),
            SharedKey::Shares | SharedKey::Even | SharedKey::Fixed => 0,
            SharedKey::WeightedTokens if tokens.is_zero() => 0,
            SharedKey::WeightedTokens => {
                let name = self.served_model(reading);
                self.weigh(&name, reading).map_or_else(
                    |reason| {
                        let needed_by = NeededBy::SharedCost(cost.name.clone());
                        self.lacks_figures(needed_by, (reading.sum.key.day, name, reason));
                        0
                    },
                    WeightedTokens::get,
                )
            }
        }
    }

    fn served_model(&self, reading: Reading<'_>) -> ModelName {
        match self.callers.route(reading.caller) {
            Route::PerToken { tariff, .. } => self.callers.routes.tariffs[tariff].name.clone(),
            Route::Provisioned(at) => self.policy.deployments[at].model_name(),
            Route::SharedCostOnly | Route::Undescribed { .. } => {
                let logged = &reading.sum.key.dimensions.model;
                logged_model(self.facts.catalog, logged)
            }
        }
    }

    /// The capacity that the tokens of a sum take, or why that is not known.
    fn weigh(&mut self, name: &ModelName, reading: Reading<'_>) -> Result<WeightedTokens, String> {
        let day = reading.sum.key.day;
        let catalog = self.facts.catalog;
        let entry = self.weights.entry((name.to_string(), reading.day));
        let model = entry
            .or_insert_with(|| catalog.provisioned(name, day).map_err(|e| e.to_string()))
            .clone()?;
        let above: Option<Tokens> = reading.sum.key.input_above;
        model
            .weighted(&reading.sum.tokens, above)
            .ok_or_else(|| format!("no token weights are known for model {name}"))
    }

    fn lacks_figures(&mut self, needed_by: NeededBy, found: (NaiveDate, ModelName, String)) {
        let first = self
            .no_figures
            .entry(needed_by)
            .or_insert_with(|| found.clone());
        if found < *first {
            *first = found;
        }
    }

    /// An error where usage met something that the policy or the catalog does not tell.
    pub(super) fn verify(&self) -> Result<(), ChargeError> {
        if !self.undescribed.is_empty() {
            return Err(ChargeError::Undescribed(self.undescribed()));
        }
        if self.no_figures.is_empty() {
            return Ok(());
        }
        let missing = self.no_figures.iter();
        let missing = missing.map(|(needed_by, (first_day, model, reason))| NoFigures {
            needed_by: needed_by.clone(),
            model: model.clone(),
            reason: reason.clone(),
            first_day: *first_day,
        });
        Err(ChargeError::NoFigures(missing.collect()))
    }

    fn undescribed(&self) -> Vec<Undescribed> {
        let met = self.undescribed.iter();
        met.map(
            |((deployment, backend, model, lacks_model), requests)| Undescribed {
                deployment: deployment.clone(),
                backend: backend.clone(),
                model: model.clone(),
                requests: crate::units::Requests::new(*requests),
                lacks_model: *lacks_model,
            },
        )
        .collect()
    }

    /// Capacity use by deployment and day.
    pub(super) fn capacity_use(&self) -> CapacityUse {
        let mut by_day = CapacityUse::new();
        for (&(deployment, day, owner), &weighted) in &self.capacity {
            by_day
                .entry((deployment, day))
                .or_default()
                .insert(owner, weighted);
        }
        by_day
    }
}
