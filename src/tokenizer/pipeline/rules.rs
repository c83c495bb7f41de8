//! What records are counted as.

use crate::tokenizer::engine::Engines;
use crate::tokenizer::family::Family;
use crate::tokenizer::{EncodingName, Engine};

/// What records are counted as.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The engines.
    pub engines: Engines,
    /// The encoding of every record, in place of its model's.
    pub encoding: Option<EncodingName>,
    /// The model of every record, in place of its own.
    pub model: Option<String>,
}

/// What one model's requests are counted with.
#[derive(Clone, Copy)]
pub(super) struct Counting {
    pub(super) engine: &'static dyn Engine,
    pub(super) family: Family,
}

impl Rules {
    /// What to count a record of this model with.
    pub(super) fn counting(&self, model: &str) -> Counting {
        let encoding = self.encoding.unwrap_or(EncodingName::O200kBase);
        Counting {
            engine: self.engines.get(encoding),
            family: Family::of(model),
        }
    }
}
