//! Runs side by side find what each of them finds alone, to the last figure.

use std::num::NonZero;

use proptest::prelude::*;
use tollbook::sim::fleet::Spillover;
use tollbook::sim::latency::Latency;
use tollbook::sim::provisioned::{Admission, Edge, ProvisionedRules, UnstatedMaximum};
use tollbook::sim::series::Series;
use tollbook::sim::setup::{DeploymentRules, DeploymentSetup, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::sim::{DeploymentId, Outcome, runs};
use tollbook::time::{SimDuration, SimTime};
use tollbook::units::{Ptu, Tokens};
use tollbook::workload::{App, AppId, Apps, Request, Traffic, TrafficError};

use crate::sim_desk::{provisioned, request, spilling, standard};

/// A minute before midnight of a day of this century [µs].
const START: u64 = 19_000 * 86_400_000_000 - 60_000_000;
/// Apps that ask for nothing, and for each deployment by its name.
const ASKED: [&str; 4] = ["", "ptu", "PAYG", "other"];

/// Requests from a list, whose apps are those of [`ASKED`].
struct Listed<'r>(std::slice::Iter<'r, Request>);

impl Traffic for Listed<'_> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let mut request = *self.0.next()?;
        request.app = apps.id(app(request.app.place()));
        Some(Ok(request))
    }
}

fn app(place: usize) -> App {
    App {
        deployment: ASKED[place].to_owned(),
        ..App::named("app")
    }
}

fn one_request() -> impl Strategy<Value = Request> {
    let tokens = (1..6000u32, 0..800u32);
    let at = (0..400_000_000u64).prop_map(|at| START + at / 1_000_000 * 1_000_000);
    let most = prop::option::of(1..2000u32);
    let latency = prop::option::of(0..40_000_000u64);
    (at, tokens, most, latency, 0..ASKED.len()).prop_map(
        |(at, (input, output), most, latency, app)| Request {
            app: AppId::at(app),
            latency: latency.map(SimDuration::from_micros),
            ..request(at, input, output, most)
        },
    )
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    prop::collection::vec(one_request(), 0..250).prop_map(|mut requests| {
        requests.sort_by_key(|request| request.at);
        requests
    })
}

/// What sizes may differ in.
fn one_size() -> impl Strategy<Value = ProvisionedRules> {
    let admission = prop_oneof![Just(Admission::Doc), Just(Admission::Fit)];
    let edge = prop_oneof![Just(Edge::Admit), Just(Edge::Refuse)];
    let resized = prop::option::of((0..300_000_000u64, 0..6u32));
    (0..6u32, 1..90u64, admission, edge, resized).prop_map(
        |(ptu, depth, admission, edge, resized)| {
            let mut rules = provisioned(ptu, 3000, depth);
            (rules.admission, rules.edge) = (admission, edge);
            let resize = |(at, ptu)| (SimTime::from_micros(START + at), Ptu::new(ptu));
            rules.capacity.extend(resized.map(resize));
            rules
        },
    )
}

/// What they share, here or there.
fn course() -> impl Strategy<Value = Setup> {
    let unstated = prop_oneof![
        Just(UnstatedMaximum::AsAnswered),
        (0..900u32).prop_map(UnstatedMaximum::Tokens)
    ];
    let latency = |first, tokens_per_second| Latency {
        first_token: SimDuration::from_millis(first),
        tokens_per_second,
        ..Latency::default()
    };
    let latency = (0..9000u64, 0..60u32).prop_map(move |(first, speed)| latency(first, speed));
    (unstated, latency.clone(), latency, 0..900u64).prop_map(|(unstated, own, other, delay)| {
        let mut rules = provisioned(1, 3000, 60);
        (rules.unstated, rules.latency) = (unstated, own);
        let mut setup = spilling(rules);
        setup.deployments[0].spillover = Some(Spillover {
            to: DeploymentId::at(1),
            delay: SimDuration::from_millis(delay),
        });
        let third = DeploymentSetup {
            name: "other".to_owned(),
            ..standard(StandardRules::default())
        };
        setup.deployments[1] = standard(StandardRules {
            latency: other,
            ..StandardRules::default()
        });
        setup.deployments.push(third);
        setup.thresholds = vec![Tokens::new(1000), Tokens::new(4000)];
        setup
    })
}

/// A size on a course: a change of what may differ, and of how it is recorded.
fn sized(course: &Setup, size: &ProvisionedRules, place: usize) -> Setup {
    let mut setup = course.clone();
    if let DeploymentRules::Provisioned(rules) = &mut setup.deployments[0].rules {
        rules.capacity.clone_from(&size.capacity);
        (rules.depth, rules.admission, rules.edge) = (size.depth, size.admission, size.edge);
    }
    let at = |micros| Some(SimTime::from_micros(micros));
    match place % 3 {
        0 => setup.series = Series::ByHour,
        1 => setup.start = at(START - 100_000_000),
        _ => setup.end = at(START + 300_000_000),
    }
    setup
}

fn played(setups: &[Setup], requests: &[Request], threads: usize) -> Vec<Outcome> {
    let mut traffic = Listed(requests.iter());
    let threads = NonZero::new(threads).unwrap();
    runs::play(&mut traffic, setups, threads, &mut |_| ()).unwrap()
}

/// One setup is played by a `Simulation`, several that are alike side by side.
fn check(setups: &[Setup], requests: &[Request]) -> Result<Vec<Outcome>, TestCaseError> {
    let alone: Vec<String> = setups
        .iter()
        .flat_map(|setup| played(std::slice::from_ref(setup), requests, 1))
        .map(|outcome| format!("{outcome:#?}"))
        .collect();
    for threads in [1, 2] {
        let together = played(setups, requests, threads);
        for (place, (one, other)) in alone.iter().zip(&together).enumerate() {
            prop_assert_eq!(one, &format!("{other:#?}"), "{}", place);
        }
    }
    Ok(played(setups, requests, 1))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn sizes_find_together_what_each_finds_alone(
        requests in requests(),
        course in course(),
        sizes in prop::collection::vec(one_size(), 2..6),
    ) {
        let sizes = sizes.iter().enumerate();
        let mut setups: Vec<Setup> = sizes
            .map(|(place, size)| sized(&course, size, place))
            .collect();
        // Its overflow is limited, so it cannot be played beside the others.
        let mut limited = setups[0].clone();
        limited.deployments[1] = standard(StandardRules {
            requests_per_minute: Some(30),
            ..StandardRules::default()
        });
        setups.insert(1, limited);
        check(&setups, &requests)?;
    }
}

#[test]
fn more_sizes_than_lanes_are_played_all_the_same() {
    let requests: Vec<Request> = (0..2000_u64)
        .map(|second| request(START + second * 1_000_000, 900, 90, Some(400)))
        .collect();
    let setups: Vec<Setup> = (0..70)
        .map(|ptu| spilling(provisioned(ptu, 3000, 10)))
        .collect();
    let outcomes = check(&setups, &requests).unwrap();
    let spilled: Vec<u64> = outcomes
        .iter()
        .map(|outcome| outcome.spilled().requests.get())
        .collect();
    assert_eq!((spilled[0], spilled[69]), (2000, 0));
    assert!(spilled.is_sorted_by(|more, fewer| more >= fewer));
}
