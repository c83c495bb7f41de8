//! How much may change, and what changed more.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::change::Change;
use super::rows::By;
use super::{DiffError, Difference};
use crate::money::{Factor, MinorUnits, Money};
use crate::spelling::hint;

/// The most that something may change, up or down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The business unit it holds for; without one, the total and every business unit that no
    /// limit names.
    pub business_unit: Option<String>,
    /// The most that is no excess.
    pub most: Most,
}

/// The most that is no excess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Most {
    /// So many percent of the amount before.
    Percent(Factor),
    /// An amount in the statement's currency.
    Amount(Money),
}

/// What changed more than it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The business unit; `None` for the total.
    pub business_unit: Option<String>,
    /// What changed.
    pub change: Change,
    /// The limit that it exceeds.
    pub limit: Limit,
}

/// A text that is no limit.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error(
    "{found:?} is not a limit; expected a percentage such as 5%, an amount such as 100, or either \
     of a business unit such as Finance=5%"
)]
pub struct LimitError {
    found: String,
}

impl FromStr for Limit {
    type Err = LimitError;

    /// Reads `5%`, `100`, `Finance=5%` or `Finance=100`; what is below zero is refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || LimitError {
            found: text.to_owned(),
        };
        // A name may hold the sign; a limit cannot.
        let (unit, most) = match text.rsplit_once('=') {
            Some((unit, most)) => (Some(unit.trim()), most.trim()),
            None => (None, text.trim()),
        };
        let most = match most.strip_suffix('%') {
            Some(percent) => Most::Percent(percent.trim().parse().map_err(|_| wrong())?),
            None => Most::Amount(most.parse().map_err(|_| wrong())?),
        };
        if most.is_negative() || unit.is_some_and(str::is_empty) {
            return Err(wrong());
        }
        Ok(Self {
            business_unit: unit.map(str::to_owned),
            most,
        })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(unit) = &self.business_unit {
            write!(f, "{unit}=")?;
        }
        match &self.most {
            Most::Percent(percent) => write!(f, "{percent}%"),
            Most::Amount(amount) => write!(f, "{amount}"),
        }
    }
}

impl Most {
    fn is_negative(&self) -> bool {
        match self {
            Self::Percent(percent) => percent.is_negative(),
            Self::Amount(amount) => amount.is_negative(),
        }
    }

    /// Whether `change` is beyond it. What was nothing before and is something now exceeds every
    /// percentage.
    fn is_exceeded(&self, change: &Change, digits: u32) -> bool {
        let size = |units: MinorUnits| Money::from_minor(MinorUnits(units.0.abs()), digits);
        let most = match self {
            Self::Percent(percent) => size(change.before.charged).times(&percent.percent()),
            Self::Amount(amount) => amount.clone(),
        };
        size(change.amount()) > most
    }
}

impl Difference {
    /// What changed more than `limits` allow: the total first, then business units, the largest
    /// change first; for each of them the limits in their order.
    ///
    /// Errors where a limit names a business unit that neither statement has.
    pub fn excesses(&self, limits: &[Limit]) -> Result<Vec<Excess>, DiffError> {
        let units = self.rows(By::BusinessUnit);
        for limit in limits {
            let Some(unit) = &limit.business_unit else {
                continue;
            };
            if !units.iter().any(|row| row.keys[0] == *unit) {
                return Err(DiffError::UnknownUnit {
                    limit: limit.to_string(),
                    unit: unit.clone(),
                    hint: hint(unit, units.iter().map(|row| row.keys[0].as_str())),
                });
            }
        }
        let units = units
            .into_iter()
            .map(|mut row| (row.keys.pop(), row.change));
        let changes = [(None, self.total.clone())].into_iter().chain(units);
        let excesses = changes.flat_map(|(unit, change)| {
            let limits = holding(limits, unit.as_deref());
            let exceeded: Vec<Excess> = limits
                .filter(|limit| limit.most.is_exceeded(&change, self.minor_digits))
                .map(|limit| Excess {
                    business_unit: unit.clone(),
                    change: change.clone(),
                    limit: limit.clone(),
                })
                .collect();
            exceeded
        });
        Ok(excesses.collect())
    }
}

/// The limits that hold for a business unit, or for the total: those that name it, else those
/// that name none.
fn holding<'a>(limits: &'a [Limit], unit: Option<&'a str>) -> impl Iterator<Item = &'a Limit> {
    let is_named = limits
        .iter()
        .any(|limit| unit.is_some() && limit.business_unit.as_deref() == unit);
    limits.iter().filter(move |limit| {
        let named = limit.business_unit.as_deref();
        if is_named {
            named == unit
        } else {
            named.is_none()
        }
    })
}
