//! Sizes that cannot be deployed.

use chrono::NaiveDate;

use super::PTU_SIZE_NOT_OFFERED;
use crate::chargeback::Step;
use crate::chargeback::deployments::{CapacityStep, Deployment};
use crate::check::{Evidence, Finding};

/// Capacity steps in force on or after the start of the period that are of no legal size.
pub(super) fn not_offered(evidence: &Evidence<'_>) -> Vec<Finding> {
    let start = evidence.start();
    let deployments = evidence.config.policy.deployments.iter().enumerate();
    deployments
        .filter(|(_, deployment)| deployment.is_provisioned())
        .flat_map(|(at, deployment)| {
            let steps = deployment.capacity.iter().enumerate();
            steps.filter_map(move |(number, step)| {
                let finding = judge(deployment, (number, step), start, evidence)?;
                let path = [
                    Step::Key("deployment"),
                    Step::At(at),
                    Step::Key("capacity"),
                    Step::At(number),
                    Step::Key("ptu"),
                ];
                Some(finding.written(evidence.config, &path))
            })
        })
        .collect()
}

fn judge(
    deployment: &Deployment,
    (number, step): (usize, &CapacityStep),
    start: NaiveDate,
    evidence: &Evidence<'_>,
) -> Option<Finding> {
    let next = deployment.capacity.get(number + 1);
    let is_over = next
        .and_then(|next| next.from.day())
        .is_some_and(|day| day <= start);
    if step.ptu.is_zero() || is_over {
        return None;
    }
    let from = step.from.day()?;
    let reason = deployment.size_not_offered(evidence.facts.catalog, step.ptu, from.max(start))?;
    let subject = format!("{} from {from}", deployment.name);
    let message = format!("deployment {:?} from {from}: {reason}", deployment.name);
    Some(Finding::of(&PTU_SIZE_NOT_OFFERED, subject, message))
}
