//! What a request costs, part by part: rules that docs/TOKENS.md lists with their sources.

mod answer;
mod audio;
mod calls;
mod conversation;
mod definitions;
mod files;
mod function;
mod harmony;
mod images;
mod namespace;
mod prefix;
mod schema;
mod tally;

pub use images::ImageSize;

use super::count::{Count, Reason};
use super::engine::Engine;
use super::family::{Family, Style};
use super::request::{Prompt, Request};
use prefix::PrefixHasher;
use tally::Tally;

/// Counts requests for one model.
pub struct Counter<'c> {
    engine: &'c dyn Engine,
    family: Family,
    options: Options,
}

/// What the user says about requests that they do not say themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The size of images that do not tell theirs.
    pub image_size: Option<ImageSize>,
}

/// Buffers that counting uses again and again; one for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    ids: Vec<u32>,
    rendered: String,
    prefix: PrefixHasher,
}

impl Scratch {
    /// A hash of the last counted prompt up to the end of each whole block of 128 tokens, in the
    /// order of rendering; equal starts of prompts give equal hashes.
    pub fn prefix(&self) -> &[u64] {
        self.prefix.blocks()
    }
}

impl<'c> Counter<'c> {
    /// A counter for a model of `family` whose text `engine` encodes.
    pub fn new(engine: &'c dyn Engine, family: Family, options: Options) -> Self {
        Self {
            engine,
            family,
            options,
        }
    }

    /// The tokens of the prompt of one request. Leaves its prefix hashes in `scratch`.
    pub fn count(&self, request: &Request<'_>, scratch: &mut Scratch) -> Count {
        let mut tally = Tally::new(self, request.api, scratch);
        match &request.prompt {
            Prompt::Passages(passages) => tally.passages(passages),
            Prompt::Items(items) if self.family.framing.style == Style::Harmony => {
                tally.harmony(request, items);
            }
            Prompt::Items(items) => tally.chat(request, items),
        }
        tally.count
    }
}

impl Tally<'_> {
    /// What a conversation adds up to on most models: definitions and schema first, since the
    /// service renders them before the user's messages.
    fn chat(&mut self, request: &Request<'_>, items: &[super::request::Item<'_>]) {
        if !self.family.framing.confirmed {
            self.count.doubt(Reason::AssumedFraming);
        }
        self.definitions(request, items);
        self.schema(request, items);
        self.conversation(request, items);
        self.unseen(request);
    }
}

#[cfg(test)]
mod tests;
