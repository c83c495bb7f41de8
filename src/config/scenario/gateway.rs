//! `[gateway]`: a preset by name, or a policy of one's own.

use serde::Deserialize;

use crate::sim::gateway::health::HealthRules;
use crate::sim::gateway::limit::LimitRules;
use crate::sim::gateway::policy::{
    Exhausted, Instances, PoolPolicy, PriorityPolicy, SpilloverPolicy,
};
use crate::sim::gateway::retry::RetryRules;
use crate::sim::gateway::tracked::TrackedRules;
use crate::sim::gateway::{Policy, PolicyError, Preset};

/// The table as it is written: the fields of a [`Policy`], and `preset` in place of all of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct GatewayTable {
    /// The policy of a public gateway, in place of all other keys.
    preset: Option<String>,
    /// Pools of deployments; the first is for calls that no band sends elsewhere.
    pool: Vec<PoolPolicy>,
    /// Pools by the caller's priority header.
    priority: PriorityPolicy,
    /// What takes a deployment out, and for how long; nothing if left out.
    health: Option<HealthRules>,
    /// What is tried again; nothing if left out.
    retry: Option<RetryRules>,
    /// What happens when no member of a pool may be tried.
    exhausted: Exhausted,
    /// Limits that are checked before a deployment is chosen.
    limit: Vec<LimitRules>,
    /// A reserve for high priority, kept by what answers say of the remaining quota.
    tracked_reserve: Option<TrackedRules>,
    /// Instances of the gateway, each with its own picture of health.
    instances: Instances,
    /// Native spillover that the gateway asks for by a header.
    spillover: Option<SpilloverPolicy>,
}

/// What stands between callers and deployments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GatewaySection {
    /// Nothing: calls go to the first deployment, which spills over by itself.
    #[default]
    None,
    /// The policy of a public gateway.
    Preset(String),
    /// A policy of one's own.
    Own(Box<Policy>),
    /// Both, which cannot be.
    Both(String),
}

impl From<GatewayTable> for GatewaySection {
    fn from(table: GatewayTable) -> Self {
        let policy = Policy {
            pool: table.pool,
            priority: table.priority,
            health: table.health,
            retry: table.retry,
            exhausted: table.exhausted,
            limit: table.limit,
            tracked_reserve: table.tracked_reserve,
            instances: table.instances,
            spillover: table.spillover,
        };
        match table.preset {
            None => Self::Own(Box::new(policy)),
            Some(preset) if policy == Policy::default() => Self::Preset(preset),
            Some(preset) => Self::Both(preset),
        }
    }
}

impl GatewaySection {
    /// The policy; `None` where there is none.
    pub fn policy(&self) -> Result<Option<Policy>, PolicyError> {
        match self {
            Self::None => Ok(None),
            Self::Own(policy) => Ok(Some(policy.as_ref().clone())),
            Self::Preset(name) | Self::Both(name) => {
                Preset::named(name).map(|preset| Some(preset.policy))
            }
        }
    }

    /// Its name in titles.
    pub fn name(&self) -> &str {
        match self {
            Self::None => "first deployment",
            Self::Own(_) => "own policy",
            Self::Preset(name) | Self::Both(name) => name,
        }
    }
}
