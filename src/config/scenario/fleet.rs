//! The fleet of a scenario: deployments with the figures of the catalog.

use std::num::NonZero;

use chrono::NaiveDate;

use super::checks::deployment_fault;
use super::{FiguresUsed, LatencyOf, Scenario};
use crate::catalog::{Catalog, ProvisionedModel};
use crate::chargeback::deployments::Deployment;
use crate::chargeback::{Fault, Policy, Step};
use crate::config::deployment::SimulatedDeployment;
use crate::sim::fleet::Spillover;
use crate::sim::gateway::{DeploymentRole, GatewayRules};
use crate::sim::latency::{Latency, Measured};
use crate::sim::provisioned::{ProvisionedRules, UnstatedMaximum};
use crate::sim::queue::QueueRules;
use crate::sim::series::Series;
use crate::sim::setup::{AppPattern, AppRules, DeploymentRules, DeploymentSetup};
use crate::sim::standard::StandardRules;
use crate::sim::weighing::Weighing;
use crate::sim::{DeploymentId, Setup};
use crate::time::{SimDuration, SimTime, Timestamp};
use crate::units::{Ptu, TokenWeight};

/// Which sizes provisioned deployments may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sizes {
    /// Those that can be bought.
    #[default]
    Legal,
    /// Any, for what-ifs.
    Any,
}

/// A setup, and the figures it was made with.
#[derive(Clone, Debug)]
pub struct Built {
    /// The setup.
    pub setup: Setup,
    /// The throughput figures used.
    pub figures: Vec<FiguresUsed>,
}

/// Builds deployments one by one and collects what is wrong with them.
struct Builder<'s> {
    scenario: &'s Scenario,
    policy: &'s Policy,
    catalog: &'s Catalog,
    on: NaiveDate,
    sizes: Sizes,
    faults: Vec<Fault>,
    figures: Vec<FiguresUsed>,
    weighings: Vec<Weighing>,
}

impl Scenario {
    /// The setup of this scenario with the figures that hold `on` a day, or what is wrong.
    pub(in crate::config) fn build(
        &self,
        policy: &Policy,
        catalog: &Catalog,
        on: NaiveDate,
        sizes: Sizes,
    ) -> Result<Built, Vec<Fault>> {
        let mut builder = Builder {
            scenario: self,
            policy,
            catalog,
            on,
            sizes,
            faults: Vec::new(),
            figures: Vec::new(),
            weighings: Vec::new(),
        };
        let deployments = builder.deployments();
        if !builder.faults.is_empty() {
            return Err(builder.faults);
        }
        let gateway = self.gateway(policy).map_err(|message| {
            let path = vec![Step::Key("gateway")];
            vec![Fault::of(path, message)]
        })?;
        let queues = self.queues(&deployments)?;
        let simulation = &self.simulation;
        let setup = Setup {
            deployments,
            gateway,
            queues,
            apps: self.apps(),
            yardstick: builder.yardstick(),
            thresholds: Vec::new(),
            seed: simulation.seed,
            start: simulation.from.and_then(SimTime::from_timestamp),
            end: simulation.until.and_then(SimTime::from_timestamp),
            series: Series::default(),
        };
        Ok(Built {
            setup,
            figures: builder.figures,
        })
    }

    /// The gateway's policy for these deployments.
    fn gateway(&self, policy: &Policy) -> Result<GatewayRules, String> {
        if policy.deployments.is_empty() {
            return Err("there is no deployment to send calls to; add a [[deployment]]".to_owned());
        }
        let role = |deployment: &Deployment| DeploymentRole {
            name: deployment.name.clone(),
            offer: deployment.offer,
            kind: deployment.kind,
        };
        let roles: Vec<DeploymentRole> = policy.deployments.iter().map(role).collect();
        match self.gateway.policy().map_err(|error| error.to_string())? {
            None => Ok(GatewayRules::pass_to(DeploymentId::at(0))),
            Some(policy) => policy.resolve(&roles).map_err(|error| error.to_string()),
        }
    }

    fn queues(&self, deployments: &[DeploymentSetup]) -> Result<Vec<QueueRules>, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut queues = Vec::new();
        for (at, section) in self.queues.iter().enumerate() {
            match section.rules(deployments) {
                Ok(rules) => queues.push(rules),
                Err(error) => faults.push(Fault::of(
                    vec![Step::Key("queue"), Step::At(at)],
                    error.to_string(),
                )),
            }
        }
        if faults.is_empty() {
            return Ok(queues);
        }
        Err(faults)
    }

    fn queue_of(&self, app: &super::AppSection) -> Option<usize> {
        let name = app.queue.as_ref()?;
        self.queues.iter().position(|queue| queue.name == *name)
    }

    fn apps(&self) -> Vec<(AppPattern, AppRules)> {
        let rule = |app: &super::AppSection| {
            let rules = AppRules {
                priority: app.priority,
                business_unit: app.business_unit.clone(),
                client: app.client.map(|client| client.0),
                queue: self.queue_of(app),
            };
            (AppPattern(app.name.clone()), rules)
        };
        self.apps.iter().map(rule).collect()
    }
}

