//! What models can do on provisioned throughput, and how they are named: dated facts, each with
//! its source.

mod bundled;
mod caching;
pub mod model;
mod names;
mod own;
mod size;

pub use caching::{caches_prompts, prompt_cache_block, prompt_cache_minimum};
pub use model::{CapacityWeights, ModelName, ProvisionedModel};
pub use names::{Encoding, ModelFacts};
pub use own::{OwnModel, OwnModelError, OwnWeights};
pub use size::{DeploymentFacts, NearestSizes, PtuSizes};

use chrono::NaiveDate;
use thiserror::Error;

use crate::azure::DeploymentKind;
use crate::facts::{Provenance, fingerprint};
use crate::spelling;
use crate::units::TokenWeight;
use names::Names;

/// Everything known about models.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    names: Names,
    provisioned: Vec<ProvisionedModel>,
    own: Vec<ProvisionedModel>,
    deployments: Vec<DeploymentFacts>,
    media: Vec<MediaWeight>,
    claims: Vec<Claim>,
    earlier: bool,
    version: String,
}

/// The capacity weight of one token of a kind that token counts do not tell apart, such as the
/// tokens of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaWeight {
    /// The model.
    pub name: ModelName,
    /// The tokens, e.g. `image_output`.
    pub class: String,
    /// Their weight.
    pub weight: TokenWeight,
    /// Where it is from and when it holds.
    pub provenance: Provenance,
}

/// A figure that a source gives and the catalog does not use: superseded, or disagreeing with a
/// better source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The model.
    pub name: ModelName,
    /// The figure, e.g. `input_tpm_per_ptu`.
    pub field: String,
    /// Its value in that source.
    pub value: String,
    /// Where it is from and when it holds.
    pub provenance: Provenance,
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
        /// "; did you mean …?", "; known for version …", or empty.
        nearest: String,
    },
    /// The figures are known only from a later day.
    #[error(
        "no provisioned throughput figures for model {model:?} on {on}; the first ones known hold \
         from {first}"
    )]
    TooEarly {
        /// The model asked for.
        model: String,
        /// The day asked for.
        on: NaiveDate,
        /// The first day with known figures.
        first: NaiveDate,
    },
    /// Versions have different figures, and none was asked for.
    #[error(
        "provisioned throughput of model {model:?} on {on} depends on the version; name one of {}",
        .versions.join(", ")
    )]
    AmbiguousVersion {
        /// The model asked for.
        model: String,
        /// The day asked for.
        on: NaiveDate,
        /// The versions with figures.
        versions: Vec<String>,
    },
}

impl Catalog {
    /// A catalog of these rows, which knows no names beyond theirs.
    pub fn from_rows(provisioned: Vec<ProvisionedModel>) -> Self {
        let mut catalog = Self::default();
        for row in &provisioned {
            catalog.names.add(ModelFacts::named(row.name.clone()));
        }
        Self {
            provisioned,
            ..catalog
        }
    }

    /// The facts that come with the program.
    pub fn bundled() -> Self {
        bundled::load().expect("a unit test loads every embedded row")
    }

    /// This catalog with the user's own models and figures, which go before the bundled ones.
    pub fn with_own(mut self, models: &[OwnModel]) -> Result<Self, OwnModelError> {
        for own in models {
            self.own.extend(own.provisioned()?);
            self.names.add_own(&own.model_name(), &own.logged_as);
        }
        if !models.is_empty() {
            let texts = format!("{}{models:?}", self.version);
            self.version = self.newest_and(&[texts.as_bytes()]);
        }
        Ok(self)
    }

    /// This catalog, with use before the first known day of a model's figures weighed by those.
    /// Callers report every row whose `effective_from` is after the day of use.
    #[must_use]
    pub fn allow_earlier(mut self) -> Self {
        self.earlier = true;
        self
    }

