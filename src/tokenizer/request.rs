//! One request body, parsed.
//!
//! Four APIs are read: Chat Completions, Responses, Embeddings, Completions. Their conversations
//! become the same list of [`Item`]s, so that one set of rules counts them. Strings are borrowed
//! from the body, definitions of tools and schemas keep the order of their keys.

mod answer;
mod body;
mod content;
mod error;
mod input;
mod item;
mod place;
mod reading;
mod text;

use std::num::NonZero;

use serde_json::Value;

pub use answer::Answer;
pub use content::{Content, Detail, File, Image, Piece};
pub use error::RequestError;
pub use item::{Call, Item, Message, Output};
pub use text::Text;

/// Which API a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Api {
    /// Chat Completions.
    Chat,
    /// Responses.
    Responses,
    /// Embeddings.
    Embeddings,
    /// Completions, as before chat.
    Completions,
}

impl Api {
    /// The API at the end of a path, whatever stands before: `/v1/chat/completions` or
    /// `/openai/deployments/x/chat/completions?api-version=…`. `None` for any other path.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_end_matches('/');
        let ends = [
            ("chat/completions", Self::Chat),
            ("responses", Self::Responses),
            ("embeddings", Self::Embeddings),
            ("completions", Self::Completions),
        ];
        let (_, api) = ends.into_iter().find(|(end, _)| path.ends_with(end))?;
        Some(api)
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request<'a> {
    /// The API it is for.
    pub api: Api,
    /// The model or deployment it names.
    pub model: Option<Text<'a>>,
    /// What is asked.
    pub prompt: Prompt<'a>,
    /// Definitions of tools.
    pub tools: Vec<Value>,
    /// Definitions of functions, as before tools.
    pub functions: Vec<Value>,
    /// Which tool the model has to call.
    pub tool_choice: Option<Value>,
    /// The form of the answer: `response_format`, or `text.format` of Responses.
    pub format: Option<Value>,
    /// How long a reasoning model should think, e.g. `high`.
    pub effort: Option<Text<'a>>,
    /// Keys that name history, prompts or data that the service keeps.
    pub stored: Vec<&'static str>,
    /// Keys that let the service search or read on its own.
    pub hosted: Vec<&'static str>,
    /// The most tokens the answer may have [token].
    pub max_tokens: Option<NonZero<u32>>,
    /// Answers asked for.
    pub answers: NonZero<u32>,
}

/// What a request asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Prompt<'a> {
    /// A conversation.
    Items(Vec<Item<'a>>),
    /// Texts without a frame, each on its own.
    Passages(Vec<Passage<'a>>),
}

/// One text to embed or to complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage<'a> {
    /// Its text.
    Text(Text<'a>),
    /// So many token ids.
    Tokens(u64),
}

impl<'a> Request<'a> {
    /// Parses one JSON body. `api` is the API it was sent to where that is known; otherwise the
    /// keys tell: `messages` is Chat Completions, `prompt` is Completions, and `input` is
    /// Embeddings if `embeddings` or nothing but texts for an embedding model, else Responses.
    pub fn parse(body: &'a [u8], api: Option<Api>) -> Result<Self, RequestError> {
        body::parse(body, api)
    }
}

#[cfg(test)]
mod tests;
