//! CSV exports of the Log Analytics portal: byte-order mark, CRLF, every field quoted, times in
//! the locale of the browser (here en-US).

use super::super::call::{Call, utc};
use super::table::{Cell, Row};

/// Columns that Contoso's query keeps of the gateway table.
pub(crate) const GATEWAY_COLUMNS: &[&str] = &[
    "TimeGenerated",
    "CorrelationId",
    "ApimSubscriptionId",
    "ProductId",
    "ApiId",
    "OperationId",
    "ResponseCode",
    "IsRequestSuccess",
    "BackendId",
    "CallerIpAddress",
];

/// Columns that Contoso's query keeps of the LLM table.
pub(crate) const LLM_COLUMNS: &[&str] = &[
    "TimeGenerated",
    "CorrelationId",
    "RequestId",
    "SequenceNumber",
    "ModelName",
    "DeploymentName",
    "IsStreamCompletion",
    "PromptTokens",
    "CompletionTokens",
    "TotalTokens",
    "RequestMessages",
    "ResponseMessages",
];

/// One page with `columns` of `rows`.
pub(crate) fn page(rows: &[Row], columns: &[&str]) -> String {
    let mut csv = String::from("\u{feff}");
    push_line(&mut csv, columns.iter().map(|name| heading(name)));
    for row in rows {
        let cells = columns.iter().map(|wanted| {
            let cell = row.iter().find(|(name, _)| name == wanted);
            cell.map_or_else(String::new, |(_, cell)| shown(cell))
        });
        push_line(&mut csv, cells);
    }
    csv
}

/// Splits `rows` into `count` pages, each beginning with the last `overlap` rows of the one
/// before: pages are cut by time, and people cut generously.
pub(crate) fn pages(rows: &[Row], count: usize, overlap: usize) -> Vec<&[Row]> {
    let size = rows.len().div_ceil(count).max(1);
    (0..rows.len())
        .step_by(size)
        .map(|start| &rows[start.saturating_sub(overlap)..(start + size).min(rows.len())])
        .collect()
}

/// One page of the legacy table `AzureDiagnostics`, which holds both categories in one wide table
/// with typed column names.
pub(crate) fn diagnostics(calls: &[&Call]) -> String {
    let mut csv = String::from("\u{feff}");
    let headings = [
        "TimeGenerated [UTC]",
        "Category",
        "CorrelationId",
        "apimSubscriptionId_s",
        "productId_s",
        "apiId_s",
        "operationId_s",
        "responseCode_d",
        "backendId_s",
        "requestId_s",
        "sequenceNumber_d",
        "modelName_s",
        "deploymentName_s",
        "isStreamCompletion_b",
        "promptTokens_d",
        "promptCachedTokens_d",
        "completionTokens_d",
        "totalTokens_d",
    ];
    push_line(&mut csv, headings.map(str::to_owned));
    for call in calls {
        if call.has_gateway_row() {
            push_line(&mut csv, diagnostics_of_gateway(call));
        }
        if call.has_llm_rows() {
            push_line(&mut csv, diagnostics_of_llm(call));
        }
    }
    csv
}

fn diagnostics_of_gateway(call: &Call) -> [String; 18] {
    let status = call.status().to_string();
    [
        &en_us(call.at),
        "GatewayLogs",
        &call.id,
        call.subscription(),
        call.product(),
        call.api(),
        call.operation(),
        &status,
        call.backend,
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ]
    .map(str::to_owned)
}

fn diagnostics_of_llm(call: &Call) -> [String; 18] {
    let (input, cached, output) = call.logged_tokens();
    let streamed = if call.streamed { "true" } else { "false" };
    [
        &en_us(call.llm_at()),
        "GatewayLlmLogs",
        &call.id,
        "",
        "",
        "",
        "",
        "",
        "",
        &call.request_id,
        "0",
        call.logged_model(),
        call.logged_deployment(),
        streamed,
        &input.to_string(),
        &cached.to_string(),
        &output.to_string(),
        &(input + output).to_string(),
    ]
    .map(str::to_owned)
}

fn heading(name: &str) -> String {
    match name {
        "TimeGenerated" => "TimeGenerated [UTC]".to_owned(),
        _ => name.to_owned(),
    }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(value) => value.clone(),
        Cell::Whole(value) => value.to_string(),
        Cell::Flag(value) => value.to_string(),
        Cell::Time(millis, _) => en_us(*millis),
    }
}

/// A time as an American browser writes it, e.g. `10/5/2026, 9:05:00.123 AM`.
fn en_us(millis: i64) -> String {
    utc(millis)
        .format("%-m/%-d/%Y, %-I:%M:%S%.3f %p")
        .to_string()
}

fn push_line(csv: &mut String, fields: impl IntoIterator<Item = String>) {
    for (index, field) in fields.into_iter().enumerate() {
        csv.push_str(if index == 0 { "\"" } else { ",\"" });
        csv.push_str(&field.replace('"', "\"\""));
        csv.push('"');
    }
    csv.push_str("\r\n");
}
