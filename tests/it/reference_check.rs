//! No false alarm: on exports as gateways really write them, no finding is an error.
//!
//! They are checked without a policy, so by all rules about files, rows, what is missing and what
//! is private. Warnings and notes are there: the samples show refused calls, a lost half, texts of
//! messages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;
use serde_json::Value;
use walkdir::WalkDir;

/// Samples that are checked together, each by the paths of its files.
const CLEAN: [&[&str]; 8] = [
    &[
        "apim-llmlog/llmlog.rest.schema-example.json",
        "apim-llmlog/gatewaylogs.rest.schema-example.json",
    ],
    &[
        "apim-llmlog/llmlog.az-cli.schema-example.json",
        "apim-llmlog/gatewaylogs.az-cli.schema-example.json",
    ],
    &["apim-llmlog/eventhub-messages.schema-example.jsonl"],
    &[
        "apim-llmlog/insights-logs-gatewayllmlogs.y=2026.m=03.d=01.h=00.m=00.PT1H.schema-example.json",
        "apim-llmlog/insights-logs-gatewaylogs.y=2026.m=03.d=01.h=00.m=00.PT1H.schema-example.json",
    ],
    &[
        "apim-llmlog/portal-export.llmlog.en-us.schema-example.csv",
        "apim-llmlog/portal-export.gatewaylogs.en-us.schema-example.csv",
    ],
    &["ai-hub-gateway/usage-record.json"],
    &["ai-hub-gateway/pbix-usage-records-subset.jsonl"],
    &["log-to-eventhub/ai-hub-cosmos-mixed.schema-example.json"],
];

/// Samples that a `[[source]]` reads, with its columns.
const MAPPED: [(&str, &str); 4] = [
    (
        "apim-costing-workbook/per-request-detail.csv",
        r#"time = "Timestamp (UTC)", subscription = "Business Unit", status = "Response Code", model = "Model", input = "Prompt Tokens", output = "Completion Tokens""#,
    ),
    (
        "envoy-ai-gateway/llm-access-log.jsonl",
        r#"time = "start_time", request_id = "x-request-id", model = "gen_ai.request.model", status = "response_code", input = "gen_ai.usage.input_tokens", output = "gen_ai.usage.output_tokens""#,
    ),
    (
        "portkey/logs-export.schema-example.jsonl",
        r#"time = "created_at", request_id = "id", model = "ai_model", status = "response_status_code", input = "req_units", output = "res_units""#,
    ),
    (
        "litellm/duplicate-aget-responses.csv",
        r#"time = "startTime", input = "prompt_tokens", output = "completion_tokens""#,
    ),
];

/// What is left out, and why: the start of a path.
const LEFT_OUT: [(&str, &str); 23] = [
    ("ai-hub-gateway/model-pricing.json", "prices"),
    ("ai-hub-gateway/pbix-model-pricing.json", "prices"),
    (
        "ai-hub-gateway/pbix-misread-dates.csv",
        "a list of dates that were misread",
    ),
    ("ai-hub-gateway/pbix-subset-golden", "results"),
    ("apim-costing-workbook/golden", "results"),
    ("apim-llmlog/expected", "results"),
    ("appinsights-custommetrics/", "metrics, not requests"),
    ("azure-monitor-metrics/", "metrics, which `simulate` reads"),
    (
        "azure-openai-batch/",
        "answers of batch jobs, without a caller or a time in a field of their own",
    ),
    ("claude-on-azure-measured/cache-write", "bodies of answers"),
    (
        "claude-on-azure-measured/llmlog-rows",
        "a comparison of rows, without time and id",
    ),
    (
        "databricks-serving/",
        "another system's tables; a [[source]] of a join of both would be needed",
    ),
    ("kong-ai-gateway/", "bodies of answers"),
    ("langfuse/", "spans"),
    ("litellm/global-spend", "sums of money"),
    ("litellm/spend-report", "sums of money"),
    (
        "litellm/spend_logs_payload.json",
        "one record of a database; its counts have placeholders beside them",
    ),
    ("litellm/user-daily-activity.json", "a nested report"),
    (
        "log-to-eventhub/chargeback-article",
        "indented documents one after the other, with a caller's key",
    ),
    (
        "log-to-eventhub/genai-gateway-toolkit",
        "totals only, without prompt and answer",
    ),
    ("openai-usage/", "a nested report"),
    ("otel-genai/", "spans"),
    ("portkey/metric-record", "a metric"),
];

fn samples() -> PathBuf {
    let shared = std::env::var_os("TOLLBOOK_REFERENCE").expect("TOLLBOOK_REFERENCE must be set");
    Path::new(&shared).join("reference/gateway-samples")
}

/// The findings of severity error.
fn errors(files: &[PathBuf], config: Option<&Path>) -> Vec<Value> {
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("tollbook").unwrap();
    command.current_dir(nowhere.path());
    command.args(["check", "--format", "json", "--as-of", "2026-11-22"]);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    let output = command.args(files).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let findings = document["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["severity"] == "error")
        .cloned()
        .collect()
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn clean_samples_have_no_errors() {
    for group in CLEAN {
        let files: Vec<PathBuf> = group.iter().map(|file| samples().join(file)).collect();
        assert_eq!(errors(&files, None), Vec::<Value>::new(), "{group:?}");
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn mapped_samples_have_no_errors() {
    for (file, columns) in MAPPED {
        let made = tempfile::tempdir().unwrap();
        let config = made.path().join("tollbook.toml");
        let name = file.rsplit('/').next().unwrap();
        let source = format!(
            "[[source]]\nname = \"sample\"\nfiles = \"{name}\"\ncolumns = {{ {columns} }}\n\n\
             [check.severity]\nprices = \"off\"\n"
        );
        fs::write(&config, source).unwrap();
        let found = errors(&[samples().join(file)], Some(&config));
        assert_eq!(found, Vec::<Value>::new(), "{file}");
    }
}

#[test]
#[ignore = "needs TOLLBOOK_REFERENCE"]
fn every_sample_is_checked_or_left_out_for_a_reason() {
    let checked: BTreeSet<&str> = CLEAN
        .iter()
        .copied()
        .flatten()
        .copied()
        .chain(MAPPED.iter().map(|(file, _)| *file))
        .collect();
    for entry in WalkDir::new(samples()).into_iter().map(Result::unwrap) {
        let path = entry.path().strip_prefix(samples()).unwrap();
        let name = path.to_str().unwrap();
        let is_sample = entry.file_type().is_file() && !name.ends_with("SOURCE.txt");
        let is_left_out = LEFT_OUT.iter().any(|(start, _)| name.starts_with(start));
        assert!(
            !is_sample || checked.contains(name) != is_left_out,
            "{name}: neither checked nor left out, or both"
        );
    }
}

/// The repository's own samples of usage.
#[test]
fn own_samples_have_no_errors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let contoso = root.join("contoso/tollbook.toml");
    assert_eq!(errors(&[], Some(&contoso)), Vec::<Value>::new());
    let log = root.join("tokens/llm-log.jsonl");
    assert_eq!(errors(&[log], None), Vec::<Value>::new());
}
