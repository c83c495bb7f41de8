//! One request of a flat file.

use super::SUBSCRIPTIONS;
use super::config::MODELS;

use super::super::month::{END, START};
use super::super::rng::Rng;

/// One request.
pub(super) struct Item {
    /// Since the start of October \[ms\].
    pub(super) millis: u64,
    /// The two halves of its id.
    pub(super) id: (u64, u64),
    /// Number of the subscription that called.
    pub(super) subscription: u32,
    /// Number of the end user.
    pub(super) user: u32,
    /// Name of the model served.
    pub(super) model: &'static str,
    /// HTTP status.
    pub(super) status: u16,
    /// Whether the answer was streamed.
    pub(super) streamed: bool,
    /// Prompt \[token\].
    pub(super) input: u32,
    /// Part of the prompt read from the cache \[token\].
    pub(super) cached: u32,
    /// Answer \[token\].
    pub(super) output: u32,
    /// Time to the end of the answer \[ms\].
    pub(super) latency: u32,
    /// Last byte of the caller's address.
    pub(super) host: u32,
}

impl Item {
    /// Item `index` of `count`: their times spread over the month in order.
    pub(super) fn draw(seed: u64, index: u64, count: u64) -> Self {
        let mut rng = Rng::of_item(seed, index);
        let month = u64::try_from(END - START).expect("the month ends after it starts");
        let slot = u128::from(month) * u128::from(index) / u128::from(count.max(1));
        let input = rng.between(20, 12_000);
        Self {
            millis: u64::try_from(slot).expect("an index below the count lies in the month"),
            id: (rng.draw(), rng.draw()),
            subscription: any_subscription(&mut rng),
            user: rng.between(0, 9_999),
            model: rng.pick(&MODELS).name,
            status: *rng.pick(&[
                200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200,
                200, 200, 429, 500,
            ]),
            streamed: rng.percent(40),
            input,
            cached: if rng.percent(30) {
                input / 2 / 128 * 128
            } else {
                0
            },
            output: rng.between(1, 2_000),
            latency: rng.between(150, 30_000),
            host: rng.between(1, 254),
        }
    }
}

/// Few subscriptions call much, many call little: the smaller of two draws.
fn any_subscription(rng: &mut Rng) -> u32 {
    let last = SUBSCRIPTIONS - 1;
    rng.between(0, last).min(rng.between(0, last))
}
