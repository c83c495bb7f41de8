//! How definitions and calls of tools become part of a prompt.

use std::sync::LazyLock;

use crate::facts::{self, Fact, FactError};
use crate::tokenizer::request::Api;

const TABLE: &str = include_str!("../data/tools.csv");

/// How definitions and calls of tools become part of a prompt. All figures are in tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolRules {
    name: String,
    api: Api,
    /// How a definition is written.
    pub rendering: Rendering,
    /// Whether the first line of the definitions is encoded with what follows.
    pub opening: Opening,
    /// What definitions cost besides their text.
    pub alone: i64,
    /// The same, when they follow a system message that opens the conversation and then gets a
    /// line end; `None` where they never join it.
    pub after_system: Option<i64>,
    /// A choice of no tool.
    pub choice_none: i64,
    /// A choice of one tool, besides its name.
    pub choice_tool: i64,
    /// A choice of one function by the older key `function_call`, besides its name.
    pub choice_function: i64,
    /// A call, besides its frame, recipient and arguments.
    pub call: i64,
    /// The answer to a call, besides its frame, the tool's name and the content.
    pub output: i64,
    /// A call that the request names by the id under which the service keeps it.
    pub known_call: i64,
    /// How calls are written that were made at once.
    pub parallel: Parallel,
}

/// How a definition is written as `TypeScript`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendering {
    /// A property a line, nested ones indented; descriptions at the top level only.
    Indented,
    /// Objects without any comment on one line, others a property a line; comments everywhere.
    Inline,
    /// As `openai-harmony` writes it.
    Harmony,
}

/// Whether the first line of the definitions is encoded with what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is, so that tokens may lie across its end.
    Joined,
    /// It is a text of its own.
    Split,
}

/// How calls are written that were made at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parallel {
    /// As one call of `multi_tool_use.parallel`.
    Wrapped,
    /// One after the other.
    Apart,
}

static ROWS: LazyLock<Vec<ToolRules>> =
    LazyLock::new(|| rows().expect("a test reads the bundled table"));

/// The rules of this name for `api`.
pub(super) fn of(name: &str, api: Api) -> &'static ToolRules {
    let row = ROWS.iter().find(|row| row.name == name && row.api == api);
    row.expect("a test looks every name up")
}

fn rows() -> Result<Vec<ToolRules>, FactError> {
    facts::read("tools.csv", TABLE, tool_rules)
}

fn tool_rules(fact: &Fact<'_>) -> Result<ToolRules, FactError> {
    const TOKENS: &str = "a whole number of tokens";
    fact.provenance()?;
    Ok(ToolRules {
        name: fact.required("rules")?.to_owned(),
        api: one_of(
            fact,
            "api",
            &[("chat", Api::Chat), ("responses", Api::Responses)],
        )?,
        rendering: one_of(
            fact,
            "rendering",
            &[
                ("indented", Rendering::Indented),
                ("inline", Rendering::Inline),
                ("harmony", Rendering::Harmony),
            ],
        )?,
        opening: one_of(
            fact,
            "opening",
            &[("joined", Opening::Joined), ("split", Opening::Split)],
        )?,
        alone: fact.value("alone", TOKENS)?,
        after_system: fact.optional("after_system", TOKENS)?,
        choice_none: fact.value("choice_none", TOKENS)?,
        choice_tool: fact.value("choice_tool", TOKENS)?,
        choice_function: fact.value("choice_function", TOKENS)?,
        call: fact.value("call", TOKENS)?,
        output: fact.value("output", TOKENS)?,
        known_call: fact.value("known_call", TOKENS)?,
        parallel: one_of(
            fact,
            "parallel",
            &[("wrapped", Parallel::Wrapped), ("apart", Parallel::Apart)],
        )?,
    })
}

fn one_of<T: Copy>(fact: &Fact<'_>, field: &str, words: &[(&str, T)]) -> Result<T, FactError> {
    let text = fact.required(field)?;
    let known = words.iter().find(|(word, _)| *word == text);
    known.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        fact.refused(field, &words.join(" or "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::Family;

    #[test]
    fn the_bundled_table_loads() {
        assert!(!rows().unwrap().is_empty());
    }

    #[test]
    fn every_family_has_rules_for_both_apis() {
        for model in [
            "gpt-35-turbo-4k-0613",
            "gpt-4o",
            "gpt-5",
            "gpt-oss-20b",
            "?",
        ] {
            let family = Family::of(model);
            assert_eq!(family.tools(Api::Chat).api, Api::Chat);
            assert_eq!(family.tools(Api::Responses).api, Api::Responses);
        }
    }
}
