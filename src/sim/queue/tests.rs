//! Tests of queue sections and of when senders look.

use std::num::NonZero;

use super::*;
use crate::catalog::CapacityWeights;
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Completion;
use crate::sim::gateway::GatewayRules;
use crate::sim::latency::Latency;
use crate::sim::provisioned::{Admission, Edge, ProvisionedRules, UnstatedMaximum};
use crate::sim::series::Series;
use crate::sim::setup::{DeploymentRules, DeploymentSetup, Setup};
use crate::sim::standard::StandardRules;
use crate::sim::weighing::Weighing;
use crate::time::SimDuration;
use crate::units::{Ptu, TokenWeight, TokensPerMinute};
use crate::workload::{AppId, Request, RequestTokens};

/// One provisioned deployment, `ptu`, of 100 tokens a second and 60 s, and one standard, `payg`.
fn setup() -> Setup {
    let one = TokenWeight::from_thousandths(1000);
    let weights = CapacityWeights {
        input: one,
        cached_input: one,
        cache_write: one,
        output: one,
    };
    let weighing = Weighing::by(weights, 0);
    let provisioned = ProvisionedRules {
        weighing: weighing.clone(),
        tpm_per_ptu: TokensPerMinute::new(3000),
        capacity: vec![(SimTime::default(), Ptu::new(2))],
        admission: Admission::Doc,
        depth: SimDuration::MINUTE,
        edge: Edge::Admit,
        unstated: UnstatedMaximum::AsAnswered,
        longest_input: None,
        latency: Latency::default(),
    };
    let deployment = |name: &str, rules| DeploymentSetup {
        name: name.to_owned(),
        logged_as: Vec::new(),
        rules,
        spillover: None,
    };
    Setup {
        deployments: vec![
            deployment("ptu", DeploymentRules::Provisioned(Box::new(provisioned))),
            deployment("payg", DeploymentRules::Standard(StandardRules::default())),
        ],
        gateway: GatewayRules::pass_to(DeploymentId::at(0)),
        apps: Vec::new(),
        queues: Vec::new(),
        yardstick: weighing,
        thresholds: Vec::new(),
        seed: 1,
        start: None,
        end: None,
        series: Series::default(),
    }
}

fn read(section: &str) -> Result<QueueRules, String> {
    let section: QueueSection = toml::from_str(section).map_err(|error| error.to_string())?;
    let rules = section.rules(&setup().deployments);
    rules.map_err(|error| error.to_string())
}

#[test]
fn a_section_with_a_name_only_is_a_service_bus_queue() {
    assert_eq!(read("name = 'batch'"), Ok(QueueRules::named("batch")));
}

#[test]
fn a_section_says_everything() {
    let rules = read(
        "name = 'batch'
        deployment = 'ptu'
        max_concurrent_calls = 8
        prefetch_count = 4
        lock_duration_s = 300
        max_auto_lock_renewal_s = 0
        max_delivery_count = 3
        time_to_live_s = 3600
        deadline_s = 1800
        on_throttle = 'spill'
        spill_to = 'payg'
        gate = { watch = 'ptu', stop_above_per_mille = 800, resume_at_per_mille = 500, \
                 signal = 'minute-utilization', lag_s = 120 }",
    );
    let seconds = SimDuration::from_seconds;
    let expected = QueueRules {
        name: "batch".to_owned(),
        concurrency: NonZero::new(8),
        prefetch: 4,
        lock: seconds(300),
        renewal: SimDuration::ZERO,
        max_deliveries: NonZero::new(3).unwrap(),
        time_to_live: Some(seconds(3600)),
        deadline: Some(seconds(1800)),
        gate: Some(GateRules {
            watched: DeploymentId::at(0),
            stop: 800,
            resume: 500,
            signal: Signal::Minute {
                metric: MinuteMetric::Utilization,
                lag: seconds(120),
            },
        }),
        when_throttled: WhenThrottled::Spill(DeploymentId::at(1)),
        route: Route::Deployment(DeploymentId::at(0)),
    };
    assert_eq!(rules, Ok(expected));
}

