//! Exact amounts on their way to statement lines.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::owners::Payer;
use super::statement::Component;
use crate::money::{Factor, Money};

/// What a charge is for, in the order of the statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ChargeKey {
    /// Who pays.
    pub(super) payer: Payer,
    /// The model; may be empty.
    pub(super) model: String,
    /// The deployment, pool or shared cost.
    pub(super) deployment: String,
    /// What is charged.
    pub(super) component: Component,
    /// First day of the segment that the charge belongs to.
    pub(super) day: NaiveDate,
}

/// The price of one unit, where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum UnitPrice {
    /// No price seen yet.
    #[default]
    Unknown,
    /// The same price for all.
    One(Money),
    /// Several prices, or amounts that are not a quantity times a price.
    Several,
}

impl UnitPrice {
    /// What holds for both together.
    pub(super) fn join(&mut self, other: &Self) {
        match (&*self, other) {
            (_, Self::Unknown) => {}
            (Self::Unknown, _) => *self = other.clone(),
            (one, another) if one == another => {}
            _ => *self = Self::Several,
        }
    }

    /// The one price.
    pub(super) fn one(self) -> Option<Money> {
        match self {
            Self::One(price) => Some(price),
            Self::Unknown | Self::Several => None,
        }
    }
}

/// What is charged under one key.
#[derive(Clone, Debug)]
pub(super) struct Charge {
    /// How much of what; nothing where the amount is no quantity times a price.
    pub(super) quantity: Option<(Factor, &'static str)>,
    /// The price of one unit.
    pub(super) unit_price: UnitPrice,
    /// The exact amount in the statement's currency.
    pub(super) exact: Money,
}

impl Charge {
    /// An amount without a quantity.
    pub(super) fn amount(exact: Money) -> Self {
        Self {
            quantity: None,
            unit_price: UnitPrice::Several,
            exact,
        }
    }

    /// Adds another charge of the same kind.
    pub(super) fn add(&mut self, other: Self) {
        self.exact += &other.exact;
        self.unit_price.join(&other.unit_price);
        self.quantity = match (self.quantity.take(), other.quantity) {
            (Some((mine, unit)), Some((theirs, _))) => Some((mine.plus(&theirs), unit)),
            _ => None,
        };
    }
}

/// All charges, each key once.
pub(super) type Ledger = BTreeMap<ChargeKey, Charge>;

/// Adds a charge to the ledger.
pub(super) fn post(ledger: &mut Ledger, key: ChargeKey, charge: Charge) {
    match ledger.entry(key) {
        std::collections::btree_map::Entry::Vacant(entry) => {
            entry.insert(charge);
        }
        std::collections::btree_map::Entry::Occupied(mut entry) => entry.get_mut().add(charge),
    }
}
