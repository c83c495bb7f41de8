//! Both logs of API Management in one row, as users export them who join them by a query.
//!
//! A row that tells tokens or names is the whole request. A query that keeps the chunks of messages
//! repeats the caller beside each of them; such a row is a chunk of the LLM log. A row of a call
//! that the LLM log does not know is a row of the gateway's log.

use super::context::{request_of_correlation, row_key_of};
use super::{Context, Fault, Format, Row, Slot, apim_gateway, apim_llm};
use crate::usage::fragment::{Fragment, Part};

/// Rows of a query that joins both logs.
pub(super) static FORMAT: Format = Format {
    name: "joined API Management logs",
    // The fields of both logs, which are declared there.
    fields: &[],
    categories: &[],
    needs: &[
        &[Slot::CorrelationId],
        &[Slot::Input, Slot::Output],
        &[Slot::Subscription, Slot::Product, Slot::Status],
    ],
    excludes: &[],
    vital: &[
        &[Slot::Deployment, Slot::Model],
        &[Slot::Subscription, Slot::Product],
    ],
    read,
};

fn read<'a>(row: &'a Row, context: &'a mut Context) -> Result<Fragment<'a>, Fault> {
    let is_told = |slots: &[Slot]| slots.iter().any(|slot| !row.text(*slot).is_empty());
    let counts = |slot| row.count(slot).map(Option::unwrap_or_default);
    let tells_caller =
        is_told(&[Slot::Subscription, Slot::Product, Slot::Api]) || row.status()?.is_some();
    let tells_tokens = is_told(&[Slot::Model, Slot::Deployment])
        || counts(Slot::Input)? > 0
        || counts(Slot::Output)? > 0;
    let sequence = counts(Slot::SequenceNumber)?;
    match (tells_caller, tells_tokens) {
        (true, true) => whole(row, context, sequence),
        (true, false) if sequence == 0 => apim_gateway::FORMAT.read(row, context),
        _ => apim_llm::FORMAT.read(row, context),
    }
}

/// The gateway's half of the row with the counts and names of the LLM log's.
fn whole<'a>(row: &'a Row, context: &'a mut Context, sequence: u32) -> Result<Fragment<'a>, Fault> {
    let tokens = apim_llm::FORMAT.read(row, context)?;
    let (counts, quality) = (
        [tokens.input, tokens.cached_input, tokens.output],
        tokens.quality,
    );
    let (streamed, total) = (tokens.streamed, tokens.total);
    let caller = apim_gateway::FORMAT.read(row, context)?;
    let mut dimensions = caller.dimensions;
    dimensions.deployment = row.text(Slot::Deployment);
    dimensions.model = row.text(Slot::Model);
    let [input, cached_input, output] = counts;
    Ok(Fragment {
        request: request_of_correlation(row.required(Slot::CorrelationId)?),
        row_key: row_key_of(row.text(Slot::RequestId), sequence),
        part: Part::Whole,
        dimensions,
        input,
        cached_input,
        output,
        total,
        streamed,
        quality,
        ..caller
    })
}
