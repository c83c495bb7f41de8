//! How a cost that nobody caused alone reaches business units.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::owners::Payer;
use super::statement::IDLE;
use crate::money::{Factor, Money};

/// The policy for the three parts of provisioned cost.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Allocation {
    /// Key for capacity that was used.
    pub used: UsedKey,
    /// Key for capacity that was deployed and not used.
    pub idle: IdleKey,
    /// Key for capacity that was reserved and not deployed.
    pub unused_reservation: IdleKey,
    /// Provisioned throughput that business units hold: relative weights.
    pub shares: BTreeMap<String, u32>,
    /// Fixed percentages by business unit.
    pub fixed: BTreeMap<String, Factor>,
    /// Keys tried in order when all weights of the chosen one are zero; `central` ends every list.
    pub fallback: Vec<Fallback>,
}

/// Keys for capacity that was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UsedKey {
    /// By the capacity that each day's requests took.
    #[default]
    WeightedTokens,
    /// By the throughput held, whatever was used.
    Shares,
    /// Evenly over the business units with priced use in the period.
    Even,
    /// By fixed percentages, whatever was used.
    Fixed,
}

/// Keys for capacity that nobody used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum IdleKey {
    /// Nobody's: stays visible as its own line of `__idle__`.
    #[default]
    Central,
    /// By the capacity that the whole period's requests took.
    Proportional,
    /// By the throughput held.
    Shares,
}

/// Keys that need no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Fallback {
    /// By the throughput held.
    Shares,
    /// Evenly over the business units with priced use in the period.
    Even,
    /// Nobody's.
    Central,
}

/// Any allocation key, as [`Keys`] applies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// In proportion to given weights of use.
    Use,
    /// By the throughput held.
    Shares,
    /// Evenly over the business units with priced use.
    Even,
    /// By fixed percentages.
    Fixed,
    /// Nobody's.
    Central,
}

impl Default for Allocation {
    fn default() -> Self {
        Self {
            used: UsedKey::default(),
            idle: IdleKey::default(),
            unused_reservation: IdleKey::default(),
            shares: BTreeMap::new(),
            fixed: BTreeMap::new(),
            fallback: vec![Fallback::Shares, Fallback::Even, Fallback::Central],
        }
    }
}

impl UsedKey {
    /// The word used in the configuration and in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WeightedTokens => "weighted-tokens",
            Self::Shares => "shares",
            Self::Even => "even",
            Self::Fixed => "fixed",
        }
    }
}

impl IdleKey {
    /// The word used in the configuration and in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Central => "central",
            Self::Proportional => "proportional",
            Self::Shares => "shares",
        }
    }
}

impl From<UsedKey> for Key {
    fn from(key: UsedKey) -> Self {
        match key {
            UsedKey::WeightedTokens => Self::Use,
            UsedKey::Shares => Self::Shares,
            UsedKey::Even => Self::Even,
            UsedKey::Fixed => Self::Fixed,
        }
    }
}

impl From<IdleKey> for Key {
    fn from(key: IdleKey) -> Self {
        match key {
            IdleKey::Central => Self::Central,
            IdleKey::Proportional => Self::Use,
            IdleKey::Shares => Self::Shares,
        }
    }
}

impl From<Fallback> for Key {
    fn from(key: Fallback) -> Self {
        match key {
            Fallback::Shares => Self::Shares,
            Fallback::Even => Self::Even,
            Fallback::Central => Self::Central,
        }
    }
}

impl Key {
    /// The word used in findings.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Shares => "shares",
            Self::Even => "even",
            Self::Fixed => "fixed",
            Self::Central => "central",
        }
    }
}

/// Relative weights by payer; need not sum to anything.
pub(super) type Weights = BTreeMap<Payer, Factor>;

/// Shares by payer; they sum to exactly 1.
#[derive(Clone, Debug)]
pub(super) struct Division {
    /// The key that was applied in the end.
    pub(super) key: Key,
    /// The shares, none of them zero.
    pub(super) shares: Vec<(Payer, Factor)>,
}

/// What keys other than use need to know.
#[derive(Clone, Debug)]
pub(super) struct Keys<'a> {
    /// The policy.
    pub(super) allocation: &'a Allocation,
    /// Business units with priced use in the period, without the special ones.
    pub(super) active: BTreeSet<String>,
    /// The cost centre of business units that have exactly one.
    pub(super) cost_centres: BTreeMap<String, String>,
}

impl Keys<'_> {
    /// Divides by `key`, else by the declared fallback, else centrally.
    pub(super) fn divide(&self, key: Key, weights_of_use: &Weights) -> Division {
        let fallback = self.allocation.fallback.iter().map(|&key| Key::from(key));
        std::iter::once(key)
            .chain(fallback)
            .find_map(|key| normalised(key, self.weights(key, weights_of_use)))
            .unwrap_or_else(central)
    }

    fn weights(&self, key: Key, weights_of_use: &Weights) -> Weights {
        let allocation = self.allocation;
        match key {
            Key::Use => weights_of_use.clone(),
            Key::Shares => allocation
                .shares
                .iter()
                .map(|(unit, &share)| (self.whole(unit), Factor::ratio(u128::from(share), 1)))
                .collect(),
            Key::Even => self
                .active
                .iter()
                .map(|unit| (self.whole(unit), Factor::one()))
                .collect(),
            Key::Fixed => allocation
                .fixed
                .iter()
                .map(|(unit, percent)| (self.whole(unit), percent.clone()))
                .collect(),
            Key::Central => Weights::from([(Payer::whole(IDLE, ""), Factor::one())]),
        }
    }

    fn whole(&self, business_unit: &str) -> Payer {
        let cost_centre = self.cost_centres.get(business_unit);
        Payer::whole(business_unit, cost_centre.map_or("", String::as_str))
    }
}

fn central() -> Division {
    Division {
        key: Key::Central,
        shares: vec![(Payer::whole(IDLE, ""), Factor::one())],
    }
}

/// Shares in proportion to `weights`; `None` when all are zero, for then there is no proportion.
fn normalised(key: Key, weights: Weights) -> Option<Division> {
    let whole: Factor = weights.values().sum();
    if whole.is_zero() {
        return None;
    }
    let shares = weights
        .into_iter()
        .filter(|(_, weight)| !weight.is_zero())
        .map(|(payer, weight)| (payer, weight.divided_by(&whole)))
        .collect();
    Some(Division { key, shares })
}

impl Division {
    /// The parts of `amount`, exact.
    pub(super) fn of(&self, amount: &Money) -> impl Iterator<Item = (&Payer, &Factor, Money)> {
        self.shares
            .iter()
            .map(move |(payer, share)| (payer, share, amount.times(share)))
    }
}
