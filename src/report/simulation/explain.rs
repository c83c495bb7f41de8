//! `--explain`: the figures, prices and rules behind a simulation, each with its source.

use super::run::Run;
use super::{Report, notes};
use crate::report::text::visible;
use crate::sim::provisioned::{Edge, ProvisionedRules, UnstatedMaximum};
use crate::sim::setup::DeploymentRules;

/// The explanation of the first run.
pub fn render(report: &Report) -> String {
    let run = report.base();
    let mut lines = vec![
        format!("How {} was simulated", visible(&report.name)),
        notes::span(run),
        String::new(),
    ];
    for (place, deployment) in run.setup.deployments.iter().enumerate() {
        lines.push(format!("deployment {}", visible(&deployment.name)));
        match &deployment.rules {
            DeploymentRules::Provisioned(rules) => lines.extend(provisioned(run, place, rules)),
            DeploymentRules::Standard(rules) => {
                let limit = |quota: Option<u64>, unit: &str| {
                    quota.map_or_else(
                        || format!("any number of {unit}"),
                        |quota| format!("{quota} {unit}"),
                    )
                };
                let tokens = limit(rules.tokens_per_minute, "tokens/min");
                let requests = limit(rules.requests_per_minute, "requests/min");
                lines.push(match (rules.tokens_per_minute, rules.requests_per_minute) {
                    (None, None) => "  no limits".to_owned(),
                    _ => format!("  limits: {tokens}, {requests}"),
                });
            }
        }
        if let Some(spillover) = &deployment.spillover {
            let to = &run.deployments[spillover.to.place()].name;
            lines.push(format!("  spills over to {}", visible(to)));
        }
    }
    lines.push(String::new());
    lines.extend(prices(run));
    lines.join("\n") + "\n"
}

fn provisioned(run: &Run, place: usize, rules: &ProvisionedRules) -> Vec<String> {
    let name = &run.deployments[place].name;
    let mut lines = Vec::new();
    if let Some(used) = run.figures.iter().find(|used| used.deployment == *name) {
        let model = &used.model;
        lines.push(format!(
            "  {}: {} input tokens/min a PTU, from {} (read {}, holds from {})",
            model.name, model.input_tpm_per_ptu, model.source, model.as_of, model.effective_from
        ));
        lines.extend(model.weights.map(|weights| {
            format!(
                "  token weights: input {}, cached input {}, cache write {}, output {}",
                weights.input, weights.cached_input, weights.cache_write, weights.output
            )
        }));
    }
    for (from, ptu) in &rules.capacity {
        let since = match from.micros() {
            0 => "always".to_owned(),
            _ => format!("from {}", notes::time(*from)),
        };
        lines.push(format!("  {ptu} PTU {since}"));
    }
    let edge = match rules.edge {
        Edge::Admit => "admitted",
        Edge::Refuse => "refused",
    };
    let unstated = match rules.unstated {
        UnstatedMaximum::AsAnswered => "its answer".to_owned(),
        UnstatedMaximum::Tokens(tokens) => format!("{tokens} tokens"),
    };
    lines.push(format!(
        "  depth {} (assumed: not documented); at exactly 100 % a request is {edge}; a request \
         without max_tokens is estimated at {unstated}",
        crate::report::grid::duration(rules.depth)
    ));
    lines
}

fn prices(run: &Run) -> Vec<String> {
    let mut lines = vec!["prices".to_owned()];
    for price in &run.statement.prices {
        let above = price
            .input_above
            .map(|above| format!(" above {above} input tokens"));
        lines.push(format!(
            "  {} {} {} {}{}: USD {} per million tokens, from {} (read {}, holds from {})",
            visible(&price.model),
            price.kind,
            price.tier,
            price.class,
            above.unwrap_or_default(),
            price.price,
            visible(&price.source.text),
            price.source.as_of,
            price.source.effective_from
        ));
    }
    for pool in &run.statement.pools {
        let cost = &pool.cost;
        lines.push(format!(
            "  {}: {} PTU-minutes deployed, {} of them covered by reservations; USD {} by the \
             hour, {} reserved and used, {} reserved and unused",
            pool.name,
            cost.deployed,
            cost.covered,
            cost.hourly_amount.to_trimmed(6),
            cost.covered_amount.to_trimmed(6),
            cost.unused_amount.to_trimmed(6),
        ));
    }
    lines
}
