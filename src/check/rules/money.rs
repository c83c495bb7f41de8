//! Whether money goes where it should: unit costs, spillover, what provisioned throughput is worth,
//! unusual days, budgets.

mod break_even;
mod budget;
mod days;
mod idle;
mod spill;
mod statistic;
mod unit_cost;
mod unusual;

#[cfg(test)]
mod months;

use crate::check::{Evidence, Finding, Rule};

/// The rules, in the order of ids.
pub(super) const RULES: &[&Rule] = &[
    &unit_cost::JUMP,
    &spill::SHARE,
    &break_even::BELOW,
    &idle::SHARE,
    &unusual::DAY,
    &budget::OVER,
    &budget::FORECAST,
];

/// What is unusual about the cost of the period; nothing where it could not be charged.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(charges) = evidence.charges else {
        return Vec::new();
    };
    [
        unit_cost::judge,
        spill::judge,
        break_even::judge,
        idle::judge,
        unusual::judge,
        budget::judge,
    ]
    .iter()
    .flat_map(|judge| judge(evidence, charges))
    .collect()
}
