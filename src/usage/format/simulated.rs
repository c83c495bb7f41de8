//! Served requests that `tollbook simulate --records` writes: a whole request in one row.
//!
//! Column names are its own, so that no other log is taken for it.

use super::context::request_of;
use super::{Context, Fault, Format, Row, Slot};
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::{Fragment, Part};
use crate::usage::record::Quality;

/// Columns of a file of simulated requests, in their order.
pub const COLUMNS: [&str; 17] = [
    "time",
    "simulated_request",
    "caller_subscription",
    "caller_product",
    "caller_app",
    "gateway_api",
    "asked_deployment",
    "gateway_backend",
    "served_model",
    "served_region",
    "spilled_from",
    "http_status",
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
];

/// Rows of simulated requests.
pub(super) static FORMAT: Format = Format {
    name: "simulated request",
    fields: &[
        (Slot::Time, &["time"]),
        (Slot::SimulatedRequest, &["simulated_request"]),
        (Slot::Subscription, &["caller_subscription"]),
        (Slot::Product, &["caller_product"]),
        (Slot::App, &["caller_app"]),
        (Slot::Api, &["gateway_api"]),
        (Slot::Deployment, &["asked_deployment"]),
        (Slot::Backend, &["gateway_backend"]),
        (Slot::Model, &["served_model"]),
        (Slot::Region, &["served_region"]),
        (Slot::SpilledFrom, &["spilled_from"]),
        (Slot::Status, &["http_status"]),
        (Slot::Input, &["input_tokens"]),
        (Slot::CachedInput, &["cached_input_tokens"]),
        (Slot::CacheWrite, &["cache_write_tokens"]),
        (Slot::Output, &["output_tokens"]),
        (Slot::Reasoning, &["reasoning_tokens"]),
    ],
    categories: &[],
    needs: &[
        &[Slot::SimulatedRequest],
        &[Slot::Time],
        &[Slot::Input],
        &[Slot::Output],
    ],
    excludes: &[],
    vital: &[],
    read,
};

fn read<'a>(row: &'a Row, context: &'a mut Context) -> Result<Fragment<'a>, Fault> {
    let count = |slot| row.count(slot).map(Option::unwrap_or_default);
    context.derive_api(row.text(Slot::Api));
    context.derive_region(row.text(Slot::Region));
    Ok(Fragment {
        request: request_of(row.required(Slot::SimulatedRequest)?),
        row_key: 0,
        part: Part::Whole,
        time: row.time(context.clock)?,
        dimensions: Dimensions {
            subscription: row.text(Slot::Subscription),
            product: row.text(Slot::Product),
            app: row.text(Slot::App),
            api: &context.derived.api,
            deployment: row.text(Slot::Deployment),
            model: row.text(Slot::Model),
            backend: row.text(Slot::Backend),
            region: &context.derived.region,
            spilled_from: row.text(Slot::SpilledFrom),
            ..Dimensions::default()
        },
        status: row.status()?,
        input: count(Slot::Input)?,
        cached_input: count(Slot::CachedInput)?,
        cache_write: count(Slot::CacheWrite)?,
        output: count(Slot::Output)?,
        reasoning: count(Slot::Reasoning)?,
        total: None,
        requests: 1,
        streamed: false,
        cache_hit: false,
        quality: Quality::Exact,
        source: context.source,
        line: context.line,
    })
}
