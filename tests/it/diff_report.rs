//! What a comparison looks like: JSON as its schema says, comments that GitHub takes, names that
//! cannot hurt, and two made-up months from logs to causes.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tollbook::diff::{By, Traffic};
use tollbook::report::diff::{Comparison, Kind, Shown, Side, csv, json, markdown, table};
use tollbook::report::table::{Ink, Page};

use crate::diff_desk::compared;
use crate::report_schema::violation;

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/schema/diff-1.schema.json")).unwrap()
}

fn side(name: &str, period: &str) -> Side {
    Side {
        name: name.to_owned(),
        period: period.parse().unwrap(),
        policy: None,
        requests: None,
        findings: Vec::new(),
    }
}

fn comparison(before: &str, after: &str, by: By) -> Comparison {
    let difference = compared(before, after, Traffic::Apart);
    Comparison {
        kind: Kind::Periods,
        before: side("2026-04", "2026-04"),
        after: side("2026-06", "2026-06"),
        excesses: difference.excesses(&["1%".parse().unwrap()]).unwrap(),
        difference,
        by,
        shown: Shown::Changed,
    }
}

const BEFORE: &str = "Finance copilot gpt payg standard-input 100 2
                      HR      chat    gpt payg standard-input  10 2";
const AFTER: &str = "Finance copilot gpt payg standard-input 150 2
                     HR      chat    gpt payg standard-input  10 2
                     Legal   review  gpt payg standard-input   5 2";

#[test]
fn comparisons_are_what_the_schema_says() {
    let schema = schema();
    for by in [By::BusinessUnit, By::App, By::Model, By::AppModel] {
        for (before, after) in [(BEFORE, AFTER), (AFTER, ""), ("", "")] {
            let text = json(&comparison(before, after, by));
            let document: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(violation(&document, &schema, &schema, ""), None);
        }
    }
    let text = json(&comparison(BEFORE, AFTER, By::App));
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["groups"][0]["causes"]["volume"] = "1e3".into();
    let found = violation(&document, &schema, &schema, "").unwrap();
    assert!(found.starts_with("/groups/0/causes/volume"), "{found}");
}

const fn page(width: u16, ink: Ink) -> Page {
    Page { width, ink }
}

#[test]
fn rows_that_came_are_green_and_those_that_went_red() {
    let coloured = table(&comparison(BEFORE, AFTER, By::App), page(100, Ink::Ansi));
    assert!(coloured.contains("\u{1b}[32m+  Legal"), "{coloured}");
    let back = table(&comparison(AFTER, BEFORE, By::App), page(100, Ink::Ansi));
    assert!(back.contains("\u{1b}[31m-  Legal"), "{back}");
    let plain = table(&comparison(BEFORE, AFTER, By::App), page(100, Ink::Plain));
    assert!(
        !plain.contains('\u{1b}') && !plain.contains("HR  "),
        "{plain}"
    );
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in [60, 80, 100, 200] {
        let text = table(
            &comparison(BEFORE, AFTER, By::AppModel),
            page(width, Ink::Plain),
        );
        for line in text.lines() {
            assert!(
                line.chars().count() <= usize::from(width),
                "{width}: {line}"
            );
        }
    }
}

#[test]
fn names_cannot_be_markup_or_formulas() {
    let after = "=1+1|<b> app-*x* gpt payg standard-input 100 2";
    let told = comparison("", after, By::App);
    let comment = markdown(&told);
    assert!(
        !comment.contains("<b>") && !comment.contains("<i>"),
        "{comment}"
    );
    assert!(comment.contains("=1+1\\|"), "{comment}");
    assert!(csv(&told).contains(",'=1+1"), "{}", csv(&told));
}

/// GitHub takes 65,536 characters. What does not fit is added up in one row.
#[test]
fn a_comment_is_never_too_long_and_still_adds_up() {
    let mut after = String::new();
    for app in 0..3_000 {
        writeln!(
            after,
            "Finance app-{app} gpt payg standard-input {} 1",
            4_000 - app
        )
        .unwrap();
    }
    let told = comparison("", &after, By::App);
    let comment = markdown(&told);
    assert!(comment.len() < 60_000, "{}", comment.len());
    let changes: Vec<f64> = comment
        .lines()
        .filter(|line| line.starts_with("| +"))
        .map(|line| {
            let cell = line.split(" | ").nth(5).unwrap();
            cell.trim_start_matches('+')
                .replace(',', "")
                .parse()
                .unwrap()
        })
        .collect();
    assert!(comment.contains("more | … |"), "{comment}");
    // 4,000 + 3,999 + … + 1,001.
    assert!((changes.iter().sum::<f64>() - 7_501_500.0).abs() < 0.001);
    assert!(csv(&told).lines().count() == 3_001);
}

/// Output tokens cost 8 dollars a million, from October on 10.
const CONFIG: &str = r#"
inputs = ["logs/*.csv"]

[[source]]
name = "by hand"
files = "*.csv"
columns = { time = "when", request_id = "id", subscription = "who", deployment = "on", model = "model", input = "prompt", output = "answer" }

[[deployment]]
name = "chat"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"

[[price]]
model = "gpt-4.1"
kind = "global"
tier = "standard"
input = "2"
output = "8"
from = "2026-01-01"
until = "2026-10-01"
source = "by hand"
as_of = "2026-01-01"

