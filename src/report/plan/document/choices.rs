//! What could be bought.

use serde_json::{Value, json};

use super::{both, condition, measured, seconds, share, usd};
use crate::azure::PtuTerm;
use crate::plan::answers::Choice;
use crate::plan::curve::Cost;
use crate::report::plan::Report;
use crate::report::plan::figures::Figures;
use crate::report::sentence::told;

/// Every answer.
pub(super) fn answers(report: &Report) -> Value {
    let answers = &report.plan.study.answers;
    let told = |one: &Choice| choice(report, one);
    let by_term = answers.by_term.iter().map(|(term, cheapest)| {
        json!({ "curve": cheapest.curve, "term": term.name(), "choice": told(cheapest) })
    });
    let (meeting, infeasible) = match &answers.meeting {
        None => (None, None),
        Some(Ok(meeting)) => (Some(told(meeting)), None),
        Some(Err(infeasible)) => {
            let binding: Vec<Value> = infeasible.binding.iter().map(condition).collect();
            let nearest = told(&infeasible.nearest);
            (
                None,
                Some(json!({ "binding": binding, "nearest": nearest })),
            )
        }
    };
    let price = answers.price_of_objective();
    json!({
        "recommended": told(answers.recommended()),
        "pay_as_you_go": told(&answers.nothing),
        "cheapest": told(&answers.cheapest),
        "by_term": by_term.collect::<Vec<_>>(),
        "meeting_objective": meeting,
        "infeasible": infeasible,
        "price_of_objective": price.map(|price| both(report, &price)),
        "today": answers.today.as_ref().map(told),
        "flat": { "from_ptu": answers.flat.0.get(), "to_ptu": answers.flat.1.get() },
    })
}

/// The smallest size for each share of spill.
pub(super) fn targets(report: &Report) -> Vec<Value> {
    let targets = report.plan.study.answers.targets.iter().map(|target| {
        json!({
            "curve": target.curve,
            "spill_at_most": share(&target.share),
            "choice": target.choice.as_ref().map(|one| choice(report, one)),
        })
    });
    targets.collect()
}

/// What else could be done.
pub(super) fn levers(report: &Report) -> Vec<Value> {
    let levers = report.plan.levers.iter().map(|lever| {
        json!({
            "lever": lever.name,
            "what": told(&lever.what),
            "caution": told(&lever.caution),
            "saving": both(report, &lever.saving),
            "curve": lever.choice.curve,
            "ptu": lever.choice.ptu.get(),
            "term": lever.choice.term.map(PtuTerm::name),
            "cost": cost(report, &lever.choice.cost),
        })
    });
    levers.collect()
}

fn choice(report: &Report, choice: &Choice) -> Value {
    let figures = Figures::of(report, choice);
    let (all, point) = (&figures.point.all, figures.point);
    json!({
        "curve": choice.curve,
        "ptu": choice.ptu.get(),
        "term": choice.term.map(PtuTerm::name),
        "cost": cost(report, &choice.cost),
        "spill": share(&all.spill()),
        "loss": share(&all.loss()),
        "p95_wait_s": seconds(all.p95_wait()),
        "utilization": measured(point.utilization()),
        "busiest_hour_utilization": measured(point.busiest_hour),
        "coverage": share(&all.coverage()),
        "break_even_utilization": figures.break_even().map(|even| share(&even)),
        "usd_per_million_tokens": figures.per_million().map(|price| usd(&price)),
    })
}

/// A cost by part.
pub(super) fn cost(report: &Report, cost: &Cost) -> Value {
    json!({
        "owned": both(report, &cost.owned),
        "bought": both(report, &cost.bought),
        "tokens": both(report, &cost.tokens),
        "total": both(report, &cost.total()),
    })
}
