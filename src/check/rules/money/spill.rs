//! Tokens that spill over from provisioned deployments.

use std::collections::BTreeMap;

use crate::chargeback::Charges;
use crate::chargeback::deployments::Deployment;
use crate::check::rules::share::Share;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::usage::Dimensions;

/// TB101.
pub(super) static SHARE: Rule = Family::Money.rule(
    "TB101",
    "spill-share",
    Severity::Warning,
    [
        "a large part of what a provisioned deployment was asked for spilled over",
        "What spills over is paid per token on top of the throughput that was bought. Told when \
         the priced tokens (prompt and answer) that were spilled from the deployment are more than \
         `spill_percent` of those that were asked of it, spilled or served.",
        "see with `tollbook plan` whether more PTU would be cheaper, spread batch work over quiet \
         hours, or raise `spill_percent` in `[check.limits]` if the spillover is meant",
    ],
);

/// Judges the spillover of every provisioned deployment.
pub(super) fn judge(evidence: &Evidence<'_>, charges: &Charges) -> Vec<Finding> {
    let period = charges.statement.period;
    let policy = &evidence.config.policy;
    let mut shares: BTreeMap<usize, Share> = BTreeMap::new();
    let priced = evidence.sums.iter().filter(|sum| {
        period.contains_day(sum.key.day) && policy.priced.contains(&sum.key.disposition)
    });
    for sum in priced {
        let tokens = sum.tokens.input.get() + sum.tokens.output.get();
        match asked(&policy.deployments, &sum.key.dimensions) {
            Some(Asked::Served(at)) => shares.entry(at).or_default().whole += tokens,
            Some(Asked::Spilled(at)) => {
                let share = shares.entry(at).or_default();
                share.whole += tokens;
                share.part += tokens;
            }
            None => {}
        }
    }
    let limit = &evidence.settings.limits().spill_percent;
    let shares = shares.into_iter();
    let mut findings: Vec<Finding> = shares
        .filter(|(_, share)| share.exceeds(limit))
        .map(|(at, share)| {
            let name = &policy.deployments[at].name;
            let message = format!(
                "deployment {name:?}: {share} tokens that were asked of it spilled over; at most \
                 {limit} % are expected"
            );
            Finding::of(&SHARE, name, message)
        })
        .collect();
    findings.sort_by(|one, other| one.subject.cmp(&other.subject));
    findings
}

/// What became of usage that was asked of the provisioned deployment at a place in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Served(usize),
    Spilled(usize),
}

/// Which provisioned deployment was asked; `None` where none was. Logs name the one that usage was
/// spilled from, or the deployment that served it is described as taking another's spillover.
fn asked(deployments: &[Deployment], dimensions: &Dimensions) -> Option<Asked> {
    let served = deployments.iter().position(|one| one.serves(dimensions));
    let from = match dimensions.spilled_from.as_str() {
        "" => served.and_then(|at| deployments[at].spillover_from.as_deref()),
        from => Some(from),
    };
    match (from, served) {
        (Some(from), _) => {
            let is_asked = |one: &Deployment| one.is_provisioned() && is_called(one, from);
            deployments.iter().position(is_asked).map(Asked::Spilled)
        }
        (None, Some(at)) if deployments[at].is_provisioned() => Some(Asked::Served(at)),
        (None, _) => None,
    }
}

/// Whether the deployment, or what logs call it, has this name, in any case.
fn is_called(deployment: &Deployment, name: &str) -> bool {
    let logged = deployment.logged_as.iter();
    logged
        .chain([&deployment.name])
        .any(|one| one.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
