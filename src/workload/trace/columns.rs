//! What the columns of a trace hold, and what they are called.

use serde::Deserialize;

/// What a cell of a trace holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// When the request arrived.
    Time,
    /// All tokens of the prompt [token].
    Input,
    /// Prompt tokens read from the prompt cache [token].
    Cached,
    /// Prompt tokens written to the prompt cache [token].
    CacheWrite,
    /// All tokens of the answer [token].
    Output,
    /// Answer tokens spent on reasoning [token].
    Reasoning,
    /// The most tokens the caller lets the answer have [token].
    MaxTokens,
    /// Who sent it.
    App,
    /// The value of its priority header.
    Priority,
    /// How long serving took [ms].
    LatencyMs,
    /// The deployment it asked for.
    Deployment,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 11] = [
        Self::Time,
        Self::Input,
        Self::Cached,
        Self::CacheWrite,
        Self::Output,
        Self::Reasoning,
        Self::MaxTokens,
        Self::App,
        Self::Priority,
        Self::LatencyMs,
        Self::Deployment,
    ];

    /// What every row must have.
    pub(super) const REQUIRED: [Self; 3] = [Self::Time, Self::Input, Self::Output];

    /// The name of its column, unless renamed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Input => "input",
            Self::Cached => "cached",
            Self::CacheWrite => "cache_write",
            Self::Output => "output",
            Self::Reasoning => "reasoning",
            Self::MaxTokens => "max_tokens",
            Self::App => "app",
            Self::Priority => "priority",
            Self::LatencyMs => "latency_ms",
            Self::Deployment => "deployment",
        }
    }
}

/// The names of the columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    names: [String; Field::ALL.len()],
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            names: Field::ALL.map(|field| field.name().to_owned()),
        }
    }
}

impl Columns {
    /// The same columns, but `field` is in the column `name`.
    #[must_use]
    pub fn renamed(mut self, field: Field, name: &str) -> Self {
        name.clone_into(&mut self.names[field as usize]);
        self
    }

    /// The name of the column of `field`.
    pub fn name(&self, field: Field) -> &str {
        &self.names[field as usize]
    }

    /// What a column holds, by its name in any case; `None` where it is not read.
    pub fn field(&self, name: &str) -> Option<Field> {
        let name = name.trim();
        Field::ALL
            .into_iter()
            .find(|field| self.name(*field).eq_ignore_ascii_case(name))
    }
}
