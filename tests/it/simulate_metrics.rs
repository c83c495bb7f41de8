//! Totals of Azure Monitor as traffic, from the command line.

use std::process::Command;

use serde_json::Value;

fn simulated(files: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .arg("simulate")
        .args(files)
        .args(["--model", "gpt-4.1", "--ptu", "15", "--no-band"])
        .args(["--format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The column of a table of the samples, added up.
fn total(column: usize) -> u64 {
    let rows = include_str!("../../samples/metrics/minutes.csv").lines();
    let cells = rows.skip(1).map(|row| row.split(',').nth(column).unwrap());
    cells.map(|cell| cell.parse::<u64>().unwrap()).sum()
}

#[test]
fn both_forms_of_the_same_totals_are_the_same_traffic() {
    for file in [
        "samples/metrics/monitor.jsonl",
        "samples/metrics/minutes.csv",
    ] {
        let found = simulated(&[file]);
        let sum = |field: &str| -> u64 {
            let deployments = found["deployments"].as_array().unwrap().iter();
            let of = |one: &Value| one[field].as_str().unwrap().parse::<u64>().unwrap();
            deployments.map(of).sum()
        };
        assert_eq!(sum("served"), total(1), "{file}");
        assert_eq!(sum("input_tokens"), total(2), "{file}");
        assert_eq!(sum("output_tokens"), total(4), "{file}");
    }
}
