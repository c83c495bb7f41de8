//! Two statements compared: what was added, removed and changed, and why.
//!
//! [`difference`] takes two statements and goes one way. [`tokens`] explains what is paid per
//! token, [`fixed`] what is paid whether it is used or not, and [`adjusting`] what follows either.
//! Each gives [`Effects`] by [`Place`], computed exactly and cut to eighteen decimals that still add
//! up to the exact change ([`Effects::cut`] has why). They are added up to rows of business unit,
//! application and model, and [`settling`] makes whole minor units of them, once. Every coarser
//! view is a sum of those rows. `docs/DIFF.md` has the formulas.
//!
//! Invariant: the causes of a row are its change, before settling (exactly) and after it; a difference is an
//! error, never a result.

#![deny(clippy::float_arithmetic)]

mod adjusting;
pub mod cause;
pub mod change;
mod error;
mod fixed;
pub mod limit;
mod pair;
pub mod rows;
mod settling;
mod tokens;

use std::collections::BTreeMap;

pub use cause::{Cause, Effects};
pub use change::{Change, State};
pub use error::DiffError;
pub use limit::{Excess, Limit};
pub use rows::{By, Row};

use crate::chargeback::statement::{Statement, StatementLine};
use crate::money::{MinorUnits, Money};
use pair::Pair;

/// Whether both statements charge the same requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// They do not: who has more tokens used more.
    Apart,
    /// They do, under two policies: who has more tokens while all together have as many was given
    /// them.
    Same,
}

/// What a row is about at the finest.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeafKey {
    /// The business unit.
    pub business_unit: String,
    /// The application; may be empty.
    pub app: String,
    /// The model; empty for what belongs to none.
    pub model: String,
}

/// What lines are compared by, but for what they charge for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    leaf: LeafKey,
    /// Deployment, pool or shared cost.
    deployment: String,
}

/// Effects by the place they are seen at.
type EffectsByPlace = BTreeMap<Place, Effects>;

/// Two statements compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Decimals of the currency's minor unit.
    pub minor_digits: u32,
    /// Every business unit, application and model of either statement, sorted.
    pub leaves: Vec<(LeafKey, Change)>,
    /// All of them together.
    pub total: Change,
}

/// Compares the statement `after` with the one `before`.
///
/// The result depends on the set of lines, not on their order. Lines of several days or cost
/// centres are added up. Errors where the two are in different currencies.
pub fn difference(
    before: &Statement,
    after: &Statement,
    traffic: Traffic,
) -> Result<Difference, DiffError> {
    let statements = Pair { before, after };
    comparable(statements)?;
    let mut effects = tokens::effects(statements, traffic);
    merge(&mut effects, fixed::effects(statements));
    let adjustments = adjusting::effects(statements, &effects);
    merge(&mut effects, adjustments);

    let mut leaves = charged(statements);
    for (place, effects) in effects {
        let change = leaves.entry(place.leaf).or_default();
        change.effects.add(&effects);
    }
    bounded(&leaves)?;
    settling::settle(&mut leaves, before.minor_digits);
    let mut total = Change::default();
    for change in leaves.values() {
        total.add(change);
    }
    let difference = Difference {
        currency: before.currency.clone(),
        minor_digits: before.minor_digits,
        leaves: leaves.into_iter().collect(),
        total,
    };
    difference.verify(statements)?;
    Ok(difference)
}

/// An error where amounts of the two cannot be subtracted.
fn comparable(Pair { before, after }: Pair<&Statement>) -> Result<(), DiffError> {
    if before.currency != after.currency {
        return Err(DiffError::Currencies {
            before: before.currency.clone(),
            after: after.currency.clone(),
        });
    }
    if before.minor_digits != after.minor_digits {
        return Err(DiffError::MinorDigits {
            before: before.minor_digits,
            after: after.minor_digits,
        });
    }
    Ok(())
}

/// Most that an effect may be [major unit]: with twelve decimals, and added up, it fits amounts.
const MOST: MinorUnits = MinorUnits(10_i128.pow(20));

/// An error where some effect is larger than amounts can be. Statements of chargebacks have none;
/// a file may hold anything.
fn bounded(leaves: &BTreeMap<LeafKey, Change>) -> Result<(), DiffError> {
    let most = Money::from_minor(MOST, 0);
    for (leaf, change) in leaves {
        for (cause, amount) in change.effects.met() {
            if *amount > most || -amount.clone() > most {
                return Err(DiffError::TooLarge {
                    business_unit: leaf.business_unit.clone(),
                    cause: cause.name(),
                });
            }
        }
    }
    Ok(())
}

/// Cuts the effects of every place to decimals, none of its total.
fn cut(effects: &mut EffectsByPlace) {
    for effects in effects.values_mut() {
        *effects = effects.cut();
    }
}

fn merge(effects: &mut EffectsByPlace, more: EffectsByPlace) {
    for (place, added) in more {
        effects.entry(place).or_default().add(&added);
    }
}

/// What each statement charges at every leaf, before any cause is known.
fn charged(statements: Pair<&Statement>) -> BTreeMap<LeafKey, Change> {
    let mut leaves: BTreeMap<LeafKey, Change> = BTreeMap::new();
    for (side, line) in statements.lines() {
        let change = leaves.entry(LeafKey::of(line)).or_default();
        change.on(side).charge(line);
    }
    leaves
}

impl LeafKey {
    fn of(line: &StatementLine) -> Self {
        Self {
            business_unit: line.business_unit.clone(),
            app: line.app.clone(),
            model: line.model.clone(),
        }
    }
}

impl Place {
    fn of(line: &StatementLine) -> Self {
        Self {
            leaf: LeafKey::of(line),
            deployment: line.deployment.clone(),
        }
    }
}

impl Difference {
    /// The invariant, checked: causes add up in every row and in the total, and nothing of either
    /// statement is missing.
    fn verify(&self, statements: Pair<&Statement>) -> Result<(), DiffError> {
        let rows = self.leaves.iter().map(|(_, change)| change);
        for change in rows.chain([&self.total]) {
            let exact = change.after.exact.clone() - change.before.exact.clone();
            let settled: MinorUnits = change.causes.values().copied().sum();
            if change.effects.total() != exact || settled != change.amount() {
                return Err(DiffError::Unbalanced {
                    causes: change.effects.total().to_string(),
                    change: exact.to_string(),
                });
            }
        }
        let sum = |statement: &Statement| -> Money {
            statement.lines.iter().map(|line| &line.exact).sum()
        };
        let found = self.total.after.exact.clone() - self.total.before.exact.clone();
        let expected = sum(statements.after) - sum(statements.before);
        if found != expected {
            return Err(DiffError::Unbalanced {
                causes: found.to_string(),
                change: expected.to_string(),
            });
        }
        Ok(())
    }
}
