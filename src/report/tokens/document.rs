//! The report as JSON with a versioned schema (`docs/schema/tokens-1.schema.json`).

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Report, Run, groups, histogram, largest, models, notes, parts};
use crate::catalog::ProvisionedModel;
use crate::rate_card::TokenPrice;
use crate::report::json::written;

/// The document as it is written.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    name: &'a str,
    by: Vec<&'static str>,
    kind: &'static str,
    region: &'a str,
    on: String,
    currency: &'static str,
    groups: Vec<Value>,
    total: Value,
    parts: Vec<Value>,
    histogram: Vec<Value>,
    reasons: Vec<Value>,
    largest: Vec<Value>,
    budget: Option<Value>,
    models: Vec<Value>,
    prices: Vec<Value>,
    figures: Vec<Value>,
    notes: Vec<String>,
}

pub(super) fn render(report: &Report) -> String {
    let run = report.base();
    let profiled = &run.profiled;
    let groups = groups::grid(run);
    let budget = profiled.largest.budget().map(|budget| {
        json!({
            "tokens": budget.to_string(),
            "requests_over": profiled.largest.over_budget().to_string(),
        })
    });
    written(&Document {
        schema: "tollbook/tokens/1",
        name: &report.name,
        by: profiled.by.iter().map(|by| by.name()).collect(),
        kind: report.priced.kind.name(),
        region: &report.priced.region,
        on: report.priced.on.to_string(),
        currency: "USD",
        groups: groups.objects(),
        total: groups::total(run),
        parts: parts::grid(run).objects(),
        histogram: bins(run),
        reasons: reasons(run),
        largest: largest::grid(run, usize::MAX).objects(),
        budget,
        models: models::grid(report).objects(),
        prices: prices(report),
        figures: figures(report),
        notes: notes::all(report),
    })
}

fn bins(run: &Run) -> Vec<Value> {
    let bins = histogram::bins(&run.profiled.total.input).into_iter();
    let bin = |bin: histogram::Bin| {
        json!({
            "least": bin.least.to_string(),
            "most": (bin.beyond - 1).to_string(),
            "requests": bin.requests.to_string(),
        })
    };
    bins.map(bin).collect()
}

fn reasons(run: &Run) -> Vec<Value> {
    let reasons = run.profiled.total.reasons();
    let reason = reasons.map(|(reason, requests)| {
        json!({
            "reason": reason.name(),
            "certainty": reason.certainty().name(),
            "text": reason.text(),
            "requests": requests.to_string(),
        })
    });
    reason.collect()
}

/// The prices that were used, each once.
fn prices(report: &Report) -> Vec<Value> {
    let used = report.runs.iter().flat_map(|run| &run.total.prices);
    let price = |price: &TokenPrice| {
        json!({
            "model": price.model,
            "version": price.version,
            "class": price.class.name(),
            "input_above": price.input_above.map(|above| above.to_string()),
            "usd_per_million": price.price.to_string(),
            "effective_from": price.source.effective_from.to_string(),
            "source": price.source.text,
            "as_of": price.source.as_of.to_string(),
        })
    };
    each_once(used.map(price))
}

/// The figures of provisioned throughput that were used, each once.
fn figures(report: &Report) -> Vec<Value> {
    let used = report.runs.iter().flat_map(|run| &run.total.figures);
    let figures = |figures: &ProvisionedModel| {
        json!({
            "model": figures.name.model,
            "version": figures.name.version,
            "input_tpm_per_ptu": figures.input_tpm_per_ptu.to_string(),
            "effective_from": figures.effective_from.to_string(),
            "source": figures.source,
            "as_of": figures.as_of.to_string(),
        })
    };
    each_once(used.map(figures))
}

/// Different values, in the order of their texts.
fn each_once(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let texts = values.map(|value| (value.to_string(), value));
    texts.collect::<BTreeMap<_, _>>().into_values().collect()
}
