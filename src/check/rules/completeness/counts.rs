//! Requests whose tokens nobody counted, or not exactly.

use std::collections::BTreeMap;

use super::leftovers::in_period;
use crate::check::rules::payers::Payers;
use crate::check::rules::share::Share;
use crate::check::tally::caller;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::spelling;
use crate::usage::{Disposition, Quality, UsageSum};

/// TB045.
pub(super) static WITHOUT_TOKENS: Rule = Family::Completeness.rule(
    "TB045",
    "without-tokens-share",
    Severity::Warning,
    [
        "too many served requests of a business unit have no token counts",
        "What was served without token counts is charged to nobody, although Azure bills it: most \
         often streams whose last chunk carries no usage. Told when requests without counts are \
         more than `without_tokens_percent` of all served requests of the business unit, from 20 \
         requests on.",
        "let the caller ask for usage in streams (`stream_options.include_usage`), or let the \
         gateway's policy set it; a log of the model's answers also has the counts",
    ],
);

/// TB046.
pub(super) static ESTIMATED: Rule = Family::Completeness.rule(
    "TB046",
    "estimated-share",
    Severity::Warning,
    [
        "too many priced requests have token counts that nobody counted one by one",
        "A statement is as good as its counts: estimates and placeholders drift from the bill, and \
         sums of many requests cannot be de-duplicated. Told when requests whose counts are \
         aggregated, estimated or defaulted are more than `estimated_percent` of all requests with \
         tokens; the share of each quality is named.",
        "read a source that holds what the model itself counted, such as the LLM log of the \
         gateway; if there is none, raise `estimated_percent` in `[check.limits]`",
    ],
);

/// Fewest requests of a business unit whose share means something.
const FEWEST: u64 = 20;

/// What a business unit was served.
#[derive(Default)]
struct Served<'a> {
    share: Share,
    /// Requests without counts by caller.
    callers: BTreeMap<&'a str, u64>,
}

/// Judges the served requests of each business unit. A request that several share counts for each.
pub(super) fn without_tokens(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut units: BTreeMap<String, Served<'_>> = BTreeMap::new();
    let is_served = |sum: &&UsageSum| {
        let served = [Disposition::Billable, Disposition::WithoutTokens];
        served.contains(&sum.key.disposition)
    };
    let mut payers = Payers::of(&evidence.config.policy);
    for sum in in_period(evidence).filter(is_served) {
        for name in payers.units(sum) {
            if !units.contains_key(name) {
                units.insert(name.clone(), Served::default());
            }
            units.get_mut(name).expect("it was just put there").add(sum);
        }
    }
    let units = units.iter();
    units
        .filter_map(|(unit, served)| {
            let limit = &evidence
                .settings
                .limits_of_unit(unit)
                .without_tokens_percent;
            if served.share.whole < FEWEST || !served.share.exceeds(limit) {
                return None;
            }
            let message = format!(
                "business unit {unit:?}: {} served requests have no token counts; at most {limit} % \
                 are expected; {}",
                served.share,
                served.worst()
            );
            Some(Finding::of(&WITHOUT_TOKENS, unit, message).for_unit(unit))
        })
        .collect()
}

impl<'a> Served<'a> {
    fn add(&mut self, sum: &'a UsageSum) {
        let requests = sum.requests.get();
        self.share.whole += requests;
        if sum.key.disposition == Disposition::WithoutTokens {
            self.share.part += requests;
            let caller = caller(&sum.key.dimensions);
            *self.callers.entry(caller).or_default() += requests;
        }
    }

    fn worst(&self) -> String {
        let worst = self.callers.iter().rev().max_by_key(|(_, count)| **count);
        let (caller, count) = worst.map_or(("", 0), |(caller, count)| (*caller, *count));
        let count = spelling::whole(count);
        match caller {
            "" => format!("most of them, {count}, are of callers without a name"),
            _ => format!("most of them, {count}, are of caller {caller:?}"),
        }
    }
}

/// Judges how requests with tokens were counted.
pub(super) fn estimated(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(period) = evidence.period else {
        return Vec::new();
    };
    let days = evidence
        .rhythm
        .qualities
        .range(period.start()..period.end());
    let mut counts: BTreeMap<Quality, u64> = BTreeMap::new();
    for (quality, requests) in days.flat_map(|(_, qualities)| qualities) {
        *counts.entry(*quality).or_default() += requests;
    }
    let whole = counts.values().sum();
    let share = |quality| Share {
        part: counts.get(&quality).copied().unwrap_or(0),
        whole,
    };
    let named = [
        (Quality::Aggregated, "aggregated"),
        (Quality::Estimated, "estimated"),
        (Quality::Defaulted, "defaulted"),
    ];
    let named = named.map(|(quality, name)| (share(quality), name));
    let part = named.iter().map(|(share, _)| share.part).sum();
    let limit = &evidence.settings.limits().estimated_percent;
    if !(Share { part, whole }).exceeds(limit) {
        return Vec::new();
    }
    let told = named.iter().filter(|(share, _)| share.part > 0);
    let told: Vec<String> = told
        .map(|(share, name)| {
            format!(
                "{name} {} % ({})",
                share.percent().to_decimal(1),
                spelling::whole(share.part)
            )
        })
        .collect();
    let message = format!(
        "{} requests with tokens have counts that are not exact: {}; at most {limit} % are expected",
        Share { part, whole },
        told.join(", ")
    );
    vec![Finding::of(&ESTIMATED, "", message)]
}

#[cfg(test)]
mod tests;
