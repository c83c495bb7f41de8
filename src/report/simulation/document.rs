//! The report as JSON with a versioned schema (`docs/schema/simulation-1.schema.json`).

use serde::Serialize;
use serde_json::Value;

use super::{Grouping, Report, columns, notes};
use crate::report::json::written;

/// The document as it is written.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    start: String,
    end: String,
    currency: &'a str,
    seed: u64,
    total: Vec<Value>,
    apps: Vec<Value>,
    business_units: Vec<Value>,
    deployments: Vec<Value>,
    queues: Vec<Value>,
    runs: Vec<Value>,
    other_formulas: Vec<Value>,
    band: Vec<Value>,
    notes: Vec<String>,
}

pub(super) fn render(report: &Report) -> String {
    let run = report.base();
    let rows = |by| columns::grid(run, by).objects();
    written(&Document {
        schema: "tollbook/simulation/1",
        scenario: &report.name,
        start: run.outcome.start.timestamp().to_string(),
        end: run.outcome.end.timestamp().to_string(),
        currency: &run.statement.statement.currency,
        seed: run.setup.seed,
        total: rows(Grouping::Total),
        apps: rows(Grouping::App),
        business_units: rows(Grouping::BusinessUnit),
        deployments: rows(Grouping::Deployment),
        queues: columns::queues(run).objects(),
        runs: columns::comparison(report).objects(),
        other_formulas: columns::peers(report).objects(),
        band: columns::band(report).objects(),
        notes: notes::all(report),
    })
}
