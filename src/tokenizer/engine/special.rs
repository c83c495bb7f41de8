//! Text that spells a special token.

use std::collections::BTreeMap;

use memchr::memmem;

use super::Engine;

const START: &[u8] = b"<|";
const END: &[u8] = b"|>";

/// How text that spells a special token of the encoding, such as `<|endoftext|>`, is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpecialTokens {
    /// As the text that it is: so the service treats what users send.
    #[default]
    Text,
    /// As the one token that it spells: for prompts that were rendered already.
    Recognised,
}

/// An engine that knows special tokens, around one that does not.
pub(super) struct Recognising {
    ordinary: Box<dyn Engine>,
    ids: BTreeMap<Vec<u8>, u32>,
    /// Length of the longest special token [byte]: none is looked for beyond it, so the search is
    /// linear on every text.
    longest: usize,
}

impl Recognising {
    /// `special` holds texts and ids; each text starts with `<|` and has its only `|>` at its end.
    pub(super) fn new(ordinary: Box<dyn Engine>, special: Vec<(String, u32)>) -> Self {
        let ids = special
            .into_iter()
            .map(|(text, id)| (text.into_bytes(), id));
        let ids: BTreeMap<_, _> = ids.collect();
        let longest = ids.keys().map(Vec::len).max().unwrap_or(0);
        Self {
            ordinary,
            ids,
            longest,
        }
    }

    /// The special token that `text` starts with, if any: its length and id.
    fn at_start(&self, text: &[u8]) -> Option<(usize, u32)> {
        let window = &text[..text.len().min(self.longest)];
        let end = memmem::find(window, END)? + END.len();
        let id = self.ids.get(&window[..end])?;
        Some((end, *id))
    }
}

impl Engine for Recognising {
    fn encode_into(&self, text: &str, ids: &mut Vec<u32>) {
        let bytes = text.as_bytes();
        let mut done = 0;
        for start in memmem::find_iter(bytes, START) {
            if let Some((length, id)) = self.at_start(&bytes[start..]) {
                self.ordinary.encode_into(&text[done..start], ids);
                ids.push(id);
                done = start + length;
            }
        }
        self.ordinary.encode_into(&text[done..], ids);
    }

    fn bytes_of(&self, id: u32) -> Option<Vec<u8>> {
        let special = self.ids.iter().find(|(_, special)| **special == id);
        special.map_or_else(
            || self.ordinary.bytes_of(id),
            |(text, _)| Some(text.clone()),
        )
    }
}
