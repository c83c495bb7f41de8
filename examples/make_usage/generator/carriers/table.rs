//! Calls as rows of the two Log Analytics tables.

use super::super::call::Call;
use super::body;

/// One value, of a type that Log Analytics knows.
pub(crate) enum Cell {
    /// `string`.
    Text(String),
    /// `int`.
    Whole(u32),
    /// `bool`.
    Flag(bool),
    /// `datetime`: ms since 1970, and 100 ns beyond.
    Time(i64, u32),
}

impl Cell {
    /// The name of the type.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Whole(_) => "int",
            Self::Flag(_) => "bool",
            Self::Time(..) => "datetime",
        }
    }
}

/// A row: columns in the order of the table.
pub(crate) type Row = Vec<(&'static str, Cell)>;

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

/// The rows of `ApiManagementGatewayLogs`.
pub(crate) fn gateway_rows<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Vec<Row> {
    let logged = calls.into_iter().filter(|call| call.has_gateway_row());
    logged.map(gateway_row).collect()
}

fn gateway_row(call: &Call) -> Row {
    vec![
        ("TimeGenerated", Cell::Time(call.at, call.ticks)),
        ("OperationName", text("Microsoft.ApiManagement/GatewayLogs")),
        ("CorrelationId", text(&call.id)),
        ("Region", text("Sweden Central")),
        ("IsRequestSuccess", Cell::Flag(call.status() == 200)),
        ("CallerIpAddress", text(&call.ip)),
        ("ResponseCode", Cell::Whole(u32::from(call.status()))),
        ("Cache", text("none")),
        ("ApiId", text(call.api())),
        ("OperationId", text(call.operation())),
        ("ProductId", text(call.product())),
        ("ApimSubscriptionId", text(call.subscription())),
        ("BackendId", text(call.backend)),
        ("Type", text("ApiManagementGatewayLogs")),
    ]
}

/// The rows of `ApiManagementGatewayLlmLog`: header and chunks.
pub(crate) fn llm_rows<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Vec<Row> {
    let logged = calls.into_iter().filter(|call| call.has_llm_rows());
    logged
        .flat_map(|call| (0..=call.chunks).map(|sequence| llm_row(call, sequence)))
        .collect()
}

/// Row number `sequence` of a call: 0 is the header with the counts, 1 the prompt, the rest the
/// answer.
fn llm_row(call: &Call, sequence: u32) -> Row {
    let is_header = sequence == 0;
    let (input, _, output) = if is_header {
        call.logged_tokens()
    } else {
        (0, 0, 0)
    };
    let header_text = |value: &str| text(if is_header { value } else { "" });
    vec![
        ("TimeGenerated", Cell::Time(call.llm_at(), call.ticks)),
        ("Region", text("Sweden Central")),
        ("CorrelationId", text(&call.id)),
        (
            "OperationName",
            text("Microsoft.ApiManagement/GatewayLlmLogs"),
        ),
        ("RequestId", text(&call.request_id)),
        ("SequenceNumber", Cell::Whole(sequence)),
        ("ModelName", header_text(call.logged_model())),
        ("DeploymentName", header_text(call.logged_deployment())),
        ("IsStreamCompletion", Cell::Flag(is_header && call.streamed)),
        ("PromptTokens", Cell::Whole(input)),
        ("CompletionTokens", Cell::Whole(output)),
        ("TotalTokens", Cell::Whole(input + output)),
        ("RequestMessages", prompt(sequence)),
        ("ResponseMessages", answer(sequence)),
        ("Type", text("ApiManagementGatewayLlmLog")),
    ]
}

fn prompt(sequence: u32) -> Cell {
    Cell::Text(if sequence == 1 {
        body("user", 1)
    } else {
        String::new()
    })
}

fn answer(sequence: u32) -> Cell {
    Cell::Text(match sequence {
        0 | 1 => String::new(),
        _ => body("assistant", sequence - 1),
    })
}
