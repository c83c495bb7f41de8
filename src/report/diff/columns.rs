//! The rows of a comparison as columns: mark, names, amounts, change, causes.

use super::{Comparison, sentence};
use crate::diff::rows::Key;
use crate::diff::{Cause, Change, Row};
use crate::report::grid::{Cell, Column, Grid, MACHINES_ONLY};
use crate::report::text::visible;

/// The rank of causes: whoever sees them sees all, for together they are the change.
pub(super) const CAUSES: u8 = 1;
const AMOUNTS: u8 = 2;
const GROWTH: u8 = 3;

const fn column(heading: &'static str, field: &'static str, rank: u8) -> Column {
    Column {
        heading,
        field,
        rank,
    }
}

const MARK: Column = column("", "state", 0);
const CHANGE: Column = column("change", "change", 0);

fn key_column(key: Key) -> Column {
    match key {
        Key::BusinessUnit => column("business unit", "business_unit", 0),
        Key::App => column("app", "app", 0),
        Key::Model => column("model", "model", 0),
    }
}

/// What a person reads where the statement has no text.
const fn blank(key: Key) -> &'static str {
    match key {
        Key::BusinessUnit => "(no business unit)",
        Key::App => "(no app)",
        Key::Model => "(no model)",
    }
}

/// The name of a row for people, key by key.
pub(super) fn names(keys: &[Key], texts: &[String]) -> Vec<String> {
    let named = keys.iter().zip(texts).map(|(key, text)| {
        let shown = visible(text);
        if shown.trim().is_empty() {
            blank(*key).to_owned()
        } else {
            shown
        }
    });
    named.collect()
}

/// One row for each of `rows`, one column for each cause, and the total.
pub(super) fn grid(comparison: &Comparison, rows: &[Row]) -> Grid {
    let keys = comparison.by.keys();
    let mut columns = vec![MARK];
    columns.extend(keys.iter().map(|key| key_column(*key)));
    columns.extend([
        column("before", "before", AMOUNTS),
        column("after", "after", AMOUNTS),
        CHANGE,
        column("%", "change_percent", GROWTH),
    ]);
    columns.extend(Cause::ALL.map(|cause| column(cause.name(), cause.name(), CAUSES)));
    columns.push(column("", "exact_change", MACHINES_ONLY));
    let digits = comparison.difference.minor_digits;
    Grid {
        names: 1 + keys.len(),
        columns,
        rows: rows.iter().map(|row| cells(row, digits)).collect(),
        total: Some(total(comparison)),
    }
}

/// The same for machines: states as words, for a mark could be taken for a formula.
pub(super) fn stated(comparison: &Comparison, rows: &[Row]) -> Grid {
    let mut grid = grid(comparison, rows);
    for (cells, row) in grid.rows.iter_mut().zip(rows) {
        cells[0] = Cell::Text(row.change.state().name().to_owned());
    }
    grid
}

fn cells(row: &Row, digits: u32) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(row.change.state().mark().to_owned())];
    cells.extend(row.keys.iter().cloned().map(Cell::Text));
    cells.extend(figures(&row.change, digits));
    cells
}

fn total(comparison: &Comparison) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(String::new()), Cell::Text("total".to_owned())];
    cells.resize(1 + comparison.by.keys().len(), Cell::Text(String::new()));
    let difference = &comparison.difference;
    cells.extend(figures(&difference.total, difference.minor_digits));
    cells
}

/// Before, after, change and its causes.
pub(super) fn figures(change: &Change, digits: u32) -> Vec<Cell> {
    let mut cells = vec![
        Cell::Amount(change.before.charged, digits),
        Cell::Amount(change.after.charged, digits),
        Cell::Change(change.amount(), digits),
        change.share().map_or(Cell::None, Cell::Growth),
    ];
    cells.extend(Cause::ALL.map(|cause| Cell::Change(change.cause(cause), digits)));
    cells.push(Cell::Exact(
        change.after.exact.clone() - change.before.exact.clone(),
    ));
    cells
}

/// The same for narrow terminals: names in one column, causes in words.
pub(super) fn narrow(comparison: &Comparison, rows: &[Row]) -> Grid {
    let digits = comparison.difference.minor_digits;
    let row = |mark: &str, [name, causes]: [String; 2], change: &Change| {
        vec![
            Cell::Text(mark.to_owned()),
            Cell::Text(name),
            Cell::Text(causes),
            Cell::Change(change.amount(), digits),
        ]
    };
    let keys = comparison.by.keys();
    let cells = rows.iter().map(|one| {
        let name = names(keys, &one.keys).join(", ");
        let causes = sentence::causes(&one.change, digits);
        row(one.change.state().mark(), [name, causes], &one.change)
    });
    Grid {
        names: 3,
        columns: vec![
            MARK,
            column("what", "what", 0),
            column("because of", "causes", 0),
            CHANGE,
        ],
        rows: cells.collect(),
        // The first sentence of the page has the causes of the total.
        total: Some(row(
            "",
            ["total".to_owned(), String::new()],
            &comparison.difference.total,
        )),
    }
}

/// What was compared: one row for each side.
pub(super) fn sides(comparison: &Comparison) -> Grid {
    let difference = &comparison.difference;
    let charged = [&difference.total.before, &difference.total.after];
    let rows = comparison.sides().into_iter().zip(charged);
    let rows = rows.map(|((letter, side), amount)| {
        let policy = side.policy.clone().filter(|policy| *policy != side.name);
        let period = side.period.to_string();
        vec![
            Cell::Text(letter.to_owned()),
            Cell::Text(side.name.clone()),
            if period == side.name {
                Cell::None
            } else {
                Cell::Text(period)
            },
            policy.map_or(Cell::None, Cell::Text),
            Cell::count(sentence::days(side)),
            side.requests.clone().map_or(Cell::None, Cell::Count),
            Cell::Amount(amount.charged, difference.minor_digits),
        ]
    });
    Grid {
        names: 4,
        columns: vec![
            column("", "side", 0),
            column("compared", "name", 0),
            column("period", "period", 1),
            column("policy", "policy", 2),
            column("days", "days", 3),
            column("requests", "requests", 2),
            column("amount", "amount", 0),
        ],
        rows: rows.collect(),
        total: None,
    }
}
