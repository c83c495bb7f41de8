//! Which findings are shown where there are too many.

use std::cmp::Reverse;
use std::collections::BTreeMap;

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
        let mut order: Vec<usize> = (0..findings.len()).collect();
        order.sort_by_key(|index| Reverse(findings[*index].severity));
        let mut chosen = Vec::new();
        for index in order {
            let finding = &findings[index];
            let alike = of_rule.entry(finding.rule.id).or_default();
            if chosen.len() < most.total && *alike < most.of_rule {
                *alike += 1;
                chosen.push(index);
            } else {
                left.entry(finding.rule.id).or_insert((finding.rule, 0)).1 += 1;
            }
        }
        chosen.sort_unstable();
        Self {
            shown: chosen.into_iter().map(|index| &findings[index]).collect(),
            left: left.into_values().collect(),
        }
    }
}
