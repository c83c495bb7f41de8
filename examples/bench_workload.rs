//! Measures how many requests are read and drawn in a second of one core's time:
//! `cargo run --release --example bench_workload`. It counts CPU time, as Linux tells it, so other
//! work on the machine shows less.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measurement prints its figures"
)]

use std::fmt::Write as _;
use std::io::Cursor;
use std::num::NonZero;

use tollbook::time::{SimDuration, SimTime};
use tollbook::workload::synthetic::{Amount, Daily, DrawnTokens, Profile, Share, TokenShape};
use tollbook::workload::trace::{self, TraceOptions};
use tollbook::workload::transform::{Merge, Scale, Scaling};
use tollbook::workload::{App, Apps, Arrivals, PrefixCache, Seed, SyntheticApp, Traffic};

const ROWS: u64 = 4_000_000;

fn measure(what: &str, mut traffic: impl Traffic) {
    let mut apps = Apps::default();
    let start = cpu_seconds();
    let (mut count, mut tokens) = (0_u64, 0_u64);
    while let Some(request) = traffic.next(&mut apps) {
        count += 1;
        tokens += u64::from(request.unwrap().tokens.input);
    }
    let seconds = cpu_seconds() - start;
    let rate = count as f64 / seconds / 1e6;
    println!("{what:32} {rate:8.2} M requests/s  ({count} requests, {tokens} tokens)");
}

/// CPU time of this thread so far [s].
fn cpu_seconds() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: u64 = times.split(' ').next().unwrap().parse().unwrap();
    nanoseconds as f64 / 1e9
}

/// A request each millisecond, for so many rows.
fn csv() -> Vec<u8> {
    let mut text = "TIMESTAMP,ContextTokens,GeneratedTokens\n".to_owned();
    for row in 0..ROWS {
        let (second, tick) = (row / 1_000, row % 1_000 * 10_000);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        writeln!(
            text,
            "2023-11-16 {hour:02}:{minute:02}:{second:02}.{tick:07},{},{}",
            row % 8_000 + 1,
            row % 900
        )
        .unwrap();
    }
    text.into_bytes()
}

fn json() -> Vec<u8> {
    let mut text = String::new();
    for row in 0..ROWS / 4 {
        let (input, output) = (row % 8_000 + 1, row % 900);
        let time = format!("2023-11-16T00:00:{:02}Z", row * 60 / ROWS);
        writeln!(
            text,
            r#"{{"time": "{time}", "input": {input}, "output": {output}, "app": "hr"}}"#
        )
        .unwrap();
    }
    text.into_bytes()
}

fn app(arrivals: Arrivals, profile: Profile, input: Amount) -> SyntheticApp {
    SyntheticApp {
        name: "bench".to_owned(),
        app: App::named("bench"),
        arrivals,
        rate: 100.0,
        profile,
        shape: TokenShape::Drawn(DrawnTokens {
            input,
            cached: Share::None,
            cache: PrefixCache {
                block: NonZero::<u32>::MIN,
                minimum: 0,
            },
            output: Amount::Constant(100),
            max_tokens: None,
        }),
        priority: None,
        from: SimTime::default(),
        until: SimTime::from_micros(2 * ROWS * 10_000),
    }
}

fn main() {
    let options = TraceOptions::default();
    let sorted = TraceOptions {
        reorder_within: SimDuration::SECOND,
        ..options.clone()
    };
    let text = csv();
    let bytes = || Box::new(Cursor::new(text.clone()));
    measure("CSV", trace::azure(bytes(), "bench", &options).unwrap());
    measure(
        "CSV, sorted within a second",
        trace::azure(bytes(), "bench", &sorted).unwrap(),
    );
    let lines = Box::new(Cursor::new(json()));
    measure(
        "JSON lines",
        trace::json_lines(lines, "bench", &options).unwrap(),
    );
    let constant = || Amount::Constant(1_000);
    let log_normal = Amount::LogNormal {
        mean: 1_000.0,
        cv: 1.0,
        most: 100_000,
    };
    let wave = Profile {
        daily: Daily::Sine {
            amplitude: 0.5,
            peak_hour: 14.0,
        },
        ..Profile::default()
    };
    let flat = Profile::default;
    let seed = Seed::new(1);
    let draw = |arrivals, profile, input| app(arrivals, profile, input).traffic(seed).unwrap();
    measure("constant", draw(Arrivals::Constant, flat(), constant()));
    measure("Poisson", draw(Arrivals::Poisson, flat(), constant()));
    measure("Poisson, wave", draw(Arrivals::Poisson, wave, constant()));
    measure(
        "Poisson, log-normal tokens",
        draw(Arrivals::Poisson, flat(), log_normal),
    );
    measure(
        "Gamma, cv 3",
        draw(Arrivals::Gamma { cv: 3.0 }, flat(), constant()),
    );
    measure(
        "Weibull, shape 0.5",
        draw(Arrivals::Weibull { shape: 0.5 }, flat(), constant()),
    );
    let poisson = || draw(Arrivals::Poisson, flat(), constant());
    let scaling = Scaling {
        factor: "1.5".parse().unwrap(),
        jitter: SimDuration::SECOND,
        seed,
        name: "bench".to_owned(),
    };
    measure("Poisson × 1.5", Scale::new(poisson(), &scaling));
    measure(
        "merge of 8 Poisson",
        Merge::new((0..8).map(|_| poisson()).collect()),
    );
}
