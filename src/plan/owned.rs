//! Reservations that are paid already: they cover what is deployed first.

use chrono::NaiveDate;

use super::candidate::Market;
use super::span::hours;
use crate::chargeback::deployments::Deployment;
use crate::chargeback::pools::PoolName;
use crate::chargeback::reservations::Reservation;
use crate::config::Config;
use crate::money::Money;
use crate::rate_card::{PriceError, RateCard};
use crate::time::Timestamp;
use crate::units::Ptu;

/// Reservations that are paid whatever is deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owned {
    /// How much is reserved and left for the planned deployment.
    pub ptu: Ptu,
    /// What all of that costs in an hour [USD, exact].
    pub per_hour: Money,
}

impl Owned {
    /// What the reservations of a configuration that hold on a day cover in a pool, whoever
    /// deploys in it.
    pub fn of_pool(
        config: &Config,
        pool: &PoolName,
        rates: &RateCard,
        on: NaiveDate,
    ) -> Result<Self, PriceError> {
        let mut all = Self::default();
        for reservation in active(config, on).filter(|one| one.pool() == *pool) {
            all.ptu += reservation.ptu;
            all.per_hour += &per_hour(reservation, rates)?;
        }
        Ok(all)
    }

    /// What the reservations of a configuration that hold on the market's day leave for the
    /// deployment at `place`, after all others of their kind, region and scope.
    pub fn of(config: &Config, place: usize, market: &Market<'_>) -> Result<Self, PriceError> {
        let planned = &config.policy.deployments[place];
        let all = Self::of_pool(config, &planned.pool(), market.facts.rates, market.on)?;
        let on = Timestamp::start_of(market.on);
        let others = config.policy.deployments.iter().enumerate();
        let taken: u32 = others
            .filter(|(at, other)| *at != place && same_pool(other, planned))
            .map(|(_, other)| deployed(other, on).get())
            .sum();
        let left = all.ptu.get().saturating_sub(taken);
        Ok(Self {
            ptu: Ptu::new(left),
            per_hour: all.per_hour.fraction(left.into(), all.ptu.get().into()),
        })
    }
}

/// The reservations of a configuration that hold on a day.
pub fn active(config: &Config, on: NaiveDate) -> impl Iterator<Item = &Reservation> {
    let on = Timestamp::start_of(on);
    let reservations = config.policy.reservations.iter();
    reservations.filter(move |one| one.start <= on && on < one.end())
}

fn same_pool(one: &Deployment, other: &Deployment) -> bool {
    one.is_provisioned() && one.pool() == other.pool()
}

/// What a deployment has on a moment.
fn deployed(deployment: &Deployment, at: Timestamp) -> Ptu {
    let step = deployment.capacity.iter().rfind(|step| step.from <= at);
    step.map_or(Ptu::new(0), |step| step.ptu)
}

/// What a reservation costs in an hour, its price spread over the hours of its term.
fn per_hour(reservation: &Reservation, rates: &RateCard) -> Result<Money, PriceError> {
    let term = reservation.term.priced();
    let price = if let Some(price) = &reservation.price_per_ptu {
        price.clone()
    } else {
        let (kind, region) = (reservation.kind, &reservation.region);
        let on = reservation.start.day().unwrap_or_default();
        let price = rates.ptu_price(kind, region, term, on)?;
        price.price.clone()
    };
    let all = price.times_whole(reservation.ptu.get().into());
    Ok(all.fraction(1, hours(term).into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::PtuTerm;
    use crate::catalog::Catalog;
    use crate::chargeback::Facts;

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
        [[reservation]]
        name = "elsewhere"
        kind = "regional"
        region = "swedencentral"
        ptu = 100
        term = "1-year"
        start = "2026-06-01"
    "#;

    #[test]
    fn what_is_reserved_and_not_taken_by_others_is_left() {
        let config = Config::parse(ESTATE, "estate.toml").unwrap();
        let (catalog, rates) = (Catalog::bundled(), RateCard::bundled());
        let facts = Facts {
            catalog: &catalog,
            rates: &rates,
        };
        let market = Market {
            facts,
            terms: PtuTerm::ALL.to_vec(),
            on: "2026-11-22".parse().unwrap(),
        };
        let owned = Owned::of(&config, 0, &market).unwrap();
        // 876 USD a year are 0.10 USD an hour; 30 of 100 PTU serve the other deployment.
        assert_eq!(owned.ptu, Ptu::new(70));
        assert_eq!(owned.per_hour, "7".parse().unwrap());
    }
}
