//! One request of a workload.

use std::num::NonZero;

use super::app::AppId;
use crate::time::{SimDuration, SimTime};
use crate::units::{TokenCounts, Tokens};

/// Tokens of one request; a request of 2^32 tokens is refused on reading. `cached_input` and
/// `cache_write` are parts of `input`, `reasoning` of `output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestTokens {
    /// All tokens of the prompt [token].
    pub input: u32,
    /// Prompt tokens that the prompt cache holds [token].
    pub cached_input: u32,
    /// Prompt tokens written to the prompt cache [token].
    pub cache_write: u32,
    /// All tokens of the answer [token].
    pub output: u32,
    /// Answer tokens spent on reasoning [token].
    pub reasoning: u32,
}

/// One request: when it arrives, from whom, and what it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it reaches the gateway.
    pub at: SimTime,
    /// Who sends it.
    pub app: AppId,
    /// Its tokens; `output` is what the model will answer, which admission does not know.
    pub tokens: RequestTokens,
    /// The most tokens the caller lets the answer have [token].
    pub max_tokens: Option<NonZero<u32>>,
    /// How long serving took, where the source tells it.
    pub latency: Option<SimDuration>,
    /// The value of the caller's priority header.
    pub priority: Option<i32>,
}

impl RequestTokens {
    /// The tokens of a request whose answer stops after `most` tokens.
    #[must_use]
    pub fn stopped_at(self, most: NonZero<u32>) -> Self {
        Self {
            output: self.output.min(most.get()),
            reasoning: self.reasoning.min(most.get()),
            ..self
        }
    }

    /// The same counts in the units of usage.
    pub fn counts(self) -> TokenCounts {
        let tokens = |count: u32| Tokens::new(count.into());
        TokenCounts {
            input: tokens(self.input),
            cached_input: tokens(self.cached_input),
            cache_write: tokens(self.cache_write),
            output: tokens(self.output),
            reasoning: tokens(self.reasoning),
        }
    }
}
