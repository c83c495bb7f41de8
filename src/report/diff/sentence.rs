//! Who pays how much more or less, and why, in one sentence each.

use std::cmp::Reverse;

use super::{Comparison, Side};
use crate::chargeback::statement::{IDLE, UNATTRIBUTED};
use crate::diff::limit::Most;
use crate::diff::{By, Cause, Change, Excess};
use crate::money::MinorUnits;
use crate::report::figure;
use crate::report::text::visible;

/// Most business units that get a sentence of their own.
const MOST_UNITS: usize = 3;

/// How names of others are written into a sentence: for a terminal, or as Markdown.
pub(super) type Names = fn(&str) -> String;

/// What people read first: everything together, then the business units that changed most.
pub(super) fn answers(comparison: &Comparison, names: Names) -> Vec<String> {
    let difference = &comparison.difference;
    let mut leaves = difference.leaves.iter();
    let (before, after) = (&comparison.before.name, &comparison.after.name);
    if leaves.all(|(_, change)| change.is_silent()) {
        let same = money(comparison, difference.total.after.charged);
        return vec![format!(
            "No difference: {} and {} charge the same, {same}.",
            names(before),
            names(after)
        )];
    }
    let total = told(comparison, ["All together", "pay"], &difference.total);
    let mut answers = vec![total];
    let units = difference.rows(By::BusinessUnit).into_iter();
    let changed = units.filter(|row| row.change.amount().0 != 0);
    answers.extend(changed.take(MOST_UNITS).map(|row| {
        let unit = row.keys[0].as_str();
        let verb = match unit {
            IDLE | UNATTRIBUTED => "costs",
            _ => "pays",
        };
        told(comparison, [&names(unit), verb], &row.change)
    }));
    answers
}

/// One sentence on one change.
fn told(comparison: &Comparison, [who, verb]: [&str; 2], change: &Change) -> String {
    let size = |units: MinorUnits| money(comparison, MinorUnits(units.0.abs()));
    let amount = change.amount();
    let by = match amount.0 {
        0 => format!("the same, {}", money(comparison, change.after.charged)),
        1.. => format!("{} more", size(amount)),
        _ => format!("{} less", size(amount)),
    };
    let share = change.share().filter(|_| amount.0 != 0);
    let share = share.map(|share| format!(" ({})", figure::growth(&share)));
    let causes = causes(change, comparison.difference.minor_digits);
    let causes = if causes.is_empty() {
        causes
    } else {
        format!(": {causes}")
    };
    format!("{who} {verb} {by}{}{causes}.", share.unwrap_or_default())
}

/// The causes of a change, the largest first: `volume +1,500.00, price -296.90`.
pub(super) fn causes(change: &Change, digits: u32) -> String {
    let mut met: Vec<(Cause, MinorUnits)> = Cause::ALL
        .map(|cause| (cause, change.cause(cause)))
        .into_iter()
        .filter(|(_, amount)| amount.0 != 0)
        .collect();
    met.sort_by_key(|(_, amount)| Reverse(amount.0.unsigned_abs()));
    let texts = met
        .into_iter()
        .map(|(cause, amount)| format!("{} {}", cause.name(), figure::signed(amount, digits)));
    texts.collect::<Vec<_>>().join(", ")
}

/// One line for each excess.
pub(super) fn excesses(comparison: &Comparison, names: Names) -> Vec<String> {
    let told = comparison.excesses.iter().map(|excess| {
        let unit = excess.business_unit.as_deref();
        let who = unit.map_or_else(|| "the total".to_owned(), names);
        exceeded(comparison, &who, excess)
    });
    told.collect()
}

fn exceeded(comparison: &Comparison, who: &str, excess: &Excess) -> String {
    let difference = &comparison.difference;
    let change = figure::signed(excess.change.amount(), difference.minor_digits);
    let share = match excess.change.share() {
        Some(share) => figure::growth(&share),
        None => "from nothing".to_owned(),
    };
    let most = match &excess.limit.most {
        Most::Percent(percent) => format!("{percent} %"),
        Most::Amount(amount) => format!(
            "{} {}",
            visible(&difference.currency),
            figure::exact(amount)
        ),
    };
    format!(
        "{who} changed by {} {change} ({share}); --max-change allows {most}",
        visible(&difference.currency)
    )
}

/// Days of a side.
pub(super) fn days(side: &Side) -> u64 {
    side.period.days().map(|_| 1).sum()
}

fn money(comparison: &Comparison, units: MinorUnits) -> String {
    let difference = &comparison.difference;
    let amount = figure::amount(units, difference.minor_digits);
    format!("{} {amount}", visible(&difference.currency))
}
