//! A Markdown table (GitHub's dialect) for pull requests, wikis and mail.

use super::columns::{Column, Detail};
use super::facts::Report;
use super::notes;
use super::text::markdown;
use super::view::{Row, View};

/// The view as a table with a totals row, then requests by outcome, then findings.
pub fn render(report: &Report, view: &View) -> String {
    let mut blocks = vec![
        format!("## Chargeback {}", report.statement.period),
        statement_table(report, view),
    ];
    blocks.extend(notes::special_units(report, view).map(|text| markdown(&text)));
    blocks.extend(outcome_table(report));
    blocks.extend(report.findings.iter().map(|finding| {
        let message = markdown(&finding.message);
        format!("> **{}**: {message}", markdown(finding.code))
    }));
    blocks.join("\n\n") + "\n"
}

fn statement_table(report: &Report, view: &View) -> String {
    let statement = &report.statement;
    let columns = Detail::Full.columns(view);
    let names = columns.iter().filter(|column| column.is_name()).count();
    let heading = |column: &Column| markdown(&column.heading(&statement.currency));
    let mut lines = table_head(names, columns.iter().map(heading).collect());
    let cell = |column: &Column, row: &Row| match column.cell(row, statement.minor_digits) {
        name if column.is_name() => markdown(&name),
        figure => figure,
    };
    for row in &view.rows {
        lines.push(table_row(columns.iter().map(|column| cell(column, row))));
    }
    let total = columns
        .iter()
        .enumerate()
        .map(|(place, column)| match place {
            0 => "**total**".to_owned(),
            _ if column.is_name() => String::new(),
            _ => format!("**{}**", cell(column, &view.total)),
        });
    lines.push(table_row(total));
    lines.join("\n")
}

fn outcome_table(report: &Report) -> Option<String> {
    let met = notes::met_outcomes(report);
    if met.is_empty() {
        return None;
    }
    let mut lines = table_head(2, notes::OUTCOME_HEADINGS.map(str::to_owned).to_vec());
    lines.extend(met.into_iter().map(table_row));
    Some(lines.join("\n"))
}

/// Headings and alignment: `names` columns to the left, the others to the right.
fn table_head(names: usize, headings: Vec<String>) -> Vec<String> {
    let alignment = |place: usize| if place < names { ":--" } else { "--:" }.to_owned();
    let rule = table_row((0..headings.len()).map(alignment));
    vec![table_row(headings), rule]
}

fn table_row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    format!("| {} |", cells.join(" | "))
}
