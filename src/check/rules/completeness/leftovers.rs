//! Requests of which only one of two logs tells.

use std::collections::BTreeMap;

use crate::check::rules::share::Share;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::spelling::whole;
use crate::usage::{Disposition, UsageSum};

/// TB043.
pub(super) static NO_LLM_ROW: Rule = Family::Completeness.rule(
    "TB043",
    "no-llm-row",
    Severity::Warning,
    [
        "too many calls that the gateway served have no row in the LLM log",
        "Without its row in the LLM log a call has no tokens and is charged to nobody. Told when \
         calls served without such a row are more than `no_llm_row_percent` of all calls that the \
         gateway served. Rows of other APIs behind the same gateway count as well.",
        "export the LLM log of the same span, and switch it on for the API that is named; leave \
         APIs that serve no model out of the export",
    ],
);

/// TB044.
pub(super) static NO_GATEWAY_ROW: Rule = Family::Completeness.rule(
    "TB044",
    "no-gateway-row",
    Severity::Warning,
    [
        "too many rows of the LLM log have no gateway row",
        "Without its gateway row a call has tokens but no caller, so nobody pays for it. Told when \
         such requests are more than `no_gateway_row_percent` of all requests with tokens or with \
         a served answer.",
        "export the gateway log of the same span, a few minutes longer at each end: the two rows \
         of a call are not written at the same time",
    ],
);

/// Judges both kinds of leftovers.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    let (mut by_disposition, mut apis) = (BTreeMap::new(), BTreeMap::new());
    for sum in in_period(evidence) {
        let requests = sum.requests.get();
        *by_disposition.entry(sum.key.disposition).or_insert(0u64) += requests;
        if sum.key.disposition == Disposition::NoLlmRow {
            *apis.entry(sum.key.dimensions.api.as_str()).or_insert(0u64) += requests;
        }
    }
    let count = |which: Disposition| by_disposition.get(&which).copied().unwrap_or(0);
    let joined = count(Disposition::Billable) + count(Disposition::WithoutTokens);
    let no_llm_row = Share {
        part: count(Disposition::NoLlmRow),
        whole: joined + count(Disposition::NoLlmRow) + count(Disposition::CacheHit),
    };
    let no_gateway_row = Share {
        part: count(Disposition::NoGatewayRow),
        whole: joined + count(Disposition::NoGatewayRow),
    };
    let limits = evidence.settings.limits();
    let mut findings = Vec::new();
    if no_llm_row.exceeds(&limits.no_llm_row_percent) {
        let most = apis.iter().rev().max_by_key(|(_, requests)| **requests);
        let (api, most) = most.map_or(("", 0), |(api, requests)| (*api, *requests));
        let most = whole(most);
        findings.push(Finding::of(
            &NO_LLM_ROW,
            "",
            format!(
                "{no_llm_row} calls that the gateway served have no row in the LLM log; at most \
                 {} % are expected; most of them, {most}, are of API {api:?}",
                limits.no_llm_row_percent
            ),
        ));
    }
    if no_gateway_row.exceeds(&limits.no_gateway_row_percent) {
        findings.push(Finding::of(
            &NO_GATEWAY_ROW,
            "",
            format!(
                "{no_gateway_row} requests of the LLM log have no gateway row; at most {} % are \
                 expected",
                limits.no_gateway_row_percent
            ),
        ));
    }
    findings
}

/// The sums of the period.
pub(super) fn in_period<'a>(evidence: &'a Evidence<'_>) -> impl Iterator<Item = &'a UsageSum> {
    let period = evidence.period;
    let sums = evidence.sums.iter();
    sums.filter(move |sum| period.is_some_and(|period| period.contains_day(sum.key.day)))
}

#[cfg(test)]
mod tests;
