//! How many tokens another tokenizer makes of the same text.

use std::fmt;
use std::num::NonZero;
use std::str::FromStr;
use std::sync::LazyLock;

use thiserror::Error;

use super::encodings::starts_with;
use crate::facts::{self, Fact, FactError};
use crate::tokenizer::EncodingName;

const TABLE: &str = include_str!("../data/approximations.csv");

/// Tokens of a model's own tokenizer per token of the one that stands in for it [‰].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio(NonZero<u32>);

/// How a model is counted whose tokenizer is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approximation {
    /// By what tokens of [`super::Model::UNKNOWN`] are multiplied.
    pub ratio: Ratio,
    /// Where the ratio is from.
    pub source: String,
}

impl Approximation {
    /// By the user's own ratio.
    pub(super) fn given(ratio: Ratio) -> Self {
        let source = "as given".to_owned();
        Self { ratio, source }
    }

    /// By the ratio known for models whose name starts like `family`; as many tokens where none
    /// is known.
    pub(super) fn known(family: &str) -> Self {
        let rows = ROWS.iter().filter(|row| starts_with(family, &row.prefix));
        let row = rows.max_by_key(|row| row.prefix.len());
        let assumed = || Self {
            ratio: Ratio::ONE,
            source: "assumed; no ratio is known for the model".to_owned(),
        };
        row.map_or_else(assumed, |row| row.approximation.clone())
    }
}

impl fmt::Display for Approximation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = super::Model::UNKNOWN;
        write!(f, "{base} × {} ({})", self.ratio, self.source)
    }
}

/// A text is no ratio.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{0:?} is no ratio; expected a number above 0 with at most three decimals, such as 1.15")]
pub struct RatioError(String);

impl Ratio {
    /// As many tokens.
    pub const ONE: Self = Self(NonZero::new(1000).expect("1000 is not 0"));

    /// `tokens` times this [token], rounded up, away from too little.
    pub fn of(self, tokens: u64) -> u64 {
        let scaled = (u128::from(tokens) * u128::from(self.0.get())).div_ceil(1000);
        u64::try_from(scaled).unwrap_or(u64::MAX)
    }
}

impl FromStr for Ratio {
    type Err = RatioError;

    fn from_str(text: &str) -> Result<Self, RatioError> {
        let refused = || RatioError(text.to_owned());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || decimals.len() > 3 {
            return Err(refused());
        }
        let per_mille: Option<u32> = format!("{whole}{decimals:0<3}").parse().ok();
        per_mille
            .and_then(NonZero::new)
            .map(Self)
            .ok_or_else(refused)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0.get() / 1000, self.0.get() % 1000)
    }
}

struct Row {
    prefix: String,
    approximation: Approximation,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| rows().expect("a test reads the table"));

fn rows() -> Result<Vec<Row>, FactError> {
    facts::read("approximations.csv", TABLE, row)
}

fn row(fact: &Fact<'_>) -> Result<Row, FactError> {
    fact.provenance()?;
    if !matches!(fact.required("basis")?, "measured" | "stated") {
        return Err(fact.refused("basis", "measured or stated"));
    }
    let base: EncodingName = fact.value("base", "the name of an embedded encoding")?;
    if base != super::Model::UNKNOWN {
        return Err(fact.refused("base", super::Model::UNKNOWN.name()));
    }
    Ok(Row {
        prefix: fact.required("prefix")?.to_owned(),
        approximation: Approximation {
            ratio: Ratio(fact.value("per_mille", "a whole number above 0")?),
            source: fact.required("source")?.to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(text: &str) -> Ratio {
        text.parse().unwrap()
    }

    #[test]
    fn the_bundled_table_loads() {
        assert!(!rows().unwrap().is_empty());
    }

    #[test]
    fn approximations_say_where_they_are_from() {
        let shown = |family| Approximation::known(family).to_string();
        assert!(shown("deepseek-r1").starts_with("o200k_base × 1.049 (measured on 2.0 MB"));
        let assumed = "o200k_base × 1.000 (assumed; no ratio is known for the model)";
        assert_eq!(shown("grok-4"), assumed);
        let given = Approximation::given(ratio("2"));
        assert_eq!(given.to_string(), "o200k_base × 2.000 (as given)");
    }

    #[test]
    fn ratios_round_up() {
        for (text, tokens, scaled) in [
            ("1", 7, 7),
            ("1.1", 10, 11),
            ("1.1", 11, 13),
            ("0.5", 3, 2),
            ("1.015", 1000, 1015),
            ("2", u64::MAX, u64::MAX),
            ("1.5", 0, 0),
        ] {
            assert_eq!(ratio(text).of(tokens), scaled, "{text} {tokens}");
        }
    }

    #[test]
    fn ratios_are_written_with_three_decimals() {
        assert_eq!(ratio("1.15").to_string(), "1.150");
        assert_eq!(ratio("12").to_string(), "12.000");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "", "0", "0.000", "-1", "+1", "1.", ".5", "1.1234", "1,5", "99999999", "x",
        ] {
            let error = text.parse::<Ratio>().unwrap_err();
            assert!(error.to_string().contains(&format!("{text:?}")), "{text}");
        }
    }
}
