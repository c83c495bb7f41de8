//! CSV for people and spreadsheets: one row a statement line, or one row a group.
//!
//! Quoting follows RFC 4180; rows end in LF, which every reader takes. Texts are [`guarded`]; figures are plain decimals and never touched.

use ::csv::Writer;

use super::facts::Report;
use super::figure::EXACT_DIGITS;
use super::text::guarded;
use super::view::{Bucket, View};
use crate::chargeback::statement::StatementLine;

/// Columns of [`lines`].
pub const LINE_COLUMNS: [&str; 14] = [
    "period",
    "currency",
    "business_unit",
    "cost_centre",
    "app",
    "model",
    "deployment",
    "day",
    "component",
    "quantity",
    "unit",
    "unit_price",
    "exact_amount",
    "amount",
];

/// One row for each line of the statement.
pub fn lines(report: &Report) -> String {
    let statement = &report.statement;
    let header = LINE_COLUMNS.map(str::to_owned).to_vec();
    let rows = statement.lines.iter().map(|line| line_row(report, line));
    written(std::iter::once(header).chain(rows))
}

/// One row for each group of the view.
pub fn groups(report: &Report, view: &View) -> String {
    let keys = view.grouping.keys();
    let header = ["period", "currency"]
        .into_iter()
        .chain(keys.iter().map(|key| key.field()))
        .chain(["requests", "input_tokens", "output_tokens"])
        .chain(Bucket::ALL.map(Bucket::field))
        .chain(["exact_amount", "amount"])
        .map(str::to_owned)
        .collect();
    let digits = report.statement.minor_digits;
    let rows = view.rows.iter().map(|row| {
        let mut cells = period_cells(report);
        cells.extend(row.keys.iter().map(|key| guarded(key)));
        for count in [&row.usage.requests, &row.usage.input, &row.usage.output] {
            cells.push(count.to_trimmed(EXACT_DIGITS));
        }
        for bucket in Bucket::ALL {
            cells.push(row.part(&[bucket]).to_decimal(digits));
        }
        cells.push(row.exact.to_trimmed(EXACT_DIGITS));
        cells.push(row.amount.to_decimal(digits));
        cells
    });
    written(std::iter::once(header).chain(rows))
}

fn line_row(report: &Report, line: &StatementLine) -> Vec<String> {
    let digits = report.statement.minor_digits;
    let mut cells = period_cells(report);
    cells.extend(
        [
            &line.business_unit,
            &line.cost_centre,
            &line.app,
            &line.model,
            &line.deployment,
        ]
        .map(|text| guarded(text)),
    );
    cells.push(line.day.map(|day| day.to_string()).unwrap_or_default());
    cells.push(line.component.name());
    let quantity = line.quantity.as_ref();
    cells.push(
        quantity
            .map(|quantity| quantity.value.to_trimmed(EXACT_DIGITS))
            .unwrap_or_default(),
    );
    cells.push(
        quantity
            .map(|quantity| quantity.unit.to_owned())
            .unwrap_or_default(),
    );
    let price = line.unit_price.as_ref();
    cells.push(
        price
            .map(|price| price.to_trimmed(EXACT_DIGITS))
            .unwrap_or_default(),
    );
    cells.push(line.exact.to_trimmed(EXACT_DIGITS));
    cells.push(line.amount.to_decimal(digits));
    cells
}

fn period_cells(report: &Report) -> Vec<String> {
    let statement = &report.statement;
    vec![statement.period.to_string(), guarded(&statement.currency)]
}

/// These rows as CSV.
pub(super) fn written(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(&row)
            .expect("rows have equal lengths, and memory takes every write");
    }
    let bytes = writer
        .into_inner()
        .expect("memory takes every write, so flushing cannot fail");
    String::from_utf8(bytes).expect("cells are UTF-8, and quoting adds ASCII only")
}
