//! Whether provisioned throughput is worth its price against tokens at list prices.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::azure::{Tier, TokenClass};
use crate::catalog::ModelName;
use crate::chargeback::deployments::Deployment;
use crate::chargeback::{Charges, DeploymentFacts, Facts};
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::money::{Factor, Money};
use crate::rate_card::PriceQuery;
use crate::spelling::grouped;
use crate::units::{TokenCounts, Tokens};
use crate::usage::UsageSum;

/// TB102.
pub(super) static BELOW: Rule = Family::Money.rule(
    "TB102",
    "below-break-even",
    Severity::Warning,
    [
        "what a provisioned deployment served would have cost less per token",
        "Provisioned throughput pays from some utilization on. Told when the deployment's PTU, \
         idle ones included, cost more than what it served would have cost per token, at the \
         standard list prices of its model, kind and region on the same days. Break-even is at \
         utilization × PTU cost / token cost: that much it would have to be used, by the same mix \
         of tokens, to be worth its price. Nothing is said where a price is missing, and no limit \
         of the configuration bears on it.",
        "let more work use the deployment, deploy fewer PTU, or reserve what now is paid by the \
         hour (`tollbook plan`); if it is kept for its latency, set the severity of \
         `below-break-even` to `note`",
    ],
);

/// Judges every provisioned deployment with use.
pub(super) fn judge(evidence: &Evidence<'_>, charges: &Charges) -> Vec<Finding> {
    let deployments = charges.pools.iter().flat_map(|pool| &pool.deployments);
    deployments
        .filter_map(|facts| {
            let per_token = token_cost(evidence, charges, &facts.name)?;
            tell(facts, &per_token)
        })
        .collect()
}

fn tell(facts: &DeploymentFacts, per_token: &Money) -> Option<Finding> {
    let cost = facts.used_amount.clone() + facts.idle_amount.clone();
    if *per_token >= cost || per_token.is_zero() {
        return None;
    }
    let deployed = Factor::ratio(facts.deployed.get().into(), 1);
    let percent = facts
        .used
        .times(&Factor::ratio(100, 1))
        .divided_by(&deployed);
    let break_even = percent.times(&cost.ratio(per_token));
    let reach = if break_even > Factor::ratio(100, 1) {
        ", which it cannot reach"
    } else {
        ""
    };
    let message = format!(
        "deployment {:?} cost {} USD at a utilization of {} %; the same tokens cost {} USD at list \
         prices; break-even is at {} %{reach}",
        facts.name,
        grouped(&cost.to_decimal(2)),
        percent.to_decimal(1),
        grouped(&per_token.to_decimal(2)),
        grouped(&break_even.to_decimal(1)),
    );
    Some(Finding::of(&BELOW, &facts.name, message))
}

/// What the tokens of a deployment would have cost at list prices [US dollar]; `None` where a price
/// is missing.
fn token_cost(evidence: &Evidence<'_>, charges: &Charges, name: &str) -> Option<Money> {
    let policy = &evidence.config.policy;
    let period = charges.statement.period;
    let deployments = &policy.deployments;
    let deployment = deployments
        .iter()
        .find(|one| one.is_provisioned() && one.name == name)?;
    let served = evidence.sums.iter().filter(|sum| {
        let dimensions = &sum.key.dimensions;
        let by = deployments.iter().find(|one| one.serves(dimensions));
        period.contains_day(sum.key.day)
            && policy.priced.contains(&sum.key.disposition)
            && by.is_some_and(|by| std::ptr::eq(by, deployment))
    });
    let mut by_price: BTreeMap<(ModelName, NaiveDate, Option<Tokens>), TokenCounts> =
        BTreeMap::new();
    for sum in served {
        let model = model(deployment, sum, &evidence.facts);
        let key = (model, sum.key.day, sum.key.input_above);
        *by_price.entry(key).or_default() += sum.tokens;
    }
    let mut cost = Money::zero();
    for ((model, day, input_above), tokens) in &by_price {
        for (class, tokens) in by_class(tokens) {
            if tokens.is_zero() {
                continue;
            }
            let price = evidence.facts.rates.token_price(&PriceQuery {
                model: &model.model,
                version: model.version.as_deref(),
                kind: deployment.kind,
                region: &deployment.region,
                tier: Tier::Standard,
                class,
                input_above: *input_above,
                on: *day,
            });
            cost += &Money::from(price.ok()?.price.of(tokens));
        }
    }
    Some(cost)
}

/// The deployment's model; where its version is not configured, with that which was logged.
fn model(deployment: &Deployment, sum: &UsageSum, facts: &Facts<'_>) -> ModelName {
    let mut model = deployment.model_name();
    let logged = facts.catalog.resolve(&sum.key.dimensions.model);
    if let Some(logged) = logged.filter(|logged| logged.model == model.model) {
        model.version = model.version.or(logged.version);
    }
    model
}

fn by_class(tokens: &TokenCounts) -> [(TokenClass, Tokens); 4] {
    [
        (TokenClass::Input, tokens.uncached_input()),
        (TokenClass::CachedInput, tokens.cached_input),
        (TokenClass::CacheWrite, tokens.cache_write),
        (TokenClass::Output, tokens.output),
    ]
}

#[cfg(test)]
mod tests;
