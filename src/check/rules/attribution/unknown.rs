//! Callers that no owner rule claims.

use std::collections::BTreeMap;

use super::UNKNOWN_CALLERS;
use super::claims::{Claims, names};
use crate::chargeback::Step;
use crate::check::{Evidence, Finding};
use crate::money::Factor;
use crate::spelling::counted;

/// A longer list of callers would not be read.
const MOST: usize = 3;

/// The finding on unclaimed usage, where there is too much of it.
pub(super) fn callers(evidence: &Evidence<'_>, claims: &Claims<'_>) -> Option<Finding> {
    if claims.rules.is_empty() || claims.priced == 0 {
        return None;
    }
    let unclaimed = unclaimed(claims);
    let tokens: u128 = unclaimed.iter().map(|(_, tokens)| tokens).sum();
    let share = Factor::ratio(tokens * 100, claims.priced);
    let limit = &evidence.settings.limits().unattributed_percent;
    if share <= *limit {
        return None;
    }
    let message = format!(
        "no owner rule claims {} % of the priced tokens; the limit is {limit} %; most come from {}",
        share.to_decimal(1),
        listed(&unclaimed)
    );
    let finding = Finding::of(&UNKNOWN_CALLERS, "", message);
    Some(finding.written(evidence.config, &[Step::Key("owner")]))
}

/// Unclaimed callers by name with their tokens, most tokens first.
fn unclaimed(claims: &Claims<'_>) -> Vec<(String, u128)> {
    let mut by_name: BTreeMap<String, u128> = BTreeMap::new();
    for caller in &claims.callers {
        if caller.claimed_by.is_none() && caller.tokens > 0 {
            *by_name.entry(names(caller.dimensions)).or_default() += caller.tokens;
        }
    }
    let mut sorted: Vec<(String, u128)> = by_name.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sorted
}

fn listed(callers: &[(String, u128)]) -> String {
    let first = callers.iter().take(MOST);
    let mut told: Vec<String> = first
        .map(|(name, tokens)| format!("{name} ({})", counted(*tokens, "token")))
        .collect();
    if callers.len() > MOST {
        told.push(format!("and {} more", callers.len() - MOST));
    }
    told.join("; ")
}
