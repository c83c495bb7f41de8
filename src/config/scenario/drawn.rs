//! Numbers that made-up apps draw: amounts of tokens, and exact factors.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::workload::synthetic::Amount;
use crate::workload::transform::Factor;

/// An amount of tokens: a number, `{ least, most }`, or `{ mean, cv, most }`.
#[derive(Clone, Debug)]
pub struct AmountText(pub Amount);

/// A factor, written as a number or in quotes.
#[derive(Clone, Copy, Debug)]
pub struct FactorText(pub Factor);

/// How an amount is drawn: { least, most } or { mean, cv, most }.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("examples" = [{ "least": 100, "most": 900 }])))]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct AmountTable {
    /// The fewest, where all from it to `most` are alike.
    least: Option<u32>,
    /// The most.
    most: u32,
    /// The mean of a log-normal number, before it is cut at `most`.
    mean: Option<f64>,
    /// The coefficient of variation of a log-normal number.
    cv: Option<f64>,
}

impl<'de> Deserialize<'de> for AmountText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = AmountText;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "a number of tokens, { least = 100, most = 900 }, or { mean = 400, cv = 1.2, most = \
             4000 }",
        )
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<AmountText, E> {
        let count = u32::try_from(count);
        let count = count.map_err(|_| E::custom("tokens are counted from 0 to 4294967295"))?;
        Ok(AmountText(Amount::Constant(count)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AmountText, A::Error> {
        let table = AmountTable::deserialize(MapAccessDeserializer::new(map))?;
        let most = table.most;
        match (table.least, table.mean, table.cv) {
            (Some(least), None, None) => Ok(AmountText(Amount::Uniform { least, most })),
            (None, Some(mean), Some(cv)) => Ok(AmountText(Amount::LogNormal { mean, cv, most })),
            _ => Err(A::Error::custom(
                "tokens are drawn from { least, most } or from { mean, cv, most }",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for FactorText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FactorVisitor)
    }
}

struct FactorVisitor;

impl Visitor<'_> for FactorVisitor {
    type Value = FactorText;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a factor such as 1.5")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FactorText, E> {
        text.parse().map(FactorText).map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, factor: f64) -> Result<FactorText, E> {
        self.visit_str(&factor.to_string())
    }

    fn visit_i64<E: Error>(self, factor: i64) -> Result<FactorText, E> {
        self.visit_str(&factor.to_string())
    }
}
