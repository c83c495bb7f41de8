//! Draws the calls of October 2026.

use super::call::{Call, Carrier, Story, day_and_month};
use super::estate::{APPS, App, Deployment, INTRANET, Shift, Use};
use super::rng::Rng;

/// 2026-10-01T00:00:00Z \[ms since 1970\], a Thursday.
pub(crate) const START: i64 = 1_790_812_800_000;
/// 2026-11-01T00:00:00Z \[ms since 1970\].
pub(crate) const END: i64 = START + 31 * DAY;
const DAY: i64 = 24 * HOUR;
const HOUR: i64 = 60 * MINUTE;
const MINUTE: i64 = 60_000;

/// Draws `count` calls in October, and the late ones around its two ends, in time order.
pub(crate) fn calls(seed: u64, count: u32) -> Vec<Call> {
    let mut rng = Rng::new(seed);
    let mut calls: Vec<Call> = (0..count).map(|index| call(&mut rng, index)).collect();
    calls.extend(late_calls(&mut rng));
    calls.sort_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
    calls
}

/// Draws call number `index`; rare stories come at fixed numbers, so that no seed lacks them.
fn call(rng: &mut Rng, index: u32) -> Call {
    let lost_gateway_row = index % 151 == 19;
    let app = if lost_gateway_row {
        &INTRANET
    } else {
        any_app(rng)
    };
    let at = START + moment(rng, app.shift);
    let mut call = served(rng, app, at);
    call.carrier = Carrier::of_day(day_and_month(at).0);
    call.anonymous = index % 61 == 11;
    call.story = match index {
        _ if lost_gateway_row => Story::NoGatewayRow,
        _ if index % 29 == 7 => Story::Throttled,
        _ if index % 37 == 5 => Story::Probe,
        _ if index % 131 == 17 => Story::NoLlmRow,
        _ if call.streamed && rng.percent(12) => Story::StreamWithoutUsage,
        _ => Story::Served,
    };
    call
}

/// Calls whose blob lies in another month than they do: three of September and four of October
/// (their LLM rows are written after midnight), and two that are November's own.
fn late_calls(rng: &mut Rng) -> Vec<Call> {
    let spans = [
        (3, START - 9 * MINUTE),
        (4, END - MINUTE / 2),
        (2, END + MINUTE),
    ];
    let mut calls = Vec::new();
    for (count, start) in spans {
        for _ in 0..count {
            let app = any_app(rng);
            let at = start + i64::from(rng.between(0, 25_000));
            let mut call = served(rng, app, at);
            call.lag = i64::from(rng.between(30_000, 60_000));
            calls.push(call);
        }
    }
    calls
}

/// Any application, in proportion to its traffic.
fn any_app(rng: &mut Rng) -> &'static App {
    let own = APPS.iter().map(|app| app.weight).sum::<u32>();
    if rng.below(u64::from(own + INTRANET.weight)) < u64::from(INTRANET.weight) {
        return &INTRANET;
    }
    rng.pick_weighted(&APPS, |app| app.weight)
}

/// A moment of the month \[ms since its start\]: working hours with quiet weekends, or any night.
///
/// On the first, which comes as one blob per hour, calls keep to a few hours.
fn moment(rng: &mut Rng, shift: Shift) -> i64 {
    let days: Vec<u32> = (1..=31).collect();
    let day = *rng.pick_weighted(&days, |day| match shift {
        Shift::Interactive if is_weekend(*day) => 2,
        _ => 9,
    });
    let hour = match (shift, day) {
        (Shift::Interactive, 1) => *rng.pick(&[9, 14]),
        (Shift::Interactive, _) => rng.between(7, 17),
        (Shift::Batch, 1) => 0,
        (Shift::Batch, _) => *rng.pick(&[0, 1, 2, 3, 4, 22, 23]),
    };
    let within_hour = i64::from(rng.between(0, 3_590_000));
    i64::from(day - 1) * DAY + i64::from(hour) * HOUR + within_hour
}

/// Whether a day of October 2026 is a Saturday or a Sunday.
const fn is_weekend(day: u32) -> bool {
    matches!(day % 7, 3 | 4)
}

/// A call that was answered, at `at`.
fn served(rng: &mut Rng, app: &'static App, at: i64) -> Call {
    let use_ = rng.pick_weighted(app.uses, |use_| use_.weight);
    let deployment = use_.deployment;
    let backend = match deployment.overflow {
        Some((overflow, _)) if rng.percent(spill_percent(app.shift)) => overflow,
        _ => deployment.backend,
    };
    let (input, cached, output) = tokens(rng, use_);
    Call {
        at,
        lag: i64::from(rng.between(300, 4_000)),
        ticks: rng.between(0, 9_999),
        id: uuid(rng),
        request_id: request_id(rng, output),
        app,
        anonymous: false,
        deployment,
        model: any_model(rng, deployment),
        backend,
        story: Story::Served,
        streamed: output > 0 && rng.percent(app.streamed_percent),
        input,
        cached,
        output,
        chunks: if output > 0 && rng.percent(12) {
            rng.between(2, 3)
        } else {
            0
        },
        ip: format!("203.0.113.{}", rng.between(1, 254)),
        carrier: Carrier::Storage,
    }
}

fn any_model(rng: &mut Rng, deployment: &Deployment) -> &'static str {
    let model: &&'static str = rng.pick(deployment.models);
    model
}

/// How often provisioned capacity is full \[%\]: at night the queue waits instead.
const fn spill_percent(shift: Shift) -> u32 {
    match shift {
        Shift::Interactive => 18,
        Shift::Batch => 3,
    }
}

/// Prompt, cached and answer tokens. Caches hold whole blocks of 128 tokens.
fn tokens(rng: &mut Rng, use_: &Use) -> (u32, u32, u32) {
    let input = rng.between(use_.input.0, use_.input.1);
    let output = rng.between(use_.output.0, use_.output.1);
    let hit = use_.cached_percent > 0 && input >= 1_024 && rng.percent(60);
    let cached = if hit {
        input / 100 * use_.cached_percent / 128 * 128
    } else {
        0
    };
    (input, cached, output)
}

/// A `CorrelationId`: a random UUID.
pub(crate) fn uuid(rng: &mut Rng) -> String {
    let (high, low) = (rng.draw(), rng.draw());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0x0fff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

/// A `RequestId`; answers without tokens (embeddings) have none.
fn request_id(rng: &mut Rng, output: u32) -> String {
    let number = rng.draw();
    if output == 0 {
        return String::new();
    }
    format!("chatcmpl-{number:016x}")
}
