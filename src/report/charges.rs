//! From charges to a report: the same facts, in the shapes that outputs show.

use super::facts::{PoolFacts, PoolShare, PriceFact, Report};
use crate::chargeback::provisioned::DeploymentFacts;
use crate::chargeback::statement::{Component, Statement};
use crate::chargeback::{AppliedPrice, Charges, PoolFacts as ChargedPool, Policy};
use crate::money::{Factor, Money};
use crate::units::PtuMinutes;

impl Report {
    /// What there is to tell of `charges`, which were made under `policy`.
    pub fn of(charges: Charges, policy: &Policy) -> Self {
        let method = policy.allocation.used.name();
        let pools = charges.pools.iter();
        let pools = pools.flat_map(|pool| facts_of(pool, &charges.statement, method)).collect();
        let prices = charges.prices.iter().map(|price| price_fact(price, policy)).collect();
        Self {
            statement: charges.statement,
            usage: charges.usage,
            prices,
            pools,
            findings: charges.findings,
        }
    }
}

fn price_fact(applied: &AppliedPrice, policy: &Policy) -> PriceFact {
    PriceFact {
        model: applied.model.clone(),
        deployment: applied.deployment.clone(),
        component: applied.component,
        from: applied.from,
        usd_per_million: applied.price.price.per_million(),
        exchange_rate: policy.exchange_rate(applied.from).unwrap_or_else(Factor::one),
        source: applied.price.source.text.clone(),
        as_of: applied.price.source.as_of,
    }
}

/// The deployments of a pool, and the pool itself where some of its reservation was not used.
fn facts_of(pool: &ChargedPool, statement: &Statement, method: &str) -> Vec<PoolFacts> {
    let deployments = pool.deployments.iter();
    let mut facts: Vec<PoolFacts> =
        deployments.map(|deployment| of_deployment(pool, deployment, statement)).collect();
    for fact in &mut facts {
        method.clone_into(&mut fact.method);
    }
    if !pool.cost.unused().is_zero() {
        facts.push(unused(pool, statement));
    }
    facts
}

fn of_deployment(
    pool: &ChargedPool,
    deployment: &DeploymentFacts,
    statement: &Statement,
) -> PoolFacts {
    let used_cost = charged(statement, &deployment.name, Component::PtuUsed);
    let idle_cost = charged(statement, &deployment.name, Component::PtuIdle);
    PoolFacts {
        deployed: hours(deployment.deployed),
        used: deployment.used.times(&Factor::ratio(1, 60)),
        deployed_cost: used_cost.clone() + idle_cost,
        used_cost,
        shares: shares(statement, &deployment.name),
        ..nothing_of(pool, deployment.name.clone())
    }
}

fn unused(pool: &ChargedPool, statement: &Statement) -> PoolFacts {
    let name = pool.name.to_string();
    PoolFacts {
        unused_reservation: hours(pool.cost.unused()),
        unused_cost: charged(statement, &name, Component::ReservationUnused),
        ..nothing_of(pool, name)
    }
}

fn nothing_of(pool: &ChargedPool, name: String) -> PoolFacts {
    PoolFacts {
        name,
        kind: pool.name.kind,
        region: pool.name.region.clone(),
        deployed: Factor::zero(),
        used: Factor::zero(),
        unused_reservation: Factor::zero(),
        deployed_cost: Money::zero(),
        used_cost: Money::zero(),
        unused_cost: Money::zero(),
        method: String::new(),
        shares: Vec::new(),
    }
}

/// The exact amount of all lines of one deployment and component, in the statement's currency.
fn charged(statement: &Statement, deployment: &str, component: Component) -> Money {
    let lines = statement.lines.iter();
    lines
        .filter(|line| line.component == component && line.deployment == deployment)
        .map(|line| &line.exact)
        .sum()
}

fn hours(minutes: PtuMinutes) -> Factor {
    Factor::ratio(minutes.get().into(), 60)
}

/// Each business unit's part of what was used of a deployment, from the lines.
fn shares(statement: &Statement, deployment: &str) -> Vec<PoolShare> {
    let lines = statement.lines.iter().filter(|line| {
        line.component == Component::PtuUsed && line.deployment == deployment
    });
    let mut shares: Vec<PoolShare> = Vec::new();
    for line in lines {
        let weight = line.quantity.as_ref().map_or_else(Factor::zero, |hours| hours.value.clone());
        match shares.last_mut() {
            Some(last) if last.business_unit == line.business_unit => {
                last.weight = last.weight.plus(&weight);
                last.used_cost += &line.exact;
            }
            _ => shares.push(PoolShare {
                business_unit: line.business_unit.clone(),
                weight,
                used_cost: line.exact.clone(),
            }),
        }
    }
    shares
}
