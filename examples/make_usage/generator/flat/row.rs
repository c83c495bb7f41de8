//! Writes one row. Numbers and fixed texts only, so nothing needs escaping.

use std::io::Write;

use super::Form;
use super::item::Item;

/// Column names of the forms that hold whole requests.
const COLUMNS: [&str; 20] = [
    "time_utc",
    "correlation_id",
    "subscription",
    "product",
    "app",
    "end_user",
    "api",
    "operation",
    "deployment_name",
    "model_name",
    "backend_id",
    "region",
    "http_status",
    "is_streamed",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "latency_ms",
    "caller_ip",
];

const WIDE_COLUMNS: &str = "\u{feff}\"TimeGenerated [UTC]\",\"Category\",\"CorrelationId\",\
    \"apimSubscriptionId_s\",\"responseCode_d\",\"backendId_s\",\"requestId_s\",\
    \"sequenceNumber_d\",\"modelName_s\",\"deploymentName_s\",\"isStreamCompletion_b\",\
    \"promptTokens_d\",\"promptCachedTokens_d\",\"completionTokens_d\",\"totalTokens_d\"\r\n";

/// Appends formatted text; memory does not fail.
macro_rules! push {
    ($buffer:expr, $($format:tt)+) => {
        write!($buffer, $($format)+).expect("writing to memory does not fail")
    };
}

/// Appends the heading of `form`, if it has one.
pub(super) fn push_heading(buffer: &mut Vec<u8>, form: Form) {
    match form {
        Form::Csv => push!(buffer, "{}\n", COLUMNS.join(",")),
        Form::ApimCsv => push!(buffer, "{WIDE_COLUMNS}"),
        Form::Jsonl | Form::ApimJsonl => {}
    }
}

/// Appends a whole request.
pub(super) fn push_whole(buffer: &mut Vec<u8>, form: Form, item: &Item) {
    let is_json = form == Form::Jsonl;
    if is_json {
        buffer.push(b'{');
    }
    for (index, name) in COLUMNS.iter().enumerate() {
        if index > 0 {
            buffer.push(b',');
        }
        let is_quoted = is_json && !(12..=18).contains(&index);
        if is_json {
            push!(buffer, "\"{name}\":");
        }
        if is_quoted {
            buffer.push(b'"');
        }
        push_field(buffer, index, item);
        if is_quoted {
            buffer.push(b'"');
        }
    }
    buffer.extend_from_slice(if is_json { b"}\n" } else { b"\n" });
}

fn push_field(buffer: &mut Vec<u8>, index: usize, item: &Item) {
    match index {
        0 => push_iso(buffer, item.millis),
        1 => push_id(buffer, item),
        2 => push!(buffer, "subscription-{:03}", item.subscription),
        3 => push!(buffer, "ai-product-{:02}", item.subscription % 40),
        4 => push!(buffer, "app-{:03}", item.subscription),
        5 => push!(buffer, "user-{:04}", item.user),
        6 => push!(buffer, "azure-openai-api"),
        7 => push!(buffer, "ChatCompletions_Create"),
        8 => push!(buffer, "chat-{}", item.model),
        9 => push!(buffer, "{}", item.model),
        10 => push!(buffer, "aoai-payg"),
        11 => push!(buffer, "swedencentral"),
        12 => push!(buffer, "{}", item.status),
        13 => push!(buffer, "{}", item.streamed),
        14 => push!(buffer, "{}", item.input),
        15 => push!(buffer, "{}", item.cached),
        16 => push!(buffer, "{}", item.output),
        17 => push!(buffer, "0"),
        18 => push!(buffer, "{}", item.latency),
        _ => push!(buffer, "203.0.113.{}", item.host),
    }
}

