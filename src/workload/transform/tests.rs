//! Transforms keep order and counts.

use std::collections::BTreeMap;
use std::num::NonZero;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::time::{SimDuration, SimTime};
use crate::workload::seed::Seed;
use crate::workload::tests::{all, is_ordered, request};
use crate::workload::{App, Apps, Request, Traffic, TrafficError};

type Given = std::vec::IntoIter<Request>;

fn at(micros: u64) -> SimTime {
    SimTime::from_micros(micros)
}

fn given(times: &[u64]) -> Given {
    let mut times = times.to_vec();
    times.sort_unstable();
    let requests = (0..).zip(&times).map(|(input, time)| request(*time, input));
    requests.collect::<Vec<_>>().into_iter()
}

fn times(traffic: impl Traffic) -> Vec<u64> {
    let requests = all(traffic).unwrap();
    requests.iter().map(|request| request.at.micros()).collect()
}

fn scaling(factor: &str, jitter: u64) -> Scaling {
    Scaling {
        factor: factor.parse().unwrap(),
        jitter: SimDuration::from_micros(jitter),
        seed: Seed::new(1),
        name: "test".to_owned(),
    }
}

fn repeated(requests: &[u64], rounds: Rounds, every: Option<u64>) -> Result<Vec<u64>, String> {
    let open = || Ok::<_, TrafficError>(given(requests));
    let every = every.map(SimDuration::from_micros);
    let repeat = Repeat::new(open, rounds, every).map_err(|error| error.to_string())?;
    let requests = all(repeat)?;
    Ok(requests.iter().map(|request| request.at.micros()).collect())
}

#[test]
fn a_cut_is_half_open() {
    let cut = |from: Option<u64>, until: Option<u64>| {
        times(Cut::new(
            given(&[1, 2, 3, 3, 4]),
            from.map(at),
            until.map(at),
        ))
    };
    assert_eq!(cut(Some(2), Some(3)), [2]);
    assert_eq!(cut(None, Some(3)), [1, 2]);
    assert_eq!(cut(Some(3), None), [3, 3, 4]);
}

#[test]
fn traffic_is_shifted_as_a_whole() {
    const DAY: u64 = 86_400_000_000;
    let shifted = |shift| times(Shifted::new(given(&[DAY + 5, DAY + 9]), shift));
    let span = SimDuration::from_micros;
    assert_eq!(shifted(Shift::Later(span(1))), [DAY + 6, DAY + 10]);
    assert_eq!(shifted(Shift::Earlier(span(DAY))), [5, 9]);
    assert_eq!(shifted(Shift::FirstAt(at(100))), [100, 104]);
    let day = NaiveDate::from_ymd_opt(1970, 1, 11).unwrap();
    assert_eq!(shifted(Shift::FirstOn(day)), [10 * DAY + 5, 10 * DAY + 9]);
    let before = all(Shifted::new(given(&[5]), Shift::Earlier(span(6)))).unwrap_err();
    assert!(before.contains("expected a time from 1970"), "{before}");
}

/// Rounds of [0, 20, 40] follow each other every 40 + 20: the mean gap stays 20.
#[test]
fn rounds_keep_the_rate() {
    let twice = Rounds::Times(NonZero::new(2).unwrap());
    assert_eq!(
        repeated(&[0, 20, 40], twice, None).unwrap(),
        [0, 20, 40, 60, 80, 100]
    );
    assert_eq!(
        repeated(&[0, 20], twice, Some(100)).unwrap(),
        [0, 20, 100, 120]
    );
    let until = Rounds::Until(at(81));
    assert_eq!(
        repeated(&[0, 20, 40], until, None).unwrap(),
        [0, 20, 40, 60, 80]
    );
    assert_eq!(repeated(&[], until, None).unwrap(), [0; 0]);
    let overlap = repeated(&[0, 20], twice, Some(10)).unwrap_err();
    assert!(
        overlap.starts_with("traffic of 20 µs is repeated every 10 µs"),
        "{overlap}"
    );
    assert!(repeated(&[7], until, None).is_err());
}

