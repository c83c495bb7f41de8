//! What a request costs, part by part.

mod messages;

use super::count::{Count, Part};
use super::engine::Engine;
use super::family::Family;
use super::request::{Passage, Prompt, Request};

/// Counts requests for one model.
pub struct Counter<'c> {
    engine: &'c dyn Engine,
    family: &'c Family,
}

/// Buffers that counting uses again and again; one for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    ids: Vec<u32>,
}

impl<'c> Counter<'c> {
    /// A counter for a model of `family` whose text `engine` encodes.
    pub fn new(engine: &'c dyn Engine, family: &'c Family) -> Self {
        Self { engine, family }
    }

    /// The tokens of one request.
    pub fn count(&self, request: &Request<'_>, scratch: &mut Scratch) -> Count {
        let mut tally = Tally {
            engine: self.engine,
            family: self.family,
            scratch,
            count: Count::default(),
        };
        match &request.prompt {
            Prompt::Items(items) => tally.conversation(items),
            Prompt::Passages(passages) => tally.passages(passages),
        }
        tally.count
    }
}

/// A count on its way.
struct Tally<'t> {
    engine: &'t dyn Engine,
    family: &'t Family,
    scratch: &'t mut Scratch,
    count: Count,
}

impl Tally<'_> {
    /// Adds the tokens of a text to a part.
    fn text(&mut self, part: Part, text: &str) {
        let tokens = self.engine.count(text, &mut self.scratch.ids);
        let tokens = i64::try_from(tokens).expect("fewer tokens than bytes in memory");
        self.count.add(part, tokens);
    }

    /// Embeddings and Completions cost their texts and nothing else (`OpenAI` API reference,
    /// confirmed by recorded usage, `Azure`'s included).
    fn passages(&mut self, passages: &[Passage<'_>]) {
        for passage in passages {
            match passage {
                Passage::Text(text) => self.text(Part::Text, text),
                Passage::Tokens(ids) => {
                    let ids = i64::try_from(*ids).unwrap_or(i64::MAX);
                    self.count.add(Part::Text, ids);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
