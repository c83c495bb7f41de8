//! Prices tokens: integer sums times decimal prices, nothing rounded.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hashbrown::HashMap;

use super::error::Unpriced;
use super::routes::Tariff;
use super::statement::Component;
use crate::azure::TokenClass;
use crate::money::{PicoMoney, PricePerMillion};
use crate::rate_card::{PriceError, PriceQuery, RateCard, TokenPrice};
use crate::units::{TokenCounts, Tokens};

/// Tokens of one tariff, owner, segment and class, and what they cost.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rated {
    /// How many.
    pub(super) tokens: Tokens,
    /// Their cost in US dollars.
    pub(super) cost: PicoMoney,
    /// The one price of all of them.
    pub(super) price: OnePrice,
}

/// Whether one price holds for all tokens of a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum OnePrice {
    /// No token yet.
    #[default]
    Unknown,
    /// This one.
    One(PricePerMillion),
    /// Several, or none at all.
    Several,
}

impl Rated {
    /// Adds tokens at a price, or at none.
    pub(super) fn add(&mut self, tokens: Tokens, price: Option<PricePerMillion>) {
        self.tokens += tokens;
        if let Some(price) = price {
            self.cost += price.of(tokens);
        }
        self.price = match (self.price, price) {
            (OnePrice::Unknown, Some(price)) => OnePrice::One(price),
            (OnePrice::One(one), Some(price)) if one == price => self.price,
            _ => OnePrice::Several,
        };
    }
}

/// A price that tokens of the period were charged at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedPrice {
    /// Model, as on the statement.
    pub model: String,
    /// Deployment, as on the statement.
    pub deployment: String,
    /// What it is the price of, as on the statement.
    pub component: Component,
    /// First day of the period it was used for.
    pub from: NaiveDate,
    /// The price and where it is from.
    pub price: TokenPrice,
}

/// Every class, in the order of arrays by class.
pub(super) const CLASSES: [TokenClass; 4] = [
    TokenClass::Input,
    TokenClass::CachedInput,
    TokenClass::CacheWrite,
    TokenClass::Output,
];

/// A tariff, a class, a context threshold, and the price itself by its dates and amount.
type AppliedKey = (usize, usize, Option<Tokens>, NaiveDate, NaiveDate, PricePerMillion);

/// A tariff, a day and a context threshold.
type PriceKey = (usize, usize, Option<Tokens>);

/// The prices of one tariff, day and context threshold, by class.
type ClassPrices<'a> = [Result<&'a TokenPrice, PriceError>; 4];

/// Looks prices up once each, and remembers which were missing.
pub(super) struct Prices<'a> {
    rates: &'a RateCard,
    known: HashMap<PriceKey, ClassPrices<'a>>,
    missing: BTreeMap<(usize, TokenClass, Option<Tokens>), Unpriced>,
    /// Every price used, with the first day it was used for.
    used: BTreeMap<AppliedKey, (NaiveDate, &'a TokenPrice)>,
}

/// What is priced: a tariff on a day, within or beyond a context threshold.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'t> {
    /// The tariff.
    pub(super) tariff: &'t Tariff,
    /// Its number.
    pub(super) number: usize,
    /// The day and its number in the period.
    pub(super) day: (usize, NaiveDate),
    /// The highest threshold of the rate card that the requests exceeded.
    pub(super) input_above: Option<Tokens>,
}

impl<'a> Prices<'a> {
    /// No prices looked up yet.
    pub(super) fn new(rates: &'a RateCard) -> Self {
        Self {
            rates,
            known: HashMap::new(),
            missing: BTreeMap::new(),
            used: BTreeMap::new(),
        }
    }

    /// Adds tokens of every class to `rated` at the prices of the occasion.
    pub(super) fn rate(
        &mut self,
        occasion: &Occasion<'_>,
        tokens: &TokenCounts,
        rated: &mut [Rated; 4],
    ) {
        let key = self.look_up(occasion);
        let prices = &self.known[&key];
        for ((place, (class, price)), rated) in CLASSES.iter().zip(prices).enumerate().zip(rated) {
            let tokens = of_class(tokens, *class);
            if tokens.is_zero() {
                continue;
            }
            rated.add(tokens, price.as_ref().ok().map(|price| price.price));
            match price {
                Ok(price) => note_used(&mut self.used, occasion, place, price),
                Err(error) => {
                    let key = (occasion.number, *class, occasion.input_above);
                    let entry = self.missing.entry(key);
                    let missing = entry.or_insert_with(|| unpriced(occasion, *class, error));
                    missing.tokens += tokens;
                    missing.note(occasion.day.1, error);
                }
            }
        }
    }