#[test]
fn limits_are_those_of_the_app() {
    let limit = |count| NonZero::new(count);
    let mut apps = Apps::default();
    let (hr, it) = (apps.id(App::named("hr")), apps.id(App::named("it")));
    let ask = |app, max_tokens| {
        let mut request = request(1, 10);
        request.tokens.output = 500;
        request.tokens.reasoning = 300;
        Request {
            app,
            max_tokens,
            ..request
        }
    };
    let every = TokenLimits {
        default: limit(100),
        ..TokenLimits::default()
    };
    let capped = TokenLimits {
        most: limit(200),
        ..TokenLimits::default()
    };
    let what_if = TokenLimits {
        instead: limit(1_000),
        most: limit(400),
        ..TokenLimits::default()
    };
    for (limits, app, given, max_tokens, output) in [
        (every, it, None, 100, 500),
        (every, it, limit(50), 50, 500),
        (capped, hr, None, 200, 200),
        (capped, hr, limit(900), 200, 200),
        (capped, hr, limit(150), 150, 500),
        (what_if, hr, limit(150), 400, 400),
    ] {
        let named = BTreeMap::from([("hr".to_owned(), limits)]);
        let asked = vec![ask(app, given)].into_iter();
        let found = Limited::new(asked, every, named)
            .next(&mut apps)
            .unwrap()
            .unwrap();
        let answer = (found.max_tokens, found.tokens.output);
        assert_eq!(answer, (limit(max_tokens), output), "{limits:?} {given:?}");
        assert!(found.tokens.reasoning <= output);
    }
}

#[test]
fn errors_end_traffic() {
    struct Fails(Given);
    impl Traffic for Fails {
        fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
            let next = Traffic::next(&mut self.0, apps);
            Some(next.unwrap_or_else(|| Err(TrafficError::new("broken"))))
        }
    }
    let fails = || Fails(given(&[1, 2]));
    let mut apps = Apps::default();
    let mut traffics: Vec<Box<dyn Traffic>> = vec![
        Box::new(Merge::new(vec![fails(), fails()])),
        Box::new(Scale::new(fails(), &scaling("2", 5))),
        Box::new(Repeat::new(|| Ok(fails()), Rounds::Until(at(100)), None).unwrap()),
    ];
    for traffic in &mut traffics {
        let mut found = Vec::new();
        while let Some(request) = traffic.next(&mut apps) {
            found.push(request.is_ok());
        }
        assert_eq!(found.iter().filter(|is_ok| !**is_ok).count(), 1);
        assert_eq!(found.last(), Some(&false));
    }
}

proptest! {
    #[test]
    fn merging_keeps_every_request_and_prefers_earlier_sources(
        sources in prop::collection::vec(prop::collection::vec(0_u64..20, 0..30), 0..5),
    ) {
        let mark = |(place, times): (u32, &Vec<u64>)| {
            let mut requests: Vec<_> = given(times).collect();
            for request in &mut requests {
                request.tokens.input = place;
            }
            requests.into_iter()
        };
        let marked: Vec<_> = (0..).zip(&sources).map(mark).collect();
        let merged = all(Merge::new(marked)).unwrap();
        prop_assert!(merged.is_sorted_by_key(|request| (request.at, request.tokens.input)));
        let count: usize = sources.iter().map(Vec::len).sum();
        prop_assert_eq!(merged.len(), count);
    }

    #[test]
    fn scaling_deals_exactly_and_keeps_order(
        times in prop::collection::vec(0_u64..1_000, 0..60),
        tenths in 1_u64..45,
        jitter in 0_u64..50,
    ) {
        let factor = format!("{}.{}", tenths / 10, tenths % 10);
        let scaled = all(Scale::new(given(&times), &scaling(&factor, jitter))).unwrap();
        prop_assert!(is_ordered(&scaled));
        let exact = times.len() as u64 * tenths;
        let found = scaled.len() as u64 * 10;
        // A block that is cut off has its share only on average.
        prop_assert!(found.abs_diff(exact) < 10 * 10);
        if times.len() % 10 == 0 {
            prop_assert_eq!(found, exact);
        }
        let again = all(Scale::new(given(&times), &scaling(&factor, jitter))).unwrap();
        prop_assert_eq!(scaled, again);
    }

    #[test]
    fn repeating_multiplies(times in prop::collection::vec(0_u64..1_000, 2..30), rounds in 1_u64..5) {
        prop_assume!(times.iter().min() != times.iter().max());
        let found = repeated(&times, Rounds::Times(NonZero::new(rounds).unwrap()), None).unwrap();
        prop_assert!(found.is_sorted());
        prop_assert_eq!(found.len() as u64, times.len() as u64 * rounds);
    }

    /// Cutting at any point and joining both parts gives the whole.
    #[test]
    fn two_cuts_make_the_whole(whole in prop::collection::vec(0_u64..50, 0..30), place in 0_u64..50) {
        let before = times(Cut::new(given(&whole), None, Some(at(place))));
        let after = times(Cut::new(given(&whole), Some(at(place)), None));
        prop_assert_eq!([before, after].concat(), times(given(&whole)));
    }
}
