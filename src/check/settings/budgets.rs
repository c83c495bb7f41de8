//! `[[check.budget]]`: what business units may cost.

use chrono::NaiveDate;

use crate::chargeback::{Fault, Step};
use crate::config::check::BudgetSection;

/// The path of a key of a budget.
pub(super) fn path(at: usize, key: &'static str) -> Vec<Step> {
    vec![
        Step::Key("check"),
        Step::Key("budget"),
        Step::At(at),
        Step::Key(key),
    ]
}

/// Whether a budget holds on a day.
pub(super) fn holds_on(budget: &BudgetSection, day: NaiveDate) -> bool {
    budget.from.is_none_or(|from| from <= day) && budget.until.is_none_or(|until| day < until)
}

/// Adds what is wrong with budgets.
pub(super) fn check(budgets: &[BudgetSection], faults: &mut Vec<Fault>) {
    for (at, budget) in budgets.iter().enumerate() {
        let unit = &budget.business_unit;
        let mut fault = |key, message| {
            faults.push(Fault::of(path(at, key), message));
        };
        if unit.is_empty() {
            fault(
                "business_unit",
                "a business unit has a name; found \"\"".to_owned(),
            );
        }
        if budget.amount.is_negative() {
            let amount = budget.amount.to_trimmed(6);
            fault(
                "amount",
                format!("the budget of {unit:?} is {amount}; expected 0 or more"),
            );
        }
        if is_empty(budget) {
            fault("until", "`until` is not after `from`".to_owned());
        }
        let mut earlier = budgets[..at].iter();
        if let Some(other) = earlier.find(|other| overlap(other, budget)) {
            let since = other
                .from
                .map_or_else(String::new, |day| format!(" since {day}"));
            let message = format!(
                "{unit:?} has another budget on the same days, which holds{since}; expected one for \
                 each day, so end that one with `until`, or start this one later with `from`"
            );
            fault("business_unit", message);
        }
    }
}

fn is_empty(budget: &BudgetSection) -> bool {
    let span = budget.from.zip(budget.until);
    span.is_some_and(|(from, until)| until <= from)
}

/// Whether two budgets are of one business unit and hold on one day.
fn overlap(a: &BudgetSection, b: &BudgetSection) -> bool {
    let starts_before_end = |a: &BudgetSection, b: &BudgetSection| {
        let span = a.from.zip(b.until);
        span.is_none_or(|(from, until)| from < until)
    };
    a.business_unit == b.business_unit
        && !is_empty(a)
        && !is_empty(b)
        && starts_before_end(a, b)
        && starts_before_end(b, a)
}
