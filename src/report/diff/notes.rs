//! What stands below a comparison for people: what is not shown, days, meanings, findings.

use super::sentence::{Names, days};
use super::{Comparison, Kind, Shown};
use crate::diff::{Cause, Row};
use crate::money::Factor;
use crate::report::figure;

/// All notes, each a paragraph; `names` writes what others have written.
pub(super) fn all(
    comparison: &Comparison,
    (rows, hidden): (&[Row], usize),
    names: Names,
) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(not_shown(comparison, hidden));
    notes.extend(unequal_days(comparison));
    notes.extend(meanings(comparison, rows));
    if comparison.kind == Kind::Statements {
        notes.push(FROM_FILES.to_owned());
    }
    notes.extend(findings(comparison, names));
    notes
}

const FROM_FILES: &str = "Statements as they were written: what moved between owners is told as \
                          volume, because the requests behind them are not known.";

fn not_shown(comparison: &Comparison, hidden: usize) -> Option<String> {
    debug_assert!(hidden == 0 || comparison.shown == Shown::Changed);
    match hidden {
        0 => None,
        1 => Some("1 row did not change; --all shows it.".to_owned()),
        _ => Some(format!("{hidden} rows did not change; --all shows them.")),
    }
}

/// Months differ in length: what the days alone would do.
fn unequal_days(comparison: &Comparison) -> Option<String> {
    let (before, after) = (days(&comparison.before), days(&comparison.after));
    if before == after || before == 0 {
        return None;
    }
    let ratio = Factor::ratio(after.into(), before.into());
    let growth = figure::growth(&ratio.minus(&Factor::one()));
    Some(format!(
        "A has {before} days, B {after}: the same use and the same PTU every day would be {growth} \
         of volume and capacity."
    ))
}

/// What the causes that are shown mean.
fn meanings(comparison: &Comparison, rows: &[Row]) -> Option<String> {
    let total = &comparison.difference.total;
    let changes = || rows.iter().map(|row| &row.change).chain([total]);
    let met = Cause::ALL
        .into_iter()
        .filter(|cause| changes().any(|change| change.cause(*cause).0 != 0));
    let texts: Vec<String> = met
        .map(|cause| format!("{}: {}", cause.name(), meaning(cause)))
        .collect();
    (!texts.is_empty()).then(|| format!("{}.", texts.join("; ")))
}

const fn meaning(cause: Cause) -> &'static str {
    match cause {
        Cause::Volume => "more or fewer tokens at the prices before",
        Cause::Mix => "other models or kinds of tokens",
        Cause::Price => "per token, PTU-hour or month of a shared cost",
        Cause::Capacity => "PTU-hours and shared costs there are, used or not",
        Cause::Allocation => "another part of what several share",
        Cause::Adjustment => "discounts, markups, credits, tax",
        Cause::Rounding => "whole cents that moved",
    }
}

/// What must be known of either statement, once where it holds for both.
fn findings(comparison: &Comparison, names: Names) -> Vec<String> {
    let (before, after) = (&comparison.before.findings, &comparison.after.findings);
    let of_first = before.iter().map(|finding| {
        let both = after.contains(finding);
        let of = if both { "A and B" } else { "A" };
        format!("{of}: {}", names(finding))
    });
    let of_second = after.iter().filter(|finding| !before.contains(finding));
    of_first
        .chain(of_second.map(|finding| format!("B: {}", names(finding))))
        .collect()
}
