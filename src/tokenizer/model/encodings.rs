//! Encodings of models that the catalog does not list, by the start of their names.

use std::sync::LazyLock;

use crate::facts::{self, Fact, FactError};
use crate::tokenizer::Reason;

const TABLE: &str = include_str!("../data/encodings.csv");

/// The encoding of all models whose names start alike.
pub(super) struct Row {
    prefix: String,
    /// Name of the encoding; empty where no source names one.
    pub(super) encoding: String,
    /// Why it may be another.
    pub(super) reason: Option<Reason>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| rows().expect("a test reads the table"));

/// The row of the longest prefix of `family`.
pub(super) fn longest_prefix(family: &str) -> Option<&'static Row> {
    let rows = ROWS.iter().filter(|row| starts_with(family, &row.prefix));
    rows.max_by_key(|row| row.prefix.len())
}

/// Whether `name` starts with whole words of `prefix`: `gpt-4` is no start of `gpt-4o`.
pub(super) fn starts_with(name: &str, prefix: &str) -> bool {
    let open = |text: &str| !text.ends_with(|c: char| c.is_ascii_alphanumeric());
    let rest = name.strip_prefix(prefix);
    rest.is_some_and(|rest| open(prefix) || !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

fn rows() -> Result<Vec<Row>, FactError> {
    facts::read("encodings.csv", TABLE, row)
}

fn row(fact: &Fact<'_>) -> Result<Row, FactError> {
    fact.provenance()?;
    let encoding = fact.text("encoding")?.to_owned();
    let reason = match (fact.required("basis")?, encoding.is_empty()) {
        ("published", false) | ("unknown", true) => None,
        ("assumed", false) => Some(Reason::AssumedEncoding),
        _ => {
            let expected = "published or assumed, or unknown where there is no encoding";
            return Err(fact.refused("basis", expected));
        }
    };
    Ok(Row {
        prefix: fact.required("prefix")?.to_owned(),
        encoding,
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_loads() {
        assert!(rows().unwrap().len() > 50);
    }

    #[test]
    fn prefixes_are_whole_words() {
        for (name, prefix, starts) in [
            ("gpt-4", "gpt-4", true),
            ("gpt-4-0613", "gpt-4", true),
            ("gpt-4o", "gpt-4", false),
            ("gpt-4.7", "gpt-4.", true),
            ("o10", "o1", false),
            ("o1_x", "o1", true),
            ("ada", "adam", false),
        ] {
            assert_eq!(starts_with(name, prefix), starts, "{name} {prefix}");
        }
    }
}
