//! Prices tokens: integer sums times decimal prices, nothing rounded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hashbrown::HashMap;

use super::error::Unpriced;
use super::routes::Tariff;
use crate::azure::TokenClass;
use crate::catalog::ModelName;
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

/// Every class, in the order of arrays by class.
pub(super) const CLASSES: [TokenClass; 4] = [
    TokenClass::Input,
    TokenClass::CachedInput,
    TokenClass::CacheWrite,
    TokenClass::Output,
];

/// A tariff, a day and a context threshold.
type PriceKey = (usize, usize, Option<Tokens>);

/// The price of one token class on an occasion, and how many tokens it priced.
struct ClassPrice<'a> {
    price: Result<&'a TokenPrice, PriceError>,
    tokens: Tokens,
}

/// The prices of one tariff, day and context threshold, by class.
type ClassPrices<'a> = [ClassPrice<'a>; 4];

/// Tokens that one row of the rate card priced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedUse {
    /// The model and version asked for.
    pub name: ModelName,
    /// The region asked for.
    pub region: String,
    /// The context threshold that the requests exceeded.
    pub input_above: Option<Tokens>,
    /// The row, which says the rest.
    pub price: TokenPrice,
    /// First and last day of such use.
    pub days: (NaiveDate, NaiveDate),
    /// How many tokens.
    pub tokens: Tokens,
}

impl PricedUse {
    /// The same question on another day.
    pub fn query(&self, on: NaiveDate) -> PriceQuery<'_> {
        PriceQuery {
            model: &self.name.model,
            version: self.name.version.as_deref(),
            kind: self.price.kind,
            region: &self.region,
            tier: self.price.tier,
            class: self.price.class,
            input_above: self.input_above,
            on,
        }
    }
}

/// Looks prices up once each, and remembers which were missing.
pub(super) struct Prices<'a> {
    rates: &'a RateCard,
    known: HashMap<PriceKey, ClassPrices<'a>>,
    missing: BTreeMap<(usize, TokenClass, Option<Tokens>), Unpriced>,
    used: Vec<&'a TokenPrice>,
    /// The tariffs and days of the numbers in keys.
    asked: BTreeMap<usize, Tariff>,
    days: BTreeMap<usize, NaiveDate>,
    /// Models priced before the first day their price is known for, with that day.
    stretched: BTreeSet<(&'a str, NaiveDate)>,
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
            used: Vec::new(),
            asked: BTreeMap::new(),
            days: BTreeMap::new(),
            stretched: BTreeSet::new(),
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
        let prices = self.known.get_mut(&key).expect("it was looked up");
        for ((class, known), rated) in CLASSES.iter().zip(prices).zip(rated) {
            let tokens = of_class(tokens, *class);
            if tokens.is_zero() {
                continue;
            }
            known.tokens += tokens;
            let price = &known.price;
            rated.add(tokens, price.as_ref().ok().map(|price| price.price));
            if let Err(error) = price {
                let key = (occasion.number, *class, occasion.input_above);
                let entry = self.missing.entry(key);
                let missing = entry.or_insert_with(|| unpriced(occasion, *class, error));
                missing.tokens += tokens;
                missing.note(occasion.day.1, error);
            }
        }
    }

    /// Adds prompt tokens to `rated` at the tariff's input price: the fee of a model router is the
    /// price of its own input, whichever model serves, cached or not.
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
        self.rate(occasion, &prompt, rated);
    }

    /// Makes sure that the prices of the occasion are known, and returns where.
    fn look_up(&mut self, occasion: &Occasion<'_>) -> PriceKey {
        let key = (occasion.number, occasion.day.0, occasion.input_above);
        if !self.known.contains_key(&key) {
            let prices = CLASSES.map(|class| self.price(occasion, class));
            for price in prices.iter().flatten() {
                self.used.push(price);
                if price.source.stretched_to(occasion.day.1) {
                    self.stretched
                        .insert((&price.model, price.source.effective_from));
                }
            }
            let unused = |price| ClassPrice {
                price,
                tokens: Tokens::default(),
            };
            self.known.insert(key, prices.map(unused));
            let (tariff, day) = (occasion.tariff, occasion.day);
            self.days.insert(day.0, day.1);
            self.asked
                .entry(occasion.number)
                .or_insert_with(|| tariff.clone());
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

    /// Models that were priced before the first day their price is known for, with that day.
    pub(super) fn stretched(&self) -> impl Iterator<Item = (&'a str, NaiveDate)> {
        self.stretched.iter().copied()
    }

    /// What each row priced, sorted by model, row and days.
    pub(super) fn uses(&self) -> Vec<PricedUse> {
        let mut uses: Vec<PricedUse> = self
            .known
            .iter()
            .flat_map(|((number, day, input_above), classes)| {
                let (tariff, day) = (&self.asked[number], self.days[day]);
                let used = classes.iter().filter(|class| !class.tokens.is_zero());
                used.filter_map(move |class| {
                    Some(PricedUse {
                        name: tariff.name.clone(),
                        region: tariff.region.clone(),
                        input_above: *input_above,
                        price: (*class.price.as_ref().ok()?).clone(),
                        days: (day, day),
                        tokens: class.tokens,
                    })
                })
            })
            .collect();
        let key = |one: &PricedUse| (one.name.clone(), one.region.clone(), one.input_above);
        uses.sort_by_cached_key(|one| (key(one), sort_key(&one.price), one.days));
        uses.dedup_by(|next, first| {
            let alike = key(next) == key(first) && next.price == first.price;
            if alike {
                first.days.1 = first.days.1.max(next.days.1);
                first.tokens += next.tokens;
            }
            alike
        });
        uses
    }

    /// Everything that had no price, sorted; and every price that was used, sorted.
    pub(super) fn finish(self) -> (Vec<Unpriced>, Vec<TokenPrice>) {
        let mut missing: Vec<Unpriced> = self.missing.into_values().collect();
        missing.sort();
        let mut used: Vec<TokenPrice> = self.used.into_iter().cloned().collect();
        used.sort_by_key(sort_key);
        used.dedup();
        (missing, used)
    }
}

fn sort_key(price: &TokenPrice) -> impl Ord + use<> {
    (
        (price.model.clone(), price.version.clone(), price.kind),
        (price.regions.clone(), price.tier, price.class),
        (price.input_above, price.source.effective_from),
        (price.source.as_of, price.price, price.source.text.clone()),
    )
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
