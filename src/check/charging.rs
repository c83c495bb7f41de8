//! Charges what was read as a chargeback would, going on where a chargeback must stop.

use std::collections::BTreeSet;

use crate::chargeback::{ChargeError, Charges, Detail, Facts, Policy, charge};
use crate::time::BillingPeriod;
use crate::usage::UsageSum;

/// What the usage costs, as far as that is known.
#[derive(Debug, Default)]
pub(super) struct Charged {
    /// What it costs by day; `None` where something is missing that all of it needs.
    pub(super) charges: Option<Charges>,
    /// Why it, or a part of it, cannot be charged.
    pub(super) refused: Vec<ChargeError>,
}

/// Charges the usage of `period`. What has no price or no description is told and then left out, so
/// that one gap does not hide all others.
pub(super) fn charged(
    sums: &[UsageSum],
    policy: &Policy,
    facts: &Facts<'_>,
    period: BillingPeriod,
) -> Charged {
    let (mut policy, mut sums) = (policy.clone(), sums.to_vec());
    let mut outcome = Charged::default();
    // Each kind of gap is told once, and then closed.
    loop {
        match charge(&sums, &policy, facts, period, Detail::Day) {
            Ok(charges) => {
                outcome.charges = Some(charges);
                return outcome;
            }
            Err(error) => {
                let closed = close(&error, &mut policy, &mut sums);
                outcome.refused.push(error);
                if closed == Gap::Open {
                    return outcome;
                }
            }
        }
    }
}

/// Whether a gap could be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Closed,
    Open,
}

/// Leaves out what an error is about.
fn close(error: &ChargeError, policy: &mut Policy, sums: &mut Vec<UsageSum>) -> Gap {
    match error {
        ChargeError::Undescribed(missing) => {
            let before = sums.len();
            let missing: BTreeSet<(&str, &str)> = missing
                .iter()
                .map(|one| (one.deployment.as_str(), one.backend.as_str()))
                .collect();
            sums.retain(|sum| !is_usage_of(sum, &missing));
            // Nothing left out would be told for ever.
            if sums.len() < before {
                Gap::Closed
            } else {
                Gap::Open
            }
        }
        ChargeError::Unpriced(missing) => {
            let names: BTreeSet<String> = missing
                .iter()
                .map(|one| one.name.model.to_lowercase())
                .collect();
            let before = policy.allowed_unpriced.len();
            policy.allowed_unpriced.extend(names);
            if policy.allowed_unpriced.len() > before {
                Gap::Closed
            } else {
                Gap::Open
            }
        }
        _ => Gap::Open,
    }
}

/// Whether a sum is usage of one of these deployments and backends, in lower case.
fn is_usage_of(sum: &UsageSum, missing: &BTreeSet<(&str, &str)>) -> bool {
    let dimensions = &sum.key.dimensions;
    let deployment = dimensions.deployment.to_lowercase();
    let backend = dimensions.backend.to_lowercase();
    missing.contains(&(deployment.as_str(), backend.as_str()))
}
