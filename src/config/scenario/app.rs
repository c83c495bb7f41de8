//! `[[app]]`: what holds for the calls of some apps.

use std::fmt;
use std::num::NonZero;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::sim::client::{ClientPreset, ClientRules};
use crate::workload::transform::TokenLimits;

/// The table as it is written.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AppSection {
    /// The name the app is shown by; a trailing `*` makes it a prefix.
    pub name: String,
    /// Value of its priority header where the traffic tells none.
    pub priority: Option<i32>,
    /// The business unit that limits count it for.
    pub business_unit: Option<String>,
    /// How its client tries again: the name of a preset, or rules; not at all if left out.
    pub client: Option<Client>,
    /// The queue that takes its calls; they go to the gateway if left out.
    pub queue: Option<String>,
    /// The most tokens that are let through: larger limits, and absent ones, become this [token].
    pub max_tokens: Option<NonZero<u32>>,
    /// Assumed where a request states no maximum [token].
    pub default_max_tokens: Option<NonZero<u32>>,
}

/// How a client tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub ClientRules);

impl AppSection {
    /// What becomes of the limits of its answers.
    pub fn token_limits(&self) -> TokenLimits {
        TokenLimits {
            default: self.default_max_tokens,
            most: self.max_tokens,
            instead: None,
        }
    }
}

impl<'de> Deserialize<'de> for Client {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ClientVisitor)
    }
}

struct ClientVisitor;

impl<'de> Visitor<'de> for ClientVisitor {
    type Value = Client;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a client preset, or a table of rules")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Client, E> {
        let preset = ClientPreset::named(name).map_err(E::custom)?;
        Ok(Client(preset.rules))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Client, A::Error> {
        let rules = ClientRules::deserialize(MapAccessDeserializer::new(map))?;
        rules.check().map_err(A::Error::custom)?;
        Ok(Client(rules))
    }
}
