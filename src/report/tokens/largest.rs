//! The largest records.

use super::Run;
use super::groups::column;
use crate::report::grid::{Cell, Column, Grid};

const COLUMNS: [Column; 6] = [
    column("file", "file", 0),
    column("model", "model", 2),
    column("app", "app", 1),
    column("tag", "tag", 3),
    column("line", "line", 0),
    column("tokens in", "input", 0),
];

/// One row for each of the largest records, at most so many.
pub(super) fn grid(run: &Run, most: usize) -> Grid {
    let records = run.profiled.largest.records().iter().take(most);
    let rows = records.map(|record| {
        let labels = &record.labels;
        let texts = [&labels.file, &labels.model, &labels.app, &labels.tag];
        let texts = texts.map(|text| match text.as_str() {
            "" => Cell::None,
            text => Cell::Text(text.to_owned()),
        });
        let figures = [Cell::count(record.line), Cell::count(record.input)];
        texts.into_iter().chain(figures).collect()
    });
    Grid {
        names: 4,
        columns: COLUMNS.to_vec(),
        rows: rows.collect(),
        total: None,
    }
}
