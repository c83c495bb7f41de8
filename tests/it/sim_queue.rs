//! The reference cases of interactive calls and a queue in front of one deployment. Their numbers
//! (T11, T15, T17) are those of docs/MODEL.md.

use std::num::NonZero;

use tollbook::sim::provisioned::ProvisionedRules;
use tollbook::sim::queue::{
    GateRules, MinuteMetric, QueueOutcome, QueueRules, Route, Signal, WhenThrottled,
};
use tollbook::sim::setup::{AppPattern, AppRules, DeploymentRules, DeploymentSetup, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::sim::{DeploymentId, Outcome, Simulation};
use tollbook::time::{SimDuration, SimTime};
use tollbook::units::Ptu;
use tollbook::workload::{App, AppId, Request};

use crate::sim_desk::{hundred_a_second, prompt, provisioned, spilling, standard};

const INTERACTIVE: usize = 0;
const BATCH: usize = 1;
/// The provisioned deployment.
fn ptu() -> DeploymentId {
    DeploymentId::at(0)
}
const SECOND: u64 = 1_000_000;
/// A minute of this century.
const LATER: u64 = 28_000_000 * 60 * SECOND;

fn watching(stop: u32, resume: u32, signal: Signal) -> GateRules {
    GateRules {
        watched: ptu(),
        stop,
        resume,
        signal,
    }
}

/// A queue that sends straight to the provisioned deployment.
fn queue() -> QueueRules {
    QueueRules {
        route: Route::Deployment(ptu()),
        ..QueueRules::named("batch")
    }
}

pub(crate) fn gated(stop: u32, resume: u32) -> QueueRules {
    QueueRules {
        gate: Some(watching(stop, resume, Signal::Level)),
        ..queue()
    }
}

/// Interactive calls go to the gateway, those of the app `batch` to the queue; what the
/// provisioned deployment refuses is not served elsewhere.
pub(crate) fn alone(rules: ProvisionedRules, queue: QueueRules) -> Setup {
    let mut setup = spilling(rules);
    setup.deployments[0].spillover = None;
    setup.queues = vec![queue];
    let rules = AppRules {
        queue: Some(0),
        ..AppRules::default()
    };
    setup.apps = vec![(AppPattern("batch".to_owned()), rules)];
    setup
}

pub(crate) fn message(micros: u64, input: u32) -> Request {
    Request {
        app: AppId::at(BATCH),
        ..prompt(micros, input)
    }
}

fn messages(count: usize, input: u32) -> Vec<Request> {
    vec![message(0, input); count]
}

/// Plays requests of both apps, after sorting them by time.
pub(crate) fn play(setup: &Setup, mut requests: Vec<Request>) -> Outcome {
    requests.sort_by_key(|request| request.at);
    let mut simulation = Simulation::new(setup);
    simulation.introduce(&App::named("interactive"));
    simulation.introduce(&App::named("batch"));
    for request in &requests {
        simulation.offer(request);
    }
    let outcome = simulation.finish();
    assert!(outcome.conserved(), "{outcome:?}");
    outcome
}

pub(crate) fn only(outcome: &Outcome) -> &QueueOutcome {
    &outcome.queues[0]
}

/// A time as seconds, with the decimals it has.
fn seconds(time: Option<SimTime>) -> String {
    let Some(time) = time else {
        return "never".to_owned();
    };
    let micros = time.micros();
    let text = format!("{}.{:06}", micros / SECOND, micros % SECOND);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The exact instants at which messages were sent [s], as `count@second`, found by cutting the
/// queue shorter and shorter: the last send of n messages is the send of the n-th.
fn sends(setup: &Setup, count: usize, others: &[Request]) -> String {
    let mut instants: Vec<(String, usize)> = Vec::new();
    for number in 1..=count {
        let mut requests = messages(number, 600);
        requests.extend(others);
        let at = seconds(only(&play(setup, requests)).last_sent);
        match instants.last_mut() {
            Some((last, many)) if *last == at => *many += 1,
            _ => instants.push((at, 1)),
        }
    }
    let shown = instants.iter().map(|(at, many)| format!("{many}@{at}"));
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn t17a_a_stop_line_paces_the_sender_to_the_drain() {
    let setup = alone(hundred_a_second(), gated(800, 800));
    assert_eq!(
        sends(&setup, 20, &[]),
        "9@0 1@6 1@12 1@18 1@24 1@30 1@36 1@42 1@48 1@54 1@60 1@66"
    );
}

#[test]
fn t17b_batch_gives_way_to_interactive_calls() {
    let setup = alone(hundred_a_second(), gated(800, 800));
    // The message of second 30 goes before the call, which arrives a microsecond later.
    let call = prompt(30 * SECOND + 1, 1200);
    assert_eq!(
        sends(&setup, 20, &[call]),
        "9@0 1@6 1@12 1@18 1@24 1@30 1@48 1@54 1@60 1@66 1@72 1@78"
    );
    let mut requests = messages(20, 600);
    requests.push(call);
    let outcome = play(&setup, requests);
    assert_eq!(outcome.apps[INTERACTIVE].lost_in_all().requests.get(), 0);
}

#[test]
fn at_one_instant_interactive_calls_go_first() {
    let setup = alone(hundred_a_second(), gated(800, 800));
    let call = prompt(30 * SECOND, 1200);
    assert_eq!(sends(&setup, 14, &[call]), "9@0 1@6 1@12 1@18 1@24 1@42");
}

#[test]
fn t17c_a_resume_line_lets_messages_go_in_groups() {
    let setup = alone(hundred_a_second(), gated(800, 500));
    assert_eq!(sends(&setup, 20, &[]), "9@0 4@24 4@48 3@72");
}

#[test]
fn t17d_senders_who_see_the_last_minute_only_send_everything() {
    let signal = Signal::Minute {
        metric: MinuteMetric::Level,
        lag: SimDuration::ZERO,
    };
    let blind = QueueRules {
        gate: Some(watching(800, 800, signal)),
        when_throttled: WhenThrottled::Abandon,
        ..queue()
    };
    let outcome = play(&alone(hundred_a_second(), blind.clone()), messages(20, 600));
    let found = only(&outcome);
    assert_eq!(found.completed.requests.get(), 11);
    assert_eq!(found.sent_at_first, 11);
    assert_eq!(found.dead_lettered.requests.get(), 9);
    assert_eq!(found.deliveries, 11 + 9 * 10);
    assert_eq!(outcome.span(), SimDuration::ZERO, "dead within seconds");

    let holding = QueueRules {
        when_throttled: WhenThrottled::Hold,
        ..blind
    };
    let outcome = play(&alone(hundred_a_second(), holding), messages(12, 600));
    // (6,600 − 6,000) / 100 = 6,000 ms.
    assert_eq!(seconds(only(&outcome).last_sent), "6");
    assert_eq!(only(&outcome).completed.requests.get(), 12);
}

#[test]
fn t15_a_message_is_dead_after_its_tenth_delivery() {
    let abandoning = QueueRules {
        when_throttled: WhenThrottled::Abandon,
        ..queue()
    };
    let setup = alone(provisioned(0, 3000, 60), abandoning);
    let outcome = play(&setup, messages(1, 600));
    assert_eq!(only(&outcome).deliveries, 10);
    assert_eq!(only(&outcome).dead_lettered.requests.get(), 1);
    assert_eq!(outcome.apps[BATCH].attempts, 10);
}

#[test]
fn t15_work_longer_than_its_lock_is_done_and_billed_twice() {
    let mut slow = hundred_a_second();
    slow.latency.first_token = SimDuration::from_seconds(61);
    let unrenewed = QueueRules {
        renewal: SimDuration::ZERO,
        max_deliveries: NonZero::new(2).unwrap(),
        ..queue()
    };
    let outcome = play(&alone(slow.clone(), unrenewed.clone()), messages(1, 600));
    let found = only(&outcome);
    // The second delivery, at 60 s, loses its lock as well, and was the last one.
    assert_eq!(seconds(found.last_sent), "60");
    assert_eq!(found.deliveries, 2);
    assert_eq!(found.duplicates.weighted, 2 * 600_000);
    assert_eq!(outcome.served().weighted, 2 * 600_000);
    assert_eq!(found.dead_lettered.requests.get(), 1);
    assert_eq!(seconds(Some(outcome.end)), "121");

    let renewed = QueueRules {
        renewal: SimDuration::from_seconds(1),
        ..unrenewed
    };
    let outcome = play(&alone(slow, renewed), messages(1, 600));
    assert_eq!(only(&outcome).completed.requests.get(), 1);
    assert_eq!(only(&outcome).duplicates.requests.get(), 0);
}

#[test]
fn prefetching_starts_the_lock_before_the_work() {
    let mut slow = hundred_a_second();
    slow.latency.first_token = SimDuration::from_seconds(39);
    let rules = |prefetch| QueueRules {
        concurrency: NonZero::new(1),
        prefetch,
        ..queue()
    };
    let deliveries = |prefetch| {
        let outcome = play(&alone(slow.clone(), rules(prefetch)), messages(4, 100));
        assert_eq!(only(&outcome).completed.requests.get(), 4);
        assert_eq!(seconds(Some(outcome.end)), "156");
        only(&outcome).deliveries
    };
    assert_eq!(deliveries(0), 4);
    // Work begins at 0, 39, 78 and 117; what was fetched at 0 is unlocked at 60, fetched again,
    // and in work before 120.
    assert_eq!(deliveries(3), 4 + 2);
}

/// Backlog of 72,000 in messages of `weight`, interactive calls of 60 a second.
fn backlog_and_calls(span: u64) -> Vec<Request> {
    let mut requests = messages(7200, 10);
    requests.extend((0..span).map(|second| prompt(second * SECOND, 60)));
    requests
}

#[test]
fn t11_a_backlog_drains_with_what_interactive_calls_leave() {
    let setup = alone(hundred_a_second(), gated(1000, 1000));
    let outcome = play(&setup, backlog_and_calls(2000));
    // 6,000 of 72,000 fit into the empty bucket: (72,000 − 6,000) / (100 − 60) = 1,650 s, within
    // one call of 60 and one message of 10.
    let last = only(&outcome).last_sent.unwrap().micros();
    assert!(last.abs_diff(1650 * SECOND) < 5 * SECOND / 2, "{last}");
    // The bucket itself empties at 72,000 / 40 = 1,800 s, when the last minute is full.
    let minutes = &outcome.deployments[0].minutes;
    let full = minutes
        .iter()
        .take_while(|minute| minute.utilization() > 0.999);
    assert_eq!(full.count(), 30);
}

#[test]
fn messages_expire_and_miss_their_deadline() {
    let rules = QueueRules {
        time_to_live: Some(SimDuration::from_seconds(20)),
        deadline: Some(SimDuration::from_seconds(10)),
        ..gated(800, 800)
    };
    let outcome = play(&alone(hundred_a_second(), rules), messages(20, 600));
    let found = only(&outcome);
    // 9 at 0, then 6, 12 and 18; those of 24 and later expire.
    assert_eq!(found.completed.requests.get(), 12);
    assert_eq!(found.expired.requests.get(), 8);
    assert_eq!(found.deadline_misses, 2 + 8);
}

#[test]
fn a_copy_for_later_starts_with_new_deliveries() {
    let rules = QueueRules {
        when_throttled: WhenThrottled::Reenqueue,
        max_deliveries: NonZero::new(1).unwrap(),
        ..queue()
    };
    let outcome = play(&alone(hundred_a_second(), rules), messages(13, 600));
    let found = only(&outcome);
    // 11 at 0, level 6,600; the other two come back at 6, when one is admitted; the last at 12.
    assert_eq!(found.completed.requests.get(), 13);
    assert_eq!(found.reenqueued, 3);
    assert_eq!(seconds(found.last_sent), "12");
}

#[test]
fn refused_messages_spill_to_a_named_deployment() {
    let rules = QueueRules {
        when_throttled: WhenThrottled::Spill(DeploymentId::at(1)),
        ..queue()
    };
    let outcome = play(&alone(hundred_a_second(), rules.clone()), messages(13, 600));
    assert_eq!(outcome.spilled().requests.get(), 2);
    assert_eq!(only(&outcome).completed.requests.get(), 13);

    // Where the target is limited, the worker holds what it refuses and starts over.
    let mut setup = alone(hundred_a_second(), rules);
    setup.deployments[1] = standard(StandardRules {
        tokens_per_minute: Some(600),
        ..StandardRules::default()
    });
    let outcome = play(&setup, messages(14, 600));
    assert_eq!(outcome.spilled().requests.get(), 1);
    assert_eq!(only(&outcome).completed.requests.get(), 14);
}

#[test]
fn a_line_that_is_never_met_leaves_messages_waiting() {
    let undeployed = alone(provisioned(0, 3000, 60), gated(800, 800));
    let unprovisioned = Setup {
        deployments: vec![
            standard(StandardRules::default()),
            standard(StandardRules::default()),
        ],
        ..undeployed.clone()
    };
    for setup in [undeployed, unprovisioned] {
        let mut requests = vec![message(LATER, 600); 3];
        requests.push(prompt(LATER + 150 * SECOND, 1));
        let outcome = play(&setup, requests);
        assert_eq!(only(&outcome).waiting.requests.get(), 3);
        let backlog: Vec<_> = outcome
            .minutes
            .iter()
            .map(|minute| minute.backlog)
            .collect();
        assert_eq!(backlog, [3, 3, 3]);
    }
}

#[test]
fn endless_refusals_end_with_dead_letters() {
    // A request above the quota of a minute is refused for ever.
    let too_small = StandardRules {
        tokens_per_minute: Some(100),
        ..StandardRules::default()
    };
    for when_throttled in [
        WhenThrottled::Hold,
        WhenThrottled::Abandon,
        WhenThrottled::Reenqueue,
        WhenThrottled::Spill(DeploymentId::at(1)),
    ] {
        let rules = QueueRules {
            when_throttled,
            ..queue()
        };
        let mut setup = alone(provisioned(0, 3000, 60), rules);
        setup.deployments[1] = standard(too_small.clone());
        let outcome = play(&setup, messages(2, 600));
        assert_eq!(only(&outcome).dead_lettered.requests.get(), 2);
    }
}

#[test]
fn a_resize_opens_the_gate_earlier_and_a_refund_too() {
    let mut grows = hundred_a_second();
    grows
        .capacity
        .push((SimTime::from_micros(3 * SECOND), Ptu::new(4)));
    let outcome = play(&alone(grows, gated(800, 800)), messages(10, 600));
    // 5,400 − 3 × 100 = 5,100 at 3 s, when 80 % becomes 9,600.
    assert_eq!(seconds(only(&outcome).last_sent), "3");

    // A call whose answer was estimated with 300 tokens too many ends at 1 s.
    let mut refunding = hundred_a_second();
    refunding.latency.first_token = SimDuration::SECOND;
    let mut requests = messages(1, 1000);
    requests[0].at = SimTime::from_micros(1);
    requests.push(crate::sim_desk::request(0, 3801, 0, Some(300)));
    let outcome = play(&alone(refunding, gated(800, 800)), requests);
    // 3,801 + 4 × 300 = 5,001 takes 2.01 s down to 4,800, the refund of 1,200 ends that at 1 s.
    assert_eq!(seconds(only(&outcome).last_sent), "1");
}

#[test]
fn senders_go_by_what_answers_report() {
    let signal = Signal::Answer {
        stale_after: SimDuration::from_seconds(10),
    };
    let rules = QueueRules {
        gate: Some(watching(800, 800, signal)),
        ..queue()
    };
    // 9 messages until an answer reports 5,400; after 10 s that says nothing, and one more goes:
    // it reports 5,400 − 1,000 + 600 = 5,000, and so does the next: 5,000 − 1,000 + 600 = 4,600.
    let setup = alone(hundred_a_second(), rules);
    assert_eq!(sends(&setup, 12, &[]), "9@0 1@10 2@20");
}

#[test]
fn a_queue_behind_the_gateway_uses_its_policy() {
    let mut setup = alone(hundred_a_second(), QueueRules::named("batch"));
    setup.deployments[0] = DeploymentSetup {
        rules: DeploymentRules::Provisioned(Box::new(hundred_a_second())),
        ..spilling(hundred_a_second()).deployments[0].clone()
    };
    let outcome = play(&setup, messages(13, 600));
    assert_eq!(outcome.spilled().requests.get(), 2);
    assert_eq!(only(&outcome).completed.requests.get(), 13);
}
