//! Laws of queues: whatever the rules, a run ends, every message is accounted for, and the same
//! requests give the same outcome.

use std::num::NonZero;

use proptest::prelude::*;
use tollbook::sim::queue::{GateRules, MinuteMetric, QueueRules, Route, Signal, WhenThrottled};
use tollbook::sim::setup::{AppPattern, AppRules, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::sim::{DeploymentId, Outcome, Simulation};
use tollbook::time::{SimDuration, SimTime};
use tollbook::units::Ptu;
use tollbook::workload::{App, AppId, Request};

use crate::sim_desk::{provisioned, request, spilling, standard};

fn seconds(most: u64) -> impl Strategy<Value = SimDuration> {
    (0..=most).prop_map(SimDuration::from_seconds)
}

fn gates() -> impl Strategy<Value = GateRules> {
    let metric = prop_oneof![Just(MinuteMetric::Level), Just(MinuteMetric::Utilization)];
    let signal = prop_oneof![
        3 => Just(Signal::Level),
        1 => (metric, seconds(90)).prop_map(|(metric, lag)| Signal::Minute { metric, lag }),
        1 => seconds(30).prop_map(|stale_after| Signal::Answer { stale_after }),
    ];
    // The standard deployment has no fill: senders who watch it wait for ever.
    (0..10_usize, 0..=1200_u32, 0..=1000_u32, signal).prop_map(|(watched, stop, part, signal)| {
        GateRules {
            watched: DeploymentId::at(usize::from(watched == 0)),
            stop,
            resume: stop * part / 1000,
            signal,
        }
    })
}

fn queues() -> impl Strategy<Value = QueueRules> {
    let throttled = prop_oneof![
        Just(WhenThrottled::Hold),
        Just(WhenThrottled::Abandon),
        Just(WhenThrottled::Reenqueue),
        Just(WhenThrottled::Spill(DeploymentId::at(1))),
    ];
    let route = prop_oneof![
        Just(Route::Gateway),
        Just(Route::Deployment(DeploymentId::at(0)))
    ];
    let worker = (0..4_u32, 0..4_u32, 1..4_u32, throttled, route);
    let times = (seconds(20), seconds(20), prop::option::of(seconds(60)));
    (worker, times, prop::option::of(gates())).prop_map(|(worker, times, gate)| {
        let (concurrency, prefetch, deliveries, when_throttled, route) = worker;
        let (lock, renewal, time_to_live) = times;
        QueueRules {
            concurrency: NonZero::new(concurrency),
            prefetch,
            lock: lock.plus(SimDuration::SECOND),
            renewal,
            max_deliveries: NonZero::new(deliveries).unwrap(),
            time_to_live,
            deadline: time_to_live,
            gate,
            when_throttled,
            route,
            ..QueueRules::named("batch")
        }
    })
}

/// A small deployment that resizes, a limited standard one, and slow answers.
fn setups() -> impl Strategy<Value = Setup> {
    let sizes = (0..3_u32, 0..3_u32, 1..30_u64, 0..40_u64);
    let quota = prop::option::of(0..4000_u64);
    (sizes, quota, any::<bool>(), queues()).prop_map(|(sizes, quota, spills, queue)| {
        let (before, after, depth, latency) = sizes;
        let mut rules = provisioned(before, 3000, depth);
        let resize = SimTime::from_micros(50_000_000);
        rules.capacity.push((resize, Ptu::new(after)));
        rules.latency.first_token = SimDuration::from_seconds(latency);
        let mut setup = spilling(rules);
        if !spills {
            setup.deployments[0].spillover = None;
        }
        setup.deployments[1] = standard(StandardRules {
            tokens_per_minute: quota,
            ..StandardRules::default()
        });
        let rules = AppRules {
            queue: Some(0),
            ..AppRules::default()
        };
        setup.apps = vec![(AppPattern("batch".to_owned()), rules)];
        setup.queues = vec![queue];
        setup
    })
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    let one = (0..100_u64, 1..2000_u32, 0..200_u32, 0..400_u32, 0..2_usize);
    prop::collection::vec(one, 1..40).prop_map(|drawn| {
        let requests = drawn
            .into_iter()
            .map(|(second, input, output, most, app)| Request {
                app: AppId::at(app),
                ..request(second * 1_000_000, input, output, Some(most))
            });
        let mut requests: Vec<_> = requests.collect();
        requests.sort_by_key(|request| request.at);
        requests
    })
}

fn play(setup: &Setup, requests: &[Request]) -> Outcome {
    let mut simulation = Simulation::new(setup);
    simulation.introduce(&App::named("interactive"));
    simulation.introduce(&App::named("batch"));
    for request in requests {
        simulation.offer(request);
    }
    simulation.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_message_ends_somewhere(setup in setups(), requests in requests()) {
        let outcome = play(&setup, &requests);
        prop_assert!(outcome.conserved(), "{:?}", outcome);
        let queue = &outcome.queues[0];
        let most = u64::from(setup.queues[0].max_deliveries.get());
        let enqueued = queue.offered.requests.get() + queue.reenqueued;
        prop_assert!(queue.deliveries <= enqueued * most);
        prop_assert_eq!(format!("{outcome:?}"), format!("{:?}", play(&setup, &requests)));
    }

    #[test]
    fn a_sender_who_sees_the_level_is_never_refused(requests in requests()) {
        // Whoever sends at most to the stop line never meets a 429 of the documented rule.
        let mut setup = spilling(provisioned(2, 3000, 20));
        setup.deployments[0].spillover = None;
        let gate = GateRules {
            watched: DeploymentId::at(0),
            stop: 1000,
            resume: 1000,
            signal: Signal::Level,
        };
        setup.queues = vec![QueueRules {
            gate: Some(gate),
            when_throttled: WhenThrottled::Abandon,
            ..QueueRules::named("batch")
        }];
        let rules = AppRules { queue: Some(0), ..AppRules::default() };
        setup.apps = vec![(AppPattern("*".to_owned()), rules)];
        let outcome = play(&setup, &requests);
        let queue = &outcome.queues[0];
        prop_assert_eq!(queue.completed, queue.offered);
        prop_assert_eq!(outcome.deployments[0].refused, 0);
    }
}
