//! A count on its way.

use super::{Counter, Options, PrefixHasher};
use crate::tokenizer::count::{Count, Part};
use crate::tokenizer::engine::Engine;
use crate::tokenizer::family::{Family, ToolRules};
use crate::tokenizer::request::{Api, Passage};

/// A count on its way: every token that is added to a part also enters the prefix.
pub(super) struct Tally<'t> {
    engine: &'t dyn Engine,
    pub(super) family: Family,
    pub(super) tools: &'static ToolRules,
    pub(super) options: Options,
    ids: &'t mut Vec<u32>,
    /// A buffer for what is written before it is encoded.
    pub(super) rendered: &'t mut String,
    pub(super) prefix: &'t mut PrefixHasher,
    pub(super) count: Count,
}

impl<'t> Tally<'t> {
    pub(super) fn new(counter: &'t Counter<'_>, api: Api, scratch: &'t mut super::Scratch) -> Self {
        scratch.prefix.restart();
        Self {
            engine: counter.engine,
            family: counter.family,
            tools: counter.family.tools(api),
            options: counter.options,
            ids: &mut scratch.ids,
            rendered: &mut scratch.rendered,
            prefix: &mut scratch.prefix,
            count: Count::default(),
        }
    }

    /// Adds the tokens of a text to a part.
    pub(super) fn text(&mut self, part: Part, text: &str) {
        self.ids.clear();
        self.engine.encode_into(text, self.ids);
        self.prefix.tokens(self.ids);
        let tokens = i64::try_from(self.ids.len()).expect("fewer tokens than bytes in memory");
        self.count.add(part, tokens);
    }

    /// Adds the tokens of what `write` writes.
    pub(super) fn written(&mut self, part: Part, write: impl FnOnce(&mut String)) {
        let mut text = std::mem::take(self.rendered);
        text.clear();
        write(&mut text);
        self.text(part, &text);
        *self.rendered = text;
    }

    /// Adds tokens that are no text: what separates messages, or what a fitted rule corrects.
    pub(super) fn frame(&mut self, part: Part, tokens: i64) {
        self.count.add(part, tokens);
        for _ in 0..tokens {
            self.prefix.token(u32::MAX);
        }
    }

    /// Embeddings and Completions cost their texts and nothing else (`OpenAI` API reference;
    /// confirmed by recorded usage, Azure's included).
    pub(super) fn passages(&mut self, passages: &[Passage<'_>]) {
        for passage in passages {
            match passage {
                Passage::Text(text) => self.text(Part::Text, text),
                Passage::Tokens(ids) => {
                    let ids = i64::try_from(*ids).expect("fewer tokens than bytes in memory");
                    self.frame(Part::Text, ids);
                }
            }
        }
    }
}
