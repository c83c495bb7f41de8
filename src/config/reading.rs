//! `[reading]`: how logs are read, and which of their requests are priced.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::usage::Disposition;
use crate::usage::timestamp::Dates;

/// The section as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Reading {
    /// How the order of day and month is found.
    pub dates: Dates,
    /// What becomes of tokens whose gateway row is missing.
    pub no_gateway_row: NoGatewayRow,
    /// What becomes of answers from the gateway's semantic cache.
    pub cache_hits: CacheHits,
    /// What becomes of the names of end users.
    pub users: Users,
}

/// What becomes of tokens whose gateway row is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum NoGatewayRow {
    /// They are priced, and nobody's.
    #[default]
    Price,
    /// They are shown, at no cost.
    Exclude,
}

/// What becomes of answers from the gateway's semantic cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CacheHits {
    /// They are priced as if a model had answered.
    Price,
    /// They are shown, at no cost.
    #[default]
    Exclude,
}

/// What becomes of the names of end users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Users {
    /// They are dropped on reading.
    #[default]
    Drop,
    /// They are replaced by keyed pseudonyms on reading.
    Pseudonym,
}

impl Reading {
    /// The dispositions whose tokens are priced.
    pub fn priced(&self) -> BTreeSet<Disposition> {
        let mut priced = BTreeSet::from([Disposition::Billable]);
        if self.no_gateway_row == NoGatewayRow::Price {
            priced.insert(Disposition::NoGatewayRow);
        }
        if self.cache_hits == CacheHits::Price {
            priced.insert(Disposition::CacheHit);
        }
        priced
    }
}
