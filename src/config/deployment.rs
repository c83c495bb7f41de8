//! `[[deployment]]`: what chargebacks know of a deployment, and what simulations know beside it.

use std::num::NonZero;

use serde::Deserialize;

use super::scenario::duration;
use crate::azure::{DeploymentKind, Offer};
use crate::chargeback::deployments::{CapacityStep, Deployment, region, shared_scope};
use crate::time::{SimDuration, Timestamp};
use crate::units::Ptu;

/// The table as it is written. It holds all keys of both, so that a key that nobody knows is an
/// error with its place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeploymentSection {
    name: String,
    #[serde(default)]
    logged_as: Vec<String>,
    #[serde(default)]
    backends: Vec<String>,
    #[serde(default)]
    model: String,
    version: Option<String>,
    offer: Offer,
    kind: DeploymentKind,
    #[serde(deserialize_with = "region")]
    region: String,
    #[serde(default = "shared_scope")]
    scope: String,
    #[serde(default)]
    capacity: Vec<CapacityStep>,
    spillover_from: Option<String>,
    #[serde(default)]
    price_served_model: bool,
    ptu: Option<Ptu>,
    spillover_to: Option<String>,
    tpm: Option<u64>,
    rpm: Option<u64>,
    #[serde(default, with = "duration::seconds")]
    rpm_slice_s: Option<SimDuration>,
    concurrency: Option<NonZero<u32>>,
    #[serde(default, with = "duration::milliseconds")]
    ttft_ms: Option<SimDuration>,
    output_tokens_per_s: Option<u32>,
    #[serde(default, with = "duration::seconds")]
    depth_s: Option<SimDuration>,
    longest_input: Option<u32>,
}

/// What only simulations know of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimulatedDeployment {
    /// Constant throughput, in place of steps of capacity [PTU].
    pub ptu: Option<Ptu>,
    /// The deployment that native spillover sends to.
    pub spillover_to: Option<String>,
    /// Quota of tokens [token/minute]; `None` for no limit.
    pub tpm: Option<u64>,
    /// Quota of requests [request/minute]; `None` for no limit.
    pub rpm: Option<u64>,
    /// The span that requests are counted in.
    pub rpm_slice: Option<SimDuration>,
    /// Most requests in service at once; `None` for no limit.
    pub concurrency: Option<NonZero<u32>>,
    /// From admission to the first token of the answer.
    pub ttft: Option<SimDuration>,
    /// Speed of the answer [output token/s].
    pub output_tokens_per_s: Option<u32>,
    /// Depth of this bucket, where it differs from the others' [µs of draining].
    pub depth: Option<SimDuration>,
    /// Longest prompt it can serve [token].
    pub longest_input: Option<u32>,
}

impl DeploymentSection {
    /// Both halves. A constant throughput is capacity since ever.
    pub(super) fn split(self) -> (Deployment, SimulatedDeployment) {
        let mut capacity = self.capacity;
        if capacity.is_empty() {
            let from = Timestamp::from_micros(0);
            capacity.extend(self.ptu.map(|ptu| CapacityStep { from, ptu }));
        }
        let deployment = Deployment {
            name: self.name,
            logged_as: self.logged_as,
            backends: self.backends,
            model: self.model,
            version: self.version,
            offer: self.offer,
            kind: self.kind,
            region: self.region,
            scope: self.scope,
            capacity,
            spillover_from: self.spillover_from,
            price_served_model: self.price_served_model,
        };
        let simulated = SimulatedDeployment {
            ptu: self.ptu,
            spillover_to: self.spillover_to,
            tpm: self.tpm,
            rpm: self.rpm,
            rpm_slice: self.rpm_slice_s,
            concurrency: self.concurrency,
            ttft: self.ttft_ms,
            output_tokens_per_s: self.output_tokens_per_s,
            depth: self.depth_s,
            longest_input: self.longest_input,
        };
        (deployment, simulated)
    }
}
