//! Own models and figures, as the configuration states them.

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use super::{CapacityWeights, ModelName, ProvisionedModel};
use crate::money::written_decimal;
use crate::units::{TokenWeight, TokensPerMinute};

/// An own model is wrong.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum OwnModelError {
    /// A PTU that serves nothing cannot be shared by use.
    #[error(
        "[[model]] {model:?}: input_tpm_per_ptu is 0; expected the input tokens that one PTU serves in a minute"
    )]
    NoThroughput {
        /// The model.
        model: String,
    },
    /// The figures end before they start.
    #[error("[[model]] {model:?}: until {until} is not after from {from}")]
    Span {
        /// The model.
        model: String,
        /// First day.
        from: NaiveDate,
        /// Day after the last, as written.
        until: NaiveDate,
    },
}

/// Capacity weights of one token of each class.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnWeights {
    /// Uncached prompt tokens.
    #[serde(deserialize_with = "written_decimal")]
    pub input: TokenWeight,
    /// Prompt tokens read from the cache.
    #[serde(deserialize_with = "written_decimal")]
    pub cached_input: TokenWeight,
    /// Prompt tokens written to the cache.
    #[serde(deserialize_with = "written_decimal")]
    pub cache_write: TokenWeight,
    /// Answer tokens.
    #[serde(deserialize_with = "written_decimal")]
    pub output: TokenWeight,
}

/// One `[[model]]`: an own model, or other figures for a known one.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnModel {
    /// Name of the model.
    pub name: String,
    /// Version; empty or left out: every version.
    #[serde(default)]
    pub version: String,
    /// How logs call the model, in any case; a trailing `*` matches any rest.
    #[serde(default)]
    pub logged_as: Vec<String>,
    /// Input tokens one PTU serves in a minute; left out: not provisioned.
    pub input_tpm_per_ptu: Option<u64>,
    /// Capacity weights; left out: not known.
    pub weights: Option<OwnWeights>,
    /// First day the figures hold.
    pub from: NaiveDate,
    /// Day after the last.
    pub until: Option<NaiveDate>,
    /// Where the figures are from.
    pub source: String,
    /// When the source was read.
    pub as_of: NaiveDate,
}

impl OwnModel {
    /// The model's name in the catalog.
    pub fn model_name(&self) -> ModelName {
        ModelName {
            model: self.name.clone(),
            version: Some(self.version.clone()).filter(|version| !version.is_empty()),
        }
    }

    /// What is wrong with the entry.
    pub fn fault(&self) -> Option<OwnModelError> {
        self.provisioned().err()
    }

    /// The throughput figures, where the entry gives any.
    pub(super) fn provisioned(&self) -> Result<Option<ProvisionedModel>, OwnModelError> {
        let model = || self.name.clone();
        if let Some(until) = self.until.filter(|until| *until <= self.from) {
            return Err(OwnModelError::Span {
                model: model(),
                from: self.from,
                until,
            });
        }
        let Some(throughput) = self.input_tpm_per_ptu else {
            return Ok(None);
        };
        if throughput == 0 {
            return Err(OwnModelError::NoThroughput { model: model() });
        }
        Ok(Some(ProvisionedModel {
            name: self.model_name(),
            input_tpm_per_ptu: TokensPerMinute::new(throughput),
            weights: self.weights.map(|own| CapacityWeights {
                input: own.input,
                cached_input: own.cached_input,
                cache_write: own.cache_write,
                output: own.output,
            }),
            long_context: None,
            effective_from: self.from,
            effective_until: self.until,
            source: self.source.clone(),
            as_of: self.as_of,
        }))
    }
}
