//! Unit costs that jump.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::days::{DayUse, UnitApp, by_app, in_words, subject};
use super::statistic::{Spread, percent_off};
use crate::chargeback::Charges;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::money::{Factor, Money};
use crate::spelling::{counted, grouped};

/// TB100.
pub(super) static JUMP: Rule = Family::Money.rule(
    "TB100",
    "unit-cost-jump",
    Severity::Warning,
    [
        "the cost per million tokens of an app is far from its usual on some day",
        "A price that changed, another model behind the same name, lost cache hits or spillover \
         show first in what a token costs. The cost of a day's tokens (per token, and the used \
         part of provisioned throughput) over its tokens is compared with the median of the app's \
         days; told when it differs by more than `unit_cost_jump_percent` and by more than 3 \
         robust standard deviations (1.4826 × median absolute deviation, at least a twentieth of \
         the median). Only days with at least 100,000 tokens are judged and counted, and only \
         where there are at least 5.",
        "compare the models, prices and token classes of that day with another one (`tollbook \
         chargeback --detail day`); if it is meant, raise `unit_cost_jump_percent` for the \
         business unit",
    ],
);

/// Fewest days that tell what is usual.
const FEWEST_DAYS: usize = 5;

/// Robust standard deviations that a jump exceeds.
const SCORE: u128 = 3;

/// Judges the cost per million tokens of each app.
pub(super) fn judge(evidence: &Evidence<'_>, charges: &Charges) -> Vec<Finding> {
    let apps = by_app(charges);
    let apps = apps.iter();
    apps.filter_map(|(app, days)| {
        let limits = evidence.settings.limits_of_unit(&app.0);
        let currency = &charges.statement.currency;
        let (jumps, spread) = jumps(days, &limits.unit_cost_jump_percent)?;
        let worst = jumps
            .iter()
            .rev()
            .max_by_key(|(_, cost)| percent_off(cost, &spread.median))?;
        let count = u64::try_from(jumps.len()).expect("a count of days");
        let more = match count {
            1 => String::new(),
            count => format!("; so does that of {}", counted(count - 1, "more day")),
        };
        let message = format!(
            "{}: a million tokens cost {} {currency} on {}, which differs by {} % from the median of \
             its days, {} {currency}; at most {} % are expected{more}",
            in_words(app),
            grouped(&worst.1.to_decimal(4)),
            worst.0,
            percent_off(&worst.1, &spread.median).to_decimal(0),
            grouped(&spread.median.to_decimal(4)),
            limits.unit_cost_jump_percent,
        );
        Some(finding(app, message).times(count))
    })
    .collect()
}

fn finding(app: &UnitApp, message: String) -> Finding {
    Finding::of(&JUMP, subject(app), message).for_unit(&app.0)
}

/// The days whose cost per million tokens jumps, and what is usual.
fn jumps(
    days: &BTreeMap<NaiveDate, DayUse>,
    percent: &Factor,
) -> Option<(Vec<(NaiveDate, Factor)>, Spread)> {
    let judged = days.iter().filter(|(_, of_day)| of_day.means_something());
    let costs: Vec<(NaiveDate, Factor)> = judged
        .map(|(day, of_day)| (*day, per_million(of_day)))
        .collect();
    if costs.len() < FEWEST_DAYS {
        return None;
    }
    let figures: Vec<Factor> = costs.iter().map(|(_, cost)| cost.clone()).collect();
    let spread = Spread::of(&figures)?;
    let least = Factor::ratio(SCORE, 1);
    let jumps = costs.into_iter().filter(|(_, cost)| {
        percent_off(cost, &spread.median) > *percent && spread.score(cost) > least
    });
    let jumps: Vec<_> = jumps.collect();
    (!jumps.is_empty()).then_some((jumps, spread))
}

/// What a million tokens of a day cost.
fn per_million(of_day: &DayUse) -> Factor {
    let one = Money::from_minor(crate::money::MinorUnits(1), 0);
    let millions = of_day.tokens.divided_by(&Factor::ratio(1_000_000, 1));
    of_day.cost.ratio(&one).divided_by(&millions)
}

#[cfg(test)]
pub(super) use tests::CONFIG;

#[cfg(test)]
mod tests;
