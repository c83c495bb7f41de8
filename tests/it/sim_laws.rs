//! Laws of every run: nothing is lost, no more is served than drains, and scaling changes nothing.

use std::num::NonZero;

use proptest::prelude::*;
use tollbook::sim::Outcome;
use tollbook::sim::provisioned::{Admission, Edge, ProvisionedRules, UnstatedMaximum};
use tollbook::sim::setup::{DeploymentRules, Setup};
use tollbook::sim::standard::StandardRules;
use tollbook::time::{SimDuration, SimTime};
use tollbook::workload::Request;

use crate::sim_desk::{play, provisioned, request, spilling};

/// Arrivals in time order: gaps up to a few seconds, small and large prompts, some with maxima.
fn traffic() -> impl Strategy<Value = Vec<Request>> {
    let one = (
        0_u64..4_000_000,
        1_u32..3000,
        0_u32..500,
        prop::option::of(1_u32..1500),
    );
    prop::collection::vec(one, 1..120).prop_map(|rows| {
        let mut now = 0;
        rows.into_iter()
            .map(|(gap, input, output, most)| {
                now += gap;
                request(now, input, output, most)
            })
            .collect()
    })
}

fn deployment() -> impl Strategy<Value = ProvisionedRules> {
    let admission = prop_oneof![Just(Admission::Doc), Just(Admission::Fit)];
    let edge = prop_oneof![Just(Edge::Admit), Just(Edge::Refuse)];
    let unstated = prop_oneof![
        Just(UnstatedMaximum::AsAnswered),
        (1_u32..2000).prop_map(UnstatedMaximum::Tokens)
    ];
    (
        0_u32..20,
        1_u64..90,
        admission,
        edge,
        (unstated, 0_u64..9000),
    )
        .prop_map(|(ptu, depth, admission, edge, (unstated, first_token))| {
            let mut rules = provisioned(ptu, 3000, depth);
            rules.admission = admission;
            rules.edge = edge;
            rules.unstated = unstated;
            rules.latency.first_token = SimDuration::from_millis(first_token);
            rules
        })
}

/// Law 6 on counts and on weights.
fn assert_conserved(outcome: &Outcome) {
    let (offered, served, lost) = (outcome.offered(), outcome.served(), outcome.lost());
    assert_eq!(offered.requests, served.requests + lost.requests);
    assert_eq!(offered.weighted, served.weighted + lost.weighted);
    let mut tokens = served.tokens;
    tokens += lost.tokens;
    assert_eq!(offered.tokens, tokens);
    let by_minute: u64 = outcome
        .minutes
        .iter()
        .map(|minute| minute.offered.requests)
        .sum();
    assert_eq!(by_minute, offered.requests.get());
    let usage: u64 = outcome
        .usage
        .values()
        .map(|tally| tally.requests.get())
        .sum();
    assert_eq!(usage, served.requests.get());
}

fn limited(setup: &Setup, tokens: u64, requests: u64) -> Setup {
    let mut setup = setup.clone();
    setup.deployments[1].rules = DeploymentRules::Standard(StandardRules {
        tokens_per_minute: Some(tokens),
        requests_per_minute: Some(requests),
        ..StandardRules::default()
    });
    setup
}

fn served_by_ptu(outcome: &Outcome) -> u64 {
    let served = outcome.apps[0].served.iter();
    let own = served.filter(|(by, _)| by.spilled_from.is_none());
    own.map(|(_, tally)| tally.weighted).sum()
}

/// Deployment and traffic with every token and the throughput times `factor`.
fn tokens_scaled(
    rules: &ProvisionedRules,
    traffic: &[Request],
    factor: u32,
) -> (Setup, Vec<Request>) {
    let mut rules = rules.clone();
    for (_, ptu) in &mut rules.capacity {
        *ptu = tollbook::units::Ptu::new(ptu.get() * factor);
    }
    if let UnstatedMaximum::Tokens(most) = &mut rules.unstated {
        *most *= factor;
    }
    let scale = |request: &Request| {
        let mut request = *request;
        request.tokens.input *= factor;
        request.tokens.output *= factor;
        request.max_tokens = request
            .max_tokens
            .map(|most| most.checked_mul(NonZero::new(factor).unwrap()).unwrap());
        request
    };
    (spilling(rules), traffic.iter().map(scale).collect())
}

