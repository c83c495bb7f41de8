//! Who asked whom for what, told by several rows.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::row::Row;
use super::texts::{Interner, Texts, owned};
use crate::usage::dimensions::{Dimensions, TEXTS};

/// Puts dimensions together from the rows of a request; equal ones are kept once.
#[derive(Debug)]
pub(super) struct Names<'a> {
    texts: &'a Texts,
    joined: Interner,
    shared: Vec<Arc<Dimensions>>,
}

/// Texts of rows of the LLM log, and the most tokens that one of the rows with them counts.
type Told<'a> = (Dimensions<&'a str>, u64);

impl<'a> Names<'a> {
    pub(super) fn new(texts: &'a Texts) -> Self {
        Self {
            texts,
            joined: Interner::default(),
            shared: Vec::new(),
        }
    }

    /// The dimensions of a request: deployment and model from the LLM log, the rest from the
    /// gateway's row; where that is silent, from the other.
    pub(super) fn of(&mut self, gateway: Option<&Row>, llm: &[Row]) -> &Arc<Dimensions> {
        if let (Some(only), []) | (None, [only]) = (gateway, llm) {
            return self.texts.shared(only.texts);
        }
        let gateway = gateway.map_or_else(Dimensions::default, |row| self.texts.get(row.texts));
        let llm = loudest(&self.told(llm));
        let either = gateway.into_texts().into_iter().zip(llm.into_texts());
        let mut texts = [""; TEXTS];
        for (text, (gateway, llm)) in texts.iter_mut().zip(either) {
            *text = first_of(gateway, llm);
        }
        self.share(&Dimensions {
            deployment: first_of(llm.deployment, gateway.deployment),
            model: first_of(llm.model, gateway.model),
            ..Dimensions::from_texts(texts)
        })
    }

    fn share(&mut self, dimensions: &Dimensions<&str>) -> &Arc<Dimensions> {
        let number = self.joined.intern(dimensions) as usize;
        if number == self.shared.len() {
            self.shared.push(Arc::new(owned(dimensions)));
        }
        &self.shared[number]
    }

    /// The names of every field in which rows of the LLM log contradict each other.
    pub(super) fn contradictions(&self, llm: &[Row]) -> Vec<String> {
        if llm.iter().all(|row| row.texts == llm[0].texts) {
            return Vec::new();
        }
        let told = self.told(llm);
        let names = |name: fn(&Dimensions<&'a str>) -> &'a str| {
            let names: BTreeSet<_> = told.iter().map(|(texts, _)| name(texts)).collect();
            let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
            (names.len() > 1).then(|| names.join(", "))
        };
        let fields = [names(|texts| texts.deployment), names(|texts| texts.model)];
        fields.into_iter().flatten().collect()
    }

    /// The different texts of `llm`.
    fn told(&self, llm: &[Row]) -> Vec<Told<'a>> {
        let mut rows: Vec<_> = llm.iter().map(|row| (row.texts, row.total())).collect();
        rows.sort_unstable_by_key(|&(texts, tokens)| (texts, Reverse(tokens)));
        rows.dedup_by_key(|(texts, _)| *texts);
        rows.into_iter()
            .map(|(texts, tokens)| (self.texts.get(texts), tokens))
            .collect()
    }
}

/// Per field the text told with most tokens; ties go to the first in the alphabet.
fn loudest<'a>(told: &[Told<'a>]) -> Dimensions<&'a str> {
    let mut loudest = [(0, Reverse("")); TEXTS];
    for (texts, tokens) in told {
        for (best, text) in loudest.iter_mut().zip(texts.into_texts()) {
            let candidate = (*tokens, Reverse(text));
            if !text.is_empty() && (best.1.0.is_empty() || candidate > *best) {
                *best = candidate;
            }
        }
    }
    Dimensions::from_texts(loudest.map(|(_, Reverse(text))| text))
}

const fn first_of<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.is_empty() { second } else { first }
}