    /// The newest `as_of` of a fact and a fingerprint of all facts, for manifests.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn newest_and(&self, parts: &[&[u8]]) -> String {
        let figures = self.provisioned.iter().chain(&self.own);
        let newest = figures.map(|row| row.as_of).chain(self.names.as_of()).max();
        let day = newest.map_or_else(|| "empty".to_owned(), |day| day.to_string());
        format!("{day}+{}", fingerprint(parts.iter().copied()))
    }

    /// The model that a log means by `logged`, in any case, with or without a date at its end; the
    /// date is kept as the version when the catalog knows that version. `None` when no known name,
    /// alias or own pattern matches: see [`Catalog::nearest`].
    pub fn resolve(&self, logged: &str) -> Option<ModelName> {
        self.names.resolve(logged)
    }

    /// The known model names most like `name`.
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        spelling::nearest(name, self.names.all())
    }

    /// Every known model and version, by name.
    pub fn models(&self) -> impl Iterator<Item = &ModelFacts> {
        self.names.models()
    }

    /// What is known about a model apart from its throughput.
    pub fn facts(&self, model: &str) -> Option<&ModelFacts> {
        self.models().find(|facts| facts.name.model == model)
    }

    /// Whether the model is a router: its price is a fee on input tokens, on top of the price of
    /// the model that it chose.
    pub fn is_router(&self, model: &str) -> bool {
        self.facts(model).is_some_and(|facts| facts.router)
    }

    /// The throughput figures of a model (and version, where given) in force on a day: own ones
    /// first, then the latest `effective_from`, then the latest `as_of`.
    pub fn provisioned(
        &self,
        name: &ModelName,
        on: NaiveDate,
    ) -> Result<&ProvisionedModel, CatalogError> {
        let own = in_force(&self.own, name, on);
        let rows = if own.is_empty() {
            in_force(&self.provisioned, name, on)
        } else {
            own
        };
        match one_of_versions(&rows) {
            Ok(Some(row)) => Ok(row),
            Ok(None) => self.first_known(name, on),
            Err(versions) => Err(CatalogError::AmbiguousVersion {
                model: name.model.clone(),
                on,
                versions,
            }),
        }
    }

    /// The first figures after `on`, if earlier use is weighed by those; else why there are none.
    fn first_known(
        &self,
        name: &ModelName,
        on: NaiveDate,
    ) -> Result<&ProvisionedModel, CatalogError> {
        let later = self
            .own
            .iter()
            .chain(&self.provisioned)
            .filter(|row| row.is_for(name) && row.effective_from > on)
            .min_by_key(|row| row.effective_from);
        match later {
            Some(row) if self.earlier => Ok(row),
            Some(row) => Err(CatalogError::TooEarly {
                model: name.to_string(),
                on,
                first: row.effective_from,
            }),
            None => Err(CatalogError::Unknown {
                model: name.to_string(),
                on,
                nearest: self.alternatives(name),
            }),
        }
    }

    fn alternatives(&self, name: &ModelName) -> String {
        let rows = || self.own.iter().chain(&self.provisioned);
        let versions: Vec<&str> = rows()
            .filter(|row| row.name.model == name.model)
            .filter_map(|row| row.name.version.as_deref())
            .collect();
        if versions.is_empty() {
            return spelling::hint(&name.model, rows().map(|row| row.name.model.as_str()));
        }
        format!("; known for version {}", versions.join(", "))
    }

    /// Every row of throughput figures.
    pub fn provisioned_rows(&self) -> impl Iterator<Item = &ProvisionedModel> {
        self.own.iter().chain(&self.provisioned)
    }

    /// Deployment sizes, kinds and latency target of a model on a day; the latest row wins.
    pub fn deployment_facts(&self, name: &ModelName, on: NaiveDate) -> Option<&DeploymentFacts> {
        self.deployments
            .iter()
            .filter(|row| row.name.is(name) && row.provenance.holds_on(on))
            .max_by_key(|row| (row.provenance.effective_from, row.provenance.as_of))
    }

    /// The sizes that a provisioned deployment may have [PTU]; `None` where no source says.
    pub fn sizes(&self, name: &ModelName, kind: DeploymentKind, on: NaiveDate) -> Option<PtuSizes> {
        self.deployment_facts(name, on)?.sizes(kind)
    }

    /// Weights of tokens that counts do not tell apart.
    pub fn media_weights(&self, model: &str) -> impl Iterator<Item = &MediaWeight> {
        self.media.iter().filter(move |row| row.name.model == model)
    }

    /// Figures of other sources that the catalog does not use.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter()
    }
}

/// The rows for `name` that hold on a day.
fn in_force<'a>(
    rows: &'a [ProvisionedModel],
    name: &ModelName,
    on: NaiveDate,
) -> Vec<&'a ProvisionedModel> {
    let mut rows: Vec<_> = rows.iter().filter(|row| row.is_for(name)).collect();
    rows.retain(|row| row.holds_on(on));
    rows
}

/// The newest row, unless the newest rows of several versions differ.
fn one_of_versions<'a>(
    rows: &[&'a ProvisionedModel],
) -> Result<Option<&'a ProvisionedModel>, Vec<String>> {
    let newest = |rows: &mut dyn Iterator<Item = &&'a ProvisionedModel>| {
        rows.max_by_key(|row| (row.effective_from, row.as_of))
            .copied()
    };
    let mut versions: Vec<&Option<String>> = rows.iter().map(|row| &row.name.version).collect();
    versions.sort_unstable();
    versions.dedup();
    let current: Vec<&ProvisionedModel> = versions
        .iter()
        .filter_map(|version| newest(&mut rows.iter().filter(|row| &row.name.version == *version)))
        .collect();
    if current
        .windows(2)
        .any(|pair| !pair[0].same_figures(pair[1]))
    {
        return Err(versions.into_iter().flatten().cloned().collect());
    }
    Ok(current.last().copied())
}

#[cfg(test)]
mod tests;
