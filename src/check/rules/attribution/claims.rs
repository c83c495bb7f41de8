//! Which owner rules fit which callers of the period, and which of them wins.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::chargeback::owners::OwnerRule;
use crate::check::Evidence;
use crate::check::rules::payers::{CallerRun, Runs};
use crate::time::BillingPeriod;
use crate::usage::{Dimensions, Disposition, UsageSum};

/// A caller in a run of days on which the same owner rules hold.
pub(super) struct Caller<'a> {
    /// Its texts.
    pub(super) dimensions: &'a Dimensions,
    /// The first day on which it called.
    pub(super) day: NaiveDate,
    /// Its priced tokens, prompt and answer [token].
    pub(super) tokens: u128,
    /// The rules that fit it, whether they hold or not, in order.
    pub(super) fitting: Vec<usize>,
    /// The rule that wins.
    pub(super) claimed_by: Option<usize>,
}

/// All callers of the period.
pub(super) struct Claims<'a> {
    /// The rules.
    pub(super) rules: &'a [OwnerRule],
    /// The period.
    pub(super) period: BillingPeriod,
    /// The callers, sorted by their texts and days; those without a gateway row are left out.
    pub(super) callers: Vec<Caller<'a>>,
    /// All priced tokens, with or without a gateway row [token].
    pub(super) priced: u128,
    /// The first caller that the first rule of a pair claims and the second, later one would, by
    /// its place.
    lost: BTreeMap<(usize, usize), usize>,
}

/// What a caller did in a run of days; sorts by its texts, then by the run.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Met<'a> {
    dimensions: &'a Dimensions,
    run: usize,
    day: NaiveDate,
    tokens: u128,
}

/// Callers in order; equal texts at several addresses are one.
fn merged(mut met: Vec<Met<'_>>) -> Vec<Met<'_>> {
    met.sort_unstable();
    met.dedup_by(|next, kept| {
        let same = (next.dimensions, next.run) == (kept.dimensions, kept.run);
        if same {
            kept.tokens += next.tokens;
        }
        same
    });
    met
}

impl<'a> Claims<'a> {
    /// The claims on the usage of the period; `None` without a period.
    pub(super) fn of(evidence: &Evidence<'a>) -> Option<Self> {
        let (policy, period) = (&evidence.config.policy, evidence.period?);
        let runs = Runs::of(&policy.owners);
        let mut priced = 0;
        let mut met: HashMap<CallerRun, Met<'_>, FixedState> = HashMap::default();
        let within = |sum: &&UsageSum| period.contains_day(sum.key.day);
        for sum in evidence.sums.iter().filter(within) {
            let counts = policy.priced.contains(&sum.key.disposition);
            let tokens = if counts { tokens(sum) } else { 0 };
            priced += tokens;
            if sum.key.disposition == Disposition::NoGatewayRow {
                continue;
            }
            let key = runs.of_sum(sum);
            let met = met.entry(key).or_insert(Met {
                dimensions: &sum.key.dimensions,
                run: key.1,
                day: sum.key.day,
                tokens: 0,
            });
            met.day = sum.key.day.min(met.day);
            met.tokens += tokens;
        }
        let met = merged(met.into_values().collect());
        let callers: Vec<Caller<'_>> = met
            .iter()
            .map(|met| caller(&policy.owners, met.dimensions, met.day, met.tokens))
            .collect();
        Some(Self {
            rules: &policy.owners,
            period,
            lost: lost(&policy.owners, &callers),
            callers,
            priced,
        })
    }

    /// A caller that the earlier rule claims and the later one would.
    pub(super) fn lost(&self, earlier: usize, later: usize) -> Option<&Caller<'a>> {
        self.lost
            .get(&(earlier, later))
            .map(|at| &self.callers[*at])
    }
}

fn lost(rules: &[OwnerRule], callers: &[Caller<'_>]) -> BTreeMap<(usize, usize), usize> {
    let mut lost = BTreeMap::new();
    for (at, caller) in callers.iter().enumerate() {
        let Some(winner) = caller.claimed_by else {
            continue;
        };
        for &later in caller.fitting.iter().filter(|later| **later > winner) {
            if rules[later].holds_on(caller.day) {
                lost.entry((winner, later)).or_insert(at);
            }
        }
    }
    lost
}

fn caller<'a>(
    rules: &[OwnerRule],
    dimensions: &'a Dimensions,
    day: NaiveDate,
    tokens: u128,
) -> Caller<'a> {
    let fitting: Vec<usize> = (0..rules.len())
        .filter(|at| rules[*at].matches.fit(dimensions))
        .collect();
    let claimed_by = fitting.iter().copied().find(|at| rules[*at].holds_on(day));
    Caller {
        dimensions,
        day,
        tokens,
        fitting,
        claimed_by,
    }
}

fn tokens(sum: &UsageSum) -> u128 {
    u128::from(sum.tokens.input.get()) + u128::from(sum.tokens.output.get())
}

/// The names that a caller has in the logs.
pub(super) fn names(of: &Dimensions) -> String {
    let names = [
        ("subscription", &of.subscription),
        ("product", &of.product),
        ("app", &of.app),
    ];
    let told: Vec<String> = names
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name} {text:?}"))
        .collect();
    if told.is_empty() {
        return "a caller without a name".to_owned();
    }
    told.join(", ")
}
