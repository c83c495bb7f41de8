//! Rates, profiles and shapes of made-up apps.

use chrono::NaiveDate;

use super::*;
use crate::time::{SimDuration, Timestamp};
use crate::workload::prefix_cache::PrefixCache;
use crate::workload::tests::{all, is_ordered};

const HOUR: u64 = 3_600_000_000;

/// Midnight of a Thursday.
fn start() -> SimTime {
    let day = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
    SimTime::from_timestamp(Timestamp::start_of(day)).unwrap()
}

fn tokens() -> DrawnTokens {
    DrawnTokens {
        input: Amount::Constant(100),
        cached: Share::None,
        cache: PrefixCache {
            block: PrefixCache::MOONCAKE_BLOCK,
            minimum: 0,
        },
        output: Amount::Constant(10),
        max_tokens: None,
    }
}

fn app(arrivals: Arrivals, rate: f64, hours: u64) -> SyntheticApp {
    SyntheticApp {
        name: "app".to_owned(),
        app: App::named("app"),
        arrivals,
        rate,
        profile: Profile::default(),
        shape: TokenShape::Drawn(tokens()),
        priority: None,
        from: start(),
        until: start().after(SimDuration::from_micros(hours * HOUR)),
    }
}

fn drawn(app: SyntheticApp, seed: u64) -> Vec<Request> {
    let requests = all(app.traffic(Seed::new(seed)).unwrap()).unwrap();
    assert!(is_ordered(&requests));
    requests
}

/// Requests in each span of so many hours.
fn per_span(requests: &[Request], hours: u64) -> Vec<usize> {
    let mut counts = Vec::new();
    for request in requests {
        let span = usize::try_from(request.at.since(start()).micros() / (hours * HOUR)).unwrap();
        counts.resize(counts.len().max(span + 1), 0);
        counts[span] += 1;
    }
    counts
}

#[test]
fn constant_arrivals_are_whole_seconds() {
    let found = drawn(app(Arrivals::Constant, 1.0, 25), 1);
    assert_eq!(found.len(), 25 * 3_600);
    for (second, request) in (0..).zip(&found) {
        let at = start().after(SimDuration::from_seconds(second));
        assert_eq!(request.at, at);
    }
}

#[test]
fn constant_arrivals_keep_their_beat_over_changing_rates() {
    let mut hours = [1.0; 24];
    (hours[1], hours[2]) = (0.0, 0.5);
    let profile = Profile {
        daily: Daily::Hours(hours),
        ..Profile::default()
    };
    let app = SyntheticApp {
        profile,
        ..app(Arrivals::Constant, 1.0, 4)
    };
    assert_eq!(per_span(&drawn(app, 1), 1), [3_600, 0, 1_800, 3_600]);
}

/// 36,000 requests an hour: a Poisson count has a standard deviation of 190, a Gamma count of
/// 190 × cv.
#[test]
fn the_mean_rate_holds() {
    for (arrivals, off) in [
        (Arrivals::Poisson, 800),
        (Arrivals::Gamma { cv: 3.0 }, 2_400),
        (Arrivals::Gamma { cv: 0.3 }, 300),
        (Arrivals::Weibull { shape: 0.6 }, 1_500),
    ] {
        for count in per_span(&drawn(app(arrivals, 10.0, 4), 11), 1) {
            assert!(count.abs_diff(36_000) < off, "{arrivals:?}: {count}");
        }
    }
}

#[test]
fn profiles_multiply() {
    let mut hours = [1.0; 24];
    hours[9] = 3.0;
    let mut week = [1.0; 7];
    week[4] = 0.5;
    let profile = Profile {
        daily: Daily::Hours(hours),
        weekly: Some(week),
        growth: Growth::PercentPerDay(100.0),
        offset_minutes: 0,
    };
    let app = SyntheticApp {
        profile,
        ..app(Arrivals::Constant, 1.0, 48)
    };
    let counts = per_span(&drawn(app, 1), 1);
    // Thursday, then Friday with half the requests of twice the rate.
    assert_eq!((counts[0], counts[9]), (3_600, 10_800));
    assert_eq!((counts[24], counts[33]), (3_600, 10_800));
}

/// 1 + cos over half a day around the peak is 12 + 24 / π hours; twelve hours of the other half
/// have the rest.
#[test]
fn a_wave_has_its_area() {
    for (offset_minutes, peak_hour) in [(0, 12.0), (120, 14.0), (-60, 11.0)] {
        let profile = Profile {
            daily: Daily::Sine {
                amplitude: 1.0,
                peak_hour,
            },
            offset_minutes,
            ..Profile::default()
        };
        let app = SyntheticApp {
            profile,
            ..app(Arrivals::Constant, 1.0, 24)
        };
        let found = drawn(app, 1);
        let around = |request: &&Request| {
            let place = request.at.since(start()).micros();
            (6 * HOUR..18 * HOUR).contains(&place)
        };
        let count = found.iter().filter(around).count();
        // 3600 × (12 + 24 / π) = 70,701.97.
        assert!(count.abs_diff(70_702) <= 2, "{count}");
        assert!(found.len().abs_diff(86_400) <= 2, "{}", found.len());
    }
}