/// Deployment and traffic with every time and the depth times `factor`, and throughput over it.
fn times_scaled(
    rules: &ProvisionedRules,
    traffic: &[Request],
    factor: u64,
) -> (Setup, Vec<Request>) {
    let mut rules = rules.clone();
    rules.tpm_per_ptu = tollbook::units::TokensPerMinute::new(rules.tpm_per_ptu.get() / factor);
    rules.depth = rules.depth.times(factor);
    rules.latency.first_token = rules.latency.first_token.times(factor);
    let scale = |request: &Request| Request {
        at: SimTime::from_micros(request.at.micros() * factor),
        ..*request
    };
    (spilling(rules), traffic.iter().map(scale).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn requests_are_conserved(rules in deployment(), traffic in traffic(), tpm in 0_u64..9000, rpm in 1_u64..60) {
        let setup = spilling(rules);
        let unlimited = play(&setup, &traffic);
        assert_conserved(&unlimited);
        prop_assert_eq!(unlimited.lost().requests.get(), 0);
        assert_conserved(&play(&limited(&setup, tpm, rpm), &traffic));
    }

    /// With estimates no lower than what is used, admitted use is at most what drains, what the
    /// bucket holds, and one request.
    #[test]
    fn no_more_is_admitted_than_drains(rules in deployment(), traffic in traffic()) {
        let traffic: Vec<Request> = traffic.into_iter().map(|mut request| {
            request.max_tokens = NonZero::new(request.tokens.output.max(1) + 100);
            request
        }).collect();
        let largest = traffic.iter().map(|request| {
            let most = request.max_tokens.map_or(0, NonZero::get);
            rules.weighing.weigh(&request.tokens, most)
        }).max().unwrap();
        let per_second = u64::from(rules.capacity[0].1.get()) * rules.tpm_per_ptu.get() * 1000 / 60;
        let outcome = play(&spilling(rules.clone()), &traffic);
        let seconds = outcome.span().seconds_up() + rules.depth.seconds_up();
        let bound = (per_second + 1) * seconds + largest;
        prop_assert!(served_by_ptu(&outcome) <= bound, "{} > {bound}", served_by_ptu(&outcome));
        let drained: u128 = outcome.deployments[0].minutes.iter().map(|minute| minute.drained.weighted().get()).sum();
        let capacity: u128 = outcome.deployments[0].minutes.iter().map(|minute| minute.capacity.weighted().get()).sum();
        prop_assert!(drained <= capacity);
    }

    #[test]
    fn unlimited_capacity_spills_nothing_and_none_spills_all(rules in deployment(), traffic in traffic()) {
        let sized = |ptu| {
            let mut rules = rules.clone();
            rules.capacity[0].1 = tollbook::units::Ptu::new(ptu);
            play(&spilling(rules), &traffic)
        };
        prop_assert_eq!(sized(100_000).spilled().requests.get(), 0);
        let none = sized(0);
        prop_assert_eq!(none.spilled(), none.offered());
    }

    #[test]
    fn one_factor_on_tokens_and_throughput_changes_nothing(rules in deployment(), traffic in traffic(), factor in 2_u32..9) {
        let before = play(&spilling(rules.clone()), &traffic);
        let (setup, scaled) = tokens_scaled(&rules, &traffic, factor);
        let after = play(&setup, &scaled);
        prop_assert_eq!(before.spilled().requests, after.spilled().requests);
        prop_assert_eq!(before.spilled().weighted * u64::from(factor), after.spilled().weighted);
    }

    #[test]
    fn one_factor_on_times_changes_nothing(rules in deployment(), traffic in traffic(), factor in prop::sample::select(vec![2_u64, 3, 4, 5])) {
        // The largest refund time depends on the answer's speed, which is unlimited here.
        prop_assume!(rules.edge == Edge::Admit);
        let before = play(&spilling(rules.clone()), &traffic);
        let (setup, scaled) = times_scaled(&rules, &traffic, factor);
        prop_assert_eq!(before.spilled(), play(&setup, &scaled).spilled());
    }

    /// A file may be cut where nothing is in flight and the bucket has emptied.
    #[test]
    fn a_cut_at_an_idle_gap_changes_nothing(rules in deployment(), first in traffic(), second in traffic()) {
        prop_assume!(!rules.capacity[0].1.is_zero());
        let idle = 4 * 3600 * 1_000_000;
        let resume = first.last().unwrap().at.micros() + idle;
        let moved: Vec<Request> = second.iter().map(|request| Request {
            at: SimTime::from_micros(request.at.micros() + resume),
            ..*request
        }).collect();
        let whole: Vec<Request> = first.iter().chain(&moved).copied().collect();
        let setup = spilling(rules);
        let mut apart = play(&setup, &first).spilled();
        apart.merge(&play(&setup, &moved).spilled());
        prop_assert_eq!(play(&setup, &whole).spilled(), apart);
    }
}
