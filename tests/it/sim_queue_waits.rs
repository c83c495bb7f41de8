//! Reference case T21: waits of a queue in front of a bucket, against Lindley's recursion, which in
//! turn is held against the closed form.

use crate::sim_desk::provisioned;
use crate::sim_queue::{alone, gated, message, only, play};

/// Numbers above 0 and up to 1, from a seed (`SplitMix64`).
fn draws(mut seed: u64) -> impl FnMut() -> f64 {
    move || {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (f64::from(u32::try_from(mixed >> 32).unwrap()) + 1.0) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Poisson messages of `rate` a second: arrival [µs] and weight [token], of which the bucket
/// drains 100,000 a second.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "drawn times and sizes are small and positive"
)]
fn poisson(rate: f64, cost: impl Fn(f64) -> f64) -> impl Iterator<Item = (u64, u32)> {
    let mut draw = draws(7);
    let mut at = 0.0;
    std::iter::repeat_with(move || {
        at += -draw().ln() / rate;
        let weight = cost(draw()) * 100_000.0;
        ((at * 1e6).round() as u64, weight.round() as u32)
    })
}

/// How long each message waits, by the recursion of Lindley: the level is at the line again so
/// long after the last message was sent. `line` is in seconds of draining.
#[expect(
    clippy::cast_precision_loss,
    reason = "microseconds of days fit a double"
)]
fn waits(messages: impl Iterator<Item = (u64, u32)>, line: f64) -> impl Iterator<Item = f64> {
    let (mut level, mut sent) = (0.0_f64, 0.0_f64);
    messages.map(move |(at, weight)| {
        let arrival = at as f64 / 1e6;
        let before = arrival.max(sent);
        level = (level - (before - sent)).max(0.0);
        sent = before + (level - line).max(0.0);
        level = level.min(line) + f64::from(weight) / 100_000.0;
        sent - arrival
    })
}

/// λ, μ, line [s], P(wait), mean wait [s], tolerance of the two over two million messages.
const CLOSED_FORMS: [(f64, f64, u32, f64, f64, f64); 2] = [
    (1.8, 2.0, 10, 0.121_802, 0.609_009, 0.1),
    (1.0, 2.0, 0, 0.5, 0.5, 0.02),
];

#[test]
fn t21_the_recursion_of_waits_follows_the_closed_form() {
    for (rate, mu, line, p_wait, mean, tolerance) in CLOSED_FORMS {
        let messages = poisson(rate, |draw| -draw.ln() / mu).take(2_000_000);
        let (mut waited, mut total) = (0.0, 0.0);
        for wait in waits(messages, line.into()) {
            waited += f64::from(u8::from(wait > 0.0));
            total += wait;
        }
        let (waited, found) = (waited / 2e6, total / 2e6);
        assert!(
            (waited / p_wait - 1.0).abs() < tolerance,
            "{waited} {p_wait}"
        );
        assert!((found / mean - 1.0).abs() < tolerance, "{found} {mean}");
    }
    // Fixed cost, no depth: M/D/1, λ/(2μ(μ − λ)) with (0.8, 1) is 2 s.
    let messages = poisson(0.8, |_| 1.0).take(2_000_000);
    let mean = waits(messages, 0.0).sum::<f64>() / 2e6;
    assert!((mean / 2.0 - 1.0).abs() < 0.02, "{mean}");
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "statistics")]
fn t21_simulated_waits_are_those_of_the_recursion() {
    const COUNT: usize = 30_000;
    for (rate, mu, line, ..) in CLOSED_FORMS {
        let drawn = || poisson(rate, |draw| -draw.ln() / mu).take(COUNT);
        let per_mille = if line == 0 { 0 } else { 1000 };
        let setup = alone(provisioned(2000, 3000, 10), gated(per_mille, per_mille));
        let requests = drawn().map(|(at, weight)| message(at, weight)).collect();
        let outcome = play(&setup, requests);
        let delays = &only(&outcome).start_delays;
        let oracle: Vec<f64> = waits(drawn(), line.into()).collect();
        let waited = oracle.iter().filter(|wait| **wait > 1e-6).count() as u64;
        assert!(delays.waited().abs_diff(waited) <= 1, "{waited}");
        let mean = oracle.iter().sum::<f64>() / COUNT as f64;
        let found = delays.mean().micros() as f64 / 1e6;
        // Each send is rounded up to a microsecond, and so is the one after it.
        assert!((found - mean).abs() < 1e-4, "{found} {mean}");
    }
}
