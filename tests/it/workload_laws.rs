//! Traffic as a scenario builds it: several sources, transforms, one stream.

use std::collections::BTreeMap;
use std::num::NonZero;

use proptest::prelude::*;

use tollbook::time::{SimDuration, SimTime};
use tollbook::workload::synthetic::{Amount, DrawnTokens, Profile, Share, TokenShape};
use tollbook::workload::trace::{self, TimeNotation, TraceOptions};
use tollbook::workload::transform::{
    Cut, Limited, Merge, Repeat, Rounds, Scale, Scaling, TokenLimits,
};
use tollbook::workload::{App, Apps, Arrivals, PrefixCache, Request, Seed, SyntheticApp, Traffic};

const HOUR: u64 = 3_600_000_000;

fn hour(hours: u64) -> SimTime {
    SimTime::from_micros(hours * HOUR)
}

fn app(name: &str, rate: f64, seed: Seed) -> Box<dyn Traffic> {
    let app = SyntheticApp {
        name: name.to_owned(),
        app: App::named(name),
        arrivals: Arrivals::Gamma { cv: 2.0 },
        rate,
        profile: Profile::default(),
        shape: TokenShape::Drawn(DrawnTokens {
            input: Amount::Uniform {
                least: 1,
                most: 4_000,
            },
            cached: Share::Uniform {
                least: 0.0,
                most: 1.0,
            },
            cache: PrefixCache {
                block: NonZero::new(128).unwrap(),
                minimum: 1_024,
            },
            output: Amount::Uniform {
                least: 0,
                most: 800,
            },
            max_tokens: None,
        }),
        priority: Some(3),
        from: hour(0),
        until: hour(2),
    };
    Box::new(app.traffic(seed).unwrap())
}

/// Ten seconds of a trace, again and again for an hour.
fn trace() -> Box<dyn Traffic> {
    const TEXT: &str = "time,input,output\n0,100,5\n4,200,6\n9.5,300,7\n";
    let open = || {
        let options = TraceOptions {
            time: TimeNotation::Seconds,
            app: App::named("trace"),
            ..TraceOptions::default()
        };
        trace::csv(Box::new(TEXT.as_bytes()), "trace.csv", &options)
    };
    let every = Some(SimDuration::from_seconds(10));
    Box::new(Repeat::new(open, Rounds::Until(hour(1)), every).unwrap())
}

/// Each request with the name of its app.
fn played(sources: Vec<Box<dyn Traffic>>, seed: Seed) -> Vec<(String, Request)> {
    let scaling = Scaling {
        factor: "1.25".parse().unwrap(),
        jitter: SimDuration::SECOND,
        seed,
        name: "all".to_owned(),
    };
    let limits = TokenLimits {
        most: NonZero::new(500),
        ..TokenLimits::default()
    };
    let merged = Scale::new(Merge::new(sources), &scaling);
    let limited = Limited::new(merged, limits, BTreeMap::new());
    let mut traffic = Cut::new(limited, None, Some(hour(1)));
    let mut apps = Apps::default();
    let mut requests = Vec::new();
    while let Some(request) = traffic.next(&mut apps) {
        let request = request.unwrap();
        let name = apps.all()[request.app.place()].name().to_owned();
        requests.push((name, request));
    }
    requests
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn one_seed_plays_one_stream(number in any::<u64>()) {
        let seed = Seed::new(number);
        let play = || played(vec![app("hr", 0.5, seed), trace(), app("it", 1.0, seed)], seed);
        let requests = play();
        prop_assert_eq!(&requests, &play());
        prop_assert!(requests.is_sorted_by_key(|(_, request)| request.at));
        for (_, Request { tokens, max_tokens, .. }) in &requests {
            prop_assert_eq!(*max_tokens, NonZero::new(500));
            prop_assert!(tokens.output <= 500);
            prop_assert!(tokens.cached_input <= tokens.input);
        }
    }

    /// What one app sends does not depend on which others there are.
    #[test]
    fn another_app_changes_no_other(number in any::<u64>()) {
        let seed = Seed::new(number);
        let mut apps = Apps::default();
        let mut alone = app("hr", 0.5, seed);
        let mut both = Merge::new(vec![app("it", 1.0, seed), app("hr", 0.5, seed)]);
        let mut of_hr = Vec::new();
        while let Some(request) = both.next(&mut apps) {
            let request = request.unwrap();
            if apps.all()[request.app.place()].name() == "hr" {
                of_hr.push((request.at, request.tokens));
            }
        }
        for expected in of_hr {
            let request = alone.next(&mut apps).unwrap().unwrap();
            prop_assert_eq!((request.at, request.tokens), expected);
        }
        prop_assert!(alone.next(&mut apps).is_none());
    }
}

/// 360 rounds of three requests, times 1.25; only a last jittered copy may leave the hour.
#[test]
fn a_repeated_and_scaled_trace_has_its_count() {
    let requests = played(vec![trace()], Seed::new(2));
    assert!(
        (1_349..=1_350).contains(&requests.len()),
        "{}",
        requests.len()
    );
}
