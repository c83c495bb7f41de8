//! What requests cost at list prices, and what they take of a provisioned deployment.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::tally::{Tally, TokenSums};
use crate::azure::{DeploymentKind, Tier, TokenClass};
use crate::catalog::{Catalog, ModelName, ProvisionedModel};
use crate::money::{Factor, Money};
use crate::rate_card::{PriceQuery, RateCard, TokenPrice};
use crate::units::{Requests, TokenCounts, Tokens};

/// Which prices and figures hold.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Prices.
    pub rates: &'a RateCard,
    /// Figures of provisioned throughput.
    pub catalog: &'a Catalog,
    /// Where requests may be processed.
    pub kind: DeploymentKind,
    /// Azure region, programmatic name.
    pub region: &'a str,
    /// The day.
    pub on: NaiveDate,
}

/// What the requests of a group are worth; for each figure that is not known, why. All are exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Prompts of 1,000 requests at the pay-as-you-go list price, without a cache [USD].
    pub input: Result<Money, String>,
    /// The same, had the prompt cache served what it can [USD].
    pub cached_input: Result<Money, String>,
    /// Answers of 1,000 requests, as large as those that are known [USD]; `None` where none is.
    pub output: Option<Result<Money, String>>,
    /// What one request a minute takes, without a cache [PTU].
    pub ptu: Result<Factor, String>,
    /// The same, had the prompt cache served what it can [PTU].
    pub cached_ptu: Result<Factor, String>,
    /// Requests with more input than the context threshold of their model.
    pub long_context: LongContext,
    /// The prices behind this.
    pub prices: Vec<TokenPrice>,
    /// The figures behind this.
    pub figures: Vec<ProvisionedModel>,
}

/// Requests that are priced as long ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LongContext {
    /// How many there are.
    pub requests: u64,
    /// The thresholds of the models, ascending [token]; empty where no model has one.
    pub thresholds: BTreeSet<Tokens>,
}

/// The context thresholds of prices and of provisioned throughput, ascending: what a profile must
/// tell apart to be priced.
pub fn context_thresholds(rates: &RateCard, catalog: &Catalog) -> Vec<Tokens> {
    let provisioned = catalog.provisioned_rows();
    let provisioned = provisioned.filter_map(|row| row.long_context.as_ref().map(|long| long.0));
    let thresholds = rates.context_thresholds().into_iter().chain(provisioned);
    thresholds.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether the prompt cache serves what it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caching {
    Used,
    Unused,
}

impl Worth {
    /// What the requests of `tally` are worth.
    pub fn of(tally: &Tally, terms: &Terms<'_>) -> Self {
        let mut pricing = Pricing::of(tally, terms);
        Self {
            input: pricing.input(Caching::Unused),
            cached_input: pricing.input(Caching::Used),
            output: pricing.output(),
            ptu: pricing.ptu(Caching::Unused),
            cached_ptu: pricing.ptu(Caching::Used),
            long_context: pricing.long_context(),
            prices: pricing.prices,
            figures: pricing.figures,
        }
    }

    /// What 1,000 requests cost with their answers, where those are known, and without a cache
    /// [USD].
    pub fn per_thousand(&self) -> Result<Money, String> {
        self.with_output(&self.input)
    }

    /// The same, had the prompt cache served what it can [USD].
    pub fn cached_per_thousand(&self) -> Result<Money, String> {
        self.with_output(&self.cached_input)
    }

    fn with_output(&self, input: &Result<Money, String>) -> Result<Money, String> {
        let input = input.clone()?;
        match &self.output {
            Some(output) => Ok(input + output.clone()?),
            None => Ok(input),
        }
    }
}

/// Looks prices and figures up for the parts of a tally, and remembers those it used.
struct Pricing<'a> {
    parts: Vec<Part<'a>>,
    requests: u128,
    answered: u128,
    terms: &'a Terms<'a>,
    prices: Vec<TokenPrice>,
    figures: Vec<ProvisionedModel>,
}

/// Requests of one model that exceed the same threshold.
#[derive(Clone)]
struct Part<'a> {
    /// The model as records name it, and as the catalog does.
    logged: &'a str,
    name: ModelName,
    above: Option<Tokens>,
    sums: &'a TokenSums,
}

