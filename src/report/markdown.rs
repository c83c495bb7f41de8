//! A Markdown table (GitHub's dialect) for pull requests, wikis and mail.

use super::columns::Detail;
use super::facts::Report;
use super::figure;
use super::notes;
use super::text::markdown;
use super::view::{Row, View};

/// The view as a table with a totals row, then requests by outcome, then findings.
pub fn render(report: &Report, view: &View) -> String {
    let statement = &report.statement;
    let mut blocks = vec![
        format!("## Chargeback {}", statement.period),
        statement_table(report, view),
    ];
    if let Some(of_which) = notes::special_units(report, view) {
        blocks.push(markdown(&of_which));
    }
    let met = notes::met_requests(report);
    if !met.is_empty() {
        let mut lines = table_head(&[
            ("requests by outcome", true),
            ("priced", true),
            ("requests", false),
            ("tokens in", false),
            ("tokens out", false),
        ]);
        for (outcome, priced, total) in met {
            let counts = [&total.requests, &total.input, &total.output].map(figure::count);
            lines.push(table_row(
                [outcome.to_owned(), priced.to_owned()]
                    .into_iter()
                    .chain(counts),
            ));
        }
        blocks.push(lines.join("\n"));
    }
    for finding in &report.findings {
        blocks.push(format!(
            "> **{}**: {}",
            finding.code,
            markdown(&finding.message)
        ));
    }
    blocks.join("\n\n") + "\n"
}

fn statement_table(report: &Report, view: &View) -> String {
    let statement = &report.statement;
    let columns = Detail::Full.columns(view);
    let headings: Vec<(String, bool)> = columns
        .iter()
        .map(|column| {
            (
                markdown(&column.heading(&statement.currency)),
                column.is_name(),
            )
        })
        .collect();
    let headings: Vec<(&str, bool)> = headings
        .iter()
        .map(|(heading, is_name)| (heading.as_str(), *is_name))
        .collect();
    let mut lines = table_head(&headings);
    let cells = |row: &Row| -> Vec<String> {
        let cell = |column: &super::columns::Column| column.cell(row, statement.minor_digits);
        columns
            .iter()
            .map(|column| {
                if column.is_name() {
                    markdown(&cell(column))
                } else {
                    cell(column)
                }
            })
            .collect()
    };
    lines.extend(view.rows.iter().map(|row| table_row(cells(row))));
    let total = cells(&view.total).into_iter().zip(&columns).enumerate();
    lines.push(table_row(total.map(
        |(place, (cell, column))| match place {
            0 => "**total**".to_owned(),
            _ if column.is_name() => String::new(),
            _ => format!("**{cell}**"),
        },
    )));
    lines.join("\n")
}

fn table_head(headings: &[(&str, bool)]) -> Vec<String> {
    let names = headings.iter().map(|(heading, _)| (*heading).to_owned());
    let rules = headings
        .iter()
        .map(|(_, is_name)| if *is_name { ":--" } else { "--:" }.to_owned());
    vec![table_row(names), table_row(rules)]
}

fn table_row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    format!("| {} |", cells.join(" | "))
}
