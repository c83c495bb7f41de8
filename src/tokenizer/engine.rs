//! Text to tokens.

mod bulk;
mod reference;
mod set;
mod special;

use std::ops::Range;

pub use set::{Engines, Load};
pub use special::SpecialTokens;

/// One token of a text: its id, and where its bytes are. They need not be whole characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The id of the token.
    pub id: u32,
    /// Its bytes in the text; the ranges of a text's pieces follow each other without gaps.
    pub bytes: Range<usize>,
}

/// Encodes text as one encoding does.
///
/// Text of special tokens, such as `<|endoftext|>`, is text: so the service treats what users
/// send. [`SpecialTokens::Recognised`] asks for the other reading.
pub trait Engine: Send + Sync {
    /// Appends the ids of the tokens of `text` to `ids`.
    fn encode_into(&self, text: &str, ids: &mut Vec<u32>);

    /// How many tokens `text` has [token]; `scratch` is a buffer to be used again, whatever it
    /// holds.
    fn count(&self, text: &str, scratch: &mut Vec<u32>) -> u64 {
        scratch.clear();
        self.encode_into(text, scratch);
        u64::try_from(scratch.len()).expect("a buffer is no longer than memory")
    }

    /// The bytes of one token; pieces of a text need not be whole characters. `None` where the
    /// encoding has no such token.
    fn bytes_of(&self, id: u32) -> Option<Vec<u8>>;

    /// The tokens of `text` and where they are.
    fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut ids = Vec::new();
        self.encode_into(text, &mut ids);
        let mut end = 0;
        let piece = |id| {
            let start = end;
            end += self.bytes_of(id).expect("an engine knows its ids").len();
            let bytes = start..end;
            Piece { id, bytes }
        };
        ids.into_iter().map(piece).collect()
    }
}
