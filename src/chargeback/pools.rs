//! What provisioned throughput costs, hour by hour: reservations first, the rest by the hour.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::deployments::Deployment;
use super::error::ChargeError;
use super::policy::Policy;
use super::reservations::{Reservation, TermMonth};
use super::segments::Segments;
use crate::azure::{DeploymentKind, PtuTerm};
use crate::money::Money;
use crate::rate_card::RateCard;
use crate::time::{BillingPeriod, Timestamp};
use crate::units::PtuMinutes;

/// What a reservation covers: deployments agree with it in all three.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PoolName {
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Azure region.
    pub region: String,
    /// Reservation scope.
    pub scope: String,
}

impl std::fmt::Display for PoolName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.region, self.scope)
    }
}

/// One pool with its members, as places in the policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    pub(super) deployments: Vec<usize>,
    reservations: Vec<usize>,
}

/// All pools of a policy.
pub(super) fn pools(policy: &Policy) -> BTreeMap<PoolName, Members> {
    let mut pools: BTreeMap<PoolName, Members> = BTreeMap::new();
    for (at, deployment) in policy.deployments.iter().enumerate() {
        if deployment.is_provisioned() {
            let members = pools.entry(deployment.pool()).or_default();
            members.deployments.push(at);
        }
    }
    for (at, reservation) in policy.reservations.iter().enumerate() {
        let members = pools.entry(reservation.pool()).or_default();
        members.reservations.push(at);
    }
    pools
}

impl Deployment {
    /// The pool its throughput is paid from.
    pub fn pool(&self) -> PoolName {
        PoolName {
            kind: self.kind,
            region: self.region.clone(),
            scope: self.scope.clone(),
        }
    }
}

impl Reservation {
    /// The pool it covers.
    pub fn pool(&self) -> PoolName {
        PoolName {
            kind: self.kind,
            region: self.region.clone(),
            scope: self.scope.clone(),
        }
    }
}

/// Throughput and its cost over some time [US dollar]. Deployed throughput is either covered by
/// a reservation or paid by the hour; reserved throughput either covers something or is unused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolCost {
    /// Deployed throughput.
    pub deployed: PtuMinutes,
    /// Reserved throughput.
    pub reserved: PtuMinutes,
    /// Deployed throughput that a reservation covered.
    pub covered: PtuMinutes,
    /// What the covering part of reservations cost.
    pub covered_amount: Money,
    /// What deployed throughput beyond reservations cost.
    pub hourly_amount: Money,
    /// What the unused part of reservations cost.
    pub unused_amount: Money,
}

impl PoolCost {
    /// Deployed throughput that was paid by the hour.
    pub fn hourly(&self) -> PtuMinutes {
        self.deployed.beyond(self.covered)
    }

    /// Reserved throughput that covered nothing.
    pub fn unused(&self) -> PtuMinutes {
        self.reserved.beyond(self.covered)
    }

    /// The cost of all deployed throughput.
    pub fn deployed_amount(&self) -> Money {
        self.covered_amount.clone() + self.hourly_amount.clone()
    }

    /// Adds what other time cost.
    pub(super) fn add(&mut self, other: &Self) {
        self.deployed += other.deployed;
        self.reserved += other.reserved;
        self.covered += other.covered;
        self.covered_amount += &other.covered_amount;
        self.hourly_amount += &other.hourly_amount;
        self.unused_amount += &other.unused_amount;
    }

    /// Adds `count` hours of the same cost.
    fn add_hours(&mut self, hour: &Self, count: u64) {
        let times = |minutes: PtuMinutes| PtuMinutes::new(minutes.get() * count);
        self.add(&Self {
            deployed: times(hour.deployed),
            reserved: times(hour.reserved),
            covered: times(hour.covered),
            covered_amount: hour.covered_amount.times_whole(u128::from(count)),
            hourly_amount: hour.hourly_amount.times_whole(u128::from(count)),
            unused_amount: hour.unused_amount.times_whole(u128::from(count)),
        });
    }
}

/// One day of a pool.
#[derive(Clone, Debug)]
pub(super) struct PoolDay {
    /// Throughput and cost.
    pub(super) cost: PoolCost,
    /// Deployed throughput of each deployment of the pool.
    pub(super) deployed: Vec<PtuMinutes>,
}

