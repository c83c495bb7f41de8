//! From exact amounts to whole minor units: once, from the total down, by largest remainder.

use super::statement::StatementLine;
use crate::money::{MinorUnits, Money};

/// The levels of a statement from the top; within the last, lines differ by component and day.
type Level = fn(&StatementLine, &StatementLine) -> bool;

const LEVELS: [Level; 7] = [
    |a, b| a.business_unit == b.business_unit,
    |a, b| a.cost_centre == b.cost_centre,
    |a, b| a.app == b.app,
    |a, b| a.model == b.model,
    |a, b| a.deployment == b.deployment,
    |a, b| a.component == b.component,
    |a, b| a.day == b.day,
];

/// A group of neighbouring lines that agree on one more level than their parent's.
struct Group {
    /// Place of the first line.
    start: usize,
    /// Place after the last.
    end: usize,
    exact: Money,
    children: Vec<Group>,
}

/// Fills the amounts of sorted `lines` so that every group of every level holds its share of its
/// parent, and returns the total: the exact total rounded half away from zero.
pub(super) fn round(lines: &mut [StatementLine], digits: u32) -> MinorUnits {
    let root = group(lines, 0, 0..lines.len());
    let total = root.exact.rounded(digits);
    settle(lines, &root, total, digits);
    total
}

fn group(lines: &[StatementLine], level: usize, span: std::ops::Range<usize>) -> Group {
    let Some(same) = LEVELS.get(level) else {
        return Group {
            exact: lines[span.clone()].iter().map(|line| &line.exact).sum(),
            start: span.start,
            end: span.end,
            children: Vec::new(),
        };
    };
    let mut children = Vec::new();
    let mut start = span.start;
    for chunk in lines[span.clone()].chunk_by(same) {
        children.push(group(lines, level + 1, start..start + chunk.len()));
        start += chunk.len();
    }
    if children.len() == 1 {
        // A level that does not divide its parent has nothing to share out.
        return children.remove(0);
    }
    Group {
        exact: children.iter().map(|child| &child.exact).sum(),
        start: span.start,
        end: span.end,
        children,
    }
}

fn settle(lines: &mut [StatementLine], group: &Group, amount: MinorUnits, digits: u32) {
    if group.children.is_empty() {
        debug_assert!(group.end - group.start <= 1, "lines are unique");
        if let Some(line) = lines.get_mut(group.start) {
            line.amount = amount;
        }
        return;
    }
    let parts: Vec<Money> = group.children.iter().map(|c| c.exact.clone()).collect();
    for (child, share) in group
        .children
        .iter()
        .zip(Money::split(amount, &parts, digits))
    {
        settle(lines, child, share, digits);
    }
}
