//! Usage records of the AI hub gateway accelerator: a whole request in one record.
//!
//! Its policy writes the counts 1, 0 and 1 when an answer had no usage. Its streaming path writes
//! sums of an hour under an id made up each time (`streaming-…`), so a bin that was written
//! twice cannot be told from two.

use super::context::request_of;
use super::{Context, Fault, Format, Row, Slot};
use crate::diagnostic::Sort;
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::{Fragment, Part};
use crate::usage::record::Quality;

/// Usage records of the AI hub gateway.
pub(super) static FORMAT: Format = Format {
    name: "AI hub usage record",
    fields: &[
        (Slot::Id, &["id"]),
        (Slot::Time, &["timestamp"]),
        (Slot::App, &["appId"]),
        (Slot::SubscriptionId, &["subscriptionId"]),
        (Slot::ProductName, &["productName"]),
        (Slot::Model, &["model"]),
        (Slot::OperationName, &["operationName"]),
        (Slot::User, &["endUserId"]),
        (Slot::Backend, &["backendId"]),
        (Slot::RouteLocation, &["routeLocation"]),
        (Slot::Deployment, &["deploymentName"]),
        // The streaming workflow misspells its prompt tokens.
        (Slot::Input, &["promptTokens", "promptTokents"]),
        (Slot::ResponseTokens, &["responseTokens"]),
        (Slot::Total, &["totalTokens"]),
    ],
    categories: &[],
    needs: &[
        &[Slot::Id],
        &[Slot::Time],
        &[Slot::ResponseTokens],
        &[Slot::ProductName, Slot::SubscriptionId, Slot::App],
    ],
    excludes: &[],
    vital: &[&[Slot::Input], &[Slot::Model, Slot::Deployment]],
    read,
};

/// The id of an hourly sum starts so.
const STREAMING_ID: &str = "streaming-";
/// What the streaming path writes for the model, which it does not know.
const STREAMING_MODEL: &str = "streaming";

fn read<'a>(row: &'a Row, context: &'a mut Context) -> Result<Fragment<'a>, Fault> {
    let id = row.required(Slot::Id)?;
    context.derive_user(known(row.text(Slot::User)));
    context.derive_region(known(row.text(Slot::RouteLocation)));
    let input = row.count(Slot::Input)?;
    let output = row.count(Slot::ResponseTokens)?;
    let total = row.count(Slot::Total)?;
    if input.is_none() && output.is_some_and(|count| count > 0) {
        return Err(answer_without_prompt());
    }
    let model = known(row.text(Slot::Model));
    let is_streaming = id.starts_with(STREAMING_ID);
    let quality = match (input, output, total) {
        _ if is_streaming => Quality::Aggregated,
        (Some(1), Some(0), Some(1)) if model.is_empty() => Quality::Defaulted,
        (None, None, _) => Quality::Missing,
        _ => Quality::Exact,
    };
    Ok(Fragment {
        request: request_of(id),
        row_key: 0,
        part: Part::Whole,
        time: row.time(context.clock)?,
        dimensions: Dimensions {
            subscription: row.text(Slot::SubscriptionId),
            product: row.text(Slot::ProductName),
            app: row.text(Slot::App),
            user: &context.derived.user,
            operation: row.text(Slot::OperationName),
            deployment: known(row.text(Slot::Deployment)),
            model: if model == STREAMING_MODEL { "" } else { model },
            backend: known(row.text(Slot::Backend)),
            region: &context.derived.region,
            ..Dimensions::default()
        },
        status: None,
        input: input.unwrap_or(0),
        cached_input: 0,
        cache_write: 0,
        output: output.unwrap_or(0),
        reasoning: 0,
        total,
        requests: 1,
        streamed: is_streaming,
        cache_hit: false,
        quality,
        source: context.source,
        line: context.line,
    })
}

#[cold]
fn answer_without_prompt() -> Fault {
    Fault::new(
        "answer tokens without prompt tokens",
        "an empty count is not 0: correct the row, or leave it out",
    )
    .sorted(Sort::Missing, Slot::Input.name())
}

/// The text, unless it is the mark for "not available".
fn known(text: &str) -> &str {
    if text.eq_ignore_ascii_case("NA") {
        ""
    } else {
        text
    }
}
