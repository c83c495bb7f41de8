//! The encodings that are embedded.

use std::fmt;
use std::str::FromStr;

/// An encoding that OpenAI publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EncodingName {
    /// gpt-3.5, gpt-4, embeddings.
    Cl100kBase,
    /// gpt-4o and everything since.
    O200kBase,
    /// The same ranks with the special tokens of gpt-oss.
    O200kHarmony,
    /// text-davinci-002 and -003, codex; retired.
    P50kBase,
    /// Before those; retired.
    R50kBase,
}

impl EncodingName {
    /// Every encoding, newest first.
    pub const ALL: [Self; 5] = [
        Self::O200kBase,
        Self::O200kHarmony,
        Self::Cl100kBase,
        Self::P50kBase,
        Self::R50kBase,
    ];

    /// The name that OpenAI gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cl100kBase => "cl100k_base",
            Self::O200kBase => "o200k_base",
            Self::O200kHarmony => "o200k_harmony",
            Self::P50kBase => "p50k_base",
            Self::R50kBase => "r50k_base",
        }
    }
}

impl fmt::Display for EncodingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EncodingName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|known| known.name() == text);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("{text:?} is no embedded encoding; expected one of {names}")
        })
    }
}
