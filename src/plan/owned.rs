//! Reservations that are paid whatever is deployed.

use chrono::NaiveDate;

use super::span::hours;
use crate::chargeback::Policy;
use crate::chargeback::pools::PoolName;
use crate::chargeback::reservations::Reservation;
use crate::money::Money;
use crate::rate_card::{PriceError, RateCard};
use crate::time::Timestamp;
use crate::units::Ptu;

/// Reservations that are paid whatever is deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owned {
    /// How much is reserved.
    pub ptu: Ptu,
    /// What all of it costs in an hour [USD].
    pub per_hour: Money,
}

impl Owned {
    /// What is reserved on a day for a pool.
    pub fn of_pool(
        policy: &Policy,
        pool: &PoolName,
        rates: &RateCard,
        on: NaiveDate,
    ) -> Result<Self, PriceError> {
        let mut owned = Self::default();
        for reservation in active(policy, on).filter(|one| one.pool() == *pool) {
            owned.ptu += reservation.ptu;
            owned.per_hour += &per_hour(reservation, rates)?;
        }
        Ok(owned)
    }

    /// What is left of the reservations for the deployment at `place` beside the others of its
    /// pool. Reservations of pools in which nothing is deployed are paid as well and cover nothing.
    pub fn left_for(
        policy: &Policy,
        place: usize,
        rates: &RateCard,
        on: NaiveDate,
    ) -> Result<Self, PriceError> {
        let pool = policy.deployments[place].pool();
        let mut owned = Self::of_pool(policy, &pool, rates, on)?;
        let provisioned = policy.deployments.iter().enumerate();
        let provisioned = provisioned.filter(|(_, deployment)| deployment.is_provisioned());
        let others = provisioned
            .clone()
            .filter(|(at, other)| *at != place && other.pool() == pool);
        let taken: u32 = others
            .filter_map(|(_, other)| other.capacity.iter().map(|step| step.ptu.get()).max())
            .sum();
        owned.ptu = Ptu::new(owned.ptu.get().saturating_sub(taken));
        for reservation in active(policy, on) {
            let is_used = |(_, one): (usize, &crate::chargeback::deployments::Deployment)| {
                one.pool() == reservation.pool()
            };
            if !provisioned.clone().any(is_used) {
                owned.per_hour += &per_hour(reservation, rates)?;
            }
        }
        Ok(owned)
    }
}

/// Reservations that run on a day.
pub fn active(policy: &Policy, on: NaiveDate) -> impl Iterator<Item = &Reservation> {
    let at = Timestamp::start_of(on);
    let reservations = policy.reservations.iter();
    reservations.filter(move |one| one.start <= at && at < one.end())
}

/// What all of a reservation costs in an hour, its price spread over the hours of its term [USD].
pub fn per_hour(reservation: &Reservation, rates: &RateCard) -> Result<Money, PriceError> {
    let price = if let Some(price) = &reservation.price_per_ptu {
        price.clone()
    } else {
        let (kind, region) = (reservation.kind, &reservation.region);
        let on = reservation.start.day().unwrap_or_default();
        let price = rates.ptu_price(kind, region, reservation.term.priced(), on)?;
        price.price.clone()
    };
    let all = price.times_whole(reservation.ptu.get().into());
    Ok(all.fraction(1, hours(reservation.term.priced()).into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const ESTATE: &str = r#"
        [[deployment]]
        name = "chat"
        model = "gpt-4.1"
        offer = "provisioned"
        kind = "global"
        region = "swedencentral"
        ptu = 50
        [[deployment]]
        name = "search"
        model = "gpt-4o"
        offer = "provisioned"
        kind = "global"
        region = "swedencentral"
        ptu = 30
        [[reservation]]
        name = "year"
        kind = "global"
        region = "swedencentral"
        ptu = 100
        term = "1-year"
        start = "2026-06-01"
        price_per_ptu = "876"
        [[reservation]]
        name = "over"
        kind = "global"
        region = "swedencentral"
        ptu = 100
        term = "1-month"
        start = "2026-09-01"
    "#;

    #[test]
    fn what_is_reserved_and_not_taken_by_others_is_left() {
        let config = Config::parse(ESTATE, "estate.toml").unwrap();
        let on = "2026-11-22".parse().unwrap();
        let owned = Owned::left_for(&config.policy, 0, &RateCard::bundled(), on).unwrap();
        // 876 USD a year are 0.10 USD an hour; 30 of 100 PTU serve the other deployment,
        // and all 100 are paid.
        assert_eq!(owned.ptu, Ptu::new(70));
        assert_eq!(owned.per_hour, "10".parse().unwrap());
    }
}
