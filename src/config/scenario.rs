//! What a simulation is told beside the chargeback's policy: traffic, gateway, apps, and what is
//! not documented.

mod app;
mod checks;
mod drawn;
pub(crate) mod duration;
mod fleet;
mod gateway;
mod synthetic;
mod traffic;

use chrono::NaiveDate;
use serde::Deserialize;

use super::deployment::SimulatedDeployment;
use crate::catalog::{ProvisionedModel, prompt_cache_minimum};
use crate::chargeback::moment;
use crate::sim::provisioned::{Admission, Edge};
use crate::sim::queue::QueueSection;
use crate::sim::runs::BAND_SECONDS;
use crate::time::{SimDuration, Timestamp};
pub use app::{AppSection, Client};
#[cfg(test)]
pub(in crate::config) use drawn::AmountTable;
pub use drawn::{AmountText, FactorText};
pub use duration::Seconds;
pub use fleet::{Built, Sizes};
pub use gateway::GatewaySection;
pub(super) use gateway::GatewayTable;
pub use traffic::{Kind, ShapeSection, TrafficSection};

/// The scenario of a configuration; without `[[traffic]]` it may still play traces that the
/// command line names.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// Where requests come from; all of it at once.
    pub traffic: Vec<TrafficSection>,
    /// What stands between callers and deployments.
    pub gateway: GatewaySection,
    /// What holds for apps, tried in order.
    pub apps: Vec<AppSection>,
    /// Queues of batch work.
    pub queues: Vec<QueueSection>,
    /// The rest.
    pub simulation: SimulationSection,
    /// What only simulations know of deployments, in the places of the policy's.
    pub deployments: Vec<SimulatedDeployment>,
}

/// `[simulation]`: chance, span, and what Azure does not document.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SimulationSection {
    /// Decides what is left to chance.
    pub seed: u64,
    /// First minute of the span; earlier requests are left out.
    #[serde(deserialize_with = "moment::optional")]
    pub from: Option<Timestamp>,
    /// First minute after the span; requests from then on are left out.
    #[serde(deserialize_with = "moment::optional")]
    pub until: Option<Timestamp>,
    /// Throughput that the bucket of a provisioned deployment holds [s of draining].
    #[serde(deserialize_with = "duration::seconds::deserialize")]
    pub depth_s: Option<SimDuration>,
    /// The depths of the band [s of draining].
    pub band_depths_s: Vec<Seconds>,
    /// How provisioned deployments admit requests.
    pub admission: Admission,
    /// What happens at exactly 100 %.
    pub edge: Edge,
    /// The answer that admission assumes of callers that state no maximum [token]; the answer
    /// that will come if left out.
    pub default_max_tokens: Option<u32>,
    /// Cached input tokens below this many weigh like any other input [token].
    pub cached_minimum: u32,
    /// Time that the failed attempt before native spillover takes [ms].
    #[serde(deserialize_with = "duration::milliseconds::deserialize")]
    pub spillover_delay_ms: Option<SimDuration>,
    /// Whether latencies that the traffic brings are used.
    pub latency: LatencyOf,
}

/// Whose word on latency counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LatencyOf {
    /// The traffic's, where it tells any.
    #[default]
    Traffic,
    /// The deployment's, always.
    Deployment,
}

/// The depth that is played if none is stated: the bucket holds a minute, as in most open tools.
pub const DEPTH: SimDuration = SimDuration::MINUTE;

impl Default for SimulationSection {
    fn default() -> Self {
        Self {
            seed: 1,
            from: None,
            until: None,
            depth_s: None,
            band_depths_s: BAND_SECONDS
                .map(|seconds| Seconds(SimDuration::from_seconds(seconds)))
                .to_vec(),
            admission: Admission::default(),
            edge: Edge::default(),
            default_max_tokens: None,
            cached_minimum: prompt_cache_minimum(),
            spillover_delay_ms: None,
            latency: LatencyOf::default(),
        }
    }
}

impl SimulationSection {
    /// The depth that is played.
    pub fn depth(&self) -> SimDuration {
        self.depth_s.unwrap_or(DEPTH)
    }
}

/// The throughput figures that a deployment is simulated with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresUsed {
    /// The deployment.
    pub deployment: String,
    /// The figures.
    pub model: ProvisionedModel,
    /// The day they were asked for.
    pub on: NaiveDate,
}

impl FiguresUsed {
    /// Whether the figures are only known from a later day.
    pub fn is_stretched(&self) -> bool {
        self.model.effective_from > self.on
    }
}
