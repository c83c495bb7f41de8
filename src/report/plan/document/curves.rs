//! Every played size, and what it costs on each term.

use serde_json::{Map, Value, json};

use super::choices::cost;
use super::traffic::counts;
use super::{measured, seconds, share, usd};
use crate::plan::curve::Curve;
use crate::plan::point::{Fate, Point};
use crate::plan::term::TermPrice;
use crate::report::plan::Report;
use crate::report::plan::figures::per_million;

pub(super) fn value(report: &Report, curve: &Curve) -> Value {
    let candidate = &curve.candidate;
    let deployment = candidate.deployment();
    let missing = candidate.prices.missing.iter();
    let missing = missing.map(|(term, why)| json!({ "term": term.name(), "reason": why }));
    json!({
        "candidate": candidate.label,
        "deployment": deployment.name,
        "model": deployment.model,
        "version": deployment.version,
        "kind": deployment.kind.name(),
        "region": deployment.region,
        "tpm_per_ptu": candidate.tpm_per_ptu().to_string(),
        "minimum_ptu": candidate.sizes.minimum().get(),
        "increment_ptu": candidate.sizes.increment().map(crate::units::Ptu::get),
        "today_ptu": candidate.today.map(crate::units::Ptu::get),
        "owned_ptu": candidate.owned.ptu.get(),
        "owned_usd_per_hour": usd(&candidate.owned.per_hour),
        "terms": candidate.prices.iter().map(|price| term(curve, price)).collect::<Vec<_>>(),
        "missing_terms": missing.collect::<Vec<_>>(),
        "sizes_left_out": curve.pruned.to_string(),
        "points": curve.points.iter().map(|one| point(report, curve, one)).collect::<Vec<_>>(),
    })
}

fn term(curve: &Curve, price: &TermPrice) -> Value {
    let even = curve.break_even(price);
    let source = &price.price.source;
    json!({
        "term": price.term.name(),
        "usd_per_ptu_hour": usd(&price.per_hour),
        "usd": usd(&price.price.price),
        "break_even_utilization": (!even.is_zero()).then(|| share(&even)),
        "effective_from": source.effective_from.to_string(),
        "source": source.text,
        "as_of": source.as_of.to_string(),
    })
}

fn point(report: &Report, curve: &Curve, point: &Point) -> Value {
    let costs = curve.candidate.prices.iter().map(|price| {
        let found = curve.cost(point, price);
        json!({
            "term": price.term.name(),
            "cost": cost(report, &found),
            "usd_per_million_tokens": per_million(&found.total(), &point.all).map(|usd| super::usd(&usd)),
        })
    });
    let apps = point.apps.iter().map(|(name, fate)| {
        let mut row = Map::new();
        row.insert("app".to_owned(), name.as_str().into());
        row.extend(shares(fate));
        Value::Object(row)
    });
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
    put("ptu", point.ptu.get().into());
    put("utilization", measured(point.utilization()).into());
    put(
        "busiest_hour_utilization",
        measured(point.busiest_hour).into(),
    );
    let all = &point.all;
    let tallies = [
        ("offered", &all.offered),
        ("provisioned", &all.provisioned),
        ("spilled", &all.spilled),
        ("lost", &all.lost),
    ];
    for (name, tally) in tallies {
        put(name, Value::Object(counts(tally)));
    }
    put("costs", costs.collect());
    put("apps", apps.collect());
    row.extend(shares(all));
    Value::Object(row)
}

fn shares(fate: &Fate) -> Map<String, Value> {
    let fields = [
        ("spill", share(&fate.spill())),
        ("loss", share(&fate.loss())),
        ("coverage", share(&fate.coverage())),
        ("p95_wait_s", seconds(fate.p95_wait())),
    ];
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}