[[price]]
model = "gpt-4.1"
kind = "global"
tier = "standard"
input = "2"
output = "10"
from = "2026-10-01"
source = "by hand"
as_of = "2026-01-01"

[[owner]]
match = { subscription = "fin*" }
business_unit = "Finance"
app = "copilot"

[[owner]]
match = { subscription = "hr*" }
business_unit = "HR"
app = "chat"

[[shared_cost]]
name = "gateway"
amount = "300.00"
by = "requests"
"#;

/// September: Finance alone. October: Finance twice as much, and HR.
const LOG: &str = "when,id,who,on,model,prompt,answer
2026-09-10T08:00:00Z,1,fin,chat,gpt-4.1,1000000,100000
2026-10-10T08:00:00Z,2,fin,chat,gpt-4.1,2000000,200000
2026-10-11T08:00:00Z,3,hr,chat,gpt-4.1,500000,0
";

/// A folder with the log, the policy, and a policy under which HR is Finance.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir(path.join("logs")).unwrap();
    std::fs::write(path.join("logs/all.csv"), LOG).unwrap();
    std::fs::write(path.join("tollbook.toml"), CONFIG).unwrap();
    let merged = CONFIG.replace("business_unit = \"HR\"", "business_unit = \"Finance\"");
    std::fs::write(path.join("merged.toml"), merged).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tollbook"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// The rows `keys: change = causes` of `groups`, without causes that are nothing.
fn groups(output: &Output) -> Vec<String> {
    let errors = String::from_utf8_lossy(&output.stderr);
    let document: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {errors}"));
    assert_eq!(violation(&document, &schema(), &schema(), ""), None);
    let row = |row: &Value| {
        let causes = row["causes"].as_object().unwrap().iter();
        let met = causes.filter(|(_, amount)| *amount != "0.00");
        let met: Vec<String> = met
            .map(|(cause, amount)| format!("{cause} {}", amount.as_str().unwrap()))
            .collect();
        let unit = row["business_unit"].as_str().unwrap();
        let change = row["change"].as_str().unwrap();
        format!("{unit} {change} = {}", met.join(", "))
    };
    document["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(row)
        .collect()
}

/// Finance: 2.80 become 6.00. Twice the tokens at old prices are 2.80 of volume, 200,000 output
/// tokens at 2 dollars a million more 0.40 of price. HR: half a million tokens at 2. Of 300 for the
/// gateway, HR now bears the half.
#[test]
fn two_made_up_months_from_logs_to_causes() {
    let folder = desk();
    let arguments = ["diff", "2026-09", "2026-10", "--format", "json"];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        groups(&output),
        [
            "HR 151.00 = volume 1.00, allocation 150.00",
            "Finance -146.80 = volume 2.80, price 0.40, allocation -150.00",
        ]
    );
    let limited = [
        &arguments[..],
        &["--max-change", "HR=151", "--max-change", "50%"],
    ]
    .concat();
    let output = run(folder.path(), &limited);
    assert_eq!(output.status.code(), Some(0));
    let limited = [&arguments[..], &["--max-change", "Finance=48%"]].concat();
    let output = run(folder.path(), &limited);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    let line = "over the limit: Finance changed by USD -146.80 (-48.5 %); --max-change allows 48 %";
    assert!(errors.lines().any(|found| found == line), "{errors}");
}

/// The same requests: nobody used more, HR's amounts are allocated to Finance.
#[test]
fn two_policies_over_one_log() {
    let folder = desk();
    let arguments = [
        "diff",
        "tollbook.toml",
        "merged.toml",
        "--period",
        "2026-10",
    ];
    let output = run(
        folder.path(),
        &[&arguments[..], &["--by", "unit", "--format", "json"]].concat(),
    );
    assert_eq!(
        groups(&output),
        [
            "Finance 151.00 = allocation 151.00",
            "HR -151.00 = allocation -151.00"
        ]
    );
}

/// One export has October only; statements of both are compared alike without logs.
#[test]
fn two_exports_and_the_statements_of_both() {
    let folder = desk();
    let path = folder.path();
    let october = LOG.lines().filter(|row| !row.contains(",2,fin,"));
    let october: Vec<&str> = october.collect();
    std::fs::write(path.join("less.csv"), october.join("\n") + "\n").unwrap();
    let period = ["--period", "2026-10"];
    let compared = ["diff", "logs", "less.csv", "--format", "json"];
    let exports = groups(&run(path, &[&compared[..], &period].concat()));
    assert_eq!(
        exports,
        [
            "Finance -156.00 = volume -6.00, allocation -150.00",
            "HR 150.00 = allocation 150.00",
        ]
    );
    for (name, log) in [("a.json", "logs"), ("b.csv", "less.csv")] {
        let how: &[&str] = if name == "a.json" {
            &["--format", "json"]
        } else {
            &["--lines"]
        };
        let written = [&["chargeback", log, "-o", name], &period[..], how].concat();
        assert_eq!(run(path, &written).status.code(), Some(0));
    }
    let output = run(path, &["diff", "a.json", "b.csv", "--format", "json"]);
    assert_eq!(groups(&output), exports);
}

/// A period without requests is most likely the wrong one; it is told, and compared all the same.
#[test]
fn a_month_without_requests_is_told() {
    let folder = desk();
    let output = run(
        folder.path(),
        &["diff", "2026-10", "2026-11", "--allow-earlier-prices"],
    );
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("warning: no request lies in 2026-11"),
        "{errors}"
    );
}
