//! What the tokens of each app of a business unit cost, day by day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::chargeback::Charges;
use crate::chargeback::statement::{Component, IDLE, StatementLine};
use crate::money::{Factor, Money};

/// A business unit and an app of it; the app may be empty.
pub(super) type UnitApp = (String, String);

/// What an app's tokens of one day were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DayUse {
    /// What they cost, in the statement's currency: charges per token and the used part of
    /// provisioned throughput; before shared and idle costs and before adjustments.
    pub(super) cost: Money,
    /// Priced tokens, prompt and answer [token].
    pub(super) tokens: Factor,
}

/// Tokens of a day, or of a usual day, below which an app's figures mean little [token].
pub(super) const FEWEST_TOKENS: u128 = 100_000;

impl Default for DayUse {
    fn default() -> Self {
        Self {
            cost: Money::zero(),
            tokens: Factor::zero(),
        }
    }
}

impl DayUse {
    /// Whether there are enough tokens to mean something.
    pub(super) fn means_something(&self) -> bool {
        self.tokens >= Factor::ratio(FEWEST_TOKENS, 1)
    }
}

/// The use of every app on every day with any.
pub(super) fn by_app(charges: &Charges) -> BTreeMap<UnitApp, BTreeMap<NaiveDate, DayUse>> {
    let mut apps: BTreeMap<UnitApp, BTreeMap<NaiveDate, DayUse>> = BTreeMap::new();
    for line in charges.statement.lines.iter().filter(|line| is_use(line)) {
        if let Some(day) = line.day {
            let key = (line.business_unit.clone(), line.app.clone());
            apps.entry(key).or_default().entry(day).or_default().cost += &line.exact;
        }
    }
    for usage in charges.usage.iter().filter(|usage| usage.priced) {
        if let Some(day) = usage.day {
            let key = (usage.payer.business_unit.clone(), usage.payer.app.clone());
            let of_day = apps.entry(key).or_default().entry(day).or_default();
            let tokens = usage.amount.input.plus(&usage.amount.output);
            of_day.tokens = of_day.tokens.plus(&tokens);
        }
    }
    for days in apps.values_mut() {
        days.retain(|_, of_day| !of_day.tokens.is_zero());
    }
    apps
}

fn is_use(line: &StatementLine) -> bool {
    let is_use = matches!(
        line.component,
        Component::Tokens { .. } | Component::PtuUsed
    );
    is_use && line.business_unit != IDLE
}

/// What tells findings about an app apart.
pub(super) fn subject((unit, app): &UnitApp) -> String {
    match app.as_str() {
        "" => unit.clone(),
        _ => format!("{unit}/{app}"),
    }
}

/// The app in words.
pub(super) fn in_words((unit, app): &UnitApp) -> String {
    match app.as_str() {
        "" => format!("business unit {unit:?}"),
        _ => format!("app {app:?} of business unit {unit:?}"),
    }
}
