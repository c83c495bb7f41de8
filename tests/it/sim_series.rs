//! Series by the hour: the run is the same, and its hours are its minutes added up.

use std::collections::BTreeMap;

use tollbook::sim::outcome::{MinuteOutcome, MinuteTally};
use tollbook::sim::provisioned::{Minute, ProvisionedRules};
use tollbook::sim::queue::{GateRules, MinuteMetric, QueueRules, Signal};
use tollbook::sim::series::Series;
use tollbook::sim::setup::Setup;
use tollbook::sim::{DeploymentId, Outcome, Simulation};
use tollbook::time::{SimDuration, SimTime};
use tollbook::units::Ptu;
use tollbook::workload::{App, Request};

use crate::gateway_desk::{Park, park};
use crate::sim_desk::{hundred_a_second, prompt, spilling};
use crate::sim_queue::{alone, message};

const SECOND: u64 = 1_000_000;
const MINUTE: u64 = 60 * SECOND;
/// 17 minutes past an hour of this century.
const START: u64 = (28_000_000 - 28_000_000 % 60 + 17) * MINUTE;

/// A call every 5 s for three and a half hours, with half an hour's pause and a bulge after it;
/// messages come with the bulge, one a second.
fn traffic(messages: u64) -> Vec<Request> {
    let calls = (0..12_600)
        .step_by(5)
        .filter(|second| !(5000..6800).contains(second))
        .map(|second| {
            let input = if (6800..8000).contains(&second) {
                900
            } else {
                300 + u32::try_from(second % 70).unwrap()
            };
            prompt(START + second * SECOND, input)
        });
    let messages = (0..messages).map(|second| message(START + (6800 + second) * SECOND, 70));
    let mut requests: Vec<Request> = calls.chain(messages).collect();
    requests.sort_by_key(|request| request.at);
    requests
}

/// 100 weighted tokens a second, twice as many from minute 80 and none at all from minute 150.
fn resized() -> ProvisionedRules {
    let from = |minute: u64| SimTime::from_micros(START + minute * MINUTE);
    ProvisionedRules {
        capacity: vec![
            (SimTime::default(), Ptu::new(2)),
            (from(80), Ptu::new(4)),
            (from(150), Ptu::new(0)),
        ],
        ..hundred_a_second()
    }
}

fn played(setup: &Setup, series: Series, requests: &[Request]) -> Outcome {
    let mut simulation = Simulation::new(&Setup {
        series,
        ..setup.clone()
    });
    simulation.introduce(&App::named("interactive"));
    simulation.introduce(&App::named("batch"));
    for request in requests {
        simulation.offer(request);
    }
    simulation.finish()
}

fn hour(minute: u64) -> u64 {
    minute / 60 * 60
}

fn add(sum: &mut MinuteTally, more: MinuteTally) {
    sum.requests += more.requests;
    sum.weighted += more.weighted;
}

/// The fleet's minutes, added up by hour; the backlog of an hour's last minute is its own.
fn fleet_hours(minutes: &[MinuteOutcome]) -> Vec<MinuteOutcome> {
    let mut hours: BTreeMap<u64, MinuteOutcome> = BTreeMap::new();
    for minute in minutes {
        let sum = hours.entry(hour(minute.minute)).or_default();
        sum.minute = hour(minute.minute);
        sum.served
            .resize(minute.served.len(), MinuteTally::default());
        add(&mut sum.offered, minute.offered);
        add(&mut sum.spilled, minute.spilled);
        add(&mut sum.lost, minute.lost);
        for (sum, served) in sum.served.iter_mut().zip(&minute.served) {
            add(sum, *served);
        }
        sum.backlog = minute.backlog;
    }
    hours.into_values().collect()
}

/// A deployment's minutes, added up by hour; an hour ends at the level of its last minute.
fn deployment_hours(minutes: &[Minute]) -> Vec<Minute> {
    let mut hours: BTreeMap<u64, Minute> = BTreeMap::new();
    for minute in minutes {
        let sum = hours.entry(hour(minute.minute)).or_default();
        *sum = Minute {
            minute: hour(minute.minute),
            drained: sum.drained.plus(minute.drained),
            capacity: sum.capacity.plus(minute.capacity),
            end_level: minute.end_level,
            refused: sum.refused + minute.refused,
        };
    }
    hours.into_values().collect()
}

/// Everything but the series.
fn rest(mut outcome: Outcome) -> String {
    outcome.minutes.clear();
    for deployment in &mut outcome.deployments {
        deployment.minutes.clear();
    }
    format!("{outcome:#?}")
}

fn check(setup: &Setup, requests: &[Request]) -> Outcome {
    let minutes = played(setup, Series::ByMinute, requests);
    let hours = played(setup, Series::ByHour, requests);
    assert_eq!(hours.minutes, fleet_hours(&minutes.minutes));
    assert!(minutes.minutes.len() > 150 && (3..10).contains(&hours.minutes.len()));
    for (minutes, hours) in minutes.deployments.iter().zip(&hours.deployments) {
        assert_eq!(hours.minutes, deployment_hours(&minutes.minutes));
        assert_eq!(hours.drained(), minutes.drained());
        assert_eq!(hours.capacity(), minutes.capacity());
    }
    assert_eq!(rest(hours), rest(minutes.clone()));
    minutes
}

#[test]
fn resizes_change_nothing() {
    let outcome = check(&spilling(resized()), &traffic(0));
    assert!(outcome.spilled().requests.get() > 100);
}

#[test]
fn a_queue_behind_a_gate_changes_nothing() {
    for lag in [0, 60, 61, 90, 4000] {
        let metric = MinuteMetric::Utilization;
        let lag = SimDuration::from_seconds(lag);
        let gate = GateRules {
            watched: DeploymentId::at(0),
            stop: 600,
            resume: 500,
            signal: Signal::Minute { metric, lag },
        };
        let queue = QueueRules {
            gate: Some(gate),
            ..QueueRules::named("batch")
        };
        let outcome = check(&alone(hundred_a_second(), queue), &traffic(900));
        let backlog = outcome.minutes.iter().filter(|minute| minute.backlog > 0);
        assert!(backlog.count() > 10, "{lag:?}");
    }
}

#[test]
fn a_gateway_that_watches_the_last_minute_changes_nothing() {
    for lag in [0, 10, 119, 700] {
        let park: Park = park();
        let rules = park
            .rules(&format!(
                "[[pool]]
                [[pool.member]]
                deployment = \"ptu\"
                priority = 1
                only.utilization = {{ stop_percent = 70, reading = \"last-minute\", lag_s = {lag} }}
                [[pool.member]]
                deployment = \"payg\"
                priority = 2"
            ))
            .unwrap();
        let outcome = check(&park.setup(rules), &traffic(0));
        assert!(outcome.spilled().requests.get() > 50, "{lag}");
    }
}
