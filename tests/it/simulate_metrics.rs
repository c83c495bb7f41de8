//! Totals of Azure Monitor as traffic, from the command line.

use std::process::Command;

use serde_json::Value;

/// All apps together.
fn simulated(file: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["simulate", file])
        .args(["--model", "gpt-4.1", "--ptu", "15", "--no-band"])
        .args(["--format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["total"][0].clone()
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
        let found = simulated(file);
        for (field, column) in [
            ("offered_requests", 1),
            ("served_input_tokens", 2),
            ("served_cached_input_tokens", 3),
            ("served_output_tokens", 4),
        ] {
            let sum: u64 = found[field].as_str().unwrap().parse().unwrap();
            assert_eq!(sum, total(column), "{file}: {field}");
        }
    }
}
