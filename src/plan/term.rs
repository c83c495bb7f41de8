//! Terms of provisioned throughput: what one PTU costs in an hour.

use chrono::NaiveDate;

use super::span::hours;
use crate::azure::{DeploymentKind, PtuTerm};
use crate::money::Money;
use crate::rate_card::{PtuPrice, PtuQuery, RateCard};

/// What one PTU costs on a term.
#[derive(Clone, Debug)]
pub struct TermPrice {
    /// The commitment.
    pub term: PtuTerm,
    /// One PTU for one hour, reservations spread over the hours of their term [USD, exact].
    pub per_hour: Money,
    /// The price it comes from.
    pub price: PtuPrice,
}

/// The terms that can be bought.
#[derive(Clone, Debug, Default)]
pub struct TermPrices {
    known: Vec<TermPrice>,
    /// Terms without a price, and why.
    pub missing: Vec<(PtuTerm, String)>,
}

impl TermPrices {
    /// The prices of `terms` that hold on a day.
    pub fn of(
        rates: &RateCard,
        kind: DeploymentKind,
        region: &str,
        terms: &[PtuTerm],
        on: NaiveDate,
    ) -> Self {
        let mut prices = Self::default();
        for &term in terms {
            let query = PtuQuery {
                kind,
                region,
                term,
                on,
            };
            match rates.ptu_entry(&query) {
                Ok(entry) => prices.known.push(TermPrice {
                    term,
                    per_hour: entry.price.price.fraction(1, hours(term).into()),
                    price: entry.price.clone(),
                }),
                Err(error) => prices.missing.push((term, error.to_string())),
            }
        }
        prices
    }

    /// The price of a term, where there is one.
    pub fn get(&self, term: PtuTerm) -> Option<&TermPrice> {
        self.known.iter().find(|price| price.term == term)
    }

    /// Every term with a price, in the order they were asked for.
    pub fn iter(&self) -> impl Iterator<Item = &TermPrice> {
        self.known.iter()
    }

    /// Whether nothing can be bought.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}
