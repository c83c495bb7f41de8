//! Why there is no price: what was asked, and what the card has instead.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use thiserror::Error;

use super::{Entry, PriceQuery, PtuPrice, PtuQuery, RateCard, Sourced, TokenPrice};
use crate::spelling;

/// Why there is no price. It is never 0 instead.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum PriceError {
    /// The rate card has no row for the model.
    #[error("the rate card has no prices for model {model:?}{nearest}")]
    UnknownModel {
        /// The model asked for.
        model: String,
        /// "; did you mean …?", or empty.
        nearest: String,
    },
    /// The rate card does not know the region.
    #[error("the rate card knows no region {region:?}{nearest}")]
    UnknownRegion {
        /// The region asked for.
        region: String,
        /// "; did you mean …?", or empty.
        nearest: String,
    },
    /// The price is known only from a later day.
    #[error("no price for {what} on {on}; the first one known holds from {first}")]
    TooEarly {
        /// What was asked for, in words.
        what: String,
        /// The day asked for.
        on: NaiveDate,
        /// The first day with a known price.
        first: NaiveDate,
    },
    /// Every known price has ended.
    #[error("no price for {what} on {on}; the last one known ended before {until}")]
    Ended {
        /// What was asked for, in words.
        what: String,
        /// The day asked for.
        on: NaiveDate,
        /// The first day without a price.
        until: NaiveDate,
    },
    /// Versions have different prices, and none was asked for.
    #[error(
        "no price for {what} on {on}: it depends on the version; name one of {}",
        .versions.join(", ")
    )]
    AmbiguousVersion {
        /// What was asked for, in words.
        what: String,
        /// The day asked for.
        on: NaiveDate,
        /// The versions with prices.
        versions: Vec<String>,
    },
    /// No row of the rate card answers the question.
    #[error("no price for {what} on {on}{nearest}")]
    Missing {
        /// What was asked for, in words.
        what: String,
        /// The day asked for.
        on: NaiveDate,
        /// "; known …", or empty.
        nearest: String,
    },
}

impl RateCard {
    /// Why `query` has no price, given the rows that fit it on other days.
    pub(super) fn no_price(
        &self,
        query: &PriceQuery<'_>,
        fitting: &[&Entry<TokenPrice>],
    ) -> PriceError {
        let Some(rows) = self.tokens.get(query.model) else {
            return PriceError::UnknownModel {
                model: query.model.to_owned(),
                nearest: spelling::hint(query.model, self.models()),
            };
        };
        if let Some(error) = other_days(query, query.on, fitting) {
            return error;
        }
        self.unknown_region(query.region)
            .unwrap_or_else(|| PriceError::Missing {
                what: query.to_string(),
                on: query.on,
                nearest: self.alternatives(query, rows),
            })
    }

    /// Why `query` has no price, given the rows that fit it on other days.
    pub(super) fn no_ptu_price(
        &self,
        query: &PtuQuery<'_>,
        fitting: &[&Entry<PtuPrice>],
    ) -> PriceError {
        if let Some(error) = other_days(query, query.on, fitting) {
            return error;
        }
        self.unknown_region(query.region)
            .unwrap_or_else(|| PriceError::Missing {
                what: query.to_string(),
                on: query.on,
                nearest: known(
                    "in",
                    self.ptu
                        .iter()
                        .filter(|entry| entry.price.fits(query))
                        .map(|entry| entry.price.region.clone()),
                ),
            })
    }

    fn unknown_region(&self, region: &str) -> Option<PriceError> {
        if self.regions.is_empty() || self.regions.knows(region) {
            return None;
        }
        Some(PriceError::UnknownRegion {
            region: region.to_owned(),
            nearest: self.regions.hint(region),
        })
    }

    /// What the first part of `query` that no row of the model answers could be instead.
    fn alternatives(&self, query: &PriceQuery<'_>, rows: &[Entry<TokenPrice>]) -> String {
        let names = self.regions.names(query.region);
        let mut left: Vec<&TokenPrice> = rows.iter().map(|entry| &entry.price).collect();
        let steps: [(&str, Part<'_>, Name); 5] = [
            ("for kind", &|row| row.kind == query.kind, |row| {
                row.kind.to_string()
            }),
            ("in", &|row| row.covers(&names), |row| {
                row.regions.join(", ")
            }),
            ("for tier", &|row| row.tier == query.tier, |row| {
                row.tier.to_string()
            }),
            (
                "for version",
                &|row| {
                    query
                        .version
                        .is_none_or(|v| row.version.as_deref().is_none_or(|w| v == w))
                },
                |row| row.version.clone().unwrap_or_default(),
            ),
            ("for", &|row| row.class == query.class, |row| {
                format!("{} tokens", row.class)
            }),
        ];
        for (label, matches, name) in steps {
            let next: Vec<&TokenPrice> = left.iter().copied().filter(|row| matches(row)).collect();
            if next.is_empty() {
                return known(label, left.into_iter().map(name));
            }
            left = next;
        }
        let contexts = left.into_iter().map(|row| match row.input_above {
            None => "shorter requests".to_owned(),
            Some(above) => format!("input above {above}"),
        });
        known("for", contexts)
    }
}

/// Whether a row has one part of a query.
type Part<'a> = &'a dyn Fn(&TokenPrice) -> bool;
/// The name of that part of a row.
type Name = fn(&TokenPrice) -> String;

/// "; known {label} a, b, c", each once, in order.
fn known(label: &str, names: impl Iterator<Item = String>) -> String {
    let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<String> = names.into_iter().collect();
    format!("; known {label} {}", names.join(", "))
}

/// The error for rows that fit but hold on other days only.
fn other_days<P: Sourced>(
    query: &impl ToString,
    on: NaiveDate,
    fitting: &[&Entry<P>],
) -> Option<PriceError> {
    let sources = || fitting.iter().map(|entry| entry.price.source());
    let first = sources()
        .map(|source| source.effective_from)
        .filter(|from| *from > on)
        .min();
    let what = query.to_string();
    if let Some(first) = first {
        return Some(PriceError::TooEarly { what, on, first });
    }
    let until = sources().filter_map(|source| source.effective_until).max();
    until.map(|until| PriceError::Ended { what, on, until })
}