/// Appends the caller's half of a request.
pub(super) fn push_gateway(buffer: &mut Vec<u8>, form: Form, item: &Item) {
    let (subscription, status) = (item.subscription, item.status);
    if form == Form::ApimCsv {
        push_wide_start(buffer, item, "GatewayLogs");
        push!(
            buffer,
            "\"subscription-{subscription:03}\",\"{status}\",\"aoai-payg\",\
             \"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n"
        );
        return;
    }
    push_record_start(buffer, item, "GatewayLogs");
    push!(
        buffer,
        "\"properties\":{{\"method\":\"POST\",\"responseCode\":{status},\
         \"apiId\":\"azure-openai-api\",\"operationId\":\"ChatCompletions_Create\",\
         \"apimSubscriptionId\":\"subscription-{subscription:03}\",\"backendId\":\"aoai-payg\"}},"
    );
    push_record_end(buffer, item);
}

/// Appends the tokens' half of a request.
pub(super) fn push_llm(buffer: &mut Vec<u8>, form: Form, item: &Item) {
    let Item {
        model,
        streamed,
        input,
        cached,
        output,
        id,
        ..
    } = item;
    let total = input + output;
    if form == Form::ApimCsv {
        push_wide_start(buffer, item, "GatewayLlmLogs");
        push!(
            buffer,
            "\"\",\"\",\"\",\"chatcmpl-{:016x}\",\"0\",\"{model}\",\"chat-{model}\",\
             \"{streamed}\",\"{input}\",\"{cached}\",\"{output}\",\"{total}\"\r\n",
            id.0
        );
        return;
    }
    push_record_start(buffer, item, "GatewayLlmLogs");
    push!(
        buffer,
        "\"properties\":{{\"requestId\":\"chatcmpl-{:016x}\",\"sequenceNumber\":0,\
         \"modelName\":\"{model}\",\"deploymentName\":\"chat-{model}\",\
         \"isStreamCompletion\":{streamed},\"promptTokens\":{input},\
         \"completionTokens\":{output},\"totalTokens\":{total},\
         \"promptCachedTokens\":{cached}}},",
        id.0
    );
    push_record_end(buffer, item);
}

fn push_wide_start(buffer: &mut Vec<u8>, item: &Item, category: &str) {
    push!(buffer, "\"");
    push_en_us(buffer, item.millis);
    push!(buffer, "\",\"{category}\",\"");
    push_id(buffer, item);
    push!(buffer, "\",");
}

fn push_record_start(buffer: &mut Vec<u8>, item: &Item, category: &str) {
    push!(
        buffer,
        "{{\"Region\":\"swedencentral\",\"category\":\"{category}\",\
         \"operationName\":\"Microsoft.ApiManagement/{category}\",\"correlationId\":\""
    );
    push_id(buffer, item);
    push!(
        buffer,
        "\",\"resourceId\":\"{}\",",
        super::super::carriers::resource::RESOURCE_ID
    );
}

fn push_record_end(buffer: &mut Vec<u8>, item: &Item) {
    push!(buffer, "\"time\":\"");
    push_iso(buffer, item.millis);
    push!(buffer, "\"}}\n");
}

fn push_id(buffer: &mut Vec<u8>, item: &Item) {
    let (high, low) = item.id;
    push!(
        buffer,
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0x0fff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    );
}

/// Day, hour, minute, second and millisecond of a time in October.
const fn clock(millis: u64) -> [u64; 5] {
    [
        millis / 86_400_000 + 1,
        millis / 3_600_000 % 24,
        millis / 60_000 % 60,
        millis / 1_000 % 60,
        millis % 1_000,
    ]
}

fn push_iso(buffer: &mut Vec<u8>, millis: u64) {
    let [day, hour, minute, second, millisecond] = clock(millis);
    push!(
        buffer,
        "2026-10-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z"
    );
}

fn push_en_us(buffer: &mut Vec<u8>, millis: u64) {
    let [day, hour, minute, second, millisecond] = clock(millis);
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = (hour + 11) % 12 + 1;
    push!(
        buffer,
        "10/{day}/2026, {hour}:{minute:02}:{second:02}.{millisecond:03} {half}"
    );
}
