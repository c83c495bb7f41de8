//! Several planned deployments together: they share reservations and quota.
//!
//! Each member has its own curve, played with all others as the scenario has them. An exact optimum
//! over the played sizes ([`optimum`]) chooses one size for each. As the members meet in the same
//! gateway, their curves do not simply add up: the chosen sizes are played together, and that is
//! the cost that counts.

pub mod optimum;
mod quota;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::candidate::Candidate;
use super::curve::{Cost, Curve};
use super::error::PlanError;
use super::owned::{Owned, active};
use super::point::Point;
use super::span::Span;
use super::stage::Stage;
use super::study::{Question, Search, checked_span};
use super::survey::Survey;
use super::term::TermPrice;
use crate::azure::DeploymentKind;
use crate::azure::PtuTerm;
use crate::chargeback::pools::PoolName;
use crate::chargeback::reservations::Reservation;
use crate::money::Money;
use crate::rate_card::PriceError;
use crate::sim::Setup;
use crate::sim::setup::DeploymentRules;
use crate::time::SimTime;
use crate::units::Ptu;
use optimum::{Group, Pool, Sized};
pub use quota::{Quota, QuotaError};

/// One planned deployment.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its sizes, with all others as the scenario has them.
    pub curve: Curve,
    /// The chosen size.
    pub ptu: Ptu,
    /// What it does beside the other chosen sizes.
    pub point: Point,
}

/// What is paid for the throughput of one pool over the span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolPlan {
    /// The pool.
    pub name: PoolName,
    /// What its members deploy.
    pub deployed: Ptu,
    /// What is reserved already.
    pub owned: Ptu,
    /// What is bought on top.
    pub bought: Ptu,
    /// The term it is bought on; `None` where nothing is bought.
    pub term: Option<PtuTerm>,
    /// What is reserved and not deployed.
    pub unused: Ptu,
    /// What the reservations cost [USD].
    pub owned_cost: Money,
    /// The part of that which covers nothing [USD].
    pub unused_cost: Money,
    /// What is bought costs [USD].
    pub bought_cost: Money,
}

/// What to buy for several deployments.
#[derive(Clone, Debug)]
pub struct FleetPlan {
    /// The traffic.
    pub survey: Survey,
    /// The span that costs are for.
    pub span: Span,
    /// The planned deployments, in their places.
    pub members: Vec<Member>,
    /// What is paid for throughput, by pool; pools without a member hold unused reservations.
    pub pools: Vec<PoolPlan>,
    /// What all of it costs, with the chosen sizes played together.
    pub cost: Cost,
    /// What the separate curves add up to for the same sizes.
    pub separately: Money,
}

/// Finds the sizes of all candidates of a question: one for each planned deployment of one
/// configuration.
pub fn plan(
    question: &Question<'_>,
    quotas: &[Quota],
    stage: &mut Stage<'_>,
) -> Result<FleetPlan, PlanError> {
    let Some(first) = question.candidates.first() else {
        let message = "there is no provisioned deployment to plan";
        return Err(PlanError::Unplannable(message.to_owned()));
    };
    let survey = stage.survey(first.weighing().clone())?;
    let span = checked_span(question.span, &survey)?;
    let search = Search {
        question,
        survey: &survey,
        span,
    };
    let mut curves = Vec::new();
    for candidate in &question.candidates {
        let owned = owned(candidate, question).map_err(|error| unpriced(&error))?;
        let candidate = Candidate {
            owned,
            ..candidate.clone()
        };
        curves.push(search.curve(&candidate, stage)?);
    }
    let sizes = choose(question, &curves, quotas)?;
    let pools = pool_plans(question, &curves, &sizes).map_err(|error| unpriced(&error))?;
    joint(question, (survey, span), (curves, sizes, pools), stage)
}

fn unpriced(error: &PriceError) -> PlanError {
    PlanError::Unplannable(error.to_string())
}

/// What is reserved for the pool of a candidate, whoever else deploys in it.
fn owned(candidate: &Candidate, question: &Question<'_>) -> Result<Owned, PriceError> {
    let pool = candidate.deployment().pool();
    let rates = question.facts.rates;
    Owned::of_pool(&candidate.config.policy, &pool, rates, candidate.on)
}

