//! A scenario whose traffic is drawn from two small tables in the form of `ServeGen`.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const RATES: &str = "client,window_start_s,rate_per_s,cv,family,p1,p2\n\
    3,0,0.5,1,Gamma,1,2\n3,600,0.25,1,Weibull,1.2,4\n8,0,0.25,2,Gamma,0.25,1\n";
const TOKENS: &str = "client,window_start_s,field,tokens,prob\n\
    3,0,input_tokens,100,1\n3,0,output_tokens,40,1\n3,0,reason_ratio,0.25,1\n";
const SCENARIO: &str = r#"
[[traffic]]
kind = "servegen"
rates = "rates.csv"
tokens = "tokens.csv"
start = "2026-10-05T08:00:00Z"

[[deployment]]
name = "payg"
model = "gpt-4.1"
version = "2025-04-14"
offer = "standard"
kind = "global"
region = "swedencentral"
"#;

fn tables(folder: &Path, scenario: &str) {
    for (name, text) in [
        ("rates.csv", RATES),
        ("tokens.csv", TOKENS),
        ("scenario.toml", scenario),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn simulate(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["simulate", "scenario.toml"])
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

#[test]
fn requests_are_drawn_from_the_tables_and_reasoning_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    tables(folder.path(), SCENARIO);
    let output = simulate(
        folder.path(),
        &["--format", "json", "--records", "records.csv"],
    );
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    let note = "tokens.csv has no histograms of client-8: their tokens are drawn from those of all";
    assert!(errors.contains(note), "{errors}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let start = document["start"].as_str().unwrap();
    assert!(start.starts_with("2026-10-05T08:00:"), "{start}");
    let count = |row: &Value, field: &str| row[field].as_str().unwrap().parse::<u64>().unwrap();
    let total = &document["total"][0];
    let offered = count(total, "offered_requests");
    // 0.5 × 600 + 0.25 × 600 + 0.25 × 600, with a deviation under 30 + 2 × 25.
    assert!(offered.abs_diff(600) < 200, "{offered}");
    assert_eq!(count(total, "offered_input_tokens"), 100 * offered);
    assert_eq!(count(total, "offered_output_tokens"), 40 * offered);
    reasoning_is_kept(folder.path(), &document);
    let apps = document["apps"].as_array().unwrap();
    let names: Vec<_> = apps
        .iter()
        .map(|row| row["app"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["client-3", "client-8"]);
}

/// A quarter of each answer was reasoning, and a chargeback of the records costs the same.
fn reasoning_is_kept(folder: &Path, document: &Value) {
    let mut records = csv::Reader::from_path(folder.join("records.csv")).unwrap();
    let headers = records.headers().unwrap().clone();
    let place = headers.iter().position(|name| name == "reasoning_tokens");
    let kept: Vec<String> = records
        .records()
        .map(|row| row.unwrap()[place.unwrap()].to_owned())
        .collect();
    assert!(kept.len() > 400 && kept.iter().all(|count| count == "10"));
    let charged = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["chargeback", "records.csv", "--config", "scenario.toml"])
        .args(["--period", "2026-10-05..2026-10-05", "--format", "json"])
        .current_dir(folder)
        .output()
        .unwrap();
    let charged: Value = serde_json::from_slice(&charged.stdout).unwrap();
    assert_eq!(charged["exact_total"], document["total"][0]["exact_amount"]);
}

#[test]
fn tables_and_files_are_told_apart() {
    for (from, to, expected) in [
        ("rates = \"rates.csv\"\n", "", "is two tables"),
        (
            "\"servegen\"",
            "\"csv\"",
            "tables of kind \"servegen\"; this is \"csv\"",
        ),
        (
            "rates.csv",
            "*.csv",
            "*.csv names 2 files; expected one table",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        tables(folder.path(), &SCENARIO.replace(from, to));
        let output = simulate(folder.path(), &[]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(expected), "{errors}");
    }
}
