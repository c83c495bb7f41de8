//! Who pays for usage, looked up once for each caller and run of days with the same owner rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::chargeback::Policy;
use crate::chargeback::owners::OwnerRule;
use crate::usage::UsageSum;

/// A caller by the address of its texts, which all its sums share, and a run of days.
pub(super) type CallerRun = (usize, usize);

/// The runs of days on which the same owner rules hold.
pub(super) struct Runs {
    /// The days on which a rule starts or ends, ascending.
    changes: Vec<NaiveDate>,
}

impl Runs {
    /// The runs that `rules` make.
    pub(super) fn of(rules: &[OwnerRule]) -> Self {
        let bounds = rules.iter().flat_map(|rule| [rule.from, rule.until]);
        let mut changes: Vec<NaiveDate> = bounds.flatten().collect();
        changes.sort_unstable();
        changes.dedup();
        Self { changes }
    }

    /// The caller of a sum, and the run that its day is in.
    pub(super) fn of_sum(&self, sum: &UsageSum) -> CallerRun {
        let run = self
            .changes
            .partition_point(|change| *change <= sum.key.day);
        (Arc::as_ptr(&sum.key.dimensions).addr(), run)
    }
}

/// The business units that pay for usage.
pub(super) struct Payers<'a> {
    policy: &'a Policy,
    runs: Runs,
    known: HashMap<CallerRun, BTreeSet<String>, FixedState>,
}

impl<'a> Payers<'a> {
    /// Nobody looked up yet.
    pub(super) fn of(policy: &'a Policy) -> Self {
        Self {
            policy,
            runs: Runs::of(&policy.owners),
            known: HashMap::default(),
        }
    }

    /// The business units that pay for a sum.
    pub(super) fn units(&mut self, sum: &UsageSum) -> &BTreeSet<String> {
        let key = self.runs.of_sum(sum);
        let policy = self.policy;
        self.known.entry(key).or_insert_with(|| {
            let (_, payers) = policy.payers(&sum.key.dimensions, sum.key.day);
            payers
                .into_iter()
                .map(|(payer, _)| payer.business_unit)
                .collect()
        })
    }
}