    /// Adds prompt tokens to `rated` at the tariff's input price, if it has one: the fee of a
    /// model router is the price of its own input, whichever model serves.
    pub(super) fn rate_fee(
        &mut self,
        occasion: &Occasion<'_>,
        tokens: &TokenCounts,
        rated: &mut [Rated; 4],
    ) {
        let prompt = TokenCounts {
            input: tokens.input,
            ..TokenCounts::default()
        };
        let key = self.look_up(occasion);
        if self.known[&key][0].is_ok() {
            self.rate(occasion, &prompt, rated);
        }
    }

    /// Makes sure that the prices of the occasion are known, and returns where.
    fn look_up(&mut self, occasion: &Occasion<'_>) -> PriceKey {
        let key = (occasion.number, occasion.day.0, occasion.input_above);
        if !self.known.contains_key(&key) {
            let prices = CLASSES.map(|class| self.price(occasion, class));
            self.known.insert(key, prices);
        }
        key
    }

    fn price(
        &self,
        occasion: &Occasion<'_>,
        class: TokenClass,
    ) -> Result<&'a TokenPrice, PriceError> {
        let tariff = occasion.tariff;
        self.rates.token_price(&PriceQuery {
            model: &tariff.name.model,
            version: tariff.name.version.as_deref(),
            kind: tariff.kind,
            region: &tariff.region,
            tier: tariff.tier,
            class,
            input_above: occasion.input_above,
            on: occasion.day.1,
        })
    }

    /// Everything that had no price, and every price that was used; both sorted.
    pub(super) fn finish(self, tariffs: &[Tariff]) -> (Vec<Unpriced>, Vec<AppliedPrice>) {
        let mut missing: Vec<Unpriced> = self.missing.into_values().collect();
        missing.sort();
        let used = self.used.into_iter();
        let mut applied: Vec<AppliedPrice> =
            used.map(|(key, (from, price))| applied(&tariffs[key.0], from, price)).collect();
        applied.sort_by(|one, other| {
            let order = |price: &AppliedPrice| {
                (price.component, price.from, price.price.input_above, price.price.price)
            };
            (&one.model, &one.deployment)
                .cmp(&(&other.model, &other.deployment))
                .then_with(|| order(one).cmp(&order(other)))
        });
        (missing, applied)
    }
}

fn note_used<'a>(
    used: &mut BTreeMap<AppliedKey, (NaiveDate, &'a TokenPrice)>,
    occasion: &Occasion<'_>,
    class: usize,
    price: &'a TokenPrice,
) {
    let dates = (price.source.effective_from, price.source.as_of);
    let key = (occasion.number, class, occasion.input_above, dates.0, dates.1, price.price);
    let day = occasion.day.1;
    let first = used.entry(key).or_insert((day, price));
    first.0 = first.0.min(day);
}

fn applied(tariff: &Tariff, from: NaiveDate, price: &TokenPrice) -> AppliedPrice {
    AppliedPrice {
        model: tariff.name.model.clone(),
        deployment: tariff.deployment.clone(),
        component: Component::Tokens {
            spilled: tariff.spilled,
            tier: tariff.tier,
            class: price.class,
        },
        from,
        price: price.clone(),
    }
}

fn of_class(tokens: &TokenCounts, class: TokenClass) -> Tokens {
    match class {
        TokenClass::Input => tokens.uncached_input(),
        TokenClass::CachedInput => tokens.cached_input,
        TokenClass::CacheWrite => tokens.cache_write,
        TokenClass::Output => tokens.output,
    }
}

fn unpriced(occasion: &Occasion<'_>, class: TokenClass, error: &PriceError) -> Unpriced {
    let tariff = occasion.tariff;
    Unpriced {
        name: tariff.name.clone(),
        kind: tariff.kind,
        region: tariff.region.clone(),
        tier: tariff.tier,
        class,
        input_above: occasion.input_above,
        days: (occasion.day.1, occasion.day.1),
        tokens: Tokens::default(),
        reason: error.to_string(),
    }
}

impl Unpriced {
    /// Widens the days; the reason is that of the first, whichever order usage comes in.
    fn note(&mut self, day: NaiveDate, error: &PriceError) {
        let (first, last) = self.days;
        if day < first {
            self.reason = error.to_string();
        }
        self.days = (first.min(day), last.max(day));
    }
}
