//! The engine for files and streams: fast, and linear on every text.

use std::sync::LazyLock;

use toktok::Tokenizer;

use super::Engine;
use crate::tokenizer::EncodingName;

static CL100K: LazyLock<Tokenizer> = LazyLock::new(|| load(EncodingName::Cl100kBase));
static O200K: LazyLock<Tokenizer> = LazyLock::new(|| load(EncodingName::O200kBase));

fn load(encoding: EncodingName) -> Tokenizer {
    Tokenizer::builtin(encoding.name()).expect("the crate embeds the encoding")
}

/// The crate `toktok-rs`. Each thread has its own cache of short pieces, for each encoding.
pub(super) struct Bulk(&'static Tokenizer);

impl Bulk {
    /// The tables of an encoding, built at the first call; `None` where the crate has none.
    pub(super) fn of(encoding: EncodingName) -> Option<Self> {
        match encoding {
            EncodingName::Cl100kBase => Some(Self(&CL100K)),
            // Ranks and pattern are the same; only special tokens differ.
            EncodingName::O200kBase | EncodingName::O200kHarmony => Some(Self(&O200K)),
            EncodingName::P50kBase | EncodingName::R50kBase => None,
        }
    }
}

impl Engine for Bulk {
    fn encode_into(&self, text: &str, ids: &mut Vec<u32>) {
        self.0.encode_into(text.as_bytes(), ids);
    }

    fn bytes_of(&self, id: u32) -> Option<Vec<u8>> {
        self.0.token_bytes(id).map(<[u8]>::to_vec)
    }
}
