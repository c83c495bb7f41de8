//! What prompts consist of.

use super::Run;
use super::groups::column;
use crate::money::Factor;
use crate::report::grid::{Cell, Column, Grid};
use crate::tokenizer::Part;
use crate::tokenizer::profile::Tally;

const COLUMNS: [Column; 4] = [
    column("part", "part", 0),
    column("tokens", "tokens", 0),
    column("share", "share", 0),
    column("per request", "per_request", 0),
];

/// One row for each part that any prompt has.
pub(super) fn grid(run: &Run) -> Grid {
    let total = &run.profiled.total;
    let parts = Part::ALL.iter().filter(|part| total.part(**part) != 0);
    Grid {
        names: 1,
        columns: COLUMNS.to_vec(),
        rows: parts.map(|part| row(*part, total)).collect(),
        total: None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share on display")]
fn row(part: Part, total: &Tally) -> Vec<Cell> {
    let tokens = total.part(part);
    let share = match total.input.sum() {
        0 => Cell::None,
        all => Cell::Share(tokens as f64 / all as f64),
    };
    let size = Factor::ratio(tokens.unsigned_abs().into(), total.records().into());
    let mean = if tokens < 0 {
        Factor::zero().minus(&size)
    } else {
        size
    };
    vec![
        Cell::Text(part.name().to_owned()),
        Cell::Signed(tokens),
        share,
        Cell::Quantity(mean),
    ]
}
