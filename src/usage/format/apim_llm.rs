//! `ApiManagementGatewayLlmLog`: the tokens of a request, without its caller.
//!
//! One request is several rows. Sequence number 0 carries all counts and names; the others carry
//! message texts, which are not read, and count zero.

use super::context::{request_of_correlation, row_key_of};
use super::{Context, Fault, Format, Row, Slot};
use crate::diagnostic::Sort;
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::{Fragment, Part};
use crate::usage::record::Quality;

/// Rows of the LLM log.
pub(super) static FORMAT: Format = Format {
    name: "API Management LLM log",
    fields: &[
        (Slot::Time, &["TimeGenerated", "time"]),
        (Slot::CorrelationId, &["CorrelationId"]),
        (Slot::RequestId, &["RequestId"]),
        (Slot::SequenceNumber, &["SequenceNumber"]),
        (Slot::Model, &["ModelName"]),
        (Slot::Deployment, &["DeploymentName"]),
        (Slot::Streamed, &["IsStreamCompletion"]),
        (Slot::Input, &["PromptTokens"]),
        (Slot::CachedInput, &["PromptCachedTokens"]),
        (Slot::Output, &["CompletionTokens"]),
        (Slot::Total, &["TotalTokens"]),
    ],
    categories: &["GatewayLlmLogs", "ApiManagementGatewayLlmLog"],
    needs: &[
        &[Slot::CorrelationId],
        &[Slot::SequenceNumber, Slot::Input, Slot::Output],
    ],
    excludes: &[],
    vital: &[
        &[Slot::Deployment, Slot::Model],
        &[Slot::Input],
        &[Slot::Output],
    ],
    read,
};

/// Providers whose prompt tokens leave out those read from a cache, by the start of the model's
/// or deployment's name. OpenAI counts them in.
const CACHED_BESIDE_PROMPT: [&str; 1] = ["claude"];

fn read<'a>(row: &'a Row, context: &'a mut Context) -> Result<Fragment<'a>, Fault> {
    let request = request_of_correlation(row.required(Slot::CorrelationId)?);
    let sequence = row.count(Slot::SequenceNumber)?.unwrap_or(0);
    let (model, deployment) = (row.text(Slot::Model), row.text(Slot::Deployment));
    let prompt = row.count(Slot::Input)?.unwrap_or(0);
    let cached_input = row.count(Slot::CachedInput)?.unwrap_or(0);
    let input = if is_beside_prompt(model) || is_beside_prompt(deployment) {
        prompt.checked_add(cached_input).ok_or_else(too_many)?
    } else {
        prompt
    };
    if cached_input > input {
        return Err(more_cached_than_input());
    }
    Ok(Fragment {
        request,
        row_key: row_key_of(row.text(Slot::RequestId), sequence),
        part: Part::Llm,
        time: row.time(context.clock)?,
        dimensions: Dimensions {
            deployment,
            model,
            ..Dimensions::default()
        },
        status: None,
        input,
        cached_input,
        cache_write: 0,
        output: row.count(Slot::Output)?.unwrap_or(0),
        reasoning: 0,
        // A total is for checks only: one that cannot be read is no reason to leave the row out.
        total: row.count(Slot::Total).unwrap_or_default(),
        requests: 1,
        streamed: row.flag(Slot::Streamed),
        cache_hit: false,
        quality: Quality::Exact,
        source: context.source,
        line: context.line,
    })
}

fn is_beside_prompt(name: &str) -> bool {
    CACHED_BESIDE_PROMPT.iter().any(|start| {
        name.get(..start.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(start))
    })
}

#[cold]
pub(super) fn too_many() -> Fault {
    Fault::new(
        "prompt and cached tokens together are not a count",
        "expected at most 4294967295 in sum: correct the row",
    )
    .sorted(Sort::NoCount, Slot::Input.name())
}

#[cold]
pub(super) fn more_cached_than_input() -> Fault {
    Fault::new(
        "more cached input tokens than input tokens",
        "the source counts cached tokens beside the prompt: read it as a [[source]] with \
         `input_excludes_cached = true`",
    )
    .sorted(Sort::Cached, Slot::CachedInput.name())
}
