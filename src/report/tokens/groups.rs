//! One row for each group: how large its requests are, and what they are worth.

use super::{Run, usage};
use crate::money::{Factor, Money};
use crate::report::grid::{Cell, Column, Grid, MACHINES_ONLY};
use crate::tokenizer::profile::{Distribution, Group, Tally, Worth};
use crate::tokenizer::{Certainty, Part};

pub(super) const fn column(heading: &'static str, field: &'static str, rank: u8) -> Column {
    Column {
        heading,
        field,
        rank,
    }
}

const SIZES: [Column; 8] = [
    column("requests", "requests", 0),
    column("tokens in", "input_tokens", 11),
    column("mean", "input_mean", 1),
    column("p50", "input_p50", 0),
    column("p90", "input_p90", 9),
    column("p95", "input_p95", 0),
    column("p99", "input_p99", 7),
    column("most", "input_max", 4),
];

const ANSWERS: [Column; 14] = [
    column("", "answered_requests", MACHINES_ONLY),
    column("tokens out", "output_tokens", 12),
    column("answer", "output_mean", 5),
    column("", "output_p50", MACHINES_ONLY),
    column("", "output_p90", MACHINES_ONLY),
    column("", "output_p95", MACHINES_ONLY),
    column("", "output_p99", MACHINES_ONLY),
    column("", "output_max", MACHINES_ONLY),
    column("limit", "max_tokens_mean", 13),
    column("", "max_tokens_p50", MACHINES_ONLY),
    column("", "max_tokens_p90", MACHINES_ONLY),
    column("", "max_tokens_p95", MACHINES_ONLY),
    column("", "max_tokens_p99", MACHINES_ONLY),
    column("", "max_tokens_max", MACHINES_ONLY),
];

const WORTH: [Column; 13] = [
    column("cached", "cached_share", 2),
    column("", "cached_tokens", MACHINES_ONLY),
    column("", "cache_hits", MACHINES_ONLY),
    column("", "longest_shared_prefix", MACHINES_ONLY),
    column("long", "long_context_share", 10),
    column("", "long_context_requests", MACHINES_ONLY),
    column("USD/1,000", "usd_per_thousand", 0),
    column("cached USD", "cached_usd_per_thousand", 6),
    column("", "input_usd_per_thousand", MACHINES_ONLY),
    column("", "cached_input_usd_per_thousand", MACHINES_ONLY),
    column("", "output_usd_per_thousand", MACHINES_ONLY),
    column("PTU/rpm", "ptu_per_rpm", 3),
    column("cached PTU", "cached_ptu_per_rpm", 8),
];

const CERTAINTY: [Column; 3] = [
    column("", "exact_requests", MACHINES_ONLY),
    column("", "estimated_requests", MACHINES_ONLY),
    column("", "lower_bound_requests", MACHINES_ONLY),
];

const PARTS: [Column; Part::ALL.len()] = [
    column("", "text_tokens", MACHINES_ONLY),
    column("", "overhead_tokens", MACHINES_ONLY),
    column("", "tools_tokens", MACHINES_ONLY),
    column("", "tool_calls_tokens", MACHINES_ONLY),
    column("", "schema_tokens", MACHINES_ONLY),
    column("", "images_tokens", MACHINES_ONLY),
    column("", "audio_tokens", MACHINES_ONLY),
    column("", "files_tokens", MACHINES_ONLY),
];

/// The groups of a run and their total; where records are not grouped, one row of all.
pub(super) fn grid(run: &Run) -> Grid {
    let profiled = &run.profiled;
    let keys = profiled.by.iter().map(|by| column(by.name(), by.name(), 0));
    let keys: Vec<Column> = keys.collect();
    let groups = profiled.groups.iter().zip(&run.worth);
    let rows =
        groups.map(|(group, worth)| labels(group).chain(figures(&group.tally, worth)).collect());
    let total = figures(&profiled.total, &run.total);
    let columns: Vec<Column> = keys.iter().copied().chain(columns()).collect();
    if keys.is_empty() {
        return Grid {
            names: 0,
            columns,
            rows: vec![total],
            total: None,
        };
    }
    Grid {
        names: keys.len(),
        columns,
        rows: rows.collect(),
        total: Some(named("total", keys.len()).chain(total).collect()),
    }
}

