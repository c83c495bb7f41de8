//! What things cost: dated prices, each with its source. A missing price is never 0.

pub mod price;

pub use price::{PriceQuery, PtuPrice, Source, TokenPrice};

use chrono::NaiveDate;
use thiserror::Error;

use crate::azure::{DeploymentKind, PtuTerm};
use crate::units::Tokens;

/// All prices, in US dollars.
#[derive(Clone, Debug, Default)]
pub struct RateCard {
    tokens: Vec<TokenPrice>,
    ptu: Vec<PtuPrice>,
}

/// Why there is no price.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum PriceError {
    /// No row of the rate card answers the question.
    #[error("no price for {what} on {on}{nearest}")]
    Missing {
        /// What was asked for, in words.
        what: String,
        /// The day asked for.
        on: NaiveDate,
        /// "; nearest known: …", "; first known from …", or empty.
        nearest: String,
    },
}

impl RateCard {
    /// A rate card of these rows.
    pub fn from_rows(tokens: Vec<TokenPrice>, ptu: Vec<PtuPrice>) -> Self {
        Self { tokens, ptu }
    }

    /// The one price that answers `query`: own rows before bundled ones, then the latest
    /// `effective_from` that is not after the day, then the latest `as_of`.
    pub fn token_price(&self, query: &PriceQuery<'_>) -> Result<&TokenPrice, PriceError> {
        self.tokens
            .iter()
            .filter(|row| row.answers(query))
            .max_by_key(|row| (row.source.own, row.source.effective_from, row.source.as_of))
            .ok_or_else(|| PriceError::Missing {
                what: query.to_string(),
                on: query.on,
                nearest: String::new(),
            })
    }

    /// The price of one PTU for one term, by the same rule.
    pub fn ptu_price(
        &self,
        kind: DeploymentKind,
        region: &str,
        term: PtuTerm,
        on: NaiveDate,
    ) -> Result<&PtuPrice, PriceError> {
        self.ptu
            .iter()
            .filter(|row| row.kind == kind && row.region == region && row.term == term)
            .filter(|row| row.source.holds_on(on))
            .max_by_key(|row| (row.source.own, row.source.effective_from, row.source.as_of))
            .ok_or_else(|| PriceError::Missing {
                what: format!("a {kind} PTU ({term}) in {region}"),
                on,
                nearest: String::new(),
            })
    }

    /// The context thresholds above which some model's tokens have another price, ascending.
    pub fn context_thresholds(&self) -> Vec<Tokens> {
        let mut thresholds: Vec<Tokens> = self
            .tokens
            .iter()
            .filter_map(|row| row.input_above)
            .collect();
        thresholds.sort_unstable();
        thresholds.dedup();
        thresholds
    }
}
