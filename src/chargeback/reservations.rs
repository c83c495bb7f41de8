//! Reservations of provisioned throughput, and what each of their minutes costs.

use chrono::{DateTime, Months, NaiveDate};
use serde::Deserialize;

use super::deployments::{region, shared_scope};
use super::moment;
use crate::azure::{DeploymentKind, PtuTerm};
use crate::money::Money;
use crate::rate_card::{PriceError, RateCard};
use crate::time::{BillingPeriod, Timestamp};
use crate::units::Ptu;

/// One reservation: throughput paid for whether it is deployed or not.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// Name on findings and explanations.
    pub name: String,
    /// Kind of the deployments it covers.
    pub kind: DeploymentKind,
    /// Region of the deployments it covers, programmatic name.
    #[serde(deserialize_with = "region")]
    pub region: String,
    /// Scope of the deployments it covers.
    #[serde(default = "shared_scope")]
    pub scope: String,
    /// How much is reserved.
    pub ptu: Ptu,
    /// The commitment.
    pub term: Term,
    /// When it becomes active.
    #[serde(deserialize_with = "moment::deserialize")]
    pub start: Timestamp,
    /// When it ends; one term after the start where it is left out. A later end means renewal
    /// at the price of the day of renewal, an earlier one a return.
    #[serde(default, deserialize_with = "moment::optional")]
    pub until: Option<Timestamp>,
    /// Negotiated price of one PTU for one term, in US dollars.
    pub price_per_ptu: Option<Money>,
}

/// How long a reservation commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Term {
    /// One month.
    #[serde(rename = "1-month")]
    Month,
    /// One year.
    #[serde(rename = "1-year")]
    Year,
}

impl Term {
    /// Months of one term.
    pub const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Year => 12,
        }
    }

    /// The term as prices name it.
    pub const fn priced(self) -> PtuTerm {
        match self {
            Self::Month => PtuTerm::Month,
            Self::Year => PtuTerm::Year,
        }
    }
}

/// One month of a reservation's term: its price is spread evenly over its minutes, so a day of
/// February costs more than a day of March.
#[derive(Clone, Debug)]
pub(super) struct TermMonth {
    /// First minute that is paid (since 1970).
    pub(super) start: i64,
    /// Minute after the last that is paid.
    pub(super) end: i64,
    /// How much is reserved.
    pub(super) ptu: Ptu,
    /// The price of one reserved PTU for one minute.
    pub(super) per_ptu_minute: Money,
}

impl Reservation {
    /// The moment it ends.
    pub fn end(&self) -> Timestamp {
        self.until
            .unwrap_or_else(|| months_after(self.start, self.term.months()))
    }

    /// The first days of the terms that touch `period`: the price of each is that of its first day.
    pub fn terms(&self, period: BillingPeriod) -> impl Iterator<Item = NaiveDate> {
        let end = self.end().min(Timestamp::start_of(period.end()));
        let start = move |term: u32| months_after(self.start, term * self.term.months());
        let from = Timestamp::start_of(period.start());
        (0..)
            .map_while(move |term| {
                let (first, next) = (start(term), start(term + 1));
                (first < end && first < next).then_some((first, next))
            })
            .filter(move |(_, next)| *next > from)
            .filter_map(|(first, _)| first.day())
    }

    /// The term months that touch `period`, in order.
    pub(super) fn term_months(
        &self,
        period: BillingPeriod,
        rates: &RateCard,
    ) -> Result<Vec<TermMonth>, PriceError> {
        let end = self.end().min(Timestamp::start_of(period.end()));
        let mut months = Vec::new();
        for number in 0.. {
            let start = months_after(self.start, number);
            let next = months_after(self.start, number + 1);
            if start >= end || next <= start {
                break;
            }
            if next > Timestamp::start_of(period.start()) {
                months.push(self.term_month(number, rates)?);
            }
        }
        Ok(months)
    }

    /// Month `number` of the reservation, counted from 0 over all its terms.
    fn term_month(&self, number: u32, rates: &RateCard) -> Result<TermMonth, PriceError> {
        let start = months_after(self.start, number).minutes();
        let next = months_after(self.start, number + 1).minutes();
        let first_of_term = months_after(self.start, number - number % self.term.months());
        let minutes = u128::try_from(next - start).expect("a month ends after it starts");
        let term = self.term_price(first_of_term, rates)?;
        Ok(TermMonth {
            start,
            end: next.min(self.end().minutes()),
            ptu: self.ptu,
            per_ptu_minute: term.fraction(1, u128::from(self.term.months()) * minutes),
        })
    }

    /// The price of one PTU for the term that starts at `start`.
    fn term_price(&self, start: Timestamp, rates: &RateCard) -> Result<Money, PriceError> {
        if let Some(price) = &self.price_per_ptu {
            return Ok(price.clone());
        }
        let on = start.day().unwrap_or_default();
        let price = rates.ptu_price(self.kind, &self.region, self.term.priced(), on)?;
        Ok(price.price.clone())
    }
}

/// The same time of day, `months` later; the last day of a shorter month where it has no such day.
fn months_after(moment: Timestamp, months: u32) -> Timestamp {
    DateTime::from_timestamp_micros(moment.micros())
        .and_then(|time| time.checked_add_months(Months::new(months)))
        .map_or(moment, |time| {
            Timestamp::from_micros(time.timestamp_micros())
        })
}
