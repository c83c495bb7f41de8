//! Patterns for names: exact, prefix, or regular expression; never minding case.

use std::fmt;

use regex::{Regex, RegexBuilder};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// A pattern that a name matches or not.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// The whole name, in lower case.
    Exact(String),
    /// The start of the name, in lower case; written with a trailing `*`.
    Prefix(String),
    /// A regular expression that must match somewhere in the name.
    Regex(Regex),
}

/// A text that tells who called.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallerText<'a> {
    /// The text as logged.
    pub(super) text: &'a str,
    /// Whether it is what gateways write for callers they do not know.
    pub(super) anonymous: bool,
}

impl Pattern {
    /// The pattern that `text` writes.
    pub fn of(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(prefix) => Self::Prefix(prefix.to_lowercase()),
            None => Self::Exact(text.to_lowercase()),
        }
    }

    /// Whether `name` matches.
    pub fn is_match(&self, name: &str) -> bool {
        match self {
            Self::Regex(regex) => regex.is_match(name),
            // Most names are ASCII, and need no copy in lower case.
            Self::Exact(whole) if name.is_ascii() => name.eq_ignore_ascii_case(whole),
            Self::Prefix(prefix) if name.is_ascii() => name
                .get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
            Self::Exact(whole) => name.to_lowercase() == *whole,
            Self::Prefix(prefix) => name.to_lowercase().starts_with(prefix),
        }
    }

    /// Whether a caller matches. Callers without a name are claimed only by naming what the
    /// gateway writes for them: `*` means everyone who is known.
    pub(super) fn matches(&self, caller: &CallerText<'_>) -> bool {
        (!caller.anonymous || matches!(self, Self::Exact(_))) && self.is_match(caller.text)
    }
}

impl Pattern {
    /// Whether this surely matches every name that `other` does.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Exact(name)) => self.is_match(name),
            (Self::Prefix(mine), Self::Prefix(theirs)) => theirs.starts_with(mine),
            (Self::Prefix(mine), Self::Regex(_)) => mine.is_empty(),
            (Self::Regex(mine), Self::Regex(theirs)) => mine.as_str() == theirs.as_str(),
            (Self::Exact(_) | Self::Regex(_), _) => false,
        }
    }
}

impl fmt::Display for Pattern {
    /// Writes the pattern as the configuration does, in lower case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(name) => write!(f, "{name:?}"),
            Self::Prefix(start) => write!(f, "{:?}", format!("{start}*")),
            Self::Regex(regex) => write!(f, "{{ regex = {:?} }}", regex.as_str()),
        }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PatternVisitor)
    }
}

struct PatternVisitor;

/// A regular expression as it is written.
#[derive(serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RegexTable {
    /// Matches somewhere in the name, in any case.
    regex: String,
}

impl<'de> Visitor<'de> for PatternVisitor {
    type Value = Pattern;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, a prefix with a trailing *, or { regex = \"…\" }")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Pattern, E> {
        Ok(Pattern::of(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Pattern, A::Error> {
        let table = RegexTable::deserialize(MapAccessDeserializer::new(map))?;
        RegexBuilder::new(&table.regex)
            .case_insensitive(true)
            .build()
            .map(Pattern::Regex)
            .map_err(|error| A::Error::custom(format!("bad regular expression: {error}")))
    }
}
