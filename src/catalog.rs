//! What a model can do on provisioned throughput: dated facts, each with its source.

pub mod model;

pub use model::{CapacityWeights, ModelName, ProvisionedModel};

use chrono::NaiveDate;
use thiserror::Error;

/// Everything known about models.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    provisioned: Vec<ProvisionedModel>,
}

/// Why the catalog has no answer.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum CatalogError {
    /// The model has no figures for provisioned throughput.
    #[error("no provisioned throughput figures for model {model:?} on {on}{nearest}")]
    Unknown {
        /// The model asked for.
        model: String,
        /// The day asked for.
        on: NaiveDate,
        /// "; nearest known: …", or empty.
        nearest: String,
    },
}

impl Catalog {
    /// A catalog of these rows.
    pub fn from_rows(provisioned: Vec<ProvisionedModel>) -> Self {
        Self { provisioned }
    }

    /// The throughput figures of a model (and version, where given) in force on a day; the latest
    /// `as_of` wins where sources disagree.
    pub fn provisioned(
        &self,
        name: &ModelName,
        on: NaiveDate,
    ) -> Result<&ProvisionedModel, CatalogError> {
        self.provisioned
            .iter()
            .filter(|row| row.name.model == name.model && row.effective_from <= on)
            .max_by_key(|row| (row.effective_from, row.as_of))
            .ok_or_else(|| CatalogError::Unknown {
                model: name.model.clone(),
                on,
                nearest: String::new(),
            })
    }
}
