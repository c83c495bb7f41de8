//! Attribution: whether all usage has the owner that the rules mean it to have.

mod claims;
mod order;
#[cfg(test)]
mod tests;
mod unknown;

use std::collections::BTreeSet;

use crate::chargeback::owners::OwnerRule;
use crate::check::rule::{Family, Rule, Severity};
use crate::check::{Evidence, Finding};
use claims::Claims;

/// Every rule of the family, in the order of ids.
pub(super) const RULES: &[&Rule] = &[
    &UNKNOWN_CALLERS,
    &RULE_NEVER_MATCHES,
    &RULE_SHADOWED,
    &RULE_EXPIRED,
    &SHARES_NOT_100,
];

static UNKNOWN_CALLERS: Rule = Family::Attribution.rule(
    "TB060",
    "unknown-callers",
    Severity::Warning,
    [
        "too much usage comes from callers that no owner rule claims",
        "Usage without an owner is charged to nobody, so the others or the centre pay for it. Told \
         when the priced tokens of the period that every [[owner]] rule passes over are more than \
         `unattributed_percent` of all priced tokens. Tokens whose gateway row is missing are left \
         out, because no rule could claim them; without any [[owner]] rule nothing is judged.",
        "add an [[owner]] rule for each of the callers that the finding names; those with most \
         tokens come first. `tollbook chargeback --by app` shows all of them under \
         __unattributed__",
    ],
);

static RULE_NEVER_MATCHES: Rule = Family::Attribution.rule(
    "TB061",
    "rule-never-matches",
    Severity::Warning,
    [
        "an owner rule claims nothing in the period",
        "A misspelt rule looks like a rule that works: its caller ends at another owner or at \
         none. Told when an [[owner]] holds on a day of the period and claims no request in it. A \
         rule that a broader one stands before is told by TB062 alone, and one that has ended by \
         TB063.",
        "compare `match` with the names in the logs (subscription, product, app as logged), or \
         give the rule an `until` when its caller is gone",
    ],
);

static RULE_SHADOWED: Rule = Family::Attribution.rule(
    "TB062",
    "rule-shadowed",
    Severity::Warning,
    [
        "a broader owner rule stands before a narrower one and takes its callers",
        "Rules are tried in the order of the file, and the first that matches owns the usage; a \
         narrow rule after a broad one is dead. Told when two rules have different owners and the \
         earlier `match` surely covers the later one (the same or fewer fields, a prefix of its \
         name, a regular expression that its name matches) for as long as the later one holds, \
         whether it has callers or not; and when neither covers the other, but the earlier is \
         broader (fewer fields, else fewer exact names) and took a caller of the period that both \
         match. A narrow rule before a broad one is how it is meant to be.",
        "move the narrower rule before the broader one; delete it if the broader owner is right",
    ],
);

static RULE_EXPIRED: Rule = Family::Attribution.rule(
    "TB063",
    "rule-expired",
    Severity::Warning,
    [
        "an owner rule has ended, and its callers still call",
        "When a rule ends and nothing takes its place, its callers become nobody's or fall to \
         whatever broader rule comes next. Told when callers that an [[owner]] with an `until` \
         matches have priced usage on or after that day, and that usage is claimed by no rule, or \
         by a later, broader rule of another owner that already held while this one did. A rule \
         for the same callers, or one that starts when the old one ends, is its successor, and no \
         finding. An ended rule without callers stays for old months.",
        "extend `until`, or add the rule that follows, with `from` on the same day",
    ],
);

/// Found where the configuration is read, or cannot be.
pub(super) static SHARES_NOT_100: Rule = Family::Attribution.rule(
    "TB064",
    "shares-not-100",
    Severity::Error,
    [
        "percentages that share a cost out do not add up to 100",
        "Shares below 100 % leave a part of the cost with nobody, shares above charge it twice, so \
         no statement is made from them. Told when the `percent` values of a `split` of an \
         [[owner]], or those of `allocation.fixed`, do not add up to 100 exactly, or when one is \
         negative.",
        "make the percentages add up to exactly 100; write thirds as \"33.33\", \"33.33\" and \
         \"33.34\"",
    ],
);

/// What attribution finds in the evidence.
pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(claims) = Claims::of(evidence) else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = unknown::callers(evidence, &claims).into_iter().collect();
    let shadows = order::shadows(&claims);
    let shadowed: BTreeSet<usize> = shadows.iter().map(|shadow| shadow.later).collect();
    findings.extend(order::unused(evidence, &claims, &shadowed));
    findings.extend(
        shadows
            .iter()
            .map(|shadow| shadow.finding(evidence, &claims)),
    );
    findings.extend(order::expired(evidence, &claims));
    findings
}

/// What a rule is called in messages.
fn title(at: usize, rule: &OwnerRule) -> String {
    format!("[[owner]] rule {} ({})", at + 1, identity(rule))
}

/// What tells a rule from others, wherever it stands.
fn identity(rule: &OwnerRule) -> String {
    let units: Vec<&str> = rule.business_units().map(|(name, _)| name).collect();
    let from = rule.from.map(|from| format!(", from {from}"));
    let from = from.unwrap_or_default();
    format!("{}: {}{from}", units.join(", "), rule.matches)
}

/// A finding about the business unit of a rule, where it has one owner.
fn about_owner(finding: Finding, rule: &OwnerRule) -> Finding {
    match &rule.business_unit {
        Some(unit) => finding.for_unit(unit.as_str()),
        None => finding,
    }
}