impl<'a> Pricing<'a> {
    fn of(tally: &'a Tally, terms: &'a Terms<'a>) -> Self {
        let parts = tally.models.iter().flat_map(|(logged, sums)| {
            let known = terms.catalog.resolve(&logged.model);
            let known = known.filter(|_| logged.version.is_none());
            let name = known.unwrap_or_else(|| logged.clone());
            sums.iter().map(move |(above, sums)| Part {
                logged: &logged.model,
                name: name.clone(),
                above: *above,
                sums,
            })
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let all = |of: fn(&TokenSums) -> Requests| {
            let counts = parts.iter().map(|part| u128::from(of(part.sums).get()));
            counts.sum()
        };
        Self {
            requests: all(|sums| sums.requests),
            answered: all(|sums| sums.answered),
            parts,
            terms,
            prices: Vec::new(),
            figures: Vec::new(),
        }
    }

    fn input(&mut self, caching: Caching) -> Result<Money, String> {
        let requests = self.requests;
        let cost = self.cost(|pricing, part| {
            let tokens = part.prompt(caching);
            let written = if pricing.charges_writing(part) {
                TokenClass::CacheWrite
            } else {
                TokenClass::Input
            };
            let mut cost = pricing.price(part, TokenClass::Input, tokens.uncached_input())?;
            cost += &pricing.price(part, TokenClass::CachedInput, tokens.cached_input)?;
            cost += &pricing.price(part, written, tokens.cache_write)?;
            Ok(cost)
        })?;
        Ok(cost.fraction(1_000, requests))
    }

    fn output(&mut self) -> Option<Result<Money, String>> {
        let answered = self.answered;
        if answered == 0 {
            return None;
        }
        let cost = self
            .cost(|pricing, part| pricing.price(part, TokenClass::Output, part.sums.tokens.output));
        Some(cost.map(|cost| cost.fraction(1_000, answered)))
    }

    /// The sum over all parts; the first reason where one has none.
    fn cost(
        &mut self,
        of: impl Fn(&mut Self, &Part<'a>) -> Result<Money, String>,
    ) -> Result<Money, String> {
        let mut sum = Money::zero();
        for part in self.parts.clone() {
            part.check()?;
            sum += &of(self, &part)?;
        }
        Ok(sum)
    }

    /// What tokens of a class cost; no tokens need no price.
    fn price(
        &mut self,
        part: &Part<'_>,
        class: TokenClass,
        tokens: Tokens,
    ) -> Result<Money, String> {
        if tokens.is_zero() {
            return Ok(Money::zero());
        }
        let terms = self.terms;
        let price = terms.rates.token_price(&PriceQuery {
            model: &part.name.model,
            version: part.name.version.as_deref(),
            kind: terms.kind,
            region: terms.region,
            tier: Tier::Standard,
            class,
            input_above: part.above,
            on: terms.on,
        });
        let price = price.map_err(|error| error.to_string())?;
        if !self.prices.contains(price) {
            self.prices.push(price.clone());
        }
        Ok(Money::from(price.price.of(tokens)))
    }

    /// Whether some price of the model is for writing to the cache: else that is input like any
    /// other.
    fn charges_writing(&self, part: &Part<'_>) -> bool {
        let mut entries = self.terms.rates.token_entries();
        entries.any(|entry| {
            entry.price.model == part.name.model && entry.price.class == TokenClass::CacheWrite
        })
    }

    fn ptu(&mut self, caching: Caching) -> Result<Factor, String> {
        let mut sum = Factor::zero();
        for part in self.parts.clone() {
            part.check()?;
            let figures = self.figures_of(&part)?;
            let above = part.above;
            let weighted = |tokens: &TokenCounts| {
                let weighted = figures.weighted(tokens, above);
                let missing = || {
                    let name = &part.name;
                    format!("no source gives the weights of {name} on provisioned throughput")
                };
                weighted
                    .map(crate::units::WeightedTokens::get)
                    .ok_or_else(missing)
            };
            let per_minute = u128::from(figures.input_tpm_per_ptu.get()) * 1_000;
            let prompts = weighted(&part.prompt(caching))?;
            sum = sum.plus(&Factor::ratio(prompts, per_minute * self.requests));
            let answers = weighted(&part.answers())?;
            sum = sum.plus(&Factor::ratio(answers, per_minute * self.answered));
        }
        Ok(sum)
    }

    fn figures_of(&mut self, part: &Part<'_>) -> Result<ProvisionedModel, String> {
        let terms = self.terms;
        let figures = terms.catalog.provisioned(&part.name, terms.on);
        let figures = figures.map_err(|error| error.to_string())?;
        if !self.figures.contains(figures) {
            self.figures.push(figures.clone());
        }
        Ok(figures.clone())
    }

    fn long_context(&self) -> LongContext {
        let mut long = LongContext::default();
        for part in &self.parts {
            let Some(threshold) = self.threshold(part) else {
                continue;
            };
            long.thresholds.insert(threshold);
            if part.above >= Some(threshold) {
                long.requests += part.sums.requests.get();
            }
        }
        long
    }

    /// The least input above which the model's tokens have another price or weight.
    fn threshold(&self, part: &Part<'_>) -> Option<Tokens> {
        let model = &part.name.model;
        let prices = self.terms.rates.token_entries();
        let prices = prices.filter(|entry| entry.price.model == *model);
        let prices = prices.filter_map(|entry| entry.price.input_above);
        let figures = self.terms.catalog.provisioned_rows();
        let figures = figures.filter(|row| row.name.model == *model);
        let figures = figures.filter_map(|row| row.long_context.as_ref().map(|long| long.0));
        prices.chain(figures).min()
    }
}

impl Part<'_> {
    /// Why there can be no price, where the records do not say of which model.
    fn check(&self) -> Result<(), String> {
        match self.logged {
            "" => Err("the records name no model; give --model".to_owned()),
            _ => Ok(()),
        }
    }

    /// Tokens of the prompts alone.
    fn prompt(&self, caching: Caching) -> TokenCounts {
        let tokens = self.sums.tokens;
        match caching {
            Caching::Used => TokenCounts {
                output: Tokens::default(),
                ..tokens
            },
            Caching::Unused => TokenCounts {
                input: tokens.input,
                ..TokenCounts::default()
            },
        }
    }

    /// Tokens of the answers alone.
    fn answers(&self) -> TokenCounts {
        TokenCounts {
            output: self.sums.tokens.output,
            ..TokenCounts::default()
        }
    }
}

#[cfg(test)]
mod tests;
