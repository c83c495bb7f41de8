//! From the US dollars of prices to the currency of the statement.

use chrono::NaiveDate;
use serde::Deserialize;

use super::error::ChargeError;
use super::segments::Segments;
use crate::money::{Factor, Money};

/// Currency of every price.
pub const PRICE_CURRENCY: &str = "USD";

/// The worth of one US dollar from a day on, until a later rate.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    /// First day of the rate.
    pub from: NaiveDate,
    /// Units of the statement's currency per US dollar.
    pub rate: Factor,
}

/// The rate of every segment, where there is one.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    currency: String,
    /// First day and rate of each segment.
    rates: Vec<(NaiveDate, Option<Factor>)>,
}

impl Exchange {
    /// The rates in force at the start of each segment, and so all through it.
    pub(super) fn of(currency: &str, rates: &[ExchangeRate], segments: &Segments) -> Self {
        let rate_on = |day: NaiveDate| {
            if currency == PRICE_CURRENCY {
                return Some(Factor::one());
            }
            let known = rates.iter();
            known
                .filter(|rate| rate.from <= day)
                .max_by_key(|rate| rate.from)
                .map(|rate| rate.rate.clone())
        };
        let segments = (0..segments.count()).zip(0u32..).map(|(_, segment)| {
            let day = segments.start(segment);
            (day, rate_on(day))
        });
        Self {
            currency: currency.to_owned(),
            rates: segments.collect(),
        }
    }

    /// The rate of a segment; an error that names the first day without one where there is none.
    pub(super) fn rate(&self, segment: u32) -> Result<&Factor, ChargeError> {
        let (day, rate) = &self.rates[segment as usize];
        // The first of all days without a rate, whichever line asks first.
        let mut lacking = self.rates.iter().filter(|(_, rate)| rate.is_none());
        rate.as_ref().ok_or_else(|| ChargeError::NoExchangeRate {
            day: lacking.next().map_or(*day, |(first, _)| *first),
            currency: self.currency.clone(),
        })
    }

    /// Dollars in the statement's currency, exact.
    pub(super) fn convert(&self, dollars: &Money, segment: u32) -> Result<Money, ChargeError> {
        if dollars.is_zero() {
            return Ok(Money::zero());
        }
        Ok(dollars.times(self.rate(segment)?))
    }
}

/// Decimals of a currency's minor unit by ISO 4217.
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}
