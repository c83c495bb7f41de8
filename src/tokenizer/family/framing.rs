//! How messages are framed.

use std::sync::LazyLock;

use super::longest;
use crate::facts::{self, Fact, FactError};

const TABLE: &str = include_str!("../data/families.csv");

/// How messages are framed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framing {
    /// The start of the names of the models.
    prefix: String,
    /// By which rules conversations become one text.
    pub style: Style,
    /// What a message costs besides its role and content [token].
    pub per_message: i64,
    /// What a name costs besides its text [token].
    pub per_name: i64,
    /// The start of the answer [token].
    pub priming: i64,
    /// What an earlier answer costs more than another message: its channel [token].
    pub per_answer: i64,
    /// The name of the rules of tools.
    pub(super) tools: String,
    /// Whether recorded usage confirms the figures.
    pub confirmed: bool,
    /// Where the figures are from.
    pub source: String,
}

/// By which rules conversations become one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Messages one after the other.
    Chat,
    /// The same without those of the system and the developer.
    Search,
    /// As `gpt-oss` has it: a system message of its own, then the developer's with instructions
    /// and tools.
    Harmony,
}

static ROWS: LazyLock<Vec<Framing>> =
    LazyLock::new(|| rows().expect("a test reads the bundled table"));

pub(super) fn of(model: &str) -> &'static Framing {
    let row = longest(&ROWS, model, |row| &row.prefix);
    row.expect("the table has a row for every name")
}

fn rows() -> Result<Vec<Framing>, FactError> {
    facts::read("families.csv", TABLE, framing)
}

fn framing(fact: &Fact<'_>) -> Result<Framing, FactError> {
    const TOKENS: &str = "a whole number of tokens";
    Ok(Framing {
        prefix: fact.required("prefix")?.to_owned(),
        style: match fact.required("framing")? {
            "chat" => Style::Chat,
            "search" => Style::Search,
            "harmony" => Style::Harmony,
            _ => return Err(fact.refused("framing", "chat, search or harmony")),
        },
        per_message: fact.value("per_message", TOKENS)?,
        per_name: fact.value("per_name", TOKENS)?,
        priming: fact.value("priming", TOKENS)?,
        per_answer: fact.value("per_answer", TOKENS)?,
        tools: fact.required("tools")?.to_owned(),
        confirmed: match fact.required("basis")? {
            "recorded" => true,
            "assumed" => false,
            _ => return Err(fact.refused("basis", "recorded or assumed")),
        },
        source: fact.provenance()?.source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_loads_and_knows_every_name() {
        let rows = rows().unwrap();
        assert!(rows.iter().any(|row| row.prefix == "*"));
        for row in &rows {
            assert_eq!(row.prefix, row.prefix.to_lowercase());
        }
    }
}
