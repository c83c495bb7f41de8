//! Tokens whose parts are drawn one by one.

use std::num::NonZero;

use crate::workload::prefix_cache::PrefixCache;
use crate::workload::request::RequestTokens;
use crate::workload::seed::Stream;
use crate::workload::synthetic::amount::{Amount, Draw, Share};

/// Tokens whose parts do not depend on each other.
#[derive(Clone, Debug)]
pub struct DrawnTokens {
    /// Prompt tokens.
    pub input: Amount,
    /// The part of the prompt that is cached, before the cache's own rounding.
    pub cached: Share,
    /// What the cache keeps.
    pub cache: PrefixCache,
    /// Answer tokens, had the caller set no limit.
    pub output: Amount,
    /// The most tokens callers let the answer have; longer answers stop there.
    pub max_tokens: Option<Amount>,
}

/// [`DrawnTokens`] whose numbers are right.
#[derive(Debug)]
pub(in crate::workload::synthetic) struct PartDraw {
    input: Draw,
    cached: Share,
    cache: PrefixCache,
    output: Draw,
    max_tokens: Option<Draw>,
}

impl PartDraw {
    pub(super) fn of(tokens: &DrawnTokens) -> Result<Self, String> {
        let parts = Self {
            input: Draw::of(&tokens.input)?,
            cached: tokens.cached,
            cache: tokens.cache,
            output: Draw::of(&tokens.output)?,
            max_tokens: limit(tokens.max_tokens.as_ref())?,
        };
        parts.cached.check()?;
        if parts.input.least() == 0 && parts.output.least() == 0 {
            return Err(
                "a request may have neither input nor output; expected one of them always".into(),
            );
        }
        Ok(parts)
    }

    /// Tokens and limit of the next request.
    pub(super) fn draw(&self, stream: &mut Stream) -> (RequestTokens, Option<NonZero<u32>>) {
        let input = self.input.draw(stream);
        let cached = self.cached.draw(input, stream);
        let output = self.output.draw(stream);
        let limit = self.max_tokens.as_ref().map(|max| max.draw(stream));
        let tokens = RequestTokens {
            input,
            cached_input: self.cache.kept(cached),
            output,
            ..RequestTokens::default()
        };
        (tokens, limit.and_then(NonZero::new))
    }
}

/// The limit of answers, which is never 0.
pub(super) fn limit(amount: Option<&Amount>) -> Result<Option<Draw>, String> {
    let limit = amount.map(Draw::of).transpose()?;
    if limit.as_ref().is_some_and(|limit| limit.least() == 0) {
        return Err("`max_tokens` may be 0; expected 1 at least".into());
    }
    Ok(limit)
}
