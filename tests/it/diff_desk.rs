//! A desk to compare statements at by hand: lines as tables, causes as tables.

use std::fmt::Write as _;

use tollbook::chargeback::statement::{Statement, StatementLine};
use tollbook::diff::{By, Cause, Change, Difference, Traffic, difference};
use tollbook::money::Money;

use crate::report_fixture::{line, metered, statement};

/// Lines `unit app model deployment component quantity price`. `-` is no text and no quantity;
/// without a quantity the price is the amount.
pub(crate) fn lines(table: &str) -> Vec<StatementLine> {
    let rows = table.lines().map(str::trim).filter(|row| !row.is_empty());
    rows.map(|row| {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let [unit, app, model, deployment, component, quantity, price] = cells[..] else {
            panic!("{row}: not seven cells")
        };
        let text = |text| if text == "-" { "" } else { text };
        let place = [text(unit), "", text(app), text(model), text(deployment)];
        let component = component.parse().unwrap();
        if quantity == "-" {
            return line(place, component, price);
        }
        let count = quantity.replace('_', "").parse().unwrap();
        metered(place, component, count, price, "tokens")
    })
    .collect()
}

/// The statement of a period of these lines, in dollars and cents.
pub(crate) fn month(period: &str, table: &str) -> Statement {
    Statement {
        period: period.parse().unwrap(),
        ..statement(lines(table), "USD", 2)
    }
}

/// Compares two tables of lines of months of 30 days.
pub(crate) fn compared(before: &str, after: &str, traffic: Traffic) -> Difference {
    let (before, after) = (month("2026-04", before), month("2026-06", after));
    difference(&before, &after, traffic).unwrap()
}

/// One row a leaf: `mark unit/app/model change = cause amount, …`, sorted by name; and the total.
pub(crate) fn told(difference: &Difference) -> String {
    let mut rows = difference.rows(By::AppModel);
    rows.sort_by(|a, b| a.keys.cmp(&b.keys));
    let mut text = String::new();
    for row in rows {
        let (mark, name) = (row.change.state().mark(), row.keys.join("/"));
        writeln!(text, "{mark} {name} {}", causes(&row.change)).unwrap();
    }
    writeln!(text, "total {}", causes(&difference.total)).unwrap();
    text
}

fn causes(change: &Change) -> String {
    let decimal = |units: tollbook::money::MinorUnits| Money::from_minor(units, 2).to_trimmed(2);
    let causes = Cause::ALL
        .iter()
        .filter(|cause| change.cause(**cause).0 != 0);
    let causes: Vec<String> = causes
        .map(|cause| format!("{} {}", cause.name(), decimal(change.cause(*cause))))
        .collect();
    format!("{} = {}", decimal(change.amount()), causes.join(", "))
        .trim_end()
        .to_owned()
}

/// Fails unless the causes are those of the expected table, blanks at line starts aside.
pub(crate) fn check(traffic: Traffic, before: &str, after: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    let expected = expected.join("\n");
    let found = told(&compared(before, after, traffic));
    assert_eq!(found.trim(), expected.trim());
}