impl Builder<'_> {
    fn deployments(&mut self) -> Vec<DeploymentSetup> {
        let (policy, scenario) = (self.policy, self.scenario);
        let both = policy.deployments.iter().zip(&scenario.deployments);
        let mut built = Vec::new();
        for (at, (deployment, simulated)) in both.enumerate() {
            let rules = if deployment.is_provisioned() {
                self.provisioned(at, deployment, simulated)
            } else {
                Some(DeploymentRules::Standard(self.standard(simulated)))
            };
            let Some(rules) = rules else { continue };
            built.push(DeploymentSetup {
                name: deployment.name.clone(),
                logged_as: deployment.logged_as.clone(),
                rules,
                spillover: self.spillover(deployment, simulated),
            });
        }
        built
    }

    fn provisioned(
        &mut self,
        at: usize,
        deployment: &Deployment,
        simulated: &SimulatedDeployment,
    ) -> Option<DeploymentRules> {
        self.check_sizes(at, deployment, simulated);
        let model = match self.catalog.provisioned(&deployment.model_name(), self.on) {
            Ok(model) => model.clone(),
            Err(error) => {
                let fault = deployment_fault(at, "model", error.to_string());
                self.faults.push(fault);
                return None;
            }
        };
        let simulation = &self.scenario.simulation;
        let Some(weighing) = Weighing::of(&model, simulation.cached_minimum) else {
            let message = format!(
                "no source gives the token weights of model {:?}; add them in [[model]]",
                deployment.model
            );
            self.faults.push(deployment_fault(at, "model", message));
            return None;
        };
        self.weighings.push(weighing.clone());
        let rules = ProvisionedRules {
            weighing,
            tpm_per_ptu: model.input_tpm_per_ptu,
            capacity: capacity(deployment),
            admission: simulation.admission,
            depth: simulated.depth.unwrap_or_else(|| simulation.depth()),
            edge: simulation.edge,
            unstated: self.unstated(),
            longest_input: simulated.longest_input,
            latency: self.latency(simulated),
        };
        self.note_figures(deployment, model);
        Some(DeploymentRules::Provisioned(Box::new(rules)))
    }

    fn note_figures(&mut self, deployment: &Deployment, model: ProvisionedModel) {
        self.figures.push(FiguresUsed {
            deployment: deployment.name.clone(),
            model,
            on: self.on,
        });
    }

    fn standard(&self, simulated: &SimulatedDeployment) -> StandardRules {
        StandardRules {
            tokens_per_minute: simulated.tpm,
            requests_per_minute: simulated.rpm,
            concurrency: simulated.concurrency.map(NonZero::get),
            slice: simulated.rpm_slice.unwrap_or(SimDuration::SECOND),
            unstated: self.unstated(),
            longest_input: simulated.longest_input,
            latency: self.latency(simulated),
        }
    }

    fn unstated(&self) -> UnstatedMaximum {
        let stated = self.scenario.simulation.default_max_tokens;
        stated.map_or(UnstatedMaximum::AsAnswered, UnstatedMaximum::Tokens)
    }

    fn latency(&self, simulated: &SimulatedDeployment) -> Latency {
        Latency {
            first_token: simulated.ttft.unwrap_or_default(),
            tokens_per_second: simulated.output_tokens_per_s.unwrap_or(0),
            measured: match self.scenario.simulation.latency {
                LatencyOf::Traffic => Measured::Used,
                LatencyOf::Deployment => Measured::Ignored,
            },
        }
    }

    /// Where a deployment spills over to: as it says, else to the one that says it takes its
    /// spillover.
    fn spillover(
        &self,
        deployment: &Deployment,
        simulated: &SimulatedDeployment,
    ) -> Option<Spillover> {
        let deployments = &self.policy.deployments;
        let named = |name: &String| deployments.iter().position(|other| other.name == *name);
        let takes = |other: &Deployment| other.spillover_from.as_ref() == Some(&deployment.name);
        let to = match &simulated.spillover_to {
            Some(name) => named(name),
            None => deployments.iter().position(takes),
        };
        Some(Spillover {
            to: DeploymentId::at(to?),
            delay: self
                .scenario
                .simulation
                .spillover_delay_ms
                .unwrap_or_default(),
        })
    }

    fn check_sizes(&mut self, at: usize, deployment: &Deployment, simulated: &SimulatedDeployment) {
        let name = deployment.model_name();
        let Some(sizes) = self.catalog.sizes(&name, deployment.kind, self.on) else {
            return;
        };
        let key = if simulated.ptu.is_some() {
            "ptu"
        } else {
            "capacity"
        };
        for step in &deployment.capacity {
            if self.sizes == Sizes::Any || step.ptu.is_zero() || sizes.allow(step.ptu) {
                continue;
            }
            let nearest = sizes.nearest(step.ptu);
            let legal: Vec<String> = [nearest.below, nearest.above]
                .into_iter()
                .flatten()
                .map(|size| size.to_string())
                .collect();
            let steps = sizes
                .increment()
                .map_or_else(String::new, |step| format!(" and then every {step} PTU"));
            let message = format!(
                "{} PTU is no size of a {} deployment of {name}: sizes start at {} PTU{steps}; the \
                 nearest is {}\nhint: --allow-illegal-size simulates it all the same",
                step.ptu,
                deployment.kind,
                sizes.minimum(),
                legal.join(" or "),
            );
            self.faults.push(deployment_fault(at, key, message));
        }
    }

    /// The weights of the first provisioned deployment, else one for every token.
    fn yardstick(&self) -> Weighing {
        let one = TokenWeight::from_thousandths(1_000);
        let even = crate::catalog::CapacityWeights {
            input: one,
            cached_input: one,
            cache_write: one,
            output: one,
        };
        let first = self.weighings.first().cloned();
        first.unwrap_or_else(|| Weighing::by(even, 0))
    }
}

fn capacity(deployment: &Deployment) -> Vec<(SimTime, Ptu)> {
    let since = |from: Timestamp| SimTime::from_timestamp(from).unwrap_or_default();
    let steps = deployment.capacity.iter();
    steps.map(|step| (since(step.from), step.ptu)).collect()
}
