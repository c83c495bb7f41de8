//! Provisioned throughput that nobody uses.

use crate::chargeback::{Charges, DeploymentFacts, PoolFacts};
use crate::check::settings::Limits;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::money::Factor;
use crate::spelling::grouped;

/// TB103.
pub(super) static SHARE: Rule = Family::Money.rule(
    "TB103",
    "idle-share",
    Severity::Warning,
    [
        "a large part of provisioned throughput is idle, or of a reservation unused",
        "Provisioned throughput is paid by the hour, used or not, and a reservation is used in its \
         hour or lost. Told when idle PTU-minutes are more than `idle_percent` of those deployed, \
         or unused ones of those reserved. The used part is what requests took of the capacity of \
         each day.",
        "deploy fewer PTU (`tollbook plan` tells how many), let more work use them, or move the \
         reservation's scope to where there is use; raise `idle_percent` if the head room is \
         meant",
    ],
);

/// Judges every deployment and every reservation's pool.
pub(super) fn judge(evidence: &Evidence<'_>, charges: &Charges) -> Vec<Finding> {
    let limits = evidence.settings.limits();
    let pools = charges.pools.iter();
    pools
        .flat_map(|pool| {
            let deployments = pool.deployments.iter();
            let idle = deployments.filter_map(|deployment| idle(deployment, limits));
            idle.chain(unused(pool, limits))
        })
        .collect()
}

fn idle(deployment: &DeploymentFacts, limits: &Limits) -> Option<Finding> {
    let deployed = Factor::ratio(deployment.deployed.get().into(), 1);
    let percent = percent(&deployed.minus(&deployment.used), &deployed);
    if percent <= limits.idle_percent {
        return None;
    }
    let paid = deployment.idle_amount.clone() + deployment.used_amount.clone();
    let message = format!(
        "deployment {:?} is idle for {} % of its PTU-hours, which cost {} USD of {} USD; at most {} % \
         are expected",
        deployment.name,
        percent.to_decimal(1),
        grouped(&deployment.idle_amount.to_decimal(2)),
        grouped(&paid.to_decimal(2)),
        limits.idle_percent,
    );
    Some(Finding::of(&SHARE, &deployment.name, message))
}

fn unused(pool: &PoolFacts, limits: &Limits) -> Option<Finding> {
    let whole = |minutes: crate::units::PtuMinutes| Factor::ratio(minutes.get().into(), 1);
    let percent = percent(&whole(pool.cost.unused()), &whole(pool.cost.reserved));
    if percent <= limits.idle_percent {
        return None;
    }
    let message = format!(
        "{} % of the reserved PTU-hours of {} cover no deployment, which cost {} USD; at most {} % \
         are expected",
        percent.to_decimal(1),
        pool.name,
        grouped(&pool.cost.unused_amount.to_decimal(2)),
        limits.idle_percent,
    );
    Some(Finding::of(
        &SHARE,
        format!("reservation {}", pool.name),
        message,
    ))
}

/// A part of a whole [percent]; 0 of nothing.
fn percent(part: &Factor, whole: &Factor) -> Factor {
    part.times(&Factor::ratio(100, 1)).divided_by(whole)
}

#[cfg(test)]
mod tests;
