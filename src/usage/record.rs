//! One request that was served, or why it was not.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dimensions::Dimensions;
use crate::time::Timestamp;
use crate::units::{Requests, TokenCounts};

/// How far token counts can be trusted; the worst of a sum is the sum's.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Quality {
    /// Counted by the service that answered.
    #[default]
    Exact,
    /// Sums of many requests.
    Aggregated,
    /// Counted by somebody else, or before the answer.
    Estimated,
    /// A placeholder that a gateway writes when it saw no usage.
    Defaulted,
    /// Not counted at all.
    Missing,
}

/// What became of a request, as far as its logs tell, and so whether it has a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// Served, with token counts.
    Billable,
    /// Token counts without the gateway row that names the caller: priced, nobody's.
    NoGatewayRow,
    /// Served, but no usage was logged (often a stream without its usage chunk).
    #[serde(rename = "2xx-without-tokens")]
    WithoutTokens,
    /// Refused or failed; counts, if any, are estimates.
    Error,
    /// Never reached a model: probes, model listings, refused keys.
    NotAnLlmCall,
    /// Served by the gateway, with no row of the LLM log.
    NoLlmRow,
    /// Answered from the gateway's semantic cache, without a model.
    CacheHit,
}

impl Disposition {
    /// Every disposition, in the order reports show them.
    pub const ALL: [Self; 7] = [
        Self::Billable,
        Self::NoGatewayRow,
        Self::WithoutTokens,
        Self::Error,
        Self::NotAnLlmCall,
        Self::NoLlmRow,
        Self::CacheHit,
    ];

    /// Whether tokens of such requests are priced.
    pub const fn is_priced(self) -> bool {
        matches!(self, Self::Billable | Self::NoGatewayRow)
    }

    /// The name used in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Billable => "billable",
            Self::NoGatewayRow => "no-gateway-row",
            Self::WithoutTokens => "2xx-without-tokens",
            Self::Error => "error",
            Self::NotAnLlmCall => "not-an-llm-call",
            Self::NoLlmRow => "no-llm-row",
            Self::CacheHit => "cache-hit",
        }
    }
}

/// Where a row was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Place of its source among the sources, from 0.
    pub source: u32,
    /// Its line (text) or number (other carriers), from 1; 0 where it is not known.
    pub line: u32,
}

/// One request, put together from all its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRecord<'a> {
    /// A 128-bit hash of the gateway's request id.
    pub request: u128,
    /// When the request arrived: the gateway row's time, else the first row's.
    pub time: Timestamp,
    /// Who asked whom for what, shared by many records. Only borrowed, so that a thread does not
    /// count references of what other threads count too, for every record.
    pub dimensions: &'a Arc<Dimensions>,
    /// HTTP status, where a row told it.
    pub status: Option<u16>,
    /// Tokens by class.
    pub tokens: TokenCounts,
    /// Requests this record stands for; more than one only in aggregated sources.
    pub requests: Requests,
    /// Whether the answer was streamed.
    pub streamed: bool,
    /// How far the counts can be trusted.
    pub quality: Quality,
    /// What became of it.
    pub disposition: Disposition,
    /// Where the row is that tells its caller, or else its tokens.
    pub origin: Origin,
    /// How far apart the clocks of its rows are: from the gateway's row to the nearest with
    /// tokens; 0 where there are not both [µs].
    pub apart: u64,
}