/// The cheapest price that a curve's throughput can be bought at.
fn cheapest(curve: &Curve) -> &TermPrice {
    let prices = curve.candidate.prices.iter();
    let cheapest = prices.min_by(|one, other| one.per_hour.cmp(&other.per_hour));
    cheapest.expect("a candidate has prices")
}

/// The places of members by pool, and pools by what a quota is for.
fn groups(curves: &[Curve]) -> BTreeMap<(DeploymentKind, String), BTreeMap<PoolName, Vec<usize>>> {
    let mut groups: BTreeMap<_, BTreeMap<PoolName, Vec<usize>>> = BTreeMap::new();
    for (at, curve) in curves.iter().enumerate() {
        let pool = curve.candidate.deployment().pool();
        let group = groups.entry((pool.kind, pool.region.clone())).or_default();
        group.entry(pool).or_default().push(at);
    }
    groups
}

/// Refuses a quota that no deployment is under: its kind or region is likely a slip.
fn check_quotas<'g>(
    quotas: &[Quota],
    groups: impl Iterator<Item = &'g (DeploymentKind, String)>,
) -> Result<(), PlanError> {
    let groups: Vec<_> = groups.collect();
    let covers = |quota: &&Quota| {
        groups
            .iter()
            .any(|(kind, region)| quota.covers(*kind, region))
    };
    let stray = quotas.iter().find(|quota| !covers(quota));
    let Some(Quota { kind, region, .. }) = stray else {
        return Ok(());
    };
    let there: Vec<String> = groups
        .iter()
        .map(|(kind, region)| format!("{kind}:{region}"))
        .collect();
    Err(PlanError::Unplannable(format!(
        "the quota of {kind}:{region} is for no provisioned deployment of the scenario; it has {}",
        there.join(", ")
    )))
}

/// The optimum, in the places of members.
fn choose(
    question: &Question<'_>,
    curves: &[Curve],
    quotas: &[Quota],
) -> Result<Vec<Ptu>, PlanError> {
    let mut sizes = vec![Ptu::new(0); curves.len()];
    let groups = groups(curves);
    check_quotas(quotas, groups.keys())?;
    for ((kind, region), pools) in groups {
        let quota = quotas.iter().filter(|quota| quota.covers(kind, &region));
        let quota = quota.map(|quota| quota.ptu).min();
        let group = Group {
            pools: pools
                .values()
                .map(|places| pool(question, curves, places))
                .collect(),
            quota,
        };
        let found = optimum::of(&group).ok_or_else(|| {
            PlanError::Unplannable(format!(
                "no sizes of the {kind} deployments in {region} meet the objective within the \
                 quota of {} PTU; ask for more quota, or for less",
                quota.unwrap_or_default()
            ))
        })?;
        for (place, size) in pools.values().flatten().zip(found.sizes) {
            sizes[*place] = size;
        }
    }
    Ok(sizes)
}

/// What can be chosen within a pool: sizes that meet the objective and lose no more than the
/// scenario's, or any where none does. Tokens count as the difference to the scenario's size, because
/// each curve holds those of the whole gateway.
fn pool(question: &Question<'_>, curves: &[Curve], places: &[usize]) -> Pool {
    let members = places.iter().map(|place| {
        let curve = &curves[*place];
        let most = reference(curve).all.lost.requests;
        let will_do =
            |point: &&Point| question.objective.holds(point) && point.all.lost.requests <= most;
        let any = curve.points.iter().any(|point| will_do(&point));
        let points = curve.points.iter();
        let points = points.filter(|point| !any || will_do(point));
        let sized = points.map(|point| Sized {
            ptu: point.ptu,
            cost: point.tokens.clone() - reference(curve).tokens.clone(),
        });
        sized.collect()
    });
    let first = &curves[places[0]];
    Pool {
        members: members.collect(),
        owned: first.candidate.owned.ptu,
        per_ptu: first.span.cost(Ptu::new(1), &cheapest(first).per_hour),
    }
}

