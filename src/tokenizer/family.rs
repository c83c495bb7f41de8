//! How a family of models frames messages: data, by the start of the model's name.

use std::sync::LazyLock;

use crate::facts::{self, Fact, FactError};

const TABLE: &str = include_str!("data/families.csv");

/// How a family of models frames messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The start of the names of its models.
    pub prefix: String,
    /// What a message costs besides its role and content [token].
    pub per_message: i64,
    /// What a name costs besides its text [token].
    pub per_name: i64,
    /// The start of the answer [token].
    pub priming: i64,
    /// Whether recorded usage confirms this.
    pub confirmed: bool,
    /// Where this is from.
    pub source: String,
}

static FAMILIES: LazyLock<Vec<Family>> =
    LazyLock::new(|| families().expect("a test reads the bundled table"));

impl Family {
    /// The family of a model, by its name in the catalog or as OpenAI writes it; the longest
    /// prefix wins. A version may follow the name. `None` for names that no row knows.
    pub fn of(model: &str) -> Option<&'static Self> {
        let model = model.to_lowercase();
        let rows = FAMILIES.iter();
        rows.filter(|row| model.starts_with(&row.prefix))
            .max_by_key(|row| row.prefix.len())
    }
}

fn families() -> Result<Vec<Family>, FactError> {
    facts::read("families.csv", TABLE, family)
}

fn family(fact: &Fact<'_>) -> Result<Family, FactError> {
    const TOKENS: &str = "a whole number of tokens";
    fact.provenance()?;
    Ok(Family {
        prefix: fact.required("prefix")?.to_owned(),
        per_message: fact.value("per_message", TOKENS)?,
        per_name: fact.value("per_name", TOKENS)?,
        priming: fact.value("priming", TOKENS)?,
        confirmed: match fact.required("basis")? {
            "recorded" => true,
            "assumed" => false,
            _ => return Err(fact.refused("basis", "recorded or assumed")),
        },
        source: fact.required("source")?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_loads() {
        assert!(!families().unwrap().is_empty());
    }

    #[test]
    fn the_longest_prefix_wins() {
        let framing = |model| {
            let family = Family::of(model).unwrap();
            (family.per_message, family.per_name, family.priming)
        };
        assert_eq!(framing("gpt-4o-2024-08-06"), (3, 1, 3));
        assert_eq!(framing("gpt-3.5-turbo-0301"), (4, -1, 3));
        assert_eq!(framing("gpt-5-mini"), (3, 1, 2));
        assert_eq!(framing("gpt-5-chat"), (3, 1, 3));
        assert_eq!(Family::of("llama"), None);
    }
}
