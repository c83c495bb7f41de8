//! A policy with its names resolved: what a run needs.

use std::collections::BTreeSet;

use super::health::HealthRules;
use super::limit::LimitRules;
use super::policy::{Band, Choice, Conditions, Exhausted, Instances};
use super::retry::RetryRules;
use super::tracked::TrackedRules;
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Spillover;
use crate::time::SimDuration;

/// A policy of a gateway, whose members are places in the fleet. Made by
/// [`Policy::resolve`](super::Policy::resolve).
#[derive(Clone, Debug)]
pub struct GatewayRules {
    pub(super) pools: Vec<PoolRules>,
    pub(super) bands: Vec<(Band, usize)>,
    pub(super) otherwise: usize,
    pub(super) missing_priority: Option<i32>,
    pub(super) health: Option<HealthRules>,
    pub(super) retry: Option<RetryRules>,
    pub(super) exhausted: Exhausted,
    pub(super) limits: Vec<LimitRules>,
    pub(super) tracked: Option<TrackedRules>,
    pub(super) instances: Instances,
    pub(super) spillover: Option<Spillover>,
}

/// A pool; its members are in the order of their priority numbers.
#[derive(Clone, Debug)]
pub(super) struct PoolRules {
    pub(super) choice: Choice,
    pub(super) refresh: SimDuration,
    pub(super) members: Vec<Member>,
}

/// A member of a pool.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) deployment: DeploymentId,
    /// Whether calls that pass it by count as spilled.
    pub(super) is_provisioned: bool,
    pub(super) priority: u32,
    pub(super) weight: u32,
    pub(super) only: Option<Conditions>,
}

impl GatewayRules {
    /// The policy that only passes calls on to one deployment.
    pub fn pass_to(deployment: DeploymentId) -> Self {
        let member = Member {
            deployment,
            is_provisioned: true,
            priority: 1,
            weight: 1,
            only: None,
        };
        Self {
            pools: vec![PoolRules {
                choice: Choice::InOrder,
                refresh: SimDuration::ZERO,
                members: vec![member],
            }],
            bands: Vec::new(),
            otherwise: 0,
            missing_priority: None,
            health: None,
            retry: None,
            exhausted: Exhausted::default(),
            limits: Vec::new(),
            tracked: None,
            instances: Instances::default(),
            spillover: None,
        }
    }

    /// Where the gateway asks provisioned deployments to spill that have no spillover of their own.
    pub const fn asked_spillover(&self) -> Option<Spillover> {
        self.spillover
    }

    /// The deployment that gets every call, where nothing can come in between.
    pub(in crate::sim) fn only_target(&self) -> Option<DeploymentId> {
        let [pool] = self.pools.as_slice() else {
            return None;
        };
        let [member] = pool.members.as_slice() else {
            return None;
        };
        let is_plain = member.only.is_none()
            && self.health.is_none()
            && self.retry.is_none()
            && self.limits.is_empty()
            && self.tracked.is_none();
        is_plain.then_some(member.deployment)
    }

    /// Every deployment that a call may reach, in order; spilling over not counted.
    pub fn deployments(&self) -> Vec<DeploymentId> {
        let members = self.pools.iter().flat_map(|pool| &pool.members);
        let ids: BTreeSet<_> = members.map(|member| member.deployment).collect();
        ids.into_iter().collect()
    }

    /// How long after its end the gateway still looks at a minute of a deployment, at most; `None`
    /// where it looks at none.
    pub(in crate::sim) fn looks_back(&self) -> Option<SimDuration> {
        let members = self.pools.iter().flat_map(|pool| &pool.members);
        let lines = members.filter_map(|member| member.only.as_ref()?.utilization);
        lines.filter_map(|lines| lines.looks_back()).max()
    }

    /// The most attempts the gateway makes for one try of a client. Every policy has one, so
    /// every run ends.
    pub fn most_attempts(&self) -> u32 {
        let further = self.retry.as_ref().map_or(0, |retry| {
            retry.count.unwrap_or_else(|| {
                let members = self.pools.iter().map(|pool| pool.members.len());
                let further = members.max().unwrap_or(1).saturating_sub(1);
                u32::try_from(further).unwrap_or(u32::MAX)
            })
        });
        further.saturating_add(1)
    }
}
