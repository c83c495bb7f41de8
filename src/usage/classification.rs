//! What became of a request, from what its rows tell.

use super::dimensions::Dimensions;
use super::record::{Disposition, Quality};
use crate::units::TokenCounts;

/// Which rows told of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// One row with everything.
    Whole,
    /// A gateway row and rows of the LLM log.
    Both,
    /// A gateway row only.
    Gateway,
    /// Rows of the LLM log only.
    Llm,
}

/// All that decides the disposition of a request.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Which rows there are.
    pub witness: Witness,
    /// HTTP status, where a row told it.
    pub status: Option<u16>,
    /// Tokens of all rows.
    pub tokens: TokenCounts,
    /// The texts of the request.
    pub dimensions: &'a Dimensions,
    /// Whether the gateway's semantic cache answered.
    pub cache_hit: bool,
    /// The worst quality of the counts.
    pub quality: Quality,
}

/// What became of the request, and how far its token counts can be trusted.
pub fn classify(evidence: &Evidence<'_>) -> (Disposition, Quality) {
    let disposition = disposition(evidence);
    (disposition, quality(evidence, disposition))
}

fn disposition(evidence: &Evidence<'_>) -> Disposition {
    match (evidence.witness, Outcome::of(evidence.status)) {
        (Witness::Gateway, Outcome::Refused) => Disposition::NotAnLlmCall,
        (_, Outcome::Refused | Outcome::Failed) => Disposition::Error,
        (_, Outcome::Served | Outcome::Unknown) if evidence.cache_hit => Disposition::CacheHit,
        (Witness::Gateway, _) => Disposition::NoLlmRow,
        _ if usage_was_lost(evidence) => Disposition::WithoutTokens,
        (Witness::Llm, _) => Disposition::NoGatewayRow,
        _ => Disposition::Billable,
    }
}

fn quality(evidence: &Evidence<'_>, disposition: Disposition) -> Quality {
    match disposition {
        _ if evidence.quality == Quality::Defaulted => Quality::Defaulted,
        _ if evidence.tokens.is_zero() => Quality::Missing,
        Disposition::WithoutTokens => Quality::Missing,
        // Gateways write what they estimated before the backend refused.
        Disposition::Error => evidence.quality.max(Quality::Estimated),
        _ => evidence.quality,
    }
}

/// Whether the counts of a request that may have been served are not its usage.
///
/// Streams of the Responses API were logged with the prompt estimated, an empty answer and no
/// model; an embedding has an empty answer too, but either names its model or its operation.
fn usage_was_lost(evidence: &Evidence<'_>) -> bool {
    if evidence.tokens.is_zero() || evidence.quality >= Quality::Defaulted {
        return true;
    }
    // The texts are looked at last: they are rarely in the cache.
    evidence.tokens.output.is_zero()
        && !names_what_answered(evidence)
        && !is_embedding(&evidence.dimensions.operation)
}

/// The LLM log names the model whose answer it parsed; other sources may log a deployment alone.
fn names_what_answered(evidence: &Evidence<'_>) -> bool {
    let Dimensions {
        model, deployment, ..
    } = evidence.dimensions;
    !model.is_empty() || (evidence.witness == Witness::Whole && !deployment.is_empty())
}

fn is_embedding(operation: &str) -> bool {
    operation.to_ascii_lowercase().contains("embedding")
}

/// What an HTTP status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Served,
    /// The client's fault: the model was not asked.
    Refused,
    /// Throttled, failed, or given up by the client (API Management logs 0 for that).
    Failed,
    Unknown,
}

impl Outcome {
    const fn of(status: Option<u16>) -> Self {
        match status {
            None => Self::Unknown,
            // A realtime session is a web socket, whose success is "switching protocols".
            Some(101 | 200..=299) => Self::Served,
            Some(0 | 429 | 500..) => Self::Failed,
            Some(_) => Self::Refused,
        }
    }
}