#[test]
fn sections_that_make_no_queue_are_refused() {
    for (lines, message) in [
        (
            "deployment = 'ptu1'",
            "queue \"batch\": `deployment` is \"ptu1\"; expected the name of a deployment; \
             did you mean ptu?",
        ),
        (
            "on_throttle = 'spill'",
            "queue \"batch\": `spill_to` is not given; expected the name of a deployment, as \
             `on_throttle` is \"spill\"",
        ),
        (
            "spill_to = 'payg'",
            "queue \"batch\": `spill_to` is \"payg\"; expected nothing, as `on_throttle` is not \
             \"spill\"",
        ),
        (
            "lock_duration_s = 301",
            "queue \"batch\": `lock_duration_s` is 301; expected at most 300, which is the \
             longest lock of Service Bus",
        ),
        (
            "gate = { watch = 'payg', stop_above_per_mille = 800 }",
            "queue \"batch\": `gate.watch` is \"payg\", which is not provisioned; expected a \
             provisioned deployment: others have no fill",
        ),
        (
            "gate = { watch = 'ptu', stop_above_per_mille = 800, resume_at_per_mille = 900 }",
            "queue \"batch\": `gate.resume_at_per_mille` is 900; expected at most \
             `gate.stop_above_per_mille`, which is 800",
        ),
        (
            "gate = { watch = 'ptu', stop_above_per_mille = 800, lag_s = 9 }",
            "queue \"batch\": `gate.lag_s` is 9; expected nothing, as `gate.signal` is no metric \
             of a minute",
        ),
        (
            "gate = { watch = 'ptu', stop_above_per_mille = 800, signal = 'answer-header' }",
            "queue \"batch\": `gate.stale_after_s` is not given; expected seconds, as \
             `gate.signal` is \"answer-header\"",
        ),
    ] {
        let found = read(&format!("name = 'batch'\n{lines}"));
        assert_eq!(found, Err(message.to_owned()), "{lines}");
    }
    for lines in [
        "max_delivery_count = 0",
        "lock_s = 60",
        "on_throttle = 'drop'",
    ] {
        assert!(
            read(&format!("name = 'batch'\n{lines}")).is_err(),
            "{lines}"
        );
    }
}

fn call(input: u32) -> Call {
    let request = Request {
        at: SimTime::default(),
        app: AppId::default(),
        tokens: RequestTokens {
            input,
            ..RequestTokens::default()
        },
        max_tokens: None,
        latency: None,
        priority: None,
    };
    Call::new(request, u64::from(input) * 1000, Origin::Client)
}

#[test]
fn a_stopped_sender_looks_once_and_earlier_after_a_refund() {
    let mut fleet = setup().fleet(SimTime::default());
    let ptu = DeploymentId::at(0);
    fleet.attempt(SimTime::default(), ptu, &mut call(6000));
    let rules = QueueRules {
        gate: Some(GateRules {
            watched: ptu,
            stop: 800,
            resume: 800,
            signal: Signal::Level,
        }),
        ..QueueRules::named("batch")
    };
    let mut queue = Queue::new(0, rules);
    let at = |seconds| SimTime::default().after(SimDuration::from_seconds(seconds));
    queue.enqueue(at(0), &call(1));
    assert_eq!(queue.agenda().collect::<Vec<_>>(), [(at(0), Task::Look)]);
    queue.enqueue(at(0), &call(1));
    assert_eq!(queue.agenda().count(), 0, "one look is enough");
    queue.begin(at(0), Task::Look);
    assert!(queue.take(at(0), &mut fleet).is_none());
    // (6,000 − 4,800) / 100.
    assert_eq!(queue.agenda().collect::<Vec<_>>(), [(at(12), Task::Look)]);
    fleet.complete(at(2), ptu, Completion::Correct(-500_000));
    queue.level_fell(at(2), ptu, &mut fleet);
    assert_eq!(queue.agenda().collect::<Vec<_>>(), [(at(7), Task::Look)]);
    assert!(!queue.is_outdated(at(7), Task::Look));
    queue.begin(at(7), Task::Look);
    assert!(queue.take(at(7), &mut fleet).is_some());
    assert!(queue.is_outdated(at(12), Task::Look));
}
