//! What else could be done, as a table.

use super::Report;
use super::figures::{amount, purchase};
use crate::report::grid::{Cell, Column, Grid};
use crate::report::sentence::told;

/// How much of a lever a table tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// Its name and what it saves.
    Short,
    /// What would change and what it takes, too.
    Full,
}

/// One row for each of the first `few` levers, the greatest saving first.
pub(super) fn grid(report: &Report, few: usize, telling: Telling) -> Grid {
    let column = |heading, field| Column {
        heading,
        field,
        rank: 0,
    };
    let full = telling == Telling::Full;
    let mut columns = vec![column("lever", "lever")];
    if full {
        columns.push(column("what changes", "what"));
        columns.push(column("mind", "caution"));
    }
    columns.extend([
        column("then buy", "purchase"),
        column("saves USD a month", "saving"),
    ]);
    let rows = report.plan.levers.iter().take(few).map(|lever| {
        let mut cells = vec![Cell::Text(lever.name.to_owned())];
        if full {
            cells.push(Cell::Text(told(&lever.what)));
            cells.push(Cell::Text(told(&lever.caution)));
        }
        cells.push(Cell::Text(purchase(&lever.choice)));
        cells.push(amount(report, &report.monthly(&lever.saving)));
        cells
    });
    Grid {
        names: columns.len() - 2,
        rows: rows.collect(),
        columns,
        total: None,
    }
}
