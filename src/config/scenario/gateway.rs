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
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct GatewayTable {
    preset: Option<String>,
    pool: Vec<PoolPolicy>,
    priority: PriorityPolicy,
    health: Option<HealthRules>,
    retry: Option<RetryRules>,
    exhausted: Exhausted,
    limit: Vec<LimitRules>,
    tracked_reserve: Option<TrackedRules>,
    instances: Instances,
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
