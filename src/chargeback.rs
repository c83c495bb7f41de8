//! Chargeback: who pays what, so that all lines together are the cost of the period.
//!
//! [`charge`] takes usage as exact integer sums and goes one way. One pass ([`metering`]) gives
//! every sum its owner ([`owners`]) and its route ([`routes`]), and prices what was served per
//! token ([`rating`]). [`pools`] cost what was provisioned, hour by hour, and [`provisioned`]
//! shares it out by the keys of [`allocation`]; [`shared_costs`] do the same for any other fixed
//! cost. [`adjustments`] follow the charges they adjust. Amounts stay exact fractions until
//! [`rounding`] settles whole minor units once, from the total down.
//!
//! Invariant (law 2): the lines add up to the cost, which is added up apart from them; a
//! difference is an error, never a statement.

#![deny(clippy::float_arithmetic)]

pub mod adjustments;
pub mod allocation;
mod assembly;
mod callers;
pub mod deployments;
mod error;
pub mod exchange;
mod faults;
pub mod findings;
mod ledger;
mod metering;
pub(crate) mod moment;
mod owned;
pub mod owners;
pub mod pattern;
pub mod policy;
pub mod pools;
pub mod provisioned;
mod rating;
pub mod reservations;
mod rounding;
mod routes;
mod segments;
pub mod shared_costs;
pub mod statement;

use std::collections::BTreeMap;

use serde::Serialize;

pub use error::{ChargeError, NeededBy, NoFigures, Undescribed, Unpriced, prices_missing};
pub use faults::{Fault, FaultKind, Step};
pub use findings::{About, Finding};
pub use owned::{OwnedUsage, UsageAmount};
pub use policy::Policy;
pub use provisioned::{DeploymentFacts, PoolFacts};
pub use rating::PricedUse;

use crate::catalog::Catalog;
use crate::money::{MinorUnits, Money};
use crate::rate_card::{RateCard, TokenPrice};
use crate::time::BillingPeriod;
use crate::units::Requests;
use crate::usage::{Disposition, UsageSum};
use assembly::Assembly;
use metering::Meter;
use segments::Segments;
use statement::Statement;

/// What is known of models and prices.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Models on provisioned throughput.
    pub catalog: &'a Catalog,
    /// Prices.
    pub rates: &'a RateCard,
}

/// How finely lines are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// One line for the whole period.
    #[default]
    Period,
    /// One line a day.
    Day,
}

/// Where requests ended: the second half of "no row is lost" (law 1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RequestAccounting {
    /// Requests of the period by what became of them.
    pub by_disposition: BTreeMap<Disposition, Requests>,
    /// Requests outside the period; nothing else is known of them here.
    pub outside_period: Requests,
    /// Requests of the period that are priced, and that no owner rule claims.
    pub unattributed: Requests,
}

/// The cost of the period, added up by origin and apart from the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CostByOrigin {
    /// Tokens.
    pub tokens: Money,
    /// Provisioned throughput, deployed or only reserved.
    pub provisioned: Money,
    /// Shared costs.
    pub shared: Money,
    /// Discounts, markups, credits and taxes.
    pub adjustments: Money,
}

/// What rounding did to one business unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    /// The business unit.
    pub business_unit: String,
    /// Its exact amount.
    pub exact: Money,
    /// What it is charged.
    pub charged: MinorUnits,
    /// Exact minus charged.
    pub remainder: Money,
}

/// The result of a chargeback.
#[derive(Clone, Debug)]
pub struct Charges {
    /// The statement.
    pub statement: Statement,
    /// What a person should look at, sorted.
    pub findings: Vec<Finding>,
    /// Tokens without a price that were allowed by name; they are charged 0.
    pub unpriced: Vec<Unpriced>,
    /// Where requests ended.
    pub requests: RequestAccounting,
    /// Every owner's usage, priced or not, sorted.
    pub usage: Vec<OwnedUsage>,
    /// What provisioned throughput cost, by pool, in US dollars.
    pub pools: Vec<PoolFacts>,
    /// The token prices that were applied, sorted.
    pub prices: Vec<TokenPrice>,
    /// The tokens that each of them priced, sorted.
    pub priced: Vec<PricedUse>,
    /// The cost by origin, exact, in the statement's currency.
    pub cost: CostByOrigin,
    /// What rounding did to each business unit, sorted.
    pub remainders: Vec<Remainder>,
}

/// Charges the usage of `period`: every row is owned, priced, shared out, adjusted and rounded.
///
/// The result depends on the set of usage sums, not on their order.
pub fn charge(
    usage: &[UsageSum],
    policy: &Policy,
    facts: &Facts<'_>,
    period: BillingPeriod,
    detail: Detail,
) -> Result<Charges, ChargeError> {
    let segments = match detail {
        Detail::Period => Segments::cut(period, policy.rate_changes()),
        Detail::Day => Segments::cut(period, period.days()),
    };
    let owner_segments = Segments::cut(period, policy.owner_changes());
    let mut meter = Meter::new(policy, *facts, &segments, owner_segments);
    for sum in usage {
        meter.add(sum);
    }
    meter.verify()?;
    Assembly::new(policy, *facts, (period, &segments)).finish(meter, detail)
}

impl CostByOrigin {
    /// The cost of the period.
    pub fn total(&self) -> Money {
        [
            &self.tokens,
            &self.provisioned,
            &self.shared,
            &self.adjustments,
        ]
        .into_iter()
        .sum()
    }
}
