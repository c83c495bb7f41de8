//! What a size costs by term, beside paying for the same load per token.

use super::load::HOUR_MINUTES;
use super::{Asked, SizedClass, Sizing};
use crate::azure::{DeploymentKind, PtuTerm, Tier, TokenClass};
use crate::money::{Factor, Money};
use crate::plan::span::HOURS_PER_MONTH;
use crate::plan::term::{TermPrice, TermPrices};
use crate::rate_card::{PriceQuery, TokenPrice};
use crate::units::{Ptu, Tokens};

/// The tokens that a token price is for.
const MILLION: u128 = 1_000_000;

/// What a size costs, and what the same load costs per token.
#[derive(Clone, Debug)]
pub struct KindCost {
    /// The mean load paid per token, for a month of 730 hours [USD]; or why that is not known.
    pub per_token_month: Result<Money, String>,
    /// The prices behind it.
    pub token_prices: Vec<TokenPrice>,
    /// The size by term, for terms with a price.
    pub terms: Vec<TermCost>,
    /// Terms without a price, and why.
    pub missing: Vec<(PtuTerm, String)>,
}

/// What a size costs on one term.
#[derive(Clone, Debug)]
pub struct TermCost {
    /// The price of one PTU.
    pub price: TermPrice,
    /// The size for a month of 730 hours [USD].
    pub month: Money,
    /// How busy a PTU must be on average with this mix before it costs less than paying per token,
    /// as a share of its throughput; above 1 it never does. `None` where tokens have no price.
    pub break_even: Option<Factor>,
}

impl KindCost {
    /// The cost on a term, where it has a price.
    pub fn on(&self, term: PtuTerm) -> Option<&TermCost> {
        self.terms.iter().find(|cost| cost.price.term == term)
    }
}

/// What `ptu` of a kind cost.
pub(super) fn of(asked: &Asked<'_>, sizing: &Sizing, kind: DeploymentKind, ptu: Ptu) -> KindCost {
    let hours = u128::from(HOURS_PER_MONTH);
    let mut token_prices = Vec::new();
    let per_minute = per_minute(asked, sizing, kind, &mut token_prices);
    let busy_hour = per_minute.clone().ok().map(|minute| {
        let hour = minute.times_whole(HOUR_MINUTES);
        hour.times(&Factor::one().divided_by(&sizing.exact))
    });
    let busy_hour = busy_hour.filter(|value| !value.is_zero());
    let prices = TermPrices::of(asked.rates, kind, &asked.region, &asked.terms, asked.on);
    let terms = prices.iter().map(|price| TermCost {
        month: price.per_hour.times_whole(hours * u128::from(ptu.get())),
        break_even: busy_hour.as_ref().map(|value| price.per_hour.ratio(value)),
        price: price.clone(),
    });
    KindCost {
        per_token_month: per_minute.map(|minute| {
            let peak = minute.times_whole(hours * HOUR_MINUTES);
            peak.times(&sizing.load.mean_share)
        }),
        token_prices,
        terms: terms.collect(),
        missing: prices.missing,
    }
}

/// What the peak costs per token in a minute [USD].
fn per_minute(
    asked: &Asked<'_>,
    sizing: &Sizing,
    kind: DeploymentKind,
    used: &mut Vec<TokenPrice>,
) -> Result<Money, String> {
    let mut sum = Money::zero();
    for class in &sizing.classes {
        let SizedClass::Text(token) = class.class else {
            return Err("prices of image tokens are not known".to_owned());
        };
        let price = token_price(asked, sizing, kind, token)?;
        let million = price.price.per_million();
        sum += &million.fraction(1, MILLION).times(&class.tokens);
        used.push(price);
    }
    Ok(sum)
}

/// The price of a class; writing to the cache is input like any other where the model has no price
/// of its own for it.
fn token_price(
    asked: &Asked<'_>,
    sizing: &Sizing,
    kind: DeploymentKind,
    class: TokenClass,
) -> Result<TokenPrice, String> {
    let name = &sizing.figures.name;
    let mut entries = asked.rates.token_entries();
    let is_written = class == TokenClass::CacheWrite;
    let class = if is_written
        && !entries.any(|entry| entry.price.model == name.model && entry.price.class == class)
    {
        TokenClass::Input
    } else {
        class
    };
    let input = &sizing.load.request.input;
    let thresholds = asked.rates.context_thresholds().into_iter();
    let exceeded = |above: &Tokens| *input > Factor::ratio(above.get().into(), 1);
    let price = asked.rates.token_price(&PriceQuery {
        model: &name.model,
        version: name.version.as_deref(),
        kind,
        region: &asked.region,
        tier: Tier::Standard,
        class,
        input_above: thresholds.filter(exceeded).max(),
        on: asked.on,
    });
    price.cloned().map_err(|error| error.to_string())
}
