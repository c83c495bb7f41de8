//! Which findings are shown where there are too many.

use std::collections::BTreeMap;

use super::worst_first;
use crate::check::{Finding, Rule};

/// How many findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most {
    /// Of all rules.
    pub total: usize,
    /// Of one rule, so that one does not hide the others.
    pub of_rule: usize,
}

impl Most {
    /// So many of all rules, and a fifth of them of one, but at least one.
    pub const fn of(total: usize) -> Self {
        let fifth = total / 5;
        let of_rule = if fifth == 0 { 1 } else { fifth };
        Self { total, of_rule }
    }
}

impl Default for Most {
    /// 50 findings, 10 of one rule.
    fn default() -> Self {
        Self::of(50)
    }
}

/// Findings that are shown, and how many are not.
pub(super) struct Choice<'a> {
    /// In their order.
    pub(super) shown: Vec<&'a Finding>,
    /// Findings of each rule that are not shown, in the order of ids.
    pub(super) left: Vec<(&'static Rule, usize)>,
}

impl<'a> Choice<'a> {
    /// Takes the worst first, then the earlier.
    pub(super) fn of(findings: &'a [Finding], most: Most) -> Self {
        let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
        let mut left: BTreeMap<&str, (&'static Rule, usize)> = BTreeMap::new();
        let mut chosen = Vec::new();
        for finding in worst_first(findings) {
            let alike = of_rule.entry(finding.rule.id).or_default();
            if chosen.len() < most.total && *alike < most.of_rule {
                *alike += 1;
                chosen.push(finding);
            } else {
                left.entry(finding.rule.id).or_insert((finding.rule, 0)).1 += 1;
            }
        }
        let is_chosen = |finding: &&Finding| chosen.iter().any(|one| std::ptr::eq(*one, *finding));
        Self {
            shown: findings.iter().filter(is_chosen).collect(),
            left: left.into_values().collect(),
        }
    }
}
