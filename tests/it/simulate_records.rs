//! `simulate --records` and `chargeback` meet: the same requests cost the same, to the last digit.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SCENARIO: &str = "samples/scenarios/native-spillover.toml";

/// What the program prints, which must succeed.
pub(crate) fn tollbook(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&tollbook(arguments)).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn records_of_a_simulation_are_charged_what_it_cost() {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records.csv");
    let simulated = json(&[
        "simulate",
        SCENARIO,
        "--no-band",
        "--format",
        "json",
        "--records",
        path(&records),
    ]);
    let charged = json(&[
        "chargeback",
        path(&records),
        "--config",
        SCENARIO,
        "--period",
        "2026-10-05..2026-10-05",
        "--format",
        "json",
    ]);
    assert_eq!(
        simulated["total"][0]["exact_amount"],
        charged["exact_total"]
    );
    let served = ["provisioned_requests", "spilled_requests"].map(|field| {
        let count = simulated["total"][0][field].as_str().unwrap();
        count.parse::<u64>().unwrap()
    });
    let billable = charged["requests"].as_array().unwrap();
    let billable = billable
        .iter()
        .find(|row| row["outcome"] == "billable")
        .unwrap();
    assert_eq!(billable["requests"], (served[0] + served[1]).to_string());
    for unit in simulated["business_units"].as_array().unwrap() {
        let name = &unit["business_unit"];
        let units = charged["business_units"].as_array().unwrap();
        let same = units
            .iter()
            .find(|one| one["business_unit"] == *name)
            .unwrap();
        assert_eq!(unit["amount"], same["amount"], "{name}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_whether_or_not_requests_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records.csv");
    let alone = tollbook(&["simulate", SCENARIO]);
    let recorded = tollbook(&["simulate", SCENARIO, "--records", path(&records)]);
    assert_eq!(
        alone, recorded,
        "records are played on one core, the rest on all"
    );
}

#[test]
fn a_narrow_terminal_shows_what_matters_in_its_width() {
    let output = Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(["simulate", SCENARIO])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .env("COLUMNS", "40")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let title = "Simulation of samples/scenarios/native-spillover.toml";
    for line in text.lines().filter(|line| *line != title) {
        assert!(line.chars().count() <= 40, "{line}");
    }
    assert!(text.contains("spilled") && text.contains("lost"), "{text}");
}

#[test]
fn the_series_has_the_same_rows_in_csv_and_parquet() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let folder = tempfile::tempdir().unwrap();
    let (csv, parquet) = (folder.path().join("s.csv"), folder.path().join("s.parquet"));
    tollbook(&["simulate", SCENARIO, "--no-band", "--series", path(&csv)]);
    tollbook(&[
        "simulate",
        SCENARIO,
        "--no-band",
        "--series",
        path(&parquet),
    ]);
    let lines = std::fs::read_to_string(&csv).unwrap().lines().count();
    let file = std::fs::File::open(&parquet).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let rows = reader.metadata().file_metadata().num_rows();
    assert_eq!(usize::try_from(rows).unwrap(), lines - 1);
    assert!(lines > 20, "ten minutes and two deployments");
}

/// The minute series of a simulation is evidence for `calibrate` as it is: the depth comes back.
#[test]
fn a_series_is_evidence_for_its_own_depth() {
    let folder = tempfile::tempdir().unwrap();
    let series = folder.path().join("series.csv");
    let path = series.to_str().unwrap();
    tollbook(&["simulate", SCENARIO, "--no-band", "--series", path]);
    let found = tollbook(&["calibrate", SCENARIO, "--utilization", path]);
    let depth = found.lines().nth(1).unwrap();
    assert!(
        depth.starts_with("depth 10 s; from 10 s to 10 s"),
        "{found}"
    );
}
