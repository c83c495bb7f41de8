//! Where prices and throughput figures came from.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Report;
use super::figures::spoken;
use crate::catalog::ProvisionedModel;
use crate::rate_card::TokenPrice;
use crate::report::grid::{Cell, Column, Grid};

const fn column(heading: &'static str, field: &'static str) -> Column {
    Column {
        heading,
        field,
        rank: 0,
    }
}

/// Every source with the day it was read, each once, in one sentence; what a source says of itself
/// beyond its name is left to the table.
pub(super) fn sentence(report: &Report) -> String {
    let mut sources: BTreeSet<(&str, NaiveDate)> = BTreeSet::new();
    for curve in &report.plan.study.curves {
        let terms = curve.candidate.prices.iter().map(|term| &term.price.source);
        let tokens = curve.nothing().prices.iter().map(|price| &price.source);
        sources.extend(
            terms
                .chain(tokens)
                .map(|source| (name(&source.text), source.as_of)),
        );
    }
    let told = sources
        .into_iter()
        .map(|(text, day)| format!("{text}, as of {day}"));
    let told: Vec<String> = told.collect();
    format!("Prices (list, USD): {}.", told.join("; "))
}

/// What a source is called, without what it says of itself.
fn name(text: &str) -> &str {
    text.split(';').next().unwrap_or_default()
}

/// One row for each price that was used.
pub(super) fn prices(report: &Report) -> Grid {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut add = |row: Vec<Cell>| {
        if !rows.contains(&row) {
            rows.push(row);
        }
    };
    for curve in &report.plan.study.curves {
        for term in curve.candidate.prices.iter() {
            let what = format!(
                "one {} PTU {}, {}",
                term.price.kind,
                curve.candidate.deployment().region,
                spoken(term.term)
            );
            let source = &term.price.source;
            add(row(
                what,
                Cell::Exact(term.price.price.clone()),
                &source.text,
                source.as_of,
            ));
        }
        for price in &curve.nothing().prices {
            let cell = Cell::Exact(price.price.per_million());
            add(row(
                tokens(price),
                cell,
                &price.source.text,
                price.source.as_of,
            ));
        }
    }
    Grid {
        names: 1,
        columns: vec![
            column("price of", "what"),
            column("USD", "usd"),
            column("source", "source"),
            column("as of", "as_of"),
        ],
        rows,
        total: None,
    }
}

fn row(what: String, price: Cell, source: &str, as_of: NaiveDate) -> Vec<Cell> {
    vec![
        Cell::Text(what),
        price,
        Cell::Text(source.to_owned()),
        Cell::Text(as_of.to_string()),
    ]
}

fn tokens(price: &TokenPrice) -> String {
    let above = price.input_above.map_or(String::new(), |above| {
        format!(", prompts above {above} tokens")
    });
    format!(
        "1 M {} tokens of {}, {}, {}{above}",
        price.class, price.model, price.kind, price.tier
    )
}

/// The figures of provisioned throughput that were used, each once.
pub(super) fn throughput(report: &Report) -> Vec<&ProvisionedModel> {
    let mut used: Vec<&ProvisionedModel> = Vec::new();
    for curve in &report.plan.study.curves {
        for figures in &curve.candidate.built.figures {
            if !used.contains(&&figures.model) {
                used.push(&figures.model);
            }
        }
    }
    used
}

/// One row for each of them.
pub(super) fn throughput_grid(report: &Report) -> Grid {
    let rows = throughput(report).into_iter().map(|model| {
        vec![
            Cell::Text(model.name.to_string()),
            Cell::count(model.input_tpm_per_ptu.get()),
            Cell::Text(model.source.clone()),
            Cell::Text(model.as_of.to_string()),
        ]
    });
    Grid {
        names: 1,
        columns: vec![
            column("throughput of", "model"),
            column("tokens a minute per PTU", "input_tpm_per_ptu"),
            column("source", "source"),
            column("as of", "as_of"),
        ],
        rows: rows.collect(),
        total: None,
    }
}
