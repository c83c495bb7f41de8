//! What simulation tests share: deployments as the reference cases describe them, and requests.

use std::num::NonZero;

use tollbook::catalog::CapacityWeights;
use tollbook::sim::gateway::GatewayRules;
use tollbook::sim::latency::Latency;
use tollbook::sim::provisioned::{Admission, Edge, ProvisionedRules, UnstatedMaximum};
use tollbook::sim::series::Series;
use tollbook::sim::setup::{DeploymentRules, DeploymentSetup, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::sim::weighing::Weighing;
use tollbook::sim::{DeploymentId, Outcome, Simulation, fleet::Spillover};
use tollbook::time::{SimDuration, SimTime};
use tollbook::units::{Ptu, TokenWeight, TokensPerMinute};
use tollbook::workload::{App, AppId, Request, RequestTokens};

/// Cached tokens count from here on.
pub(crate) const CACHED_MINIMUM: u32 = 1024;

/// Weights of input, cached input and output as decimals; cache writes weigh like input.
pub(crate) fn weights(input: &str, cached: &str, output: &str) -> CapacityWeights {
    let weight = |text: &str| text.parse::<TokenWeight>().unwrap();
    CapacityWeights {
        input: weight(input),
        cached_input: weight(cached),
        cache_write: weight(input),
        output: weight(output),
    }
}

/// The weighing of most cases: input 1, cached 0, output as given.
pub(crate) fn weighing(output: &str) -> Weighing {
    Weighing::by(weights("1", "0", output), CACHED_MINIMUM)
}

/// `ptu` of a model with `tpm` a PTU, with a bucket of `depth` seconds.
pub(crate) fn provisioned(ptu: u32, tpm: u64, depth: u64) -> ProvisionedRules {
    ProvisionedRules {
        weighing: weighing("4"),
        tpm_per_ptu: TokensPerMinute::new(tpm),
        capacity: vec![(SimTime::default(), Ptu::new(ptu))],
        admission: Admission::Doc,
        depth: SimDuration::from_seconds(depth),
        edge: Edge::Admit,
        unstated: UnstatedMaximum::AsAnswered,
        longest_input: None,
        latency: Latency::default(),
    }
}

/// 100 weighted tokens a second, 60 s deep: what the cases start from.
pub(crate) fn hundred_a_second() -> ProvisionedRules {
    provisioned(2, 3000, 60)
}

/// A provisioned deployment that spills to an unlimited standard one.
pub(crate) fn spilling(rules: ProvisionedRules) -> Setup {
    let yardstick = rules.weighing.clone();
    Setup {
        deployments: vec![
            DeploymentSetup {
                name: "ptu".to_owned(),
                logged_as: Vec::new(),
                rules: DeploymentRules::Provisioned(Box::new(rules)),
                spillover: Some(Spillover {
                    to: DeploymentId::at(1),
                    delay: SimDuration::ZERO,
                }),
            },
            standard(StandardRules::default()),
        ],
        gateway: GatewayRules::pass_to(DeploymentId::at(0)),
        apps: Vec::new(),
        queues: Vec::new(),
        yardstick,
        thresholds: Vec::new(),
        seed: 1,
        start: None,
        end: None,
        series: Series::default(),
    }
}

/// A standard deployment.
pub(crate) fn standard(rules: StandardRules) -> DeploymentSetup {
    DeploymentSetup {
        name: "payg".to_owned(),
        logged_as: Vec::new(),
        rules: DeploymentRules::Standard(rules),
        spillover: None,
    }
}

/// A request of `input` tokens without an answer.
pub(crate) fn prompt(micros: u64, input: u32) -> Request {
    request(micros, input, 0, None)
}

/// A request of input and output tokens, and perhaps a stated maximum.
pub(crate) fn request(micros: u64, input: u32, output: u32, max_tokens: Option<u32>) -> Request {
    Request {
        at: SimTime::from_micros(micros),
        app: AppId::at(0),
        tokens: RequestTokens {
            input,
            output,
            ..RequestTokens::default()
        },
        max_tokens: max_tokens.and_then(NonZero::new),
        latency: None,
        priority: None,
    }
}

/// Plays requests of one app.
pub(crate) fn play<'r>(setup: &Setup, requests: impl IntoIterator<Item = &'r Request>) -> Outcome {
    let mut simulation = Simulation::new(setup);
    simulation.introduce(&App::named("app"));
    for request in requests {
        simulation.offer(request);
    }
    simulation.finish()
}