/// What decides the cost of an hour: PTU-minutes deployed, and PTU-minutes by term month. Most
/// hours of a day are alike, and are costed once.
type Hour = (u64, Vec<(usize, u64)>);

/// The pool's prices and members over a period.
struct Coster<'a> {
    name: &'a PoolName,
    rates: &'a RateCard,
    deployments: Vec<&'a Deployment>,
    term_months: Vec<TermMonth>,
}

/// The cost of a pool on every day of the period.
pub(super) fn cost(
    pool: (&PoolName, &Members),
    policy: &Policy,
    rates: &RateCard,
    (period, segments): (BillingPeriod, &Segments),
) -> Result<Vec<PoolDay>, ChargeError> {
    let (name, members) = pool;
    let mut term_months = Vec::new();
    for &at in &members.reservations {
        let reservation = &policy.reservations[at];
        let months = reservation.term_months(period, rates);
        term_months.extend(months.map_err(|error| ChargeError::NoPtuPrice {
            pool: name.clone(),
            term: reservation.term.priced(),
            error,
        })?);
    }
    let deployments = members.deployments.iter();
    let coster = Coster {
        name,
        rates,
        deployments: deployments.map(|&at| &policy.deployments[at]).collect(),
        term_months,
    };
    segments.days().map(|(_, day)| coster.day(day)).collect()
}

impl Coster<'_> {
    fn day(&self, day: NaiveDate) -> Result<PoolDay, ChargeError> {
        let midnight = Timestamp::start_of(day).minutes();
        let mut hours: BTreeMap<Hour, u64> = BTreeMap::new();
        for hour in 0..24 {
            let start = midnight + hour * 60;
            *hours.entry(self.hour(start)).or_default() += 1;
        }
        let mut cost = PoolCost::default();
        for (hour, count) in &hours {
            cost.add_hours(&self.cost_of(hour, day)?, *count);
        }
        let deployed = self.deployments.iter();
        Ok(PoolDay {
            cost,
            deployed: deployed
                .map(|deployment| deployment.deployed_between(midnight, midnight + 24 * 60))
                .collect(),
        })
    }

    fn hour(&self, start: i64) -> Hour {
        let deployed = self.deployments.iter();
        let deployed: PtuMinutes = deployed
            .map(|d| d.deployed_between(start, start + 60))
            .sum();
        let reserved = self
            .term_months
            .iter()
            .enumerate()
            .filter_map(|(at, month)| {
                let minutes = (start + 60).min(month.end) - start.max(month.start);
                let minutes = u64::try_from(minutes).ok().filter(|minutes| *minutes > 0)?;
                Some((at, minutes * u64::from(month.ptu.get())))
            });
        (deployed.get(), reserved.collect())
    }

    /// The cost of one hour: a reservation is used or lost within it. Where several cover the
    /// pool they share its use evenly, so that no order of application changes the result.
    fn cost_of(
        &self,
        (deployed, reservations): &Hour,
        day: NaiveDate,
    ) -> Result<PoolCost, ChargeError> {
        let deployed = PtuMinutes::new(*deployed);
        let reserved: PtuMinutes = reservations.iter().map(|(_, m)| PtuMinutes::new(*m)).sum();
        let covered = deployed.at_most(reserved);
        let price_of = |at: &usize| &self.term_months[*at].per_ptu_minute;
        let prices = reservations.iter();
        let reserved_amount: Money = prices
            .map(|(at, minutes)| price_of(at).times_whole(u128::from(*minutes)))
            .sum();
        let covered_amount =
            reserved_amount.fraction(u128::from(covered.get()), u128::from(reserved.get()));
        Ok(PoolCost {
            deployed,
            reserved,
            covered,
            unused_amount: reserved_amount - covered_amount.clone(),
            covered_amount,
            hourly_amount: self.hourly(deployed.beyond(covered), day)?,
        })
    }

    fn hourly(&self, minutes: PtuMinutes, day: NaiveDate) -> Result<Money, ChargeError> {
        if minutes.is_zero() {
            return Ok(Money::zero());
        }
        let PoolName { kind, region, .. } = self.name;
        let price = self.rates.ptu_price(*kind, region, PtuTerm::Hourly, day);
        let price = price.map_err(|error| ChargeError::NoPtuPrice {
            pool: self.name.clone(),
            term: PtuTerm::Hourly,
            error,
        })?;
        Ok(price.price.fraction(u128::from(minutes.get()), 60))
    }
}
