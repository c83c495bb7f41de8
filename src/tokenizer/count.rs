//! What was counted, and how far it can be trusted.

use std::collections::BTreeSet;
use std::num::NonZero;

/// A part of a request that is counted by its own rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What was written: contents of messages, instructions, plain text.
    Text,
    /// What frames messages: roles, names, separators, the start of the answer.
    Overhead,
    /// Definitions of tools and functions.
    Tools,
    /// Earlier calls of tools.
    ToolCalls,
    /// The schema of the answer.
    Schema,
    /// Images.
    Images,
    /// Audio.
    Audio,
    /// Files.
    Files,
}

impl Part {
    /// Every part, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Overhead,
        Self::Tools,
        Self::ToolCalls,
        Self::Schema,
        Self::Images,
        Self::Audio,
        Self::Files,
    ];

    /// The word used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Overhead => "overhead",
            Self::Tools => "tools",
            Self::ToolCalls => "tool_calls",
            Self::Schema => "schema",
            Self::Images => "images",
            Self::Audio => "audio",
            Self::Files => "files",
        }
    }
}

/// How far a count can be trusted; the worst of several parts holds for the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// What the service bills, by rules that recorded usage confirms.
    #[default]
    Exact,
    /// By a rule with a known error.
    Estimate,
    /// The service adds tokens that no public rule gives.
    LowerBound,
}

impl Certainty {
    /// The word used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimate => "estimate",
            Self::LowerBound => "lower-bound",
        }
    }
}

/// Why a count is not exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No source names the model's encoding; that of its relatives is assumed.
    AssumedEncoding,
    /// The catalog does not know the model.
    UnknownModel,
    /// The model's tokenizer is not public; another one's count is scaled.
    Approximated,
    /// No recorded usage confirms how the family frames messages.
    AssumedFraming,
    /// Definitions of tools are rendered by a fitted rule.
    Tools,
    /// Earlier calls of tools are counted by a fitted rule.
    ToolCalls,
    /// The schema of the answer is counted by a fitted rule.
    Schema,
    /// Sources disagree about the model's images.
    ImageRule,
    /// The size of an image is not known from the request.
    ImageSize,
    /// Audio is counted by its length.
    Audio,
    /// A file is counted by its text, or not at all.
    File,
    /// Tools that the service hosts add hidden tokens.
    HostedTools,
    /// History that the service keeps is billed again.
    StoredHistory,
    /// Only the messages of a request were logged.
    MessagesOnly,
    /// Thoughts of the same turn are billed again, and nobody else can read them.
    Reasoning,
    /// A part of the request that no rule knows is not counted.
    UnknownPart,
    /// Bytes that are no text were replaced.
    InvalidText,
    /// A text without any safe border was cut where a token may lie.
    CutText,
}

impl Reason {
    /// How far a count can be trusted for this reason.
    pub const fn certainty(self) -> Certainty {
        match self {
            Self::HostedTools
            | Self::StoredHistory
            | Self::File
            | Self::ImageSize
            | Self::Audio
            | Self::MessagesOnly
            | Self::Reasoning
            | Self::UnknownPart => Certainty::LowerBound,
            _ => Certainty::Estimate,
        }
    }

