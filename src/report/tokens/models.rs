//! The same records counted for several models, side by side.

use super::groups::{self, column};
use super::{Report, Run};
use crate::money::Factor;
use crate::report::grid::{Cell, Column, Grid, MACHINES_ONLY};

/// By which figures of a group models are compared at sight, and which of them stay longest when
/// room is short.
const SHOWN: [(&str, u8); 10] = [
    ("requests", 5),
    ("input_tokens", 0),
    ("input_mean", 1),
    ("input_p50", 4),
    ("input_p95", 2),
    ("cached_share", 3),
    ("usd_per_thousand", 0),
    ("cached_usd_per_thousand", 3),
    ("ptu_per_rpm", 1),
    ("cached_ptu_per_rpm", 4),
];

/// One row for each run: its model, its input in that of the first, and all figures of a group.
pub(super) fn grid(report: &Report) -> Grid {
    let first = report.base();
    let figures = groups::columns().into_iter().map(|figure| {
        let shown = SHOWN.iter().find(|(field, _)| *field == figure.field);
        Column {
            rank: shown.map_or(MACHINES_ONLY, |(_, rank)| *rank),
            ..figure
        }
    });
    let names = [column("model", "model", 0), column("ratio", "ratio", 0)];
    let row = |run: &Run| {
        let mut row = vec![Cell::Text(run.label.clone()), ratio(run, first)];
        row.extend(groups::figures(&run.profiled.total, &run.total));
        row
    };
    Grid {
        names: 1,
        columns: names.into_iter().chain(figures).collect(),
        rows: report.runs.iter().map(row).collect(),
        total: None,
    }
}

fn ratio(run: &Run, first: &Run) -> Cell {
    let tokens = |run: &Run| u128::from(run.profiled.total.input.sum());
    match tokens(first) {
        0 => Cell::None,
        whole => Cell::Quantity(Factor::ratio(tokens(run), whole)),
    }
}
