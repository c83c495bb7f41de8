//! Shares the cost of pools out: the used part by use, idle and unused parts by their own keys.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Facts;
use super::allocation::{Key, Keys, Weights};
use super::callers::Owner;
use super::deployments::Deployment;
use super::error::ChargeError;
use super::exchange::Exchange;
use super::findings::{About, Finding};
use super::ledger::{Charge, ChargeKey, Ledger, UnitPrice, post};
use super::metering::CapacityUse;
use super::owners::Payer;
use super::policy::Policy;
use super::pools::{self, PoolCost, PoolDay, PoolName};
use super::segments::Segments;
use super::statement::Component;
use crate::money::{Factor, Money};
use crate::time::BillingPeriod;
use crate::units::{PtuMinutes, TokensPerMinute, WeightedTokens};

/// A pool over the whole period.
#[derive(Clone, Debug)]
pub struct PoolFacts {
    /// The pool.
    pub name: PoolName,
    /// Throughput and cost.
    pub cost: PoolCost,
    /// Its deployments.
    pub deployments: Vec<DeploymentFacts>,
}

/// A provisioned deployment over the whole period.
#[derive(Clone, Debug)]
pub struct DeploymentFacts {
    /// Its name on the statement.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Deployed throughput.
    pub deployed: PtuMinutes,
    /// Throughput that requests used [PTU × minute]; never more than was deployed on any day.
    pub used: Factor,
    /// What requests took of its capacity.
    pub weighted: WeightedTokens,
    /// The cost of the used part [US dollar].
    pub used_amount: Money,
    /// The cost of the rest [US dollar].
    pub idle_amount: Money,
}

/// What sharing pools out needs, and what it fills.
pub(super) struct Sharing<'a> {
    pub(super) policy: &'a Policy,
    pub(super) facts: Facts<'a>,
    pub(super) period: BillingPeriod,
    pub(super) segments: &'a Segments,
    pub(super) exchange: &'a Exchange,
    pub(super) keys: &'a Keys<'a>,
    pub(super) payers: &'a [Vec<(Payer, Factor)>],
    pub(super) capacity: &'a CapacityUse,
    pub(super) ledger: &'a mut Ledger,
    pub(super) findings: &'a mut Vec<Finding>,
    /// The cost of all pools so far, in the statement's currency.
    pub(super) total: Money,
}

/// The used part of one deployment in one segment: days on which a weighted token has the same
/// worth are added up as integers first.
type UsedBySegment = BTreeMap<u32, BTreeMap<TokenWorth, BTreeMap<Owner, u128>>>;

/// The worth of one weighted token × 10⁻³ on a day: its cost [US dollar], and PTU-minutes.
type TokenWorth = (Money, Factor);

/// One deployment while its days are added up.
#[derive(Default)]
struct Tally {
    used: UsedBySegment,
    idle: BTreeMap<u32, (Money, Factor)>,
    weights: BTreeMap<Owner, u128>,
    minutes_by_owner: BTreeMap<Owner, Factor>,
    facts: DeploymentTotals,
    /// Days with more use than throughput, and the first of them.
    over: Option<(usize, NaiveDate)>,
}

#[derive(Default)]
struct DeploymentTotals {
    deployed: PtuMinutes,
    used: Option<Factor>,
    weighted: u128,
    used_amount: Money,
    idle_amount: Money,
}

/// One deployment on one day.
struct DeploymentDay<'d> {
    deployed: PtuMinutes,
    cost: Money,
    tpm: Option<TokensPerMinute>,
    owners: Option<&'d BTreeMap<Owner, WeightedTokens>>,
}

