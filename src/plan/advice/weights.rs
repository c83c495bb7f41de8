//! Where a provisioned deployment counts a class of tokens otherwise than the price list does.

use super::case::Case;
use crate::azure::{Tier, TokenClass};
use crate::catalog::CapacityWeights;
use crate::chargeback::Facts;
use crate::money::{Factor, Money};
use crate::rate_card::PriceQuery;
use crate::units::{TokenCounts, TokenWeight, Tokens};

/// A class of tokens that weighs more or less of an input token than it costs of one.
pub(super) struct Mismatch {
    pub(super) class: &'static str,
    /// Weight over the weight of input.
    pub(super) weight: Factor,
    /// Price over the price of input.
    pub(super) price: Factor,
    /// What the difference is worth over the span, for the tokens that the recommended choice
    /// serves, or for all where it serves none [USD]; positive where it speaks for PTU.
    pub(super) worth: Money,
}

/// The classes that matter, by name.
const CLASSES: [(TokenClass, &str); 3] = [
    (TokenClass::CachedInput, "cached input"),
    (TokenClass::CacheWrite, "a cache write"),
    (TokenClass::Output, "output"),
];

/// Every mismatch that is worth something.
pub(super) fn mismatches(case: &Case<'_>, facts: &Facts<'_>) -> Vec<Mismatch> {
    let Some(weights) = weights(case) else {
        return Vec::new();
    };
    let served = &case.point.all;
    let tally = if case.choice.ptu.is_zero() {
        &served.offered
    } else {
        &served.provisioned
    };
    let Some(input) = price(case, facts, TokenClass::Input) else {
        return Vec::new();
    };
    let found = CLASSES.iter().filter_map(|(class, name)| {
        let price = price(case, facts, *class)?.ratio(&input);
        let weight = ratio(of_class(&weights, *class), weights.input);
        let tokens = counted(&tally.tokens, *class);
        let difference = input.times(&price.minus(&weight));
        Some(Mismatch {
            class: name,
            worth: difference.fraction(tokens.get().into(), 1_000_000),
            weight,
            price,
        })
    });
    found.filter(|one| !one.worth.is_zero()).collect()
}

fn weights(case: &Case<'_>) -> Option<CapacityWeights> {
    let candidate = &case.curve.candidate;
    let name = &candidate.deployment().name;
    let figures = candidate.built.figures.iter();
    let mut figures = figures.filter(|figures| figures.deployment == *name);
    figures.next()?.model.weights
}

/// The price of a million tokens of the planned model, as its kind costs them.
fn price(case: &Case<'_>, facts: &Facts<'_>, class: TokenClass) -> Option<Money> {
    let deployment = case.curve.candidate.deployment();
    let query = PriceQuery {
        model: &deployment.model,
        version: deployment.version.as_deref(),
        kind: deployment.kind,
        region: &deployment.region,
        tier: Tier::Standard,
        class,
        input_above: None,
        on: case.curve.candidate.on,
    };
    let price = facts.rates.token_price(&query).ok()?;
    Some(price.price.per_million())
}

fn of_class(weights: &CapacityWeights, class: TokenClass) -> TokenWeight {
    match class {
        TokenClass::Input => weights.input,
        TokenClass::CachedInput => weights.cached_input,
        TokenClass::CacheWrite => weights.cache_write,
        TokenClass::Output => weights.output,
    }
}

fn counted(tokens: &TokenCounts, class: TokenClass) -> Tokens {
    match class {
        TokenClass::Input => tokens.uncached_input(),
        TokenClass::CachedInput => tokens.cached_input,
        TokenClass::CacheWrite => tokens.cache_write,
        TokenClass::Output => tokens.output,
    }
}

fn ratio(one: TokenWeight, other: TokenWeight) -> Factor {
    Factor::ratio(one.thousandths().into(), other.thousandths().into())
}
