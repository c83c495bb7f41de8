//! Which engine counts what, built when first needed.

use std::sync::OnceLock;
use std::thread::{self, JoinHandle};

use super::bulk::Bulk;
use super::reference::{self, Reference};
use super::special::Recognising;
use super::{Engine, SpecialTokens};
use crate::tokenizer::EncodingName;

/// How much text is to be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Load {
    /// A text or a few: the engine whose tables are built soonest.
    Single,
    /// Files and streams: the fastest engine.
    #[default]
    Bulk,
}

/// The engines of every encoding for one way of counting. Tables are built once in a process, by
/// whoever needs them first; others wait for them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Engines {
    load: Load,
    special: SpecialTokens,
}

type Slots = [OnceLock<Box<dyn Engine>>; EncodingName::ALL.len()];

/// Built engines by load, reading of special tokens, and encoding.
static BUILT: [[Slots; 2]; 2] =
    [const { [const { [const { OnceLock::new() }; EncodingName::ALL.len()] }; 2] }; 2];

impl Engines {
    /// Engines for this load, which read special tokens like this.
    pub const fn new(load: Load, special: SpecialTokens) -> Self {
        Self { load, special }
    }

    /// The engine of an encoding; the first call builds its tables.
    pub fn get(self, encoding: EncodingName) -> &'static dyn Engine {
        let slots = &BUILT[self.load as usize][self.special as usize];
        slots[encoding as usize]
            .get_or_init(|| self.build(encoding))
            .as_ref()
    }

    /// The engines that results are compared with: the port of OpenAI's own tokenizer.
    #[must_use]
    pub const fn reference(self) -> Self {
        Self::new(Load::Single, self.special)
    }

    /// Builds the tables of these encodings on a thread of its own, while input is opened. Nobody
    /// needs to wait for it: [`Self::get`] does.
    pub fn preload(self, encodings: Vec<EncodingName>) -> JoinHandle<()> {
        thread::spawn(move || {
            for encoding in encodings {
                self.get(encoding);
            }
        })
    }

    fn build(self, encoding: EncodingName) -> Box<dyn Engine> {
        let ordinary = self.ordinary(encoding);
        match self.special {
            SpecialTokens::Text => ordinary,
            SpecialTokens::Recognised => {
                let special = reference::special_tokens(encoding);
                Box::new(Recognising::new(ordinary, special))
            }
        }
    }

    fn ordinary(self, encoding: EncodingName) -> Box<dyn Engine> {
        let bulk = match self.load {
            Load::Bulk => Bulk::of(encoding),
            Load::Single => None,
        };
        match bulk {
            Some(bulk) => Box::new(bulk),
            None => Box::new(Reference::of(encoding)),
        }
    }
}
