//! Flags of `tollbook plan` on traffic, from the command line.

use std::process::{Command, Output};

fn plan(arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["plan", "samples/metrics/minutes.csv", "--quiet"])
        .args(["--no-uncertainty", "--no-levers", "--as-of", "2026-11-01"])
        .args(arguments.split_whitespace())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

fn refusal(arguments: &str) -> String {
    let output = plan(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments}");
    String::from_utf8(output.stderr).unwrap()
}

/// Prices of gpt-4o differ between its versions.
#[test]
fn a_model_of_many_prices_is_planned_by_its_version() {
    let output = plan("--model gpt-4o --model-version 2024-11-20");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("gpt-4o (2024-11-20) global"), "{text}");
    let refused = refusal("--model gpt-4o");
    assert!(refused.contains("it depends on the version"), "{refused}");
    assert!(!refused.contains("--allow-unpriced"), "{refused}");
    let refused = refusal("--model gpt-4o --model gpt-4.1 --model-version 2024-11-20");
    assert!(refused.contains("is of one model"), "{refused}");
}

#[test]
fn an_unknown_region_is_told_once() {
    let refused = refusal("--model gpt-4.1 --region mars");
    assert_eq!(refused.matches("\"mars\"").count(), 1, "{refused}");
}

#[test]
fn a_quota_that_nothing_is_under_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["plan", "samples/scenarios/queue.toml", "--fleet"])
        .args(["--quota", "global:mars=5", "--as-of", "2026-11-01"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let refused = String::from_utf8(output.stderr).unwrap();
    let expected = "the quota of global:mars is for no provisioned deployment of the scenario; it has \
                    global:swedencentral";
    assert!(refused.contains(expected), "{refused}");
}

#[test]
fn sizes_may_be_as_large_as_numbers_go() {
    let output = plan("--model gpt-4.1 --sizes 15..4294967295 --format csv");
    assert_eq!(output.status.code(), Some(0));
}
