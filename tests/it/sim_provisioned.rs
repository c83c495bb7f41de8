//! The reference cases of one provisioned deployment, with figures that can be checked by hand.
//! Their numbers (T1, T3, …) are those of docs/MODEL.md.

use tollbook::sim::Simulation;
use tollbook::sim::level::Level;
use tollbook::sim::provisioned::{Admission, Admitted, Edge, Provisioned, ProvisionedRules};
use tollbook::sim::setup::DeploymentRules;
use tollbook::sim::standard::{Denied, Standard, StandardRules};
use tollbook::sim::weighing::Weighing;
use tollbook::time::{SimDuration, SimTime};
use tollbook::units::WeightedTokens;
use tollbook::workload::{App, RequestTokens};

use crate::sim_desk::{
    CACHED_MINIMUM, hundred_a_second, play, prompt, provisioned, request, spilling, weighing,
    weights,
};

fn seconds(text: &str) -> SimTime {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let micros = format!("{whole}{part:0<6}");
    SimTime::from_micros(micros.parse().unwrap())
}

/// Plays a table of `at | event` lines, where an event is a request or a completion, and compares
/// `level before | level after | answer` of each.
fn check(rules: ProvisionedRules, table: &str) {
    let mut deployment = Provisioned::new(rules, SimTime::default());
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [at, event, before, after, answer] = cells[..] else {
            panic!("five cells: {line}")
        };
        let now = seconds(at);
        deployment.advance(now);
        assert_eq!(tokens(deployment.level()), before, "before: {line}");
        let found = match event {
            "end" => {
                deployment.correct(now, -2_400_000);
                "-".to_owned()
            }
            _ => answer_of(deployment.offer(now, &request(now.micros(), 2000, 200, Some(1000)))),
        };
        assert_eq!(found, answer, "answer: {line}");
        assert_eq!(tokens(deployment.level()), after, "after: {line}");
    }
}

