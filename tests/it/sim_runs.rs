//! Several runs over one stream, and the depth that explains what was observed.

use std::collections::BTreeMap;
use std::num::NonZero;

use tollbook::sim::calibration::{Evidence, Fit, Search, Verdict, fit};
use tollbook::sim::provisioned::{Admitted, Provisioned, ProvisionedRules};
use tollbook::sim::runs;
use tollbook::sim::setup::Setup;
use tollbook::sim::{DeploymentId, Outcome};
use tollbook::time::{SimDuration, SimTime};
use tollbook::workload::{App, Apps, Request, Traffic, TrafficError};

use crate::sim_desk::{play, prompt, provisioned, spilling};

/// A minute of this century [µs].
const START: u64 = 28_000_000 * 60_000_000;

/// Requests from a list, by turns from two apps; an error after the last, if asked for.
struct Listed {
    requests: Vec<Request>,
    at: usize,
    fails: Option<&'static str>,
}

impl Listed {
    fn new(requests: &[Request]) -> Self {
        Self {
            requests: requests.to_vec(),
            at: 0,
            fails: None,
        }
    }
}

impl Traffic for Listed {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let Some(mut request) = self.requests.get(self.at).copied() else {
            return self.fails.take().map(|why| Err(TrafficError::new(why)));
        };
        self.at += 1;
        let name = if request.tokens.input % 2 == 0 {
            "even"
        } else {
            "odd"
        };
        request.app = apps.id(App::named(name));
        Some(Ok(request))
    }
}

/// Bursts of 20 s with 1.2 to 2.5 times what drains, each followed by a pause, for `minutes`.
fn bursts(minutes: u64) -> Vec<Request> {
    bursts_of([200, 200, 200], minutes)
}

/// Bursts of these lengths by turns [100 ms].
fn bursts_of(lengths: [u64; 3], minutes: u64) -> Vec<Request> {
    let requests = (0..minutes).flat_map(|minute| {
        let length = lengths[usize::try_from(minute % 3).unwrap()];
        (0..length).map(move |tenth| {
            let at = START + minute * 60_000_000 + tenth * 100_000;
            let weight = 120 + (minute * 37) % 130;
            prompt(at, u32::try_from(weight).unwrap())
        })
    });
    requests.collect()
}

/// 1,000 weighted tokens a second.
fn rules(depth: SimDuration) -> ProvisionedRules {
    ProvisionedRules {
        depth,
        ..provisioned(20, 3000, 60)
    }
}

fn threads(count: usize) -> NonZero<usize> {
    NonZero::new(count).unwrap()
}

#[test]
fn threads_and_batches_change_nothing() {
    let requests = bursts(60);
    let setup = spilling(rules(SimDuration::SECOND));
    let mut setups = runs::band(&setup);
    setups.push(spilling(provisioned(5, 3000, 60)));
    let played = |count| {
        let mut seen = 0;
        let each = &mut |batch: &[Request]| seen += batch.len();
        let outcomes = runs::play(&mut Listed::new(&requests), &setups, threads(count), each);
        assert_eq!(seen, requests.len());
        let outcomes: Vec<Outcome> = outcomes.unwrap();
        format!("{outcomes:#?}")
    };
    let alone = played(1);
    for count in [2, 3, 9] {
        assert!(alone == played(count), "{count} threads");
    }
    assert!(alone.contains("\"even\"") && alone.contains("\"odd\""));
}

#[test]
fn outcomes_are_in_the_order_of_setups() {
    let requests = bursts(10);
    let setups = runs::band(&spilling(rules(SimDuration::SECOND)));
    let outcomes = runs::play(
        &mut Listed::new(&requests),
        &setups,
        threads(2),
        &mut |_| (),
    );
    for (seconds, outcome) in runs::BAND_SECONDS.into_iter().zip(outcomes.unwrap()) {
        let alone = play(
            &spilling(rules(SimDuration::from_seconds(seconds))),
            &requests,
        );
        assert_eq!(outcome.spilled(), alone.spilled(), "{seconds}");
    }
}

#[test]
fn an_error_of_the_traffic_is_passed_on() {
    let setups = runs::band(&spilling(rules(SimDuration::SECOND)));
    for count in [1, 2] {
        let mut traffic = Listed::new(&bursts(1));
        traffic.fails = Some("line 7 is bad");
        let error = runs::play(&mut traffic, &setups, threads(count), &mut |_| ()).unwrap_err();
        assert_eq!(error.to_string(), "line 7 is bad");
    }
}

#[test]
fn without_setups_the_traffic_is_only_read() {
    let outcomes = runs::play(&mut Listed::new(&bursts(1)), &[], threads(2), &mut |_| ());
    assert!(outcomes.unwrap().is_empty());
}

