//! Token shapes of apps: how many tokens requests have, and how often. Written by `tokenise`,
//! read by `simulate` and `plan`.

use std::num::NonZero;

use serde::{Deserialize, Serialize};

/// A file of shapes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shapes {
    /// Version of the format: [`Shapes::VERSION`].
    pub version: u32,
    /// The shapes, each with its own name.
    pub shape: Vec<Shape>,
}

impl Shapes {
    /// The version that is written, and the only one that is read.
    pub const VERSION: u32 = 1;
}

/// What the requests of one app weigh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// What scenarios call it.
    pub name: String,
    /// The model whose tokens were counted; empty where there were several.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// From what it was counted, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Kinds of requests: tokens of requests much alike, rounded means, and how many there were.
    pub requests: Vec<RequestKind>,
}

/// Requests that are much alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestKind {
    /// How many there were.
    pub count: NonZero<u64>,
    /// Prompt tokens, cached ones included [token].
    pub input: u32,
    /// Prompt tokens that the cache would hold [token].
    #[serde(default)]
    pub cached: u32,
    /// Answer tokens; `None` where only prompts were counted [token].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<u32>,
    /// The most tokens callers let the answer have [token].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<NonZero<u32>>,
}
