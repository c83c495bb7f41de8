//! Whether requests cover the period that was asked for.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::check::rules::weekend::is_weekend;
use crate::check::tally::{Hours, Series};
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::spelling::counted;
use crate::time::BillingPeriod;

/// TB047.
pub(super) static NOT_COVERED: Rule = Family::Completeness.rule(
    "TB047",
    "period-not-covered",
    Severity::Warning,
    [
        "the period asked for starts or ends with days without any request",
        "A month that is charged from an export of three weeks is charged too little. Told when \
         whole UTC days lie before the first or after the last request of the period, up to the \
         day before the one on which it is checked. Weekend days are left out where most weekend \
         days within have no request, and weekdays where most weekdays within have none. No limit \
         of the configuration bears on it.",
        "export the whole period, or ask for the days that the export covers with `--period`",
    ],
);

type Days = BTreeMap<NaiveDate, Hours>;

/// Judges both ends of the period asked for.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(asked) = evidence.asked else {
        return Vec::new();
    };
    // The day of the check itself is not over yet.
    let end = asked.end().min(evidence.as_of);
    let Some(over) = BillingPeriod::new(asked.start(), end) else {
        return Vec::new();
    };
    let none = Days::new();
    let days = evidence.rhythm.series.get(&Series::All).unwrap_or(&none);
    let mut within = days.range(asked.start()..asked.end()).map(|(day, _)| *day);
    let Some(first) = within.next() else {
        let message = format!("the period {asked} has no request at all; expected some every day");
        return vec![Finding::of(&NOT_COVERED, "whole", message)];
    };
    let last = within.next_back().unwrap_or(first);
    let counts = |day: &NaiveDate| is_busy(*day, days, (first, last));
    let before: Vec<NaiveDate> = over
        .days()
        .take_while(|day| *day < first)
        .filter(counts)
        .collect();
    let after: Vec<NaiveDate> = over
        .days()
        .filter(|day| *day > last)
        .filter(counts)
        .collect();
    let tell = |side, missing: &[NaiveDate], known: NaiveDate| {
        let (from, until) = (missing.first()?, missing.last()?);
        let span = if from == until {
            format!("on {from}")
        } else {
            format!("from {from} to {until}")
        };
        let message = format!(
            "the period {asked} {side}s with {} without any request, {span}; the {} request is of {known}",
            counted(missing.len() as u64, "day"),
            if side == "start" { "first" } else { "last" },
        );
        Some(Finding::of(&NOT_COVERED, side, message))
    };
    let ends = [tell("start", &before, first), tell("end", &after, last)];
    ends.into_iter().flatten().collect()
}

/// Whether days like this one usually have requests: at least half of those from the first to the
/// last day with any, or that no such day is within.
fn is_busy(like: NaiveDate, days: &Days, (first, last): (NaiveDate, NaiveDate)) -> bool {
    let alike = |day: &NaiveDate| is_weekend(*day) == is_weekend(like);
    let spanned = first.iter_days().take_while(|day| *day <= last);
    let spanned = spanned.filter(alike).count();
    let active = days.range(first..=last).filter(|(day, _)| alike(day));
    active.count() * 2 >= spanned
}

#[cfg(test)]
mod tests;
