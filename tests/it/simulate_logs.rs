//! Logs played again meet their chargeback: what is offered is what it prices, request by request
//! and token by token, however the files are cut and named.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SCENARIO: &str = "samples/scenarios/replay-logs.toml";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// Standard output and standard error of a run that succeeds.
fn told(arguments: &[&str]) -> (String, String) {
    let output = run(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    (String::from_utf8(output.stdout).unwrap(), errors)
}

fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn count(row: &Value, key: &str) -> u64 {
    row[key].as_str().unwrap().parse().unwrap()
}

/// Requests of each business unit.
fn by_unit(result: &Value, key: &str) -> BTreeMap<String, u64> {
    let units = result["business_units"].as_array().unwrap().iter();
    let counted = units.map(|row| {
        let unit = row["business_unit"].as_str().unwrap();
        (unit.to_owned(), count(row, key))
    });
    counted.filter(|(_, requests)| *requests > 0).collect()
}

fn simulated() -> Value {
    let (text, _) = told(&["simulate", SCENARIO, "--no-band", "--format", "json"]);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn what_is_offered_is_what_the_chargeback_prices() {
    let (text, _) = told(&[
        "chargeback",
        "--config",
        "samples/contoso/tollbook.toml",
        "--period",
        "2026-10",
        "--format",
        "json",
    ]);
    let charged: Value = serde_json::from_str(&text).unwrap();
    let outcomes = charged["requests"].as_array().unwrap();
    let priced = |key| {
        let rows = outcomes.iter().filter(|row| row["priced"] == true);
        rows.map(|row| count(row, key)).sum::<u64>()
    };
    let simulated = simulated();
    let total = &simulated["total"][0];
    for (offered, logged) in [
        ("offered_requests", "requests"),
        ("offered_input_tokens", "input_tokens"),
        ("offered_output_tokens", "output_tokens"),
    ] {
        assert_eq!(count(total, offered), priced(logged), "{offered}");
    }
    assert_eq!(
        by_unit(&simulated, "offered_requests"),
        by_unit(&charged, "requests")
    );
}

#[test]
fn every_served_token_is_on_the_answer_sheet() {
    let sheet = fs::read_to_string("samples/contoso/expected/usage.csv").unwrap();
    let sum = |column: usize| {
        let rows = sheet.lines().skip(1);
        let cells = rows.map(|row| row.split(',').nth(column).unwrap().parse::<u64>().unwrap());
        cells.sum::<u64>()
    };
    let total = &simulated()["total"][0];
    assert_eq!(count(total, "lost_requests"), 0);
    assert_eq!(count(total, "offered_requests"), sum(4));
    assert_eq!(count(total, "served_input_tokens"), sum(5));
    assert_eq!(count(total, "served_cached_input_tokens"), sum(6));
    assert_eq!(count(total, "served_output_tokens"), sum(7));
}

/// Five of the 846 lie outside October; the sheet has the rest of the month.
#[test]
fn what_is_left_out_is_said() {
    let (_, said) = told(&["simulate", SCENARIO, "--no-band"]);
    let line = "requests logged 944 = played 846 + refused with 429 30 + 2xx-without-tokens 39 + \
                not-an-llm-call 22 + no-llm-row 7\n";
    assert!(said.contains(line), "{said}");
    assert!(said.contains("rows read 2,068 = "), "{said}");
    let sheet = fs::read_to_string("samples/contoso/expected/requests.csv").unwrap();
    for row in [
        "2026-10,billable,835",
        "outside,billable,5",
        "2026-10,no-gateway-row,6",
        "2026-10,error,30",
        "2026-10,2xx-without-tokens,39",
        "2026-10,not-an-llm-call,22",
        "2026-10,no-llm-row,7",
    ] {
        assert!(sheet.lines().any(|line| line == row), "{row}");
    }
}

/// Writes the lines of a file into two, last line first.
fn cut(from: &Path, folder: &Path, name: &str) {
    let text = fs::read_to_string(from).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    let (first, second) = lines.split_at(lines.len() / 3);
    for (part, lines) in [("2", first), ("1", second)] {
        let path = folder.join(format!("{name}-{part}.jsonl"));
        fs::write(path, lines.join("\n") + "\n").unwrap();
    }
}

#[test]
fn neither_the_order_nor_the_cut_of_files_shows() {
    let folder = tempfile::tempdir().unwrap();
    for (day, name) in [("02", "z"), ("03", "m"), ("04", "a")] {
        let file = format!("samples/contoso/eventhub/2026-10-{day}.jsonl");
        cut(Path::new(&file), folder.path(), name);
    }
    for (at, file) in ["gatewaylogs-1", "llmlog-1", "gatewaylogs-2", "llmlog-2"]
        .into_iter()
        .enumerate()
    {
        let file = format!("samples/contoso/portal/second-{file}.csv");
        fs::copy(file, folder.path().join(format!("{}.csv", 9 - at))).unwrap();
    }
    let apart = told(&[
        "simulate",
        SCENARIO,
        "--logs",
        folder.path().to_str().unwrap(),
    ]);
    let whole = told(&[
        "simulate",
        SCENARIO,
        "samples/contoso/portal/second-*.csv",
        "samples/contoso/eventhub",
        "--logs",
    ]);
    assert!(whole.1.contains("requests logged"), "{}", whole.1);
    assert_eq!(apart, whole);
}

#[test]
fn every_unreadable_file_is_named() {
    let folder = "tests/it/fixtures";
    let said = refused(&[
        "simulate",
        SCENARIO,
        "--logs",
        &format!("{folder}/binary.csv"),
        &format!("{folder}/cut-off.jsonl.gz"),
        "samples/contoso/ai-hub/research-lab.jsonl",
    ]);
    let named = said.lines().filter(|line| line.starts_with("error: "));
    let named: Vec<&str> = named.collect();
    assert_eq!(named.len(), 2, "{said}");
    assert!(named[0].contains("binary.csv"), "{said}");
    assert!(named[1].contains("cut-off.jsonl.gz"), "{said}");
}

#[test]
fn hourly_sums_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sums = folder.path().join("hours.csv");
    fs::write(
        &sums,
        "hour,calls,who,prompt\n2026-10-05T08:00:00Z,12,chat,3400\n2026-10-05T09:00:00Z,1,chat,200\n",
    )
    .unwrap();
    let scenario = folder.path().join("hours.toml");
    let source = "[[source]]\nname = \"hours\"\nfiles = \"hours.csv\"\n\
                  columns = { time = \"hour\", requests = \"calls\", input = \"prompt\",\n\
                  deployment = \"who\" }\n";
    let text = fs::read_to_string("samples/scenarios/native-spillover.toml").unwrap();
    fs::write(&scenario, text + source).unwrap();
    let said = refused(&[
        "simulate",
        scenario.to_str().unwrap(),
        "--logs",
        sums.to_str().unwrap(),
    ]);
    assert!(said.contains("2026-10-05T08:00:00.000000Z"), "{said}");
    assert!(said.contains("kind = \"minutes\""), "{said}");
}

#[test]
fn logs_without_a_file_are_refused() {
    let said = refused(&[
        "simulate",
        "samples/scenarios/native-spillover.toml",
        "--logs",
    ]);
    assert!(said.starts_with("error: no log files"), "{said}");
}

#[test]
fn logs_that_are_not_said_to_be_logs_are_recognised() {
    for file in [
        "portal/first-llmlog-1.csv",
        "eventhub/2026-10-02.jsonl",
        "az-cli/llmlog.json",
        "rest/gatewaylogs.json.gz",
    ] {
        let said = refused(&["simulate", SCENARIO, &format!("samples/contoso/{file}")]);
        assert!(said.contains("add --logs"), "{file}: {said}");
    }
}