#[test]
fn months_grow_by_their_percent() {
    let profile = Profile {
        growth: Growth::PercentPerMonth(50.0),
        ..Profile::default()
    };
    let app = SyntheticApp {
        profile,
        ..app(Arrivals::Constant, 0.01, 24 * 32)
    };
    let counts = per_span(&drawn(app, 1), 24);
    assert_eq!((counts[0], counts[30], counts[31]), (864, 864, 1_296));
}

#[test]
fn equal_seeds_draw_equal_requests_and_shapes_do_not_move_arrivals() {
    let times = |requests: Vec<Request>| -> Vec<SimTime> {
        requests.iter().map(|request| request.at).collect()
    };
    let poisson = || app(Arrivals::Poisson, 1.0, 1);
    assert_eq!(drawn(poisson(), 4), drawn(poisson(), 4));
    assert_ne!(drawn(poisson(), 4), drawn(poisson(), 5));
    let varied = SyntheticApp {
        shape: TokenShape::Drawn(DrawnTokens {
            input: Amount::Uniform { least: 1, most: 9 },
            ..tokens()
        }),
        ..poisson()
    };
    assert_eq!(times(drawn(varied, 4)), times(drawn(poisson(), 4)));
    let other = SyntheticApp {
        name: "other".to_owned(),
        ..poisson()
    };
    assert_ne!(drawn(other, 4), drawn(poisson(), 4));
}

#[test]
fn shapes_have_their_means_and_bounds() {
    let histogram = Histogram::new([(7, 1.0), (9, 3.0)]).unwrap();
    let app = SyntheticApp {
        shape: TokenShape::Drawn(DrawnTokens {
            input: Amount::LogNormal {
                mean: 2_000.0,
                cv: 0.8,
                most: 100_000,
            },
            cached: Share::Constant(0.5),
            cache: PrefixCache {
                block: std::num::NonZero::new(128).unwrap(),
                minimum: 1_024,
            },
            output: Amount::Histogram(histogram),
            max_tokens: Some(Amount::Constant(8)),
        }),
        ..app(Arrivals::Constant, 10.0, 2)
    };
    let found = drawn(app, 9);
    let count = found.len() as u64;
    let input: u64 = found.iter().map(|r| u64::from(r.tokens.input)).sum();
    assert!((input / count).abs_diff(2_000) < 40, "{}", input / count);
    let sevens = found.iter().filter(|r| r.tokens.output == 7).count() as u64;
    assert!((sevens * 100 / count).abs_diff(25) <= 1, "{sevens}");
    for request in &found {
        let tokens = request.tokens;
        let half = tokens.input / 2 / 128 * 128;
        let cached = if half < 1_024 { 0 } else { half };
        assert_eq!(tokens.cached_input, cached);
        assert!(tokens.output == 7 || tokens.output == 8);
    }
}

#[test]
fn impossible_apps_are_refused() {
    let base = || app(Arrivals::Poisson, 1.0, 1);
    let silent = Profile {
        daily: Daily::Hours([0.0; 24]),
        ..Profile::default()
    };
    let steep = Profile {
        growth: Growth::PercentPerDay(-100.0),
        ..Profile::default()
    };
    let nothing = TokenShape::Drawn(DrawnTokens {
        input: Amount::Uniform { least: 0, most: 5 },
        output: Amount::Constant(0),
        ..tokens()
    });
    let backwards = SyntheticApp {
        until: start(),
        ..base()
    };
    for (app, expected) in [
        (
            SyntheticApp {
                rate: 0.0,
                ..base()
            },
            "the rate is 0 requests a second",
        ),
        (
            SyntheticApp {
                rate: f64::NAN,
                ..base()
            },
            "the rate is NaN",
        ),
        (
            SyntheticApp {
                profile: silent,
                ..base()
            },
            "all hourly factors are 0",
        ),
        (
            SyntheticApp {
                profile: steep,
                ..base()
            },
            "growth is -100 %",
        ),
        (
            SyntheticApp {
                shape: nothing,
                ..base()
            },
            "a request may have neither",
        ),
        (backwards, "it ends before it starts"),
    ] {
        let error = app.traffic(Seed::default()).unwrap_err().to_string();
        let expected = format!("synthetic app \"app\": {expected}");
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn growth_beyond_all_bounds_is_refused_when_it_is_met() {
    // One request on Thursday, none on Friday and Saturday, far too many on Sunday.
    let explodes = Profile {
        weekly: Some([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0]),
        growth: Growth::PercentPerDay(1e9),
        ..Profile::default()
    };
    let app = SyntheticApp {
        profile: explodes,
        ..app(Arrivals::Constant, 1e-5, 24 * 4)
    };
    let error = all(app.traffic(Seed::default()).unwrap()).unwrap_err();
    assert!(error.contains("growth takes the rate beyond"), "{error}");
}
