//! `[[deployment]]`: what chargebacks know of a deployment, and what simulations know beside it.

use std::num::NonZero;

use serde::Deserialize;

use super::scenario::duration;
use crate::azure::{DeploymentKind, Offer};
use crate::chargeback::deployments::{CapacityStep, Deployment, region, shared_scope};
use crate::time::{SimDuration, Timestamp};
use crate::units::Ptu;

/// A deployment: what a name in the logs is.
//
// It holds all keys of both, so that a key that nobody knows is an error with its place.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct DeploymentSection {
    /// Name on the statement.
    name: String,
    /// Deployment names in the logs, in any case; the name if left out.
    #[serde(default)]
    logged_as: Vec<String>,
    /// Gateway backends that reach it; any if left out.
    #[serde(default)]
    backends: Vec<String>,
    /// What it serves, as the catalog names it.
    #[serde(default)]
    model: String,
    /// Version of the model; may be left out where prices do not depend on it.
    version: Option<String>,
    /// How it serves and is paid.
    offer: Offer,
    /// Where its requests may be processed.
    kind: DeploymentKind,
    /// Azure region, such as `swedencentral`.
    #[serde(deserialize_with = "region")]
    region: String,
    /// Provisioned only: the scope of the reservations that may cover it.
    #[serde(default = "shared_scope")]
    scope: String,
    /// Provisioned only: throughput and since when; each step holds until the next.
    #[serde(default)]
    capacity: Vec<CapacityStep>,
    /// The provisioned deployment that all its requests were spilled from.
    spillover_from: Option<String>,
    /// Whether the model that served a request sets the price (model routers).
    #[serde(default)]
    price_served_model: bool,
    /// Simulations: constant throughput, in place of steps of capacity [PTU].
    ptu: Option<Ptu>,
    /// Simulations: the standard deployment that native spillover sends to.
    spillover_to: Option<String>,
    /// Simulations: quota of tokens [token/minute]; no limit if left out.
    tpm: Option<u64>,
    /// Simulations: quota of requests [request/minute]; no limit if left out.
    rpm: Option<u64>,
    /// Simulations: the span that requests are counted in [s].
    #[serde(default, deserialize_with = "duration::seconds::deserialize")]
    rpm_slice_s: Option<SimDuration>,
    /// Simulations: most requests in service at once; no limit if left out.
    concurrency: Option<NonZero<u32>>,
    /// Simulations: from admission to the first token of the answer [ms].
    #[serde(default, deserialize_with = "duration::milliseconds::deserialize")]
    ttft_ms: Option<SimDuration>,
    /// Simulations: speed of the answer [output token/s].
    output_tokens_per_s: Option<u32>,
    /// Simulations: depth of this bucket, where it differs from the others' [s of draining].
    #[serde(default, deserialize_with = "duration::seconds::deserialize")]
    depth_s: Option<SimDuration>,
    /// Simulations: longest prompt it can serve [token].
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
