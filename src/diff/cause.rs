//! Why an amount changed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::money::{Factor, Money};

/// A cause. Together the causes of a change are the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// More or fewer tokens of an application, all kinds alike, at the prices before.
    Volume,
    /// Other kinds of tokens: another model, deployment, tier or class, at the prices before.
    Mix,
    /// Another price of a token, of a PTU-hour, or of a month of a shared cost.
    Price,
    /// More or less of what is paid whether it is used or not: PTU-hours, months of shared costs.
    Capacity,
    /// Another part of a cost that several share.
    Allocation,
    /// Other discounts, markups, credits or taxes.
    Adjustment,
    /// Whole minor units that moved where no exact amount did.
    Rounding,
}

impl Cause {
    /// Every cause, in the order reports show them.
    pub const ALL: [Self; 7] = [
        Self::Volume,
        Self::Mix,
        Self::Price,
        Self::Capacity,
        Self::Allocation,
        Self::Adjustment,
        Self::Rounding,
    ];

    /// The word used in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Mix => "mix",
            Self::Price => "price",
            Self::Capacity => "capacity",
            Self::Allocation => "allocation",
            Self::Adjustment => "adjustment",
            Self::Rounding => "rounding",
        }
    }
}

/// Decimals of an effect at one place [decimal of the major unit]; see [`Effects::cut`].
const EFFECT_DIGITS: u32 = 18;

/// Amounts by cause that are a change exactly; what is not there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects(BTreeMap<Cause, Money>);

impl Effects {
    /// Adds an amount to one cause.
    pub(super) fn post(&mut self, cause: Cause, amount: &Money) {
        if !amount.is_zero() {
            *self.0.entry(cause).or_default() += amount;
        }
    }

    /// Adds other effects.
    pub(super) fn add(&mut self, other: &Self) {
        for (cause, amount) in &other.0 {
            self.post(*cause, amount);
        }
    }

    /// All effects times `factor`, exact.
    pub(super) fn times(&self, factor: &Factor) -> Self {
        let mut scaled = Self::default();
        for (cause, amount) in &self.0 {
            scaled.post(*cause, &amount.times(factor));
        }
        scaled
    }

    /// These effects with at most [`EFFECT_DIGITS`] decimals each, towards zero; what is cut off
    /// goes to the largest of them (the earliest of equals), so that their total stays what it is.
    ///
    /// An effect divides by the tokens, hours or amounts of its own place. Sums over thousands of
    /// places would have the product of all those as their denominator; so effects are cut before
    /// places are added up. No cause appears by it.
    pub(super) fn cut(&self) -> Self {
        let mut cut = Self::default();
        for (cause, amount) in &self.0 {
            cut.post(*cause, &amount.truncated(EFFECT_DIGITS));
        }
        if let Some(largest) = self.largest(|_| true) {
            cut.post(largest, &(self.total() - cut.total()));
        }
        cut
    }

    /// The cause with the largest amount, up or down, among those that are `eligible`; the
    /// earliest of equals.
    pub(super) fn largest(&self, eligible: impl Fn(Cause) -> bool) -> Option<Cause> {
        let met = self.met().filter(|(cause, _)| eligible(*cause));
        let largest = met.min_by_key(|(_, amount)| Reverse(amount.size()));
        largest.map(|(cause, _)| cause)
    }

    /// The amount of a cause, exact but for [`Effects::cut`].
    pub fn of(&self, cause: Cause) -> Money {
        self.0.get(&cause).cloned().unwrap_or_default()
    }

    /// The causes whose amount is not zero, in their order.
    pub fn met(&self) -> impl Iterator<Item = (Cause, &Money)> {
        let effects = self.0.iter().map(|(cause, amount)| (*cause, amount));
        effects.filter(|(_, amount)| !amount.is_zero())
    }

    /// All causes together.
    pub fn total(&self) -> Money {
        self.0.values().sum()
    }
}
