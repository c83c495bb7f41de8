//! What images cost.

use std::sync::LazyLock;

use super::longest;
use crate::facts::{self, Fact, FactError};

const TABLE: &str = include_str!("../data/images.csv");

/// What an image costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRules {
    prefix: String,
    /// How its size becomes tokens.
    pub method: ImageMethod,
    /// Whether documents and bills agree.
    pub agreed: bool,
    /// Where the figures are from.
    pub source: String,
}

/// How the size of an image becomes tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageMethod {
    /// A base, and so much for each tile of 512 × 512 pixels.
    Tiles {
        /// Any image, and all that one of low detail costs [token].
        base: u32,
        /// Each tile [token].
        tile: u32,
    },
    /// So much for each patch of 32 × 32 pixels.
    Patches {
        /// The most patches; larger images are made smaller.
        cap: u32,
        /// The most patches of an image of original detail.
        original_cap: u32,
        /// Each patch [hundredth of a token].
        percent: u32,
        /// Any image [token].
        extra: u32,
    },
}

static ROWS: LazyLock<Vec<ImageRules>> =
    LazyLock::new(|| rows().expect("a test reads the bundled table"));

pub(super) fn of(model: &str) -> Option<&'static ImageRules> {
    longest(&ROWS, model, |row| &row.prefix)
}

fn rows() -> Result<Vec<ImageRules>, FactError> {
    facts::read("images.csv", TABLE, image_rules)
}

fn image_rules(fact: &Fact<'_>) -> Result<ImageRules, FactError> {
    Ok(ImageRules {
        prefix: fact.required("prefix")?.to_owned(),
        method: match fact.required("method")? {
            "tiles" => tiles(fact)?,
            "patches" => patches(fact)?,
            _ => return Err(fact.refused("method", "tiles or patches")),
        },
        agreed: match fact.required("agreed")? {
            "yes" => true,
            "no" => false,
            _ => return Err(fact.refused("agreed", "yes or no")),
        },
        source: fact.provenance()?.source,
    })
}

fn tiles(fact: &Fact<'_>) -> Result<ImageMethod, FactError> {
    const TOKENS: &str = "a number of tokens";
    Ok(ImageMethod::Tiles {
        base: fact.value("base", TOKENS)?,
        tile: fact.value("tile", TOKENS)?,
    })
}

fn patches(fact: &Fact<'_>) -> Result<ImageMethod, FactError> {
    let cap = fact.value("cap", "a number of patches")?;
    Ok(ImageMethod::Patches {
        cap,
        original_cap: fact
            .optional("original_cap", "a number of patches")?
            .unwrap_or(cap),
        percent: fact.value("percent", "hundredths of a token")?,
        extra: fact.value("extra", "a number of tokens")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_loads() {
        assert!(!rows().unwrap().is_empty());
    }

    #[test]
    fn smaller_models_have_their_own_figures() {
        let tiles = |base, tile| Some(ImageMethod::Tiles { base, tile });
        let method = |model| of(model).map(|rules| rules.method);
        assert_eq!(method("gpt-4o-2024-08-06"), tiles(85, 170));
        assert_eq!(method("gpt-4o-mini"), tiles(2833, 5667));
        assert!(matches!(
            method("gpt-5-mini"),
            Some(ImageMethod::Patches { .. })
        ));
        assert_eq!(method("gpt-4-0613"), None);
    }
}
