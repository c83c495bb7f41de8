//! `ApiManagementGatewayLogs`: who called what, and how it ended; no tokens.

use super::context::request_of_correlation;
use super::{Context, Fault, Format, Row, Slot};
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::{Fragment, Part};
use crate::usage::record::Quality;

/// Rows of the gateway log.
pub(super) static FORMAT: Format = Format {
    name: "API Management gateway log",
    fields: &[
        (Slot::Time, &["TimeGenerated", "time"]),
        (Slot::CorrelationId, &["CorrelationId"]),
        (Slot::Subscription, &["ApimSubscriptionId"]),
        (Slot::Product, &["ProductId"]),
        (Slot::User, &["UserId"]),
        (Slot::Api, &["ApiId"]),
        (Slot::Operation, &["OperationId"]),
        (Slot::Backend, &["BackendId"]),
        (Slot::Status, &["ResponseCode"]),
        (Slot::Cache, &["Cache"]),
    ],
    categories: &["GatewayLogs", "ApiManagementGatewayLogs"],
    needs: &[
        &[Slot::CorrelationId],
        &[Slot::Subscription, Slot::Product, Slot::Api, Slot::Status],
    ],
    excludes: &[],
    vital: &[&[Slot::Subscription, Slot::Product], &[Slot::Status]],
    read,
};

fn read<'a>(row: &'a Row, context: &'a mut Context) -> Result<Fragment<'a>, Fault> {
    context.derive_api(row.text(Slot::Api));
    context.derive_user(row.text(Slot::User));
    Ok(Fragment {
        request: request_of_correlation(row.required(Slot::CorrelationId)?),
        row_key: 0,
        part: Part::Gateway,
        time: row.time(context.clock)?,
        dimensions: Dimensions {
            subscription: row.text(Slot::Subscription),
            product: row.text(Slot::Product),
            user: &context.derived.user,
            api: &context.derived.api,
            operation: row.text(Slot::Operation),
            backend: row.text(Slot::Backend),
            ..Dimensions::default()
        },
        status: row.status()?,
        input: 0,
        cached_input: 0,
        cache_write: 0,
        output: 0,
        reasoning: 0,
        total: None,
        requests: 1,
        streamed: false,
        cache_hit: row.text(Slot::Cache).eq_ignore_ascii_case("hit"),
        quality: Quality::Exact,
        source: context.source,
        line: context.line,
    })
}
