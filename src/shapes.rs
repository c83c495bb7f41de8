//! Token shapes of apps: how many tokens requests have, and how often. Written by `tokenise`,
//! read by `simulate` and `plan`.

mod reading;
mod writing;

pub use reading::ShapesError;

use std::num::NonZero;

use serde::Deserialize;

use crate::spelling::{any_of, hint};

/// A file of shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shapes {
    /// The shapes, each with its own name.
    pub shape: Vec<Shape>,
}

/// What the requests of one app weigh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What scenarios call it.
    pub name: String,
    /// The model whose tokens were counted; empty where there were several.
    pub model: String,
    /// From what it was counted, in words.
    pub about: String,
    /// Kinds of requests: tokens of requests much alike, rounded means, and how many there were.
    pub requests: Vec<RequestKind>,
}

/// Requests that are much alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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
    pub output: Option<u32>,
    /// The most tokens callers let the answer have [token].
    pub max_tokens: Option<NonZero<u32>>,
}

impl Shapes {
    /// The version of the format that is written, and the only one that is read.
    pub const VERSION: u32 = 1;

    /// Reads the text of a file of shapes; `file` is its name in messages.
    pub fn parse(text: &str, file: &str) -> Result<Self, ShapesError> {
        reading::parse(text, file)
    }

    /// The text of a file of shapes, which [`Shapes::parse`] reads back.
    pub fn to_toml(&self) -> String {
        writing::written(self)
    }

    /// The shape of that name; without a name the only one. Else what there is instead.
    pub fn named(&self, name: Option<&str>) -> Result<&Shape, String> {
        let names = || self.shape.iter().map(|shape| shape.name.as_str());
        match (name, self.shape.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => {
                let names: Vec<&str> = names().collect();
                Err(format!("there are several shapes; name {}", any_of(&names)))
            }
            (Some(name), shapes) => {
                let found = shapes.iter().find(|shape| shape.name == name);
                found.ok_or_else(|| format!("there is no shape {name:?}{}", hint(name, names())))
            }
        }
    }
}

#[cfg(test)]
mod tests;
