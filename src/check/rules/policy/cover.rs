//! What of a pool is deployed and reserved at any minute.

use chrono::NaiveDate;

use crate::chargeback::Policy;
use crate::chargeback::deployments::Deployment;
use crate::chargeback::pools::PoolName;
use crate::chargeback::reservations::Reservation;
use crate::time::Timestamp;

/// One pool with its members. Minutes are counted since 1970.
pub(super) struct Pool<'a> {
    /// Its name.
    pub(super) name: PoolName,
    /// Its deployments.
    pub(super) deployments: Vec<&'a Deployment>,
    /// Its reservations with their places in the policy.
    pub(super) reservations: Vec<(usize, &'a Reservation)>,
}

impl<'a> Pool<'a> {
    /// The pools that something is reserved in, by name.
    pub(super) fn reserved_in(policy: &'a Policy) -> Vec<Self> {
        let reservations = || policy.reservations.iter().enumerate();
        let mut names: Vec<PoolName> = reservations().map(|(_, one)| one.pool()).collect();
        names.sort();
        names.dedup();
        let provisioned = || policy.deployments.iter().filter(|one| one.is_provisioned());
        let pool = |name: PoolName| Self {
            deployments: provisioned().filter(|one| one.pool() == name).collect(),
            reservations: reservations()
                .filter(|(_, one)| one.pool() == name)
                .collect(),
            name,
        };
        names.into_iter().map(pool).collect()
    }

    /// What is deployed in a minute [PTU].
    pub(super) fn deployed(&self, minute: i64) -> u64 {
        let deployments = self.deployments.iter();
        let deployed = deployments.map(|one| one.deployed_between(minute, minute + 1).get());
        deployed.sum()
    }

    /// The reservations that hold in a minute.
    pub(super) fn holding(&self, minute: i64) -> impl Iterator<Item = &(usize, &'a Reservation)> {
        self.reservations
            .iter()
            .filter(move |(_, one)| one.start.minutes() <= minute && minute < one.end().minutes())
    }

    /// What is reserved in a minute [PTU].
    pub(super) fn reserved(&self, minute: i64) -> u64 {
        self.holding(minute)
            .map(|(_, one)| u64::from(one.ptu.get()))
            .sum()
    }

    /// The minutes in which anything starts or ends, ascending.
    pub(super) fn changes(&self) -> Vec<i64> {
        let steps = self.deployments.iter().flat_map(|one| &one.capacity);
        let steps = steps.map(|step| step.from.minutes());
        let reservations = self.reservations.iter();
        let ends = reservations.flat_map(|(_, one)| [one.start.minutes(), one.end().minutes()]);
        let mut changes: Vec<i64> = steps.chain(ends).collect();
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// The deployed PTU that lose their cover when a reservation ends at `end`, as they stand in
    /// `minute`: what was covered before, is deployed, and is covered by nothing [PTU].
    pub(super) fn lost(&self, end: i64, minute: i64) -> u64 {
        let deployed = self.deployed(minute);
        let before = deployed.min(self.reserved(end - 1));
        before.saturating_sub(self.reserved(minute))
    }
}

/// The first minute of a day.
pub(super) fn midnight(day: NaiveDate) -> i64 {
    Timestamp::start_of(day).minutes()
}

/// A minute as messages show it: the day alone at midnight.
pub(super) fn written(minute: i64) -> String {
    let time = Timestamp::from_micros(minute.saturating_mul(60_000_000)).to_string();
    time.replace("T00:00:00.000000Z", "")
        .replace(":00.000000Z", "Z")
}
