//! Deployments as the configuration describes them, and how a logged name finds its own.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

use super::moment;
use crate::azure::{DeploymentKind, Offer, region_name};
use crate::catalog::{Catalog, ModelName};
use crate::time::Timestamp;
use crate::units::{Ptu, PtuMinutes};
use crate::usage::Dimensions;

/// One deployment of a model, with what its cost depends on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Name on the statement.
    pub name: String,
    /// Names that logs use for it, in any case; empty means its own name.
    #[serde(default)]
    pub logged_as: Vec<String>,
    /// Gateway backends it is reached through, in any case; empty means any.
    #[serde(default)]
    pub backends: Vec<String>,
    /// Model name as in the catalog; may be empty where the served model is priced.
    #[serde(default)]
    pub model: String,
    /// Model version.
    pub version: Option<String>,
    /// How it serves and is paid.
    pub offer: Offer,
    /// Where its requests may be processed.
    pub kind: DeploymentKind,
    /// Azure region, programmatic name.
    #[serde(deserialize_with = "region")]
    pub region: String,
    /// Scope of the reservations that may cover it.
    #[serde(default = "shared_scope")]
    pub scope: String,
    /// Provisioned throughput and since when; each step holds until the next.
    #[serde(default)]
    pub capacity: Vec<CapacityStep>,
    /// The provisioned deployment that all its requests were spilled from.
    pub spillover_from: Option<String>,
    /// Whether the model that served a request sets the price (model routers).
    #[serde(default)]
    pub price_served_model: bool,
}

/// Provisioned throughput from a moment on.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CapacityStep {
    /// The minute it starts.
    #[serde(deserialize_with = "moment::deserialize")]
    pub from: Timestamp,
    /// How much is deployed from then on.
    pub ptu: Ptu,
}

/// What is assumed of deployments that logs name and the configuration does not describe.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// Where their requests may be processed.
    pub kind: DeploymentKind,
    /// Azure region, programmatic name.
    #[serde(deserialize_with = "region")]
    pub region: String,
    /// How they serve and are paid; never provisioned.
    pub offer: Offer,
}

/// Reads a region into its programmatic form.
pub(crate) fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|text| region_name(&text))
}

/// The scope of reservations that none is named for.
pub(crate) fn shared_scope() -> String {
    "shared".to_owned()
}

impl Deployment {
    /// Whether usage with these texts is this deployment's.
    pub fn serves(&self, dimensions: &Dimensions) -> bool {
        let named = |name: &String| name.eq_ignore_ascii_case(&dimensions.deployment);
        let logged = if self.logged_as.is_empty() {
            named(&self.name)
        } else {
            self.logged_as.iter().any(named)
        };
        let reached = |backend: &String| backend.eq_ignore_ascii_case(&dimensions.backend);
        logged && (self.backends.is_empty() || self.backends.iter().any(reached))
    }

    /// The configured model.
    pub fn model_name(&self) -> ModelName {
        ModelName {
            model: self.model.clone(),
            version: self.version.clone(),
        }
    }

    /// Whether it is provisioned.
    pub fn is_provisioned(&self) -> bool {
        self.offer == Offer::Provisioned
    }

    /// What is deployed from minute `start` up to, not including, minute `end` (both since 1970).
    pub fn deployed_between(&self, start: i64, end: i64) -> PtuMinutes {
        let mut minutes = 0;
        for (step, next) in self.steps() {
            let overlap = end.min(next).saturating_sub(start.max(step.from.minutes()));
            minutes += u64::from(step.ptu.get()) * u64::try_from(overlap).unwrap_or(0);
        }
        PtuMinutes::new(minutes)
    }

    /// Every step with the minute its successor starts. Steps are in ascending order.
    fn steps(&self) -> impl Iterator<Item = (&CapacityStep, i64)> {
        let ends = self.capacity.iter().skip(1).map(|step| step.from.minutes());
        self.capacity.iter().zip(ends.chain([i64::MAX]))
    }

    /// The sizes in force at some time from `start` up to `end`, each with its first day.
    pub fn sizes_between(
        &self,
        start: NaiveDate,
        end: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, Ptu)> {
        let (first, last) = (
            Timestamp::start_of(start).minutes(),
            Timestamp::start_of(end).minutes(),
        );
        self.steps()
            .filter(move |(step, next)| *next > first && step.from.minutes() < last)
            .filter(|(step, _)| !step.ptu.is_zero())
            .map(move |(step, _)| (step.from.day().unwrap_or(start).max(start), step.ptu))
    }

    /// Why Azure offers the model in no such size on a day; `None` where it does, or where nothing
    /// is known.
    pub fn size_not_offered(&self, catalog: &Catalog, size: Ptu, on: NaiveDate) -> Option<String> {
        let sizes = catalog.sizes(&self.model_name(), self.kind, on)?;
        let nearest = sizes.nearest(size);
        if nearest.below == Some(size) {
            return None;
        }
        let offered: Vec<String> = [nearest.below, nearest.above]
            .into_iter()
            .flatten()
            .map(|size| size.to_string())
            .collect();
        let (kind, model) = (self.kind, &self.model);
        let offered = offered.join(" and ");
        Some(format!(
            "{size} PTU is no size of a {kind} deployment of {model}; the nearest are {offered}"
        ))
    }
}