/// A level as tokens with the decimals it has.
fn tokens(level: Level) -> String {
    let thousandths = level.weighted().get();
    assert_eq!(
        Level::of(WeightedTokens::new(thousandths)),
        level,
        "whole thousandths"
    );
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn answer_of(answer: Admitted) -> String {
    match answer {
        Admitted::Yes { .. } => "200".to_owned(),
        Admitted::Full(Some(wait)) => format!("429 {} ms", wait.millis_up()),
        Admitted::Full(None) => "429".to_owned(),
        Admitted::TooLong => "400".to_owned(),
    }
}

#[test]
fn t1_an_estimate_is_reserved_and_refunded() {
    let rules = ProvisionedRules {
        weighing: weighing("3"),
        ..hundred_a_second()
    };
    let table = "
        0     | R1  | 0      | 5000   | 200
        0     | R2  | 5000   | 10000  | 200
        0     | R3  | 10000  | 10000  | 429 40000 ms
        9.999 | R4  | 9000.1 | 9000.1 | 429 30001 ms
        10    | end | 9000   | 6600   | -
        10    | end | 6600   | 4200   | -
        10    | R5  | 4200   | 9200   | 200
        14    | R6  | 8800   | 8800   | 429 28000 ms
        16    | R7  | 8600   | 8600   | 429 26000 ms";
    check(rules.clone(), table);
    let fit = ProvisionedRules {
        admission: Admission::Fit,
        ..rules
    };
    let table = "
        0     | R1  | 0      | 5000   | 200
        0     | R2  | 5000   | 5000   | 429 40000 ms";
    check(fit, table);
}

#[test]
fn t1_played_as_events_gives_the_same_answers() {
    let mut rules = hundred_a_second();
    rules.weighing = weighing("3");
    rules.latency.first_token = SimDuration::from_seconds(10);
    let at = [0, 0, 0, 9_999_000, 10_000_000, 14_000_000, 16_000_000];
    let requests = at.map(|micros| request(micros, 2000, 200, Some(1000)));
    let outcome = play(&spilling(rules), &requests);
    assert_eq!(outcome.deployments[0].attempts, 7);
    assert_eq!(outcome.deployments[0].refused, 4);
    assert_eq!(outcome.spilled().requests.get(), 4);
}

#[test]
fn t2_few_cached_tokens_weigh_like_any_other() {
    let weigh = |cached_input| {
        let tokens = RequestTokens {
            input: 3000,
            cached_input,
            ..RequestTokens::default()
        };
        weighing("4").weigh(&tokens, 0)
    };
    assert_eq!(weigh(1023), 3_000_000);
    assert_eq!(weigh(1024), 1_976_000);
}

/// One call of `cost` at each whole second of an hour: refused ones by number, from 1.
fn refused_in_an_hour(rules: ProvisionedRules, cost: u32) -> (Vec<u64>, u64) {
    let mut deployment = Provisioned::new(rules, SimTime::default());
    let mut admitted = 0;
    let mut refused = Vec::new();
    for second in 0..3600 {
        let now = SimTime::from_micros(second * 1_000_000);
        match deployment.offer(now, &prompt(now.micros(), cost)) {
            Admitted::Yes { .. } => admitted += 1,
            _ => refused.push(second),
        }
    }
    (refused, admitted)
}

#[test]
fn t3_a_constant_rate_is_cut_to_what_drains() {
    assert_eq!(refused_in_an_hour(hundred_a_second(), 80), (vec![], 3600));
    let (refused, admitted) = refused_in_an_hour(hundred_a_second(), 150);
    assert_eq!((admitted, refused.len()), (2440, 1160));
    assert_eq!(refused[..3], [121, 124, 127], "R A A R A A");
    let fit = ProvisionedRules {
        admission: Admission::Fit,
        ..hundred_a_second()
    };
    let (refused, admitted) = refused_in_an_hour(fit, 150);
    assert_eq!((admitted, refused[0]), (2439, 118));
}

#[test]
fn t3_the_first_refusal_promises_half_a_second() {
    let mut deployment = Provisioned::new(hundred_a_second(), SimTime::default());
    for second in 0..=120 {
        let now = SimTime::from_micros(second * 1_000_000);
        let answer = deployment.offer(now, &prompt(now.micros(), 150));
        assert!(matches!(answer, Admitted::Yes { .. }), "{second}");
    }
    let now = SimTime::from_micros(121_000_000);
    let answer = deployment.offer(now, &prompt(now.micros(), 150));
    assert_eq!(answer_of(answer), "429 500 ms");
}

#[test]
fn at_exactly_full_the_edge_decides() {
    let full = |edge| {
        let rules = ProvisionedRules {
            edge,
            ..hundred_a_second()
        };
        let mut deployment = Provisioned::new(rules, SimTime::default());
        deployment.offer(SimTime::default(), &prompt(0, 6000));
        deployment.offer(SimTime::default(), &prompt(0, 1))
    };
    assert_eq!(full(Edge::Admit), Admitted::Yes { correction: 0 });
    assert_eq!(
        full(Edge::Refuse),
        Admitted::Full(Some(SimDuration::from_micros(1)))
    );
}

#[test]
fn t18_a_standard_quota_counts_clock_minutes_and_refunds_nothing() {
    let mut deployment = Standard::new(StandardRules {
        tokens_per_minute: Some(1000),
        ..StandardRules::default()
    });
    for (second, tokens, wait) in [
        (0, 600, None),
        (10, 600, Some(50)),
        (59, 400, None),
        (61, 600, None),
    ] {
        let now = SimTime::from_micros(second * 1_000_000);
        let answer = deployment.offer(now, &prompt(now.micros(), tokens));
        let expected = wait.map_or(Ok(()), |wait| {
            Err(Denied::Throttled(SimDuration::from_seconds(wait)))
        });
        assert_eq!(answer, expected, "{second}");
    }
}

#[test]
fn requests_are_counted_in_slices() {
    for (slice, most) in [(1, 10), (10, 100)] {
        let mut deployment = Standard::new(StandardRules {
            requests_per_minute: Some(600),
            slice: SimDuration::from_seconds(slice),
            ..StandardRules::default()
        });
        let now = SimTime::from_micros(60_000_000);
        let admitted = (0..1000).filter(|_| deployment.offer(now, &prompt(0, 1)).is_ok());
        assert_eq!(admitted.count(), most);
    }
}

#[test]
fn t19_classes_weigh_by_model() {
    let tokens = |cache_write| RequestTokens {
        input: 3000,
        cached_input: 2000,
        cache_write,
        output: 300,
        reasoning: 0,
    };
    assert_eq!(weighing("4").weigh(&tokens(0), 300), 2_200_000);
    let mut gpt6 = weights("1", "0.1", "5");
    gpt6.cache_write = "1.25".parse().unwrap();
    let gpt6 = Weighing::by(gpt6, CACHED_MINIMUM);
    assert_eq!(gpt6.weigh(&tokens(0), 300), 2_700_000);
    assert_eq!(gpt6.weigh(&tokens(1000), 300), 2_950_000);
}

#[test]
fn t20_no_capacity_is_lost_to_rounding() {
    let mut deployment = Provisioned::new(provisioned(15, 3000, 60), SimTime::default());
    let mut admitted = 0;
    let mut first_refused = None;
    for call in 0..720_000 {
        let now = SimTime::from_micros(call * 5_000);
        match deployment.offer(now, &prompt(now.micros(), 10)) {
            Admitted::Yes { .. } => admitted += 1,
            _ => _ = first_refused.get_or_insert(now),
        }
    }
    assert_eq!(first_refused, Some(SimTime::from_micros(36_005_000)));
    assert_eq!(admitted, 274_500);
}

#[test]
fn a_resize_takes_effect_at_its_time() {
    let mut rules = hundred_a_second();
    rules.capacity = vec![
        (SimTime::from_micros(0), rules.capacity[0].1),
        (
            SimTime::from_micros(30_500_000),
            tollbook::units::Ptu::new(0),
        ),
        (
            SimTime::from_micros(90_000_000),
            tollbook::units::Ptu::new(4),
        ),
    ];
    let mut deployment = Provisioned::new(rules, SimTime::default());
    deployment.offer(SimTime::default(), &prompt(0, 5000));
    for (at, level) in [
        ("30.5", "1950"),
        ("60", "1950"),
        ("90", "1950"),
        ("95", "950"),
    ] {
        deployment.advance(seconds(at));
        assert_eq!(tokens(deployment.level()), level, "{at}");
    }
    let minutes = deployment.finish(seconds("120"));
    let drained: Vec<_> = minutes
        .iter()
        .map(|minute| tokens(minute.drained))
        .collect();
    let capacity: Vec<_> = minutes
        .iter()
        .map(|minute| tokens(minute.capacity))
        .collect();
    assert_eq!(drained, ["3050", "1950"]);
    assert_eq!(capacity, ["3050", "6000"]);
}

#[test]
fn with_nothing_deployed_nothing_is_admitted() {
    let setup = spilling(provisioned(0, 3000, 60));
    let outcome = play(&setup, &[prompt(0, 1), prompt(1, 1)]);
    assert_eq!(outcome.spilled().requests.get(), 2);
    let DeploymentRules::Provisioned(rules) = &setup.deployments[0].rules else {
        panic!("the first deployment is provisioned")
    };
    let mut deployment = Provisioned::new(rules.as_ref().clone(), SimTime::default());
    let answer = deployment.offer(SimTime::default(), &prompt(0, 1));
    assert_eq!(answer, Admitted::Full(None));
}

/// Logs name the deployment that was asked for; a gateway that only passes calls on goes by it.
#[test]
fn calls_go_to_the_deployment_they_ask_for() {
    let mut setup = spilling(hundred_a_second());
    setup.deployments[1].logged_as = vec!["Chat".to_owned()];
    for (asked, served_by) in [("chat", 1), ("CHAT", 1), ("payg", 0), ("ptu", 0), ("", 0)] {
        let mut simulation = Simulation::new(&setup);
        simulation.introduce(&App {
            deployment: asked.to_owned(),
            ..App::named("app")
        });
        simulation.offer(&prompt(0, 1));
        let outcome = simulation.finish();
        assert_eq!(outcome.deployments[served_by].attempts, 1, "{asked:?}");
    }
}
