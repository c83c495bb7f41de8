//! What charging the period found.

use super::{ALLOCATION_FALLBACK, CREDIT_WITHOUT_CHARGES, PTU_OVERUSED};
use crate::chargeback::{self, About, Step};
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};

/// The findings of the chargeback that are rules here.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let charges = evidence.charges.iter();
    let found = charges.flat_map(|charges| &charges.findings);
    found.filter_map(|one| of(one, evidence)).collect()
}

fn of(found: &chargeback::Finding, evidence: &Evidence<'_>) -> Option<Finding> {
    let (config, message) = (evidence.config, found.message.as_str());
    let policy = &config.policy;
    match (found.code, &found.about) {
        ("ptu-overused", About::Deployment(at)) => {
            let finding = Finding::of(&PTU_OVERUSED, &policy.deployments[*at].name, message);
            Some(finding.written(config, &entry("deployment", *at, "capacity")))
        }
        ("allocation-fallback", About::Allocation(of)) => {
            let finding = Finding::of(&ALLOCATION_FALLBACK, of, message);
            Some(finding.written(config, &[Step::Key("allocation")]))
        }
        ("allocation-fallback", About::SharedCost(at)) => {
            let name = &policy.shared_costs[*at].name;
            let finding = Finding::of(&ALLOCATION_FALLBACK, format!("shared cost {name}"), message);
            Some(finding.written(config, &entry("shared_cost", *at, "by")))
        }
        ("credit-without-charges", About::Credit(at)) => {
            let credit = &policy.adjustments.credits[*at];
            let unit = credit.business_unit.as_deref();
            let subject = format!("{} of {}", credit.date, unit.unwrap_or("everybody"));
            let finding = Finding::of(&CREDIT_WITHOUT_CHARGES, subject, message);
            let finding = finding.written(config, &entry("credit", *at, "date"));
            Some(match unit {
                Some(unit) => finding.for_unit(unit),
                None => finding,
            })
        }
        _ => None,
    }
}
