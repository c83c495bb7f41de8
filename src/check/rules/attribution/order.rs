//! Owner rules that claim nothing, stand behind broader ones, or have ended.

use std::collections::BTreeSet;

use super::claims::{Caller, Claims, names};
use super::{RULE_EXPIRED, RULE_NEVER_MATCHES, RULE_SHADOWED, about_owner, identity, title};
use crate::chargeback::owners::{Match, OwnerRule};
use crate::chargeback::pattern::Pattern;
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};
use crate::spelling::counted;
use crate::usage::Dimensions;

/// Rules that hold in the period and claim nothing, other than `shadowed` ones.
pub(super) fn unused(
    evidence: &Evidence<'_>,
    claims: &Claims<'_>,
    shadowed: &BTreeSet<usize>,
) -> Vec<Finding> {
    let winners: BTreeSet<usize> = claims.callers.iter().filter_map(|c| c.claimed_by).collect();
    let mut findings = Vec::new();
    for (at, rule) in claims.rules.iter().enumerate() {
        let claims_something = winners.contains(&at) || shadowed.contains(&at);
        if claims_something || !claims.period.days().any(|day| rule.holds_on(day)) {
            continue;
        }
        let message = format!("{} claims nothing in this period", title(at, rule));
        let finding = Finding::of(&RULE_NEVER_MATCHES, identity(rule), message);
        let finding = finding.written(evidence.config, &entry("owner", at, "match"));
        findings.push(about_owner(finding, rule));
    }
    findings
}

/// A rule behind a broader one.
pub(super) struct Shadow {
    /// The place of the broader rule.
    earlier: usize,
    /// The place of the narrower rule.
    pub(super) later: usize,
    /// Whether the broader one takes all that the other could claim.
    whole: bool,
}

/// Every rule that a broader one of another owner stands before, with the first of those.
pub(super) fn shadows(claims: &Claims<'_>) -> Vec<Shadow> {
    let later = 0..claims.rules.len();
    later
        .filter_map(|later| {
            let whole = (0..later).find(|earlier| hides(claims, *earlier, later));
            let part = || (0..later).find(|earlier| takes_callers(claims, *earlier, later));
            let earlier = whole.or_else(part)?;
            Some(Shadow {
                earlier,
                later,
                whole: whole.is_some(),
            })
        })
        .collect()
}

/// Whether the earlier rule claims all that the later one could, as long as that holds.
fn hides(claims: &Claims<'_>, earlier: usize, later: usize) -> bool {
    let (first, second) = (&claims.rules[earlier], &claims.rules[later]);
    let start = claims.period.start();
    let over = second.until.is_some_and(|until| until <= start);
    let since = second.from.map_or(start, |from| from.max(start));
    let starts = first.from.is_none_or(|from| from <= since);
    let lasts = first
        .until
        .is_none_or(|until| second.until.is_some_and(|end| end <= until));
    !over && starts && lasts && !same_owner(first, second) && first.matches.covers(&second.matches)
}

/// Whether the earlier rule, though broader, took a caller that the later one names too.
fn takes_callers(claims: &Claims<'_>, earlier: usize, later: usize) -> bool {
    let (first, second) = (&claims.rules[earlier], &claims.rules[later]);
    let ordered = first.matches.covers(&second.matches) || second.matches.covers(&first.matches);
    !ordered
        && breadth(&first.matches) > breadth(&second.matches)
        && !same_owner(first, second)
        && claims.lost(earlier, later).is_some()
}

/// How much a match leaves open: the fields it does not name, then those it names loosely.
fn breadth(of: &Match) -> (std::cmp::Reverse<usize>, usize) {
    let loose = of
        .patterns()
        .filter(|(_, p)| !matches!(p, Pattern::Exact(_)));
    (std::cmp::Reverse(of.patterns().count()), loose.count())
}

fn same_owner(a: &OwnerRule, b: &OwnerRule) -> bool {
    let nobody = Dimensions::default();
    a.payers(&nobody) == b.payers(&nobody)
}

impl Shadow {
    /// The finding, at the narrower rule and then the broader one.
    pub(super) fn finding(&self, evidence: &Evidence<'_>, claims: &Claims<'_>) -> Finding {
        let (earlier, later) = (&claims.rules[self.earlier], &claims.rules[self.later]);
        let verdict = if self.whole {
            "never wins"
        } else {
            "loses callers"
        };
        let example = claims.lost(self.earlier, self.later);
        let example = example.map(|caller| format!(", such as {}", names(caller.dimensions)));
        let message = format!(
            "{} {verdict}: {} stands before it and takes what both match{}",
            title(self.later, later),
            title(self.earlier, earlier),
            example.unwrap_or_default()
        );
        let subject = format!("{} after {}", identity(later), identity(earlier));
        let finding = Finding::of(&RULE_SHADOWED, subject, message)
            .with_help(format!(
                "put rule {} before rule {}, the narrower before the broader; delete it if the \
                 broader owner is right",
                self.later + 1,
                self.earlier + 1
            ))
            .written(evidence.config, &entry("owner", self.later, "match"))
            .written(evidence.config, &entry("owner", self.earlier, "match"));
        about_owner(finding, later)
    }
}

/// Rules that have ended although their callers still call.
pub(super) fn expired(evidence: &Evidence<'_>, claims: &Claims<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, rule) in claims.rules.iter().enumerate() {
        let orphans: Vec<&Caller<'_>> = claims
            .callers
            .iter()
            .filter(|caller| caller.tokens > 0 && is_orphan(claims, caller, at))
            .collect();
        let Some((until, first)) = rule.until.zip(orphans.first()) else {
            continue;
        };
        let tokens: u128 = orphans.iter().map(|caller| caller.tokens).sum();
        let now = match first.claimed_by {
            None => "are now nobody's".to_owned(),
            Some(other) => format!("now fall to {}", title(other, &claims.rules[other])),
        };
        let message = format!(
            "{} ended before {until}, and its callers still call: {} in this period, \
             such as those of {}, which {now}",
            title(at, rule),
            counted(tokens, "token"),
            names(first.dimensions),
        );
        let finding = Finding::of(&RULE_EXPIRED, identity(rule), message);
        let finding = finding.written(evidence.config, &entry("owner", at, "until"));
        findings.push(about_owner(finding, rule));
    }
    findings
}

/// Whether the caller would be the ended rule's, and is nobody's or fell to a rule that is no
/// successor: a later and broader one that held while this one still did.
fn is_orphan(claims: &Claims<'_>, caller: &Caller<'_>, at: usize) -> bool {
    let rule = &claims.rules[at];
    let Some(until) = rule.until.filter(|until| *until <= caller.day) else {
        return false;
    };
    let fell_to = |other: usize| {
        let other_rule = &claims.rules[other];
        let last = until.pred_opt().unwrap_or(until);
        let broader = !rule.matches.covers(&other_rule.matches);
        other > at && broader && other_rule.holds_on(last) && !same_owner(other_rule, rule)
    };
    caller.fitting.contains(&at) && caller.claimed_by.is_none_or(fell_to)
}
