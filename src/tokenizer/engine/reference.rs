//! The engine for single texts, and the one that others are compared with.

use tiktoken_rs::CoreBPE;

use super::Engine;
use super::bulk::Bulk;
use crate::tokenizer::EncodingName;
use crate::tokenizer::splitting::split;

/// The most text given to the crate at once [byte]: its regular expressions fail on runs of
/// whitespace of some 400 KB (OpenAI's tiktoken, issues 15 and 245).
const MOST: usize = 64 << 10;

/// Runs of whitespace from this length on [byte] are encoded apart in texts longer than [`MOST`].
const LONG_RUN: usize = 4 << 10;

/// The crate `tiktoken-rs`, a port of OpenAI's own tokenizer.
pub(super) struct Reference {
    core: &'static CoreBPE,
    encoding: EncodingName,
}

impl Reference {
    /// The tables of an encoding, built at the first call.
    pub(super) fn of(encoding: EncodingName) -> Self {
        // Ranks and pattern of both are the same; only special tokens differ.
        let ordinary = match encoding {
            EncodingName::O200kHarmony => EncodingName::O200kBase,
            other => other,
        };
        Self {
            core: core(ordinary),
            encoding,
        }
    }

    /// Encodes a text without safe borders. It is one piece, or two around whitespace; of the
    /// encodings that only this crate has, such pieces are told apart by [`around_runs`].
    fn encode_unbroken(&self, text: &str, ids: &mut Vec<u32>) {
        match Bulk::of(self.encoding) {
            Some(bulk) => bulk.encode_into(text, ids),
            None => ids.extend(around_runs(text).flat_map(|part| self.core.encode_ordinary(part))),
        }
    }
}

impl Engine for Reference {
    fn encode_into(&self, text: &str, ids: &mut Vec<u32>) {
        for part in split(text, MOST) {
            if part.len() <= MOST {
                ids.extend(self.core.encode_ordinary(part));
            } else {
                self.encode_unbroken(part, ids);
            }
        }
    }

    fn bytes_of(&self, id: u32) -> Option<Vec<u8>> {
        self.core.decode_bytes(&[id]).ok()
    }
}

/// Cuts long runs of whitespace out of `text` where `p50k_base` and `r50k_base` have borders: a
/// run starts a piece, which ends before its last character if anything else follows.
fn around_runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = first_border(rest);
        let (part, more) = rest.split_at(at);
        rest = more;
        Some(part).filter(|part| !part.is_empty())
    })
}

/// Where the first part of `text` ends: before a long run of whitespace, or before the last
/// character of the run that `text` starts with, or nowhere.
fn first_border(text: &str) -> usize {
    let mut start = 0;
    for line in text.split_inclusive(|c: char| !c.is_whitespace()) {
        let run = line.trim_end_matches(|c: char| !c.is_whitespace());
        if run.len() >= LONG_RUN {
            return if start > 0 { start } else { run_end(text, run) };
        }
        start += line.len();
    }
    text.len()
}

fn run_end(text: &str, run: &str) -> usize {
    if run.len() == text.len() {
        return run.len();
    }
    let last = run.chars().next_back().map_or(0, char::len_utf8);
    run.len() - last
}

fn core(encoding: EncodingName) -> &'static CoreBPE {
    match encoding {
        EncodingName::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
        EncodingName::O200kBase => tiktoken_rs::o200k_base_singleton(),
        EncodingName::O200kHarmony => tiktoken_rs::o200k_harmony_singleton(),
        EncodingName::P50kBase => tiktoken_rs::p50k_base_singleton(),
        EncodingName::R50kBase => tiktoken_rs::r50k_base_singleton(),
    }
}

/// The special tokens of an encoding and their ids.
pub(super) fn special_tokens(encoding: EncodingName) -> Vec<(String, u32)> {
    let core = core(encoding);
    let id = |text: &str| core.encode_with_special_tokens(text)[0];
    let texts = core.special_tokens().into_iter();
    texts.map(|text| (text.to_owned(), id(text))).collect()
}
