//! Everything a chargeback is told, beside usage, facts and prices.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::adjustments::Adjustments;
use super::allocation::Allocation;
use super::deployments::{Defaults, Deployment};
use super::exchange::ExchangeRate;
use super::owners::{OwnerRule, Payer, unattributed};
use super::reservations::Reservation;
use super::shared_costs::SharedCost;
use crate::money::Factor;
use crate::usage::{Dimensions, Disposition};

/// The policy of a chargeback. Order matters where it says so, and only there.
#[derive(Clone, Debug)]
pub struct Policy {
    /// ISO 4217 code of the statement's currency.
    pub currency: String,
    /// Decimals of its minor unit.
    pub minor_digits: u32,
    /// What is assumed of deployments that are not described.
    pub defaults: Option<Defaults>,
    /// Deployments, tried in order.
    pub deployments: Vec<Deployment>,
    /// Reservations.
    pub reservations: Vec<Reservation>,
    /// Owner rules, tried in order.
    pub owners: Vec<OwnerRule>,
    /// Keys for provisioned cost.
    pub allocation: Allocation,
    /// Costs beside tokens and provisioned throughput.
    pub shared_costs: Vec<SharedCost>,
    /// Discounts, markups, credits and taxes.
    pub adjustments: Adjustments,
    /// Units of the statement's currency per US dollar, in any order.
    pub exchange_rates: Vec<ExchangeRate>,
    /// What becomes of requests whose tokens are priced.
    pub priced: BTreeSet<Disposition>,
    /// Models that may be without a price, in lower case: a finding instead of an error.
    pub allowed_unpriced: BTreeSet<String>,
}

impl Default for Policy {
    fn default() -> Self {
        let priced = Disposition::ALL.into_iter();
        Self {
            currency: "USD".to_owned(),
            minor_digits: 2,
            defaults: None,
            deployments: Vec::new(),
            reservations: Vec::new(),
            owners: Vec::new(),
            allocation: Allocation::default(),
            shared_costs: Vec::new(),
            adjustments: Adjustments::default(),
            exchange_rates: Vec::new(),
            priced: priced
                .filter(|disposition| disposition.is_priced())
                .collect(),
            allowed_unpriced: BTreeSet::new(),
        }
    }
}

impl Policy {
    /// The days on which an adjustment or exchange rate starts or ends.
    pub(super) fn rate_changes(&self) -> impl Iterator<Item = NaiveDate> {
        let rates = self.exchange_rates.iter().map(|rate| rate.from);
        self.adjustments.changes().chain(rates)
    }

    /// The days on which an owner rule starts or ends.
    pub(super) fn owner_changes(&self) -> impl Iterator<Item = NaiveDate> {
        let bounds = self.owners.iter().flat_map(|rule| [rule.from, rule.until]);
        bounds.flatten()
    }

    /// Who pays which share of the usage of a caller on a day, and the rule that says so.
    pub fn payers(
        &self,
        dimensions: &Dimensions,
        day: NaiveDate,
    ) -> (Option<usize>, Vec<(Payer, Factor)>) {
        let mut rules = self.owners.iter().enumerate();
        match rules.find(|(_, rule)| rule.claims(dimensions, day)) {
            Some((at, rule)) => (Some(at), rule.payers(dimensions)),
            None => (None, unattributed(dimensions)),
        }
    }

    /// Whether usage logged under this deployment name only steers a shared cost.
    pub(super) fn is_free_per_token(&self, logged: &str) -> bool {
        self.shared_costs
            .iter()
            .any(|cost| !cost.price_per_token && cost.names(logged))
    }
}
