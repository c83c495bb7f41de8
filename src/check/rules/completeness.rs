//! Whether rows are missing: gaps in the rhythm of requests, leftovers of joins, counts that nobody
//! counted, and periods that are not covered.

mod counts;
mod course;
mod coverage;
mod gap;
mod leftovers;
mod missing;

#[cfg(test)]
mod months;

use crate::check::{Evidence, Finding, Rule};

/// The rules, in the order of ids.
pub(super) const RULES: &[&Rule] = &[
    &missing::HOURS,
    &missing::DAYS,
    &missing::REGION,
    &leftovers::NO_LLM_ROW,
    &leftovers::NO_GATEWAY_ROW,
    &counts::WITHOUT_TOKENS,
    &counts::ESTIMATED,
    &coverage::NOT_COVERED,
];

/// What is missing, by the whole of the evidence.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    [
        missing::judge,
        leftovers::judge,
        counts::without_tokens,
        counts::estimated,
        coverage::judge,
    ]
    .iter()
    .flat_map(|judge| judge(evidence))
    .collect()
}
