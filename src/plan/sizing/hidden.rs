//! What averages do not tell, as far as the figures at hand say something about it.

use super::{Basis, SizedClass, Sizing};
use crate::catalog::{Catalog, caches_prompts, prompt_cache_minimum};
use crate::facts::{self, FactError};
use crate::money::Factor;
use crate::plan::busy_hours::BusyHours;
use crate::units::Tokens;

const LIMITS: &str = include_str!("../data/context_limits.csv");

/// One thing that an average hides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// The rate is even for as long as a month: no busy hour, day or week is known.
    EvenMonth {
        /// The hours of the week in which all requests come; all hours if not given.
        busy: Option<BusyHours>,
    },
    /// The load is at its peak all the time, for nothing else was said.
    AlwaysAtPeak,
    /// Prompts that the cache does not hold, because they are too short.
    BelowCacheMinimum {
        /// Tokens from which on prompts are cached.
        minimum: u32,
    },
    /// The model's prompts are not cached.
    NoCache,
    /// The cached share is an average: misses come together, after a quiet time or a change.
    CacheMisses,
    /// No prompt beyond this many tokens is served by provisioned throughput.
    PromptLimit {
        /// The limit.
        tokens: Tokens,
    },
    /// Requests beyond this many input tokens weigh more.
    LongContext {
        /// The threshold.
        above: Tokens,
        /// Whether the mean prompt is beyond it.
        mean: Side,
    },
    /// Admission counts what the answer may have, not what it has.
    MaxTokens,
    /// Requests of other sizes than the mean: a large one fills the bucket for those after it.
    LargeRequests,
}

/// Where the mean lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Below.
    Within,
    /// Above.
    Beyond,
}

/// What the averages of a sizing hide.
pub(super) fn of(catalog: &Catalog, sizing: &Sizing) -> Result<Vec<Hidden>, FactError> {
    let mut hidden = Vec::new();
    match &sizing.load.basis {
        Basis::Month(busy) => hidden.push(Hidden::EvenMonth { busy: *busy }),
        Basis::Peak if sizing.load.mean_share == Factor::one() => {
            hidden.push(Hidden::AlwaysAtPeak);
        }
        Basis::Peak => {}
    }
    hidden.push(Hidden::LargeRequests);
    let is_text = |class: &super::ClassUse| matches!(class.class, SizedClass::Text(_));
    if sizing.classes.iter().any(is_text) {
        hidden.push(Hidden::MaxTokens);
        hidden.extend(cache(catalog, sizing));
    }
    hidden.extend(limit(sizing)?.map(|tokens| Hidden::PromptLimit { tokens }));
    if let Some((above, _)) = &sizing.figures.long_context {
        hidden.push(Hidden::LongContext {
            above: *above,
            mean: side(sizing, *above),
        });
    }
    Ok(hidden)
}

fn side(sizing: &Sizing, threshold: Tokens) -> Side {
    if sizing.load.request.input > Factor::ratio(threshold.get().into(), 1) {
        Side::Beyond
    } else {
        Side::Within
    }
}

/// What there is to say about a cached share.
fn cache(catalog: &Catalog, sizing: &Sizing) -> Option<Hidden> {
    let request = &sizing.load.request;
    if request.cached.is_zero() {
        return None;
    }
    let facts = catalog.facts(&sizing.figures.name.model);
    if facts.is_some_and(|facts| !caches_prompts(facts)) {
        return Some(Hidden::NoCache);
    }
    let minimum = prompt_cache_minimum();
    if request.input < Factor::ratio(minimum.into(), 1) {
        return Some(Hidden::BelowCacheMinimum { minimum });
    }
    Some(Hidden::CacheMisses)
}

/// The longest prompt that provisioned deployments of the model serve, where there is one.
pub(super) fn limit(sizing: &Sizing) -> Result<Option<Tokens>, FactError> {
    let rows = facts::read("context_limits.csv", LIMITS, |fact| {
        let tokens: u64 = fact.value("tokens", "a whole number")?;
        let model = fact.required("model")?.to_owned();
        Ok((model, Tokens::new(tokens), fact.provenance()?))
    })?;
    let model = &sizing.figures.name.model;
    let row = rows
        .into_iter()
        .find(|(limited, _, held)| limited == model && held.holds_on(sizing.on));
    Ok(row.map(|(_, tokens, _)| tokens))
}