/// The figures of all records as one JSON object.
pub(super) fn total(run: &Run) -> serde_json::Value {
    let grid = Grid {
        columns: columns(),
        ..Grid::default()
    };
    grid.object(&figures(&run.profiled.total, &run.total))
}

/// The columns of all figures of a row.
pub(super) fn columns() -> Vec<Column> {
    let usage = usage::COLUMNS.map(|column| Column {
        rank: MACHINES_ONLY,
        ..column
    });
    [&SIZES[..], &ANSWERS, &WORTH, &CERTAINTY, &PARTS, &usage].concat()
}

/// The labels of a group; nothing where the records do not say.
pub(super) fn labels(group: &Group) -> impl Iterator<Item = Cell> {
    group.labels.iter().map(|label| match label.as_str() {
        "" => Cell::None,
        label => Cell::Text(label.to_owned()),
    })
}

/// A name in the first of so many cells for names.
pub(super) fn named(name: &str, names: usize) -> impl Iterator<Item = Cell> + use<> {
    let first = std::iter::once(Cell::Text(name.to_owned()));
    first
        .chain(std::iter::repeat(Cell::Text(String::new())))
        .take(names)
}

/// All figures of a row.
pub(super) fn figures(tally: &Tally, worth: &Worth) -> Vec<Cell> {
    let mut cells = vec![Cell::count(tally.records()), Cell::count(tally.input.sum())];
    cells.extend(sizes(&tally.input));
    cells.push(Cell::count(tally.output.count()));
    cells.push(Cell::count(tally.output.sum()));
    cells.extend(sizes(&tally.output));
    cells.extend(sizes(&tally.max_tokens));
    cells.extend(worth_cells(tally, worth));
    let certainties = [Certainty::Exact, Certainty::Estimate, Certainty::LowerBound];
    cells.extend(certainties.map(|certainty| Cell::count(tally.of_certainty(certainty))));
    cells.extend(Part::ALL.map(|part| Cell::Signed(tally.part(part))));
    cells.extend(usage::cells(&tally.usage));
    cells
}

/// Mean, p50, p90, p95, p99 and the most.
fn sizes(distribution: &Distribution) -> [Cell; 6] {
    let size = |size: Option<u64>| size.map_or(Cell::None, Cell::count);
    [
        mean(distribution),
        size(distribution.percentile(500)),
        size(distribution.percentile(900)),
        size(distribution.percentile(950)),
        size(distribution.percentile(990)),
        size(distribution.most()),
    ]
}

fn mean(distribution: &Distribution) -> Cell {
    match distribution.count() {
        0 => Cell::None,
        count => Cell::Count(Factor::ratio(distribution.sum().into(), count.into())),
    }
}

fn worth_cells(tally: &Tally, worth: &Worth) -> [Cell; WORTH.len()] {
    let long = worth.long_context.requests;
    let is_long_known = !worth.long_context.thresholds.is_empty();
    [
        share(tally.cached, tally.input.sum()),
        Cell::count(tally.cached),
        Cell::count(tally.cache_hits),
        Cell::count(tally.longest_shared),
        if is_long_known {
            share(long, tally.records())
        } else {
            Cell::None
        },
        Cell::count(long),
        price(Some(&worth.per_thousand())),
        price(Some(&worth.cached_per_thousand())),
        price(Some(&worth.input)),
        price(Some(&worth.cached_input)),
        price(worth.output.as_ref()),
        quantity(&worth.ptu),
        quantity(&worth.cached_ptu),
    ]
}

fn price(price: Option<&Result<Money, String>>) -> Cell {
    match price {
        Some(Ok(price)) => Cell::Price(price.clone()),
        _ => Cell::None,
    }
}

fn quantity(value: &Result<Factor, String>) -> Cell {
    value.clone().map_or(Cell::None, Cell::Quantity)
}

/// `part` of `whole`; nothing where there is no whole.
#[expect(clippy::cast_precision_loss, reason = "a share on display")]
pub(super) fn share(part: u64, whole: u64) -> Cell {
    match whole {
        0 => Cell::None,
        whole => Cell::Share(part as f64 / whole as f64),
    }
}
