//! Laws that hold for every policy: requests are conserved, attempts are bounded, equal seeds give
//! equal runs; and every preset runs.

use proptest::prelude::*;
use tollbook::azure::DeploymentKind;
use tollbook::sim::client::ClientPreset;
use tollbook::sim::gateway::policy::MemberPolicy;
use tollbook::sim::gateway::{GatewayRules, Preset};
use tollbook::sim::setup::{AppPattern, AppRules, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::sim::{Outcome, Simulation};
use tollbook::workload::{App, AppId, Request};

use crate::gateway_desk::{Desk, Park, check, policy_of};
use crate::sim_desk::{hundred_a_second, request};

/// Deployments for every role that presets name.
fn everything() -> Park {
    let small = StandardRules {
        tokens_per_minute: Some(3_000),
        ..StandardRules::default()
    };
    Park::default()
        .provisioned("ptu", hundred_a_second())
        .provisioned("ptu-2", hundred_a_second())
        .limited("payg", DeploymentKind::Regional, small)
        .standard("payg-zone", DeploymentKind::DataZone)
        .standard("payg-global", DeploymentKind::Global)
}

/// Two apps, of which one has a client that tries again, at more than all PTU can serve.
fn play(setup: &Setup, requests: &[Request]) -> Outcome {
    let mut simulation = Simulation::new(setup);
    simulation.introduce(&App::named("patient"));
    simulation.introduce(&App::named("plain"));
    for request in requests {
        simulation.offer(request);
    }
    simulation.finish()
}

fn setup(park: &Park, rules: &GatewayRules, seed: u64) -> Setup {
    let client = ClientPreset::named("openai-python").unwrap().rules;
    let patient = AppRules {
        client: Some(client),
        priority: Some(200),
        ..AppRules::default()
    };
    Setup {
        apps: vec![(AppPattern("patient".to_owned()), patient)],
        seed,
        ..park.setup(rules.clone())
    }
}

/// What must hold, and the bytes of the outcome.
fn laws(
    rules: &GatewayRules,
    setup: &Setup,
    requests: &[Request],
) -> Result<String, TestCaseError> {
    let outcome = play(setup, requests);
    let (offered, served, lost) = (outcome.offered(), outcome.served(), outcome.lost());
    prop_assert_eq!(offered.requests.get(), requests.len() as u64);
    prop_assert_eq!(offered.requests, served.requests + lost.requests);
    prop_assert_eq!(offered.weighted, served.weighted + lost.weighted);
    // One spillover to each attempt, and the client's two retries.
    let most = u64::from(rules.most_attempts()) * 2 * 3;
    for app in &outcome.apps {
        prop_assert!(app.attempts <= most * app.offered.requests.get());
    }
    for deployment in &outcome.deployments {
        let used = deployment.drained().plus(deployment.idle_while_tripped);
        prop_assert!(
            used <= deployment.capacity(),
            "waste is a part of what did not drain"
        );
    }
    Ok(format!("{outcome:?}"))
}

#[test]
fn every_preset_runs_and_loses_no_request() {
    let park = everything();
    let requests: Vec<Request> = (0..3_000_u64)
        .map(|number| {
            let mut request = request(number * 40_000, 10, 5, Some(20));
            request.app = AppId::at(usize::from(number % 2 == 1));
            request
        })
        .collect();
    for preset in Preset::all() {
        let rules = preset.policy.resolve(&park.roles);
        let rules = rules.unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        let setup = setup(&park, &rules, 7);
        let once = laws(&rules, &setup, &requests)
            .unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        assert!(
            once == laws(&rules, &setup, &requests).unwrap(),
            "{}: same seed, same bytes",
            preset.name
        );
    }
}

/// T10: who serves a call, by its priority header.
#[test]
fn the_priority_header_chooses_the_pool() {
    let mut policy = Preset::named("apim-priority-header").unwrap().policy;
    let park = everything().standard("pool", DeploymentKind::Global);
    // The fourth pool gets a deployment of its own, so that it can be told from PTU.
    let spare = policy_of("[[pool]]\n[[pool.member]]\ndeployment = \"pool\"");
    let spare: Vec<MemberPolicy> = spare.pool[0].member.clone();
    policy.pool[3].member = spare;
    let mut desk = Desk::new(&park, &policy.resolve(&park.roles).unwrap());
    check(
        &mut desk,
        "
        0 | -    | 10 | ptu
        0 | 0    | 10 | ptu
        0 | 50   | 10 | ptu
        0 | 100  | 10 | ptu
        0 | 101  | 10 | payg
        0 | 150  | 10 | payg
        0 | 500  | 10 | payg
        0 | 501  | 10 | payg-zone
        0 | 700  | 10 | payg-zone
        0 | 1000 | 10 | payg-zone
        0 | -1   | 10 | pool
        0 | 1001 | 10 | pool",
    );
}

/// A client in front of a gateway multiplies attempts: three tries of four attempts each.
#[test]
fn clients_multiply_the_attempts_of_the_gateway() {
    let park = Park::default().provisioned("ptu", crate::sim_desk::provisioned(0, 3000, 60));
    let rules = park
        .rules(
            "[[pool]]\n[[pool.member]]\noffer = \"provisioned\"\n[retry]\ncodes = [429]\ncount = 3",
        )
        .unwrap();
    let outcome = play(&setup(&park, &rules, 1), &[request(0, 10, 0, None)]);
    assert_eq!(outcome.apps[0].attempts, 3 * 4);
    assert_eq!(outcome.lost().requests.get(), 1);
    // Waits of 0.375 to 0.5 s and 0.75 to 1 s.
    let span = outcome.span().micros();
    assert!((1_125_000..=1_500_000).contains(&span), "{span}");
}

/// The client waits as the answer says: full until 1 s, so the retry is served.
#[test]
fn a_stated_wait_is_kept_to() {
    let park = Park::default().provisioned("ptu", hundred_a_second());
    let rules = park
        .rules("[[pool]]\n[[pool.member]]\noffer = \"provisioned\"")
        .unwrap();
    let requests = [request(0, 6_100, 0, None), request(0, 10, 0, None)];
    let outcome = play(&setup(&park, &rules, 1), &requests);
    assert_eq!(outcome.served().requests.get(), 2);
    assert_eq!(outcome.span().micros(), 1_000_000);
    assert_eq!(outcome.apps[0].waits.longest().micros(), 1_000_000);
}

fn policies() -> impl Strategy<Value = String> {
    let choice = prop::sample::select(vec![
        "choice = \"in-order\"",
        "choice = \"random\"",
        "choice = \"round-robin\"",
        "choice = \"fastest\"\nrefresh_s = 3",
    ]);
    let health = prop::sample::select(vec![
        "",
        "[health]\ncodes = [429]\ntrip_s = 20",
        "[health]\ncodes = [429]\nfailures = 3\nwindow_s = 10",
        "[health]\ncodes = [429]\ntrip_s = 5\nretry_after = \"seconds\"\nforget_s = 2",
        "[health]\ncodes = [429]\nfailures = 2\nwindow_s = 60\ntrip_s = 9\nretry_after = \"milliseconds\"",
    ]);
    let wait = prop::sample::select(vec![
        "",
        "wait = \"linear\"\ninterval_s = 0.5\ndelta_s = 1",
        "wait = \"exponential\"\ninterval_s = 1\ndelta_s = 1\nmax_s = 8",
        "wait = \"retry-after\"\nhold_s = 30",
        "interval_s = 1\nfirst = \"at-once\"",
    ]);
    let then = prop::sample::select(vec!["same", "next", "again"]);
    let exhausted = prop::sample::select(vec![
        "",
        "[exhausted]\nnevertheless = \"first\"",
        "[exhausted]\nnevertheless = \"random\"",
        "[exhausted]\nstatus = 429\nretry_after = \"soonest\"",
    ]);
    let extra = prop::sample::select(vec![
        "",
        "[spillover]\n",
        "[instances]\ncount = 3\nturn = \"random\"",
        "[[limit]]\ntokens = 5000\nper_s = 10",
        "[[limit]]\nkey = \"all\"\nrequests = 20\nper_s = 3\nwindow = \"fixed\"",
        "[tracked_reserve]\npriorities = { from = 1, to = 300 }\nkeep = 1000\nremember_s = 60\nprobe_s = 10",
    ]);
    let only = prop::sample::select(vec![
        "",
        "only = { percent_of_calls = 50 }",
        "only = { utilization = { stop_percent = 80, resume_percent = 50 } }",
        "only = { priorities = { from = 0, to = 300 } }",
    ]);
    (
        choice,
        health,
        (wait, then, 0_u32..12),
        exhausted,
        extra,
        only,
    )
        .prop_map(
            |(choice, health, (wait, then, count), exhausted, extra, only)| {
                format!(
                    "[[pool]]\n{choice}\n[[pool.member]]\noffer = \"provisioned\"\n{only}\n\
                 [[pool.member]]\noffer = \"standard\"\nnth = 1\npriority = 2\n{health}\n\
                 [retry]\ncodes = [429, 503]\ncount = {count}\nthen = \"{then}\"\n{wait}\n\
                 {exhausted}\n{extra}"
                )
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn requests_are_conserved_and_attempts_bounded(
        policy in policies(),
        seed in 0_u64..4,
        calls in prop::collection::vec((0_u64..3_000_000, 1_u32..3_000, 0_u32..300, 0_usize..2), 1..120),
    ) {
        let park = everything();
        let rules = park.rules(&policy).unwrap();
        let mut at = 0;
        let requests: Vec<Request> = calls.into_iter().map(|(gap, input, output, app)| {
            at += gap;
            let mut request = request(at, input, output, Some(200));
            request.app = AppId::at(app);
            request
        }).collect();
        let setup = setup(&park, &rules, seed);
        let once = laws(&rules, &setup, &requests)?;
        prop_assert_eq!(once, laws(&rules, &setup, &requests)?);
    }
}
