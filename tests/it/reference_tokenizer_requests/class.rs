//! The classes of requests, and what is known of each.

use serde_json::Value;
use tollbook::tokenizer::request::Api;
use tollbook::tokenizer::{Count, Reason};

/// A class of requests, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Embeddings,
    TextPublished,
    TextClassic,
    TextReasoning,
    TextResponses,
    ToolsPublished,
    ToolsClassic,
    ToolsReasoning,
    ToolsResponses,
    CallsClassic,
    CallsParallel,
    CallsReasoning,
    CallsResponses,
    Schemas,
    ImagesPublished,
    HostedTools,
    StoredHistory,
    Files,
    ImagesByAddress,
    Thoughts,
}

/// Text-only requests that are off, by how much, and why.
pub(super) const EXACT_BUT: [(&str, i64, &str); 8] = [
    ("recorded-4ce4d5d5f7c1", -8, "o1-mini: the service adds 8"),
    (
        "recorded-79cba4a3c88c",
        -32,
        "a conversation that the record does not name",
    ),
    (
        "recorded-7671a6736834",
        4,
        "history compacted by the service",
    ),
    (
        "recorded-80f1d2f93a39",
        -1,
        "usage made up by hand: the model has no version",
    ),
    (
        "recorded-82cb28e51475",
        3,
        "history compacted by the service",
    ),
    (
        "recorded-9052dca97384",
        3,
        "usage made up by hand: the model has no version",
    ),
    (
        "recorded-ad430014cad6",
        1,
        "usage made up by hand: the model has no version",
    ),
    (
        "recorded-d34a251a8167",
        -1,
        "history compacted by the service",
    ),
];

/// Lower bounds that are above the bill, and why.
pub(super) const UNSEEN: [(&str, &str); 1] = [(
    "recorded-096c38c5c1a2",
    "usage made up by hand: the model has no version",
)];

/// The least exact, the least within 3, and the most that any is off.
pub(super) const BOUNDS: [(Class, usize, usize, i64); 15] = [
    (Class::Embeddings, 8, 8, 0),
    (Class::TextPublished, 30, 30, 0),
    (Class::TextClassic, 36, 36, 0),
    (Class::TextReasoning, 10, 10, 8),
    (Class::TextResponses, 30, 35, 32),
    (Class::ToolsPublished, 27, 27, 0),
    (Class::ToolsClassic, 21, 23, 1),
    (Class::ToolsReasoning, 10, 10, 0),
    (Class::ToolsResponses, 23, 25, 9),
    (Class::CallsClassic, 24, 26, 1),
    (Class::CallsParallel, 10, 10, 0),
    (Class::CallsReasoning, 8, 8, 0),
    (Class::CallsResponses, 11, 16, 3),
    (Class::Schemas, 14, 15, 1),
    (Class::ImagesPublished, 5, 5, 0),
];

impl Class {
    /// Its name in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Embeddings => "embeddings",
            Self::TextPublished => "text only, published",
            Self::TextClassic => "text only, recorded, Chat Completions, classic models",
            Self::TextReasoning => "text only, recorded, Chat Completions, reasoning models",
            Self::TextResponses => "text only, recorded, Responses",
            Self::ToolsPublished => "tools, published",
            Self::ToolsClassic => "tools, recorded, Chat Completions, classic models",
            Self::ToolsReasoning => "tools, recorded, Chat Completions, reasoning models",
            Self::ToolsResponses => "tools, recorded, Responses",
            Self::CallsClassic => "tool calls, Chat Completions, classic models",
            Self::CallsParallel => "parallel tool calls, Chat Completions, classic models",
            Self::CallsReasoning => "tool calls, recorded, Chat Completions, reasoning models",
            Self::CallsResponses => "tool calls, recorded, Responses",
            Self::Schemas => "schemas, recorded, both APIs",
            Self::ImagesPublished => "images, published requests",
            Self::HostedTools => "hosted tools",
            Self::StoredHistory => "stored history",
            Self::Files => "files",
            Self::ImagesByAddress => "images of unknown size",
            Self::Thoughts => "thoughts of the same turn",
        }
    }

    /// Whether rules give the whole count.
    pub(super) fn has_rule(self) -> bool {
        self < Self::HostedTools
    }

    /// Whether there is nothing but text.
    pub(super) fn is_text(self) -> bool {
        self <= Self::TextResponses
    }

    /// Whether images are counted by their size.
    pub(super) fn is_image(self) -> bool {
        self == Self::ImagesPublished
    }

    /// The class of a request: what is not seen of it decides first, then what it holds.
    pub(super) fn of(kind: &str, api: Api, model: &str, request: &Value, count: &Count) -> Self {
        let reasons: Vec<Reason> = count.reasons().collect();
        let has = |reason| reasons.contains(&reason);
        let unseen = [
            (Reason::HostedTools, Self::HostedTools),
            (Reason::StoredHistory, Self::StoredHistory),
            (Reason::File, Self::Files),
            (Reason::ImageSize, Self::ImagesByAddress),
            (Reason::Reasoning, Self::Thoughts),
        ];
        if let Some((_, class)) = unseen.into_iter().find(|(reason, _)| has(*reason)) {
            return class;
        }
        let reasoning = ["o1", "o3", "gpt-5"]
            .iter()
            .any(|start| model.starts_with(start));
        let body = request.to_string();
        match api {
            Api::Embeddings | Api::Completions => Self::Embeddings,
            _ if body.contains("\"image_url\"") => Self::ImagesPublished,
            _ if has(Reason::Schema) => Self::Schemas,
            Api::Responses if has(Reason::ToolCalls) => Self::CallsResponses,
            Api::Responses if has(Reason::Tools) => Self::ToolsResponses,
            Api::Responses => Self::TextResponses,
            Api::Chat if has(Reason::ToolCalls) => match reasoning {
                true => Self::CallsReasoning,
                false if body.contains("},{\"function\":{\"arguments\"") => Self::CallsParallel,
                false => Self::CallsClassic,
            },
            Api::Chat if kind == "chat" && has(Reason::Tools) => Self::ToolsPublished,
            Api::Chat if has(Reason::Tools) && reasoning => Self::ToolsReasoning,
            Api::Chat if has(Reason::Tools) => Self::ToolsClassic,
            Api::Chat if kind == "chat" => Self::TextPublished,
            Api::Chat if reasoning => Self::TextReasoning,
            Api::Chat => Self::TextClassic,
        }
    }
}