impl Sharing<'_> {
    /// Costs every pool and posts its lines.
    pub(super) fn share_all(&mut self) -> Result<Vec<PoolFacts>, ChargeError> {
        let mut facts = Vec::new();
        for (name, members) in pools::pools(self.policy) {
            let span = (self.period, self.segments);
            let days = pools::cost((&name, &members), self.policy, self.facts.rates, span)?;
            facts.push(self.share(name, &members.deployments, &days)?);
        }
        Ok(facts)
    }

    fn share(
        &mut self,
        name: PoolName,
        members: &[usize],
        days: &[PoolDay],
    ) -> Result<PoolFacts, ChargeError> {
        let mut cost = PoolCost::default();
        for day in days {
            cost.add(&day.cost);
        }
        let mut minutes: BTreeMap<Owner, Factor> = BTreeMap::new();
        let mut deployments = Vec::new();
        for (place, &at) in members.iter().enumerate() {
            let tally = self.tally(at, place, days);
            for (owner, used) in &tally.minutes_by_owner {
                let sum = minutes.entry(*owner).or_insert_with(Factor::zero);
                *sum = sum.plus(used);
            }
            deployments.push(self.post_deployment(at, tally)?);
        }
        self.post_unused(&name, &self.weights(&minutes), days)?;
        Ok(PoolFacts {
            name,
            cost,
            deployments,
        })
    }

    /// Adds up the days of the deployment at `place` of its pool.
    fn tally(&self, at: usize, place: usize, days: &[PoolDay]) -> Tally {
        let mut tally = Tally::default();
        let model = self.policy.deployments[at].model_name();
        for (index, date) in self.segments.days() {
            let pool = &days[index];
            let deployed = pool.deployed[place];
            let whole = u128::from(pool.cost.deployed.get());
            let owners = self.capacity.get(&(at, index));
            let figures = owners.and_then(|_| self.facts.catalog.provisioned(&model, date).ok());
            let day = DeploymentDay {
                deployed,
                cost: pool
                    .cost
                    .deployed_amount()
                    .fraction(deployed.get().into(), whole),
                tpm: figures.map(|figures| figures.input_tpm_per_ptu),
                owners,
            };
            tally.add(&day, self.segments.of(index), date);
        }
        tally
    }

    fn post_deployment(&mut self, at: usize, tally: Tally) -> Result<DeploymentFacts, ChargeError> {
        let deployment = &self.policy.deployments[at];
        self.note_overuse(at, tally.over);
        for (segment, worths) in &tally.used {
            self.post_used(deployment, *segment, worths)?;
        }
        let by_owner = tally.weights.iter();
        let by_owner = by_owner.map(|(owner, weight)| (*owner, Factor::ratio(*weight, 1)));
        let weights = self.weights(&by_owner.collect());
        let key = Key::from(self.policy.allocation.idle);
        for (segment, (amount, minutes)) in &tally.idle {
            let line = (
                deployment.model.as_str(),
                deployment.name.as_str(),
                Component::PtuIdle,
            );
            self.post_divided(line, (*segment, key), &weights, (amount, minutes))?;
        }
        Ok(DeploymentFacts {
            name: deployment.name.clone(),
            model: deployment.model.clone(),
            deployed: tally.facts.deployed,
            used: tally.facts.used.unwrap_or_else(Factor::zero),
            weighted: WeightedTokens::new(tally.facts.weighted),
            used_amount: tally.facts.used_amount,
            idle_amount: tally.facts.idle_amount,
        })
    }

    fn post_used(
        &mut self,
        deployment: &Deployment,
        segment: u32,
        worths: &BTreeMap<TokenWorth, BTreeMap<Owner, u128>>,
    ) -> Result<(), ChargeError> {
        let key = Key::from(self.policy.allocation.used);
        let line = (
            deployment.model.as_str(),
            deployment.name.as_str(),
            Component::PtuUsed,
        );
        for ((amount, minutes), owners) in worths {
            let whole: u128 = owners.values().sum();
            let by_owner = owners.iter().map(|(o, w)| (*o, Factor::ratio(*w, 1)));
            let weights = self.weights(&by_owner.collect());
            let whole_minutes = minutes.times(&Factor::ratio(whole, 1));
            let whole_amount = amount.times_whole(whole);
            self.post_divided(
                line,
                (segment, key),
                &weights,
                (&whole_amount, &whole_minutes),
            )?;
        }
        Ok(())
    }

    fn post_unused(
        &mut self,
        name: &PoolName,
        weights: &Weights,
        days: &[PoolDay],
    ) -> Result<(), ChargeError> {
        let mut unused: BTreeMap<u32, (Money, Factor)> = BTreeMap::new();
        for (index, _) in self.segments.days() {
            let cost = &days[index].cost;
            if !cost.unused().is_zero() {
                let segment = self.segments.of(index);
                let sum = unused.entry(segment).or_insert_with(nothing);
                sum.0 += &cost.unused_amount;
                sum.1 = sum.1.plus(&Factor::ratio(cost.unused().get().into(), 1));
            }
        }
        let key = Key::from(self.policy.allocation.unused_reservation);
        let pool = name.to_string();
        for (segment, (amount, minutes)) in &unused {
            let line = ("", pool.as_str(), Component::ReservationUnused);
            self.post_divided(line, (*segment, key), weights, (amount, minutes))?;
        }
        Ok(())
    }

    /// Posts an amount and its PTU-minutes, divided by a key.
    fn post_divided(
        &mut self,
        (model, deployment, component): (&str, &str, Component),
        (segment, key): (u32, Key),
        weights: &Weights,
        (dollars, minutes): (&Money, &Factor),
    ) -> Result<(), ChargeError> {
        let amount = self.exchange.convert(dollars, segment)?;
        let hours = minutes.times(&Factor::ratio(1, 60));
        let division = self.keys.divide(key, weights);
        if division.key != key {
            let of = format!("{} of {deployment}", component.name());
            let about = About::Allocation(of.clone());
            self.findings
                .push(Finding::fallback(&of, key, division.key, about));
        }
        for (payer, share, exact) in division.of(&amount) {
            let key = ChargeKey {
                payer: payer.clone(),
                model: model.to_owned(),
                deployment: deployment.to_owned(),
                component,
                day: self.segments.start(segment),
            };
            let charge = Charge {
                quantity: Some((hours.times(share), "PTU-hours")),
                unit_price: UnitPrice::Several,
                exact,
            };
            post(self.ledger, key, charge);
        }
        self.total += &amount;
        Ok(())
    }

    /// Weights by payer from weights by owner.
    fn weights(&self, by_owner: &BTreeMap<Owner, Factor>) -> Weights {
        payer_weights(self.payers, by_owner)
    }

    fn note_overuse(&mut self, at: usize, over: Option<(usize, NaiveDate)>) {
        if let Some(over) = over {
            let name = &self.policy.deployments[at].name;
            self.findings.push(Finding::overuse(at, name, over));
        }
    }
}

