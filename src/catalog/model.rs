//! One model's facts.

use std::fmt;

use chrono::NaiveDate;

use crate::azure::TokenClass;
use crate::units::{TokenCounts, TokenWeight, Tokens, TokensPerMinute, WeightedTokens};

/// A model and, where it is known, its version.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelName {
    /// Name as in the catalog, e.g. `gpt-4.1`.
    pub model: String,
    /// Version as Azure writes it, e.g. `2025-04-14`.
    pub version: Option<String>,
}

impl ModelName {
    /// Whether facts about `self` answer a question about `asked`: the same model, and no other
    /// version than the one asked for.
    pub(super) fn is(&self, asked: &Self) -> bool {
        let other_version = matches!((&self.version, &asked.version), (Some(a), Some(b)) if a != b);
        self.model == asked.model && !other_version
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.model)?;
        self.version
            .as_ref()
            .map_or(Ok(()), |version| write!(f, " ({version})"))
    }
}

/// Capacity weights of one token of each class, relative to a short-context input token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapacityWeights {
    /// Uncached prompt tokens.
    pub input: TokenWeight,
    /// Prompt tokens read from the cache.
    pub cached_input: TokenWeight,
    /// Prompt tokens written to the cache.
    pub cache_write: TokenWeight,
    /// Answer tokens.
    pub output: TokenWeight,
}

impl CapacityWeights {
    /// The weight of one class.
    pub const fn of(&self, class: TokenClass) -> TokenWeight {
        match class {
            TokenClass::Input => self.input,
            TokenClass::CachedInput => self.cached_input,
            TokenClass::CacheWrite => self.cache_write,
            TokenClass::Output => self.output,
        }
    }
}

/// What one PTU of a model serves, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedModel {
    /// The model.
    pub name: ModelName,
    /// Input tokens one PTU serves in a minute.
    pub input_tpm_per_ptu: TokensPerMinute,
    /// Weights for requests within the context threshold; `None` where no source gives them.
    pub weights: Option<CapacityWeights>,
    /// Threshold and weights for longer requests, where they differ.
    pub long_context: Option<(Tokens, CapacityWeights)>,
    /// First day the figures hold.
    pub effective_from: NaiveDate,
    /// Day after the last, where one is known.
    pub effective_until: Option<NaiveDate>,
    /// Where the figures are from.
    pub source: String,
    /// When the source was read.
    pub as_of: NaiveDate,
}

impl ProvisionedModel {
    /// Whether the row answers a question about `name` on some day.
    pub(super) fn is_for(&self, name: &ModelName) -> bool {
        self.name.is(name)
    }

    /// Whether the figures hold on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.effective_from <= day && self.effective_until.is_none_or(|until| day < until)
    }

    /// Whether another row gives the same throughput and weights.
    pub(super) fn same_figures(&self, other: &Self) -> bool {
        self.input_tpm_per_ptu == other.input_tpm_per_ptu
            && self.weights == other.weights
            && self.long_context == other.long_context
    }

    /// The capacity that requests used, exact; `None` where no source gives the weights.
    ///
    /// `input_above` is the context threshold that each of the requests exceeded.
    pub fn weighted(
        &self,
        tokens: &TokenCounts,
        input_above: Option<Tokens>,
    ) -> Option<WeightedTokens> {
        let weights = match (&self.long_context, input_above) {
            (Some((threshold, long)), Some(above)) if above >= *threshold => *long,
            _ => self.weights?,
        };
        Some(
            weights.input.of(tokens.uncached_input())
                + weights.cached_input.of(tokens.cached_input)
                + weights.cache_write.of(tokens.cache_write)
                + weights.output.of(tokens.output),
        )
    }
}