fn search() -> Search {
    Search {
        threads: threads(2),
        ..Search::of(DeploymentId::at(0))
    }
}

fn fitted(requests: &[Request], search: &Search, evidence: &Evidence) -> Fit {
    let setup: Setup = spilling(rules(SimDuration::from_seconds(60)));
    let mut open =
        || -> Result<Box<dyn Traffic>, TrafficError> { Ok(Box::new(Listed::new(requests))) };
    fit(&setup, search, evidence, &mut open).unwrap().unwrap()
}

fn refusals(requests: &[Request], rules: ProvisionedRules) -> Vec<SimTime> {
    let mut deployment = Provisioned::new(rules, requests[0].at);
    let refused = requests
        .iter()
        .filter(|request| matches!(deployment.offer(request.at, request), Admitted::Full(_)));
    refused.map(|request| request.at).collect()
}

/// Within 2 %.
fn close(found: SimDuration, true_depth: SimDuration) -> bool {
    found.micros().abs_diff(true_depth.micros()) * 50 <= true_depth.micros()
}

#[test]
fn the_depth_is_recovered_from_429s() {
    let requests = bursts(60);
    for millis in [700, 3_300, 12_000] {
        let depth = SimDuration::from_millis(millis);
        let evidence = Evidence::of_refusals(refusals(&requests, rules(depth)));
        let fit = fitted(&requests, &search(), &evidence);
        assert_eq!(fit.verdict, Verdict::Fitted);
        assert!(close(fit.best.depth, depth), "{millis}: {:?}", fit.best);
        let (first, last) = fit.plausible;
        assert!(first <= fit.best.depth && fit.best.depth <= last);
    }
}

#[test]
fn the_depth_is_recovered_from_utilization() {
    let requests = bursts(60);
    let depth = SimDuration::from_millis(8_000);
    let outcome = play(&spilling(rules(depth)), &requests);
    let minutes = outcome.deployments[0].minutes.iter();
    let series: BTreeMap<u64, f64> = minutes
        .map(|minute| (minute.minute, minute.utilization()))
        .collect();
    let fit = fitted(&requests, &search(), &Evidence::Utilization(series));
    assert_eq!(fit.verdict, Verdict::Fitted);
    assert!(close(fit.best.depth, depth), "{:?}", fit.best);
}

#[test]
fn a_leak_is_recovered_too() {
    // Bursts of one length cannot tell a deep bucket from a fast drain.
    let requests = bursts_of([200, 400, 600], 30);
    let leaking = ProvisionedRules {
        depth: SimDuration::from_seconds(5),
        ..provisioned(20, 2700, 60)
    };
    let evidence = Evidence::of_refusals(refusals(&requests, leaking));
    let search = Search {
        leaks: vec![900, 1000, 1100],
        ..search()
    };
    let fit = fitted(&requests, &search, &evidence);
    assert_eq!((fit.best.leak, fit.leaks), (900, vec![900]));
    assert!(
        close(fit.best.depth, SimDuration::from_seconds(5)),
        "{:?}",
        fit.best
    );
}

#[test]
fn what_was_never_full_tells_nothing_of_its_depth() {
    let quiet: Vec<_> = (0..600)
        .map(|second| prompt(START + second * 1_000_000, 50))
        .collect();
    let fit = fitted(&quiet, &search(), &Evidence::of_refusals([]));
    assert_eq!(fit.verdict, Verdict::CannotTell);
    assert_eq!(fit.curve.len(), 24, "one pass is enough to see that");
}

#[test]
fn bursts_without_a_429_give_a_least_depth_only() {
    let requests = bursts(60);
    let fit = fitted(&requests, &search(), &Evidence::of_refusals([]));
    assert_eq!(fit.verdict, Verdict::AtLeast);
    // A depth at which next to nothing is refused explains it about as well.
    let (least, _) = fit.plausible;
    let refused = |percent| {
        let depth = SimDuration::from_micros(least.micros() * percent / 100);
        refusals(&requests, rules(depth)).len()
    };
    assert!(refused(80) > 0 && refused(120) == 0, "{least:?}");
}

#[test]
fn evidence_of_another_time_is_no_evidence() {
    let requests = bursts(2);
    let setup = spilling(rules(SimDuration::SECOND));
    let mut open =
        || -> Result<Box<dyn Traffic>, TrafficError> { Ok(Box::new(Listed::new(&requests))) };
    for evidence in [
        Evidence::Utilization(BTreeMap::from([(7, 0.5)])),
        Evidence::of_refusals([SimTime::from_micros(7)]),
    ] {
        let found = fit(&setup, &search(), &evidence, &mut open).unwrap();
        assert_eq!(found, None);
    }
}
