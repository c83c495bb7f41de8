//! Counts against the usage that the service reported.

use super::Run;
use super::groups::{column, labels, named};
use crate::money::Factor;
use crate::report::grid::{Cell, Column, Grid};
use crate::tokenizer::profile::UsageComparison;

/// The columns, named for machines as columns of a group.
pub(super) const COLUMNS: [Column; 9] = [
    column("compared", "usage_compared", 0),
    column("exact", "usage_exact", 0),
    column("within 3", "usage_within_3", 0),
    column("mean error", "usage_mean_error", 1),
    column("worst", "usage_worst_error", 0),
    column("bias", "usage_bias", 0),
    column("telling cached", "usage_telling_cached", 4),
    column("cached, reported", "usage_reported_cached", 2),
    column("cached, reckoned", "usage_reckoned_cached", 3),
];

/// The groups with usage; `None` where no record tells any.
pub(super) fn grid(run: &Run) -> Option<Grid> {
    let profiled = &run.profiled;
    if profiled.total.usage.compared == 0 {
        return None;
    }
    let names = profiled.by.iter().map(|by| column(by.name(), by.name(), 0));
    let names: Vec<Column> = names.collect();
    let groups = profiled.groups.iter();
    let compared = groups.filter(|group| group.tally.usage.compared > 0);
    let rows = compared.map(|group| labels(group).chain(cells(&group.tally.usage)).collect());
    let total = named("total", names.len()).chain(cells(&profiled.total.usage));
    Some(Grid {
        names: names.len(),
        total: (!names.is_empty()).then(|| total.collect()),
        rows: rows.collect(),
        columns: names.into_iter().chain(COLUMNS).collect(),
    })
}

/// The figures of one comparison.
pub(super) fn cells(usage: &UsageComparison) -> [Cell; COLUMNS.len()] {
    let error = match usage.compared {
        0 => [Cell::None, Cell::None, Cell::None],
        compared => [
            Cell::Quantity(Factor::ratio(usage.absolute_error.into(), compared.into())),
            Cell::Signed(usage.worst),
            bias(usage),
        ],
    };
    let [mean_error, worst, bias] = error;
    [
        Cell::count(usage.compared),
        Cell::count(usage.exact),
        Cell::count(usage.close),
        mean_error,
        worst,
        bias,
        Cell::count(usage.told_cached),
        Cell::count(usage.reported_cached),
        Cell::count(usage.reckoned_cached),
    ]
}

/// What all counts together are off by, as a part of what was reported.
#[expect(clippy::cast_precision_loss, reason = "a share on display")]
fn bias(usage: &UsageComparison) -> Cell {
    match usage.reported {
        0 => Cell::None,
        reported => {
            let off = usage.counted as f64 - reported as f64;
            Cell::Share(off / reported as f64)
        }
    }
}