    /// The word used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AssumedEncoding => "assumed-encoding",
            Self::UnknownModel => "unknown-model",
            Self::Approximated => "approximated",
            Self::AssumedFraming => "assumed-framing",
            Self::Tools => "tools",
            Self::ToolCalls => "tool-calls",
            Self::Schema => "schema",
            Self::ImageRule => "image-rule",
            Self::ImageSize => "image-size",
            Self::Audio => "audio",
            Self::File => "file",
            Self::HostedTools => "hosted-tools",
            Self::StoredHistory => "stored-history",
            Self::MessagesOnly => "messages-only",
            Self::Reasoning => "reasoning",
            Self::UnknownPart => "unknown-part",
            Self::InvalidText => "invalid-text",
            Self::CutText => "cut-text",
        }
    }

    /// What a person reads, as the end of "n requests: …".
    pub const fn text(self) -> &'static str {
        match self {
            Self::AssumedEncoding => "no source names the model's encoding yet; it is assumed",
            Self::UnknownModel => "the catalog does not know the model; o200k_base is assumed",
            Self::Approximated => "the model's tokenizer is not public; the count is scaled",
            Self::AssumedFraming => "no recorded usage confirms how the model frames messages",
            Self::Tools => "definitions of tools are counted by a fitted rule",
            Self::ToolCalls => "earlier tool calls are counted by a fitted rule",
            Self::Schema => "the schema of the answer is counted by a fitted rule",
            Self::ImageRule => "sources disagree about what the model's images cost",
            Self::ImageSize => "an image has no known size; give --image-size",
            Self::Audio => "audio is not counted, or by its length only",
            Self::File => "a file is not counted, or by its text only",
            Self::HostedTools => "tools that the service hosts add tokens that no rule gives",
            Self::StoredHistory => "history kept by the service is billed again and not seen here",
            Self::MessagesOnly => "only messages were logged; tools and schemas are not counted",
            Self::Reasoning => {
                "earlier thoughts of the same turn are billed again and not seen here"
            }
            Self::UnknownPart => "a part of the request that no rule knows is not counted",
            Self::InvalidText => "bytes that are no UTF-8 were replaced",
            Self::CutText => "a text without spaces or line ends was cut at an arbitrary place",
        }
    }
}

/// Tokens of one prompt by part, and how far they can be trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    parts: [i64; Part::ALL.len()],
    reasons: BTreeSet<Reason>,
}

impl Count {
    /// Adds tokens to a part [token]; corrections of fitted rules are negative.
    pub fn add(&mut self, part: Part, tokens: i64) {
        self.parts[part as usize] += tokens;
    }

    /// States why the count is not exact.
    pub fn doubt(&mut self, reason: Reason) {
        self.reasons.insert(reason);
    }

    /// Tokens of one part [token]; a correction may leave a part below 0.
    pub const fn part(&self, part: Part) -> i64 {
        self.parts[part as usize]
    }

    /// All tokens [token]; never below 0.
    pub fn total(&self) -> u64 {
        u64::try_from(self.parts.iter().sum::<i64>()).unwrap_or(0)
    }

    /// How far the total can be trusted: the worst of the reasons.
    pub fn certainty(&self) -> Certainty {
        let reasons = self.reasons.iter().map(|reason| reason.certainty());
        reasons.max().unwrap_or_default()
    }

    /// Why the total is not exact.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        self.reasons.iter().copied()
    }

    /// Adds another count, part by part.
    pub fn merge(&mut self, other: &Self) {
        for (part, more) in self.parts.iter_mut().zip(other.parts) {
            *part += more;
        }
        self.reasons.extend(&other.reasons);
    }
}

/// What the service reported for a request [token].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoggedUsage {
    /// Prompt tokens, cached ones included.
    pub input: u64,
    /// Prompt tokens read from the cache, where told.
    pub cached_input: Option<u64>,
    /// Answer tokens, reasoning included.
    pub output: u64,
    /// Reasoning tokens, where told.
    pub reasoning: Option<u64>,
}

/// By what records are grouped; empty where a record does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels {
    /// The model, as the catalog names it where it knows it.
    pub model: String,
    /// The calling app.
    pub app: String,
    /// Any other label that the user asked for.
    pub tag: String,
    /// The file.
    pub file: String,
}

/// One record, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// By what it is grouped.
    pub labels: Labels,
    /// The version of the model, where its name tells one: prices may depend on it.
    pub version: Option<String>,
    /// Line of the file, or row, from 1.
    pub line: u64,
    /// The prompt.
    pub input: Count,
    /// Tokens of the answer: as reported, else as counted, else not known [token].
    pub output: Option<u64>,
    /// The most tokens the caller let the answer have [token].
    pub max_tokens: Option<NonZero<u32>>,
    /// What the service reported.
    pub usage: Option<LoggedUsage>,
    /// A hash of the prompt up to the end of each whole block of the prompt cache.
    pub prefix: Vec<u64>,
}