/// The point that a curve shares with all others: the scenario's own size, else nothing.
fn reference(curve: &Curve) -> &Point {
    let today = curve.candidate.today;
    let today = today.and_then(|ptu| curve.point(ptu));
    today.unwrap_or_else(|| curve.nothing())
}

/// What is paid by pool for chosen sizes, reservations that no member is covered by among them.
fn pool_plans(
    question: &Question<'_>,
    curves: &[Curve],
    sizes: &[Ptu],
) -> Result<Vec<PoolPlan>, PriceError> {
    let mut plans: BTreeMap<PoolName, PoolPlan> = BTreeMap::new();
    for (pool, places) in groups(curves).into_values().flatten() {
        let first = &curves[places[0]];
        let deployed = places.iter().map(|place| sizes[*place]).sum();
        let owned = &first.candidate.owned;
        let price = cheapest(first);
        let whole = first.span.cost(Ptu::new(1), &owned.per_hour);
        let mut plan = PoolPlan::of(&pool, deployed, owned.ptu, whole);
        plan.term = (!plan.bought.is_zero()).then_some(price.term);
        plan.bought_cost = first.span.cost(plan.bought, &price.per_hour);
        plans.insert(pool, plan);
    }
    let Candidate { config, on, .. } = &curves[0].candidate;
    let policy = &config.policy;
    for name in active(policy, *on).map(Reservation::pool) {
        if let Entry::Vacant(unused) = plans.entry(name) {
            let owned = Owned::of_pool(policy, unused.key(), question.facts.rates, *on)?;
            let whole = curves[0].span.cost(Ptu::new(1), &owned.per_hour);
            let plan = PoolPlan::of(unused.key(), Ptu::new(0), owned.ptu, whole);
            unused.insert(plan);
        }
    }
    Ok(plans.into_values().collect())
}

impl PoolPlan {
    /// A pool with so much deployed and reserved, before anything is bought.
    fn of(name: &PoolName, deployed: Ptu, owned: Ptu, owned_cost: Money) -> Self {
        let beyond = |one: Ptu, other: Ptu| Ptu::new(one.get().saturating_sub(other.get()));
        let unused = beyond(owned, deployed);
        Self {
            name: name.clone(),
            deployed,
            owned,
            bought: beyond(deployed, owned),
            term: None,
            unused,
            unused_cost: owned_cost.fraction(unused.get().into(), owned.get().into()),
            owned_cost,
            bought_cost: Money::zero(),
        }
    }
}

/// Plays the chosen sizes together.
fn joint(
    question: &Question<'_>,
    (survey, span): (Survey, Span),
    (curves, sizes, pools): (Vec<Curve>, Vec<Ptu>, Vec<PoolPlan>),
    stage: &mut Stage<'_>,
) -> Result<FleetPlan, PlanError> {
    let setup = together(&curves, &sizes);
    let outcome = stage.play(std::slice::from_ref(&setup))?.remove(0);
    let mut separately = reference(&curves[0]).tokens.clone();
    let mut members = Vec::new();
    for (curve, ptu) in curves.into_iter().zip(sizes) {
        let alone = curve.point(ptu).expect("chosen sizes were played");
        separately += &(alone.tokens.clone() - reference(&curve).tokens.clone());
        let point = Point::of(ptu, &outcome, &curve.candidate, &question.facts)?;
        members.push(Member { curve, ptu, point });
    }
    let cost = Cost {
        owned: pools.iter().map(|pool| &pool.owned_cost).sum(),
        bought: pools.iter().map(|pool| &pool.bought_cost).sum(),
        tokens: members[0].point.tokens.clone(),
        lost: Money::zero(),
    };
    Ok(FleetPlan {
        separately: cost.provisioned() + separately,
        survey,
        span,
        members,
        pools,
        cost,
    })
}

/// The setup with every chosen size.
fn together(curves: &[Curve], sizes: &[Ptu]) -> Setup {
    let mut setup = curves[0].candidate.setup(sizes[0]);
    for (curve, size) in curves.iter().zip(sizes) {
        let rules = &mut setup.deployments[curve.candidate.place].rules;
        if let DeploymentRules::Provisioned(rules) = rules {
            rules.capacity = vec![(SimTime::default(), *size)];
        }
    }
    setup
}
