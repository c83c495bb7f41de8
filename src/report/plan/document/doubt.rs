//! How far the answers can be trusted.

use serde_json::{Value, json};

use super::{both, measured, seconds};
use crate::plan::uncertainty::{
    Bootstrap, Case, DepthCase, Regret, SizeCost, SizeInterval, Swing, Uncertainty,
};
use crate::report::plan::Report;

pub(super) fn value(report: &Report, found: &Uncertainty) -> Value {
    let (drawn, reason) = match &found.bootstrap {
        Ok(drawn) => (Some(bootstrap(report, drawn)), None),
        Err(reason) => (None, Some(reason)),
    };
    let depths = found.depths.iter().map(|one| depth(report, one));
    let cases = found.cases.iter().map(|one| case(report, one));
    let left_out = found.left_out.iter();
    let left_out = left_out.map(|one| json!({ "input": one.input, "why": one.why }));
    let swings = found.swings.iter().map(|one| swing(report, one));
    let regrets = found.regrets.iter().map(|one| regret(report, one));
    json!({
        "depths": depths.collect::<Vec<_>>(),
        "bootstrap": drawn,
        "no_bootstrap_because": reason,
        "cases": cases.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
        "swings": swings.collect::<Vec<_>>(),
        "regrets": regrets.collect::<Vec<_>>(),
    })
}

fn size(report: &Report, size: &SizeCost) -> Value {
    json!({
        "ptu": size.ptu.get(),
        "cost": both(report, &size.cost),
        "spill": measured(size.spill),
    })
}

fn sizes(report: &Report, sizes: &[SizeCost]) -> Vec<Value> {
    sizes.iter().map(|one| size(report, one)).collect()
}

fn depth(report: &Report, case: &DepthCase) -> Value {
    json!({
        "depth_s": seconds(case.depth),
        "best_ptu": case.best.get(),
        "sizes": sizes(report, &case.sizes),
    })
}

fn bootstrap(report: &Report, drawn: &Bootstrap) -> Value {
    let interval = |size: &SizeInterval| {
        json!({
            "ptu": size.ptu.get(),
            "low": both(report, &size.low),
            "median": both(report, &size.median),
            "high": both(report, &size.high),
        })
    };
    let best = drawn.best.iter();
    let best = best.map(|(ptu, draws)| json!({ "ptu": ptu.get(), "draws": draws }));
    json!({
        "days": drawn.days,
        "block_days": drawn.block,
        "draws": drawn.rounds,
        "seed": drawn.seed,
        "from_ptu": drawn.range.0.get(),
        "to_ptu": drawn.range.1.get(),
        "best": best.collect::<Vec<_>>(),
        "sizes": drawn.sizes.iter().map(interval).collect::<Vec<_>>(),
    })
}

fn case(report: &Report, case: &Case) -> Value {
    json!({
        "case": case.name,
        "input": case.input,
        "best": size(report, &case.best),
        "recommended": size(report, &case.recommended),
        "sizes": sizes(report, &case.sizes),
    })
}

fn swing(report: &Report, swing: &Swing) -> Value {
    json!({
        "input": swing.input,
        "cases": swing.cases,
        "least_ptu": swing.sizes.0.get(),
        "most_ptu": swing.sizes.1.get(),
        "least": both(report, &swing.costs.0),
        "most": both(report, &swing.costs.1),
    })
}

fn regret(report: &Report, regret: &Regret) -> Value {
    let by_case = regret.by_case.iter().map(|cost| both(report, cost));
    json!({
        "ptu": regret.ptu.get(),
        "greatest": both(report, &regret.greatest),
        "by_case": by_case.collect::<Vec<_>>(),
    })
}
