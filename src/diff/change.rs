//! What changed between two statements at one place, and why.

use std::collections::BTreeMap;

use super::cause::{Cause, Effects};
use super::pair::Side;
use crate::chargeback::statement::StatementLine;
use crate::money::{Factor, MinorUnits, Money};

/// What one statement charges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// How many lines charge it.
    pub lines: usize,
    /// The exact amount.
    pub exact: Money,
    /// The amount as charged.
    pub charged: MinorUnits,
}

/// What changed, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What the first statement charges.
    pub before: Amount,
    /// What the second charges.
    pub after: Amount,
    /// The exact change by cause; each cause is cut to decimals, their total is not.
    pub effects: Effects,
    /// The change as charged by cause: whole minor units that add up to it. What is not there is
    /// nothing.
    pub causes: BTreeMap<Cause, MinorUnits>,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Only the second statement has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, with another amount or for another reason.
    Changed,
    /// Both have it, and no amount and no cause differs.
    Unchanged,
}

impl State {
    /// The word used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }

    /// The mark in front of a row.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Added => "+",
            Self::Removed => "-",
            Self::Changed => "~",
            Self::Unchanged => "=",
        }
    }
}

impl Amount {
    pub(super) fn charge(&mut self, line: &StatementLine) {
        self.lines += 1;
        self.exact += &line.exact;
        self.charged += line.amount;
    }

    fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.exact += &other.exact;
        self.charged += other.charged;
    }
}

impl Change {
    /// What one statement charges.
    pub(super) fn on(&mut self, side: Side) -> &mut Amount {
        match side {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
        }
    }

    /// Adds another change; causes stay what they are.
    pub fn add(&mut self, other: &Self) {
        self.before.add(&other.before);
        self.after.add(&other.after);
        self.effects.add(&other.effects);
        for (cause, amount) in &other.causes {
            *self.causes.entry(*cause).or_default() += *amount;
        }
    }

    /// The change as charged.
    pub fn amount(&self) -> MinorUnits {
        self.after.charged - self.before.charged
    }

    /// The change as charged for one cause.
    pub fn cause(&self, cause: Cause) -> MinorUnits {
        self.causes.get(&cause).copied().unwrap_or_default()
    }

    /// The change as part of the amount before, both as charged; `None` where that was nothing.
    /// Up is positive, also where the amount was a credit.
    pub fn share(&self) -> Option<Factor> {
        let whole = MinorUnits(self.before.charged.0.abs());
        let exact = |units| Money::from_minor(units, 0);
        (whole.0 != 0).then(|| exact(self.amount()).ratio(&exact(whole)))
    }

    /// What became of it.
    pub fn state(&self) -> State {
        match (self.before.lines, self.after.lines) {
            (0, 0) => State::Unchanged,
            (0, _) => State::Added,
            (_, 0) => State::Removed,
            _ if self.is_none() => State::Unchanged,
            _ => State::Changed,
        }
    }

    /// Whether both have it, and whole minor units tell no difference: neither in the amount, nor
    /// in any cause.
    pub fn is_silent(&self) -> bool {
        let is_both = matches!(self.state(), State::Changed | State::Unchanged);
        is_both && self.amount().0 == 0 && self.causes.values().all(|amount| amount.0 == 0)
    }

    fn is_none(&self) -> bool {
        self.amount().0 == 0
            && self.before.exact == self.after.exact
            && self.effects.met().next().is_none()
            && self.causes.values().all(|amount| amount.0 == 0)
    }
}
