//! The tokens of one made-up request.

use std::num::NonZero;

use super::amount::{Amount, Draw, Share};
use crate::workload::prefix_cache::PrefixCache;
use crate::workload::request::RequestTokens;
use crate::workload::seed::Stream;

/// What the requests of an app weigh.
#[derive(Clone, Debug)]
pub struct TokenShape {
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

/// A [`TokenShape`] whose numbers are right, ready to be drawn.
#[derive(Debug)]
pub(super) struct Shapes {
    input: Draw,
    cached: Share,
    cache: PrefixCache,
    output: Draw,
    max_tokens: Option<Draw>,
}

impl Shapes {
    pub(super) fn of(shape: &TokenShape) -> Result<Self, String> {
        let shapes = Self {
            input: Draw::of(&shape.input)?,
            cached: shape.cached,
            cache: shape.cache,
            output: Draw::of(&shape.output)?,
            max_tokens: shape.max_tokens.as_ref().map(Draw::of).transpose()?,
        };
        shapes.cached.check()?;
        if shapes.input.least() == 0 && shapes.output.least() == 0 {
            return Err(
                "a request may have neither input nor output; expected one of them always".into(),
            );
        }
        if shapes
            .max_tokens
            .as_ref()
            .is_some_and(|max| max.least() == 0)
        {
            return Err("`max_tokens` may be 0; expected 1 at least".into());
        }
        Ok(shapes)
    }

    /// Tokens and limit of the next request.
    pub(super) fn draw(&self, stream: &mut Stream) -> (RequestTokens, Option<NonZero<u32>>) {
        let input = self.input.draw(stream);
        let cached = self.cached.draw(input, stream);
        let output = self.output.draw(stream);
        let limit = self.max_tokens.as_ref().map(|max| max.draw(stream));
        let max_tokens = limit.and_then(NonZero::new);
        let tokens = RequestTokens {
            input,
            cached_input: self.cache.kept(cached),
            output,
            ..RequestTokens::default()
        };
        let tokens = max_tokens.map_or(tokens, |most| tokens.stopped_at(most));
        (tokens, max_tokens)
    }
}