/// Weights by payer from weights by owner: split owners weigh by their shares.
pub(super) fn payer_weights(
    payers: &[Vec<(Payer, Factor)>],
    by_owner: &BTreeMap<Owner, Factor>,
) -> Weights {
    let mut weights = Weights::new();
    for (owner, weight) in by_owner {
        for (payer, share) in &payers[*owner] {
            let sum = weights.entry(payer.clone()).or_insert_with(Factor::zero);
            *sum = sum.plus(&weight.times(share));
        }
    }
    weights
}

fn nothing() -> (Money, Factor) {
    (Money::zero(), Factor::zero())
}

impl Tally {
    /// Adds one day: the part of its cost that was used is what requests took of the capacity,
    /// at most all of it; the rest is idle.
    fn add(&mut self, day: &DeploymentDay<'_>, segment: u32, date: NaiveDate) {
        self.facts.deployed += day.deployed;
        let per_minute = day.tpm.map_or(0, |tpm| u128::from(tpm.get()) * 1000);
        let capacity = u128::from(day.deployed.get()) * per_minute;
        let taken: u128 = day.owners.into_iter().flatten().map(|(_, w)| w.get()).sum();
        if taken > capacity {
            let first = self.over.map_or(date, |(_, first)| first);
            self.over = Some((self.over.map_or(1, |(days, _)| days + 1), first));
        }
        let used = taken.min(capacity);
        let used_amount = day.cost.fraction(used, capacity);
        let used_minutes = Factor::ratio(used, per_minute);
        let idle_minutes = Factor::ratio(day.deployed.get().into(), 1).minus(&used_minutes);
        let idle = self.idle.entry(segment).or_insert_with(nothing);
        let idle_amount = day.cost.clone() - used_amount.clone();
        idle.0 += &idle_amount;
        idle.1 = idle.1.plus(&idle_minutes);
        self.facts.used_amount += &used_amount;
        self.facts.idle_amount += &idle_amount;
        self.facts.weighted += taken;
        self.facts.used = Some(match self.facts.used.take() {
            Some(sum) => sum.plus(&used_minutes),
            None => used_minutes.clone(),
        });
        if taken > 0 {
            let worth = (
                used_amount.fraction(1, taken),
                used_minutes.times(&Factor::ratio(1, taken)),
            );
            self.add_owners(day, (segment, worth), per_minute);
        }
    }

    fn add_owners(
        &mut self,
        day: &DeploymentDay<'_>,
        (segment, worth): (u32, TokenWorth),
        per_minute: u128,
    ) {
        let used = self
            .used
            .entry(segment)
            .or_default()
            .entry(worth)
            .or_default();
        for (owner, weighted) in day.owners.into_iter().flatten() {
            *used.entry(*owner).or_default() += weighted.get();
            *self.weights.entry(*owner).or_default() += weighted.get();
            let minutes = Factor::ratio(weighted.get(), per_minute);
            let sum = self
                .minutes_by_owner
                .entry(*owner)
                .or_insert_with(Factor::zero);
            *sum = sum.plus(&minutes);
        }
    }
}
