//! The plan as JSON with a versioned schema (`docs/schema/plan-1.schema.json`).

mod choices;
mod curves;
mod doubt;
mod traffic;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Report, assumptions, sources};
use crate::money::{Factor, Money};
use crate::plan::objective::{Condition, Limit};
use crate::rate_card::TokenPrice;
use crate::report::figure::EXACT_DIGITS;
use crate::report::grid::Cell;
use crate::report::json::written;
use crate::time::SimDuration;

/// The document as it is written.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    name: &'a str,
    currency: &'static str,
    traffic: Value,
    objective: Vec<Value>,
    answers: Value,
    targets: Vec<Value>,
    curves: Vec<Value>,
    uncertainty: Option<Value>,
    levers: Vec<Value>,
    advice: Value,
    prices: Vec<Value>,
    throughput: Vec<Value>,
    assumptions: Vec<Value>,
    notes: &'a [String],
}

pub(super) fn render(report: &Report) -> String {
    written(&document(report))
}

/// The document, for whoever carries it along.
pub(super) fn document(report: &Report) -> Document<'_> {
    let plan = &report.plan;
    Document {
        schema: "tollbook/plan/1",
        name: &report.name,
        currency: "USD",
        traffic: traffic::value(report),
        objective: plan
            .study
            .objective
            .conditions
            .iter()
            .map(condition)
            .collect(),
        answers: choices::answers(report),
        targets: choices::targets(report),
        curves: plan
            .study
            .curves
            .iter()
            .map(|curve| curves::value(report, curve))
            .collect(),
        uncertainty: plan
            .uncertainty
            .as_ref()
            .map(|found| doubt::value(report, found)),
        levers: choices::levers(report),
        advice: json!({
            "recommendation": super::story::recommendation(report),
            "reasons": super::story::reasons(report),
            "risks": super::story::risks(report),
        }),
        prices: prices(report),
        throughput: throughput(report),
        assumptions: assumptions(report),
        notes: &report.notes,
    }
}

/// An amount of the span and what it comes to in a month [USD, exact].
fn both(report: &Report, cost: &Money) -> Value {
    json!({ "span": usd(cost), "month": usd(&report.monthly(cost)) })
}

fn usd(money: &Money) -> String {
    money.to_trimmed(EXACT_DIGITS)
}

fn share(share: &Factor) -> String {
    share.to_trimmed(EXACT_DIGITS)
}

/// A share that was measured, not counted.
fn measured(share: f64) -> String {
    Cell::Share(share).plain()
}

/// A span [s].
fn seconds(span: SimDuration) -> String {
    Cell::Time(span).plain()
}

fn condition(condition: &Condition) -> Value {
    let (what, most) = match &condition.limit {
        Limit::Spill(most) => ("spill", share(most)),
        Limit::Lost(most) => ("loss", share(most)),
        Limit::P95Wait(most) => ("p95_wait_s", seconds(*most)),
        Limit::Utilization(most) => ("busiest_hour_utilization", share(most)),
    };
    json!({ "app": condition.app, "figure": what, "at_most": most })
}

/// Token prices, each once; those of PTU are with the curves.
fn prices(report: &Report) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for curve in &report.plan.study.curves {
        for one in curve.nothing().prices.iter().map(price) {
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

fn price(price: &TokenPrice) -> Value {
    json!({
        "model": price.model,
        "version": price.version,
        "kind": price.kind.name(),
        "tier": price.tier.name(),
        "class": price.class.name(),
        "input_above": price.input_above.map(|above| above.to_string()),
        "usd_per_million": price.price.to_string(),
        "effective_from": price.source.effective_from.to_string(),
        "source": price.source.text,
        "as_of": price.source.as_of.to_string(),
    })
}

fn throughput(report: &Report) -> Vec<Value> {
    let figures = sources::throughput(report).into_iter().map(|model| {
        json!({
            "model": model.name.model,
            "version": model.name.version,
            "input_tpm_per_ptu": model.input_tpm_per_ptu.to_string(),
            "effective_from": model.effective_from.to_string(),
            "source": model.source,
            "as_of": model.as_of.to_string(),
        })
    });
    figures.collect()
}

fn assumptions(report: &Report) -> Vec<Value> {
    let all = assumptions::all(report)
        .into_iter()
        .map(|one| json!({ "about": one.subject, "assumed": one.value, "because": one.ground }));
    all.collect()
}
