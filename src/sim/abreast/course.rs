//! What runs share that can be played side by side.

use crate::sim::deployment::DeploymentId;
use crate::sim::provisioned::{Admission, Edge, ProvisionedRules};
use crate::sim::setup::{DeploymentRules, Setup};
use crate::time::SimDuration;
use crate::units::TokensPerMinute;

/// A setup up to how much its only provisioned deployment can take.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Course {
    /// That deployment.
    pub(super) deployment: DeploymentId,
    /// The one that serves what it cannot take.
    pub(super) overflow: DeploymentId,
    /// What it is, with nothing deployed.
    pub(super) rules: ProvisionedRules,
    /// The setup with nothing deployed.
    pub(super) nothing_deployed: Setup,
}

impl Course {
    /// The course of a setup; `None` where a call may be refused, may wait, or may go to more than
    /// one provisioned deployment.
    pub(in crate::sim) fn of(setup: &Setup) -> Option<Self> {
        let deployment = setup.gateway.only_target()?;
        let mut nothing_deployed = setup.clone();
        let planned = nothing_deployed.deployments.get_mut(deployment.place())?;
        let DeploymentRules::Provisioned(rules) = &mut planned.rules else {
            return None;
        };
        take_nothing(rules);
        let rules = rules.as_ref().clone();
        let spillover = planned.spillover.or(setup.gateway.asked_spillover())?;
        planned.spillover = Some(spillover);
        let others = setup.deployments.iter().enumerate();
        let mut others = others.filter(|(place, _)| *place != deployment.place());
        let has_room = others.all(|(_, other)| match &other.rules {
            DeploymentRules::Standard(rules) => rules.is_unlimited(),
            DeploymentRules::Provisioned(_) => false,
        });
        let is_plain = has_room
            && spillover.to != deployment
            && rules.longest_input.is_none()
            && setup.queues.is_empty();
        is_plain.then_some(Self {
            deployment,
            overflow: spillover.to,
            rules,
            nothing_deployed,
        })
    }

    /// Whether runs of both may be played side by side.
    pub(in crate::sim) fn is_like(&self, other: &Self) -> bool {
        let (own, other) = (&self.nothing_deployed, &other.nothing_deployed);
        own.deployments == other.deployments && own.yardstick == other.yardstick
    }
}

/// Deploys nothing, whatever it was that setups may differ in.
fn take_nothing(rules: &mut ProvisionedRules) {
    rules.capacity.clear();
    rules.tpm_per_ptu = TokensPerMinute::default();
    rules.depth = SimDuration::ZERO;
    rules.admission = Admission::default();
    rules.edge = Edge::default();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::CapacityWeights;
    use crate::sim::fleet::Spillover;
    use crate::sim::gateway::GatewayRules;
    use crate::sim::latency::Latency;
    use crate::sim::provisioned::UnstatedMaximum;
    use crate::sim::queue::QueueRules;
    use crate::sim::series::Series;
    use crate::sim::setup::DeploymentSetup;
    use crate::sim::standard::StandardRules;
    use crate::sim::weighing::Weighing;
    use crate::time::SimTime;
    use crate::units::{Ptu, TokenWeight};

    fn setup(ptu: u32, latency_s: u64) -> Setup {
        let one = TokenWeight::from_thousandths(1000);
        let weights = CapacityWeights {
            input: one,
            cached_input: one,
            cache_write: one,
            output: one,
        };
        let weighing = Weighing::by(weights, 0);
        let rules = ProvisionedRules {
            weighing: weighing.clone(),
            tpm_per_ptu: TokensPerMinute::new(3000),
            capacity: vec![(SimTime::default(), Ptu::new(ptu))],
            admission: Admission::Doc,
            depth: SimDuration::MINUTE,
            edge: Edge::Admit,
            unstated: UnstatedMaximum::AsAnswered,
            longest_input: None,
            latency: Latency {
                first_token: SimDuration::from_seconds(latency_s),
                ..Latency::default()
            },
        };
        let deployment = |name: &str, rules, spillover| DeploymentSetup {
            name: name.to_owned(),
            logged_as: Vec::new(),
            rules,
            spillover,
        };
        let spillover = Some(Spillover {
            to: DeploymentId::at(1),
            delay: SimDuration::ZERO,
        });
        let payg = DeploymentRules::Standard(StandardRules::default());
        Setup {
            deployments: vec![
                deployment(
                    "ptu",
                    DeploymentRules::Provisioned(Box::new(rules)),
                    spillover,
                ),
                deployment("payg", payg, None),
            ],
            gateway: GatewayRules::pass_to(DeploymentId::at(0)),
            apps: Vec::new(),
            queues: Vec::new(),
            yardstick: weighing,
            thresholds: Vec::new(),
            seed: 1,
            start: None,
            end: None,
            series: Series::ByHour,
        }
    }

    #[test]
    fn sizes_share_a_course_and_latencies_do_not() {
        let course = |ptu, latency_s| Course::of(&setup(ptu, latency_s)).unwrap();
        let deep = Course::of(&setup(9, 1).with_depth(SimDuration::SECOND)).unwrap();
        assert!(course(0, 1).is_like(&course(50, 1)));
        assert!(course(0, 1).is_like(&deep));
        assert!(!course(0, 1).is_like(&course(0, 2)));
    }

    #[test]
    fn what_may_be_refused_or_wait_has_no_course() {
        let changes: [fn(&mut Setup); 4] = [
            |setup| setup.deployments[0].spillover = None,
            |setup| setup.queues = vec![QueueRules::named("batch")],
            |setup| setup.gateway = GatewayRules::pass_to(DeploymentId::at(1)),
            |setup| {
                setup.deployments[1].rules = DeploymentRules::Standard(StandardRules {
                    longest_input: Some(1000),
                    ..StandardRules::default()
                });
            },
        ];
        for (place, change) in changes.into_iter().enumerate() {
            let mut setup = setup(5, 1);
            change(&mut setup);
            assert!(Course::of(&setup).is_none(), "{place}");
        }
    }
}
