//! The tokens of one made-up request.

mod counted;
mod drawn;

pub use counted::CountedTokens;
pub use drawn::DrawnTokens;

use std::num::NonZero;

use crate::workload::request::RequestTokens;
use crate::workload::seed::Stream;
use counted::CountedDraw;
use drawn::PartDraw;

/// What the requests of an app weigh.
#[derive(Clone, Debug)]
pub enum TokenShape {
    /// Input, cached part and answer, each drawn for itself.
    Drawn(DrawnTokens),
    /// Whole requests as they were counted elsewhere: what belongs together stays together.
    Counted(CountedTokens),
}

/// A [`TokenShape`] whose numbers are right, ready to be drawn.
#[derive(Debug)]
pub(super) enum TokenDraw {
    Drawn(PartDraw),
    Counted(CountedDraw),
}

impl TokenDraw {
    pub(super) fn of(shape: &TokenShape) -> Result<Self, String> {
        match shape {
            TokenShape::Drawn(tokens) => PartDraw::of(tokens).map(Self::Drawn),
            TokenShape::Counted(tokens) => CountedDraw::of(tokens).map(Self::Counted),
        }
    }

    /// Tokens and limit of the next request; an answer stops at the limit.
    pub(super) fn draw(&self, stream: &mut Stream) -> (RequestTokens, Option<NonZero<u32>>) {
        let (tokens, max_tokens) = match self {
            Self::Drawn(parts) => parts.draw(stream),
            Self::Counted(kinds) => kinds.draw(stream),
        };
        let tokens = max_tokens.map_or(tokens, |most| tokens.stopped_at(most));
        (tokens, max_tokens)
    }
}
