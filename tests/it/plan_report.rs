//! What a person and a machine see of a plan.

use std::sync::LazyLock;

use serde_json::Value;
use tollbook::report::plan::{Report, csv, html, json, markdown, table};
use tollbook::report::table::{Ink, Page};

use crate::golden::check;
use crate::plan_fixture::{HOSTILE, full, plain};
use crate::report_schema::violation;

static FULL: LazyLock<Report> = LazyLock::new(|| full(["chat", "reports"]));

fn bare() -> Report {
    Report {
        name: "two days of chat".to_owned(),
        plan: plain(HOSTILE),
        notes: Vec::new(),
    }
}

fn paged(report: &Report, width: u16) -> String {
    let page = Page {
        width,
        ink: Ink::Plain,
    };
    table(report, page)
}

#[test]
fn a_plan_is_one_page() {
    check("plan-100.txt", &paged(&FULL, 100));
    check("plan-60.txt", &paged(&FULL, 60));
    check("plan.md", &markdown(&FULL));
    check("plan.csv", &csv(&FULL));
    assert!(paged(&FULL, 100).lines().count() <= 46);
    for width in [60, 80, 100, 140] {
        let text = paged(&FULL, width);
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(
            longest <= usize::from(width),
            "{longest} of {width}\n{text}"
        );
    }
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/schema/plan-1.schema.json")).unwrap()
}

fn document(report: &Report) -> Value {
    serde_json::from_str(&json(report)).unwrap()
}

#[test]
fn plans_are_what_the_schema_says() {
    let schema = schema();
    for report in [&*FULL, &bare()] {
        assert_eq!(violation(&document(report), &schema, &schema, ""), None);
    }
    let mut document = document(&FULL);
    document["answers"]["cheapest"]["cost"]["total"]["month"] = "1e3".into();
    let wrong = violation(&document, &schema, &schema, "").unwrap();
    assert!(
        wrong.starts_with("/answers/cheapest/cost/total/month"),
        "{wrong}"
    );
}

/// The JSON in an element of a page.
fn embedded(page: &str, id: &str) -> Value {
    let (_, after) = page.split_once(&format!("id=\"{id}\">")).unwrap();
    let (text, _) = after.split_once("</script>").unwrap();
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_page_carries_the_json_and_the_demand() {
    let page = html(&FULL);
    assert_eq!(embedded(&page, "plan-data"), document(&FULL));
    let demand = embedded(&page, "demand-data");
    let values = demand["values"].as_array().unwrap();
    assert!(
        values.len() <= 2_000 && values.len() > 1_000,
        "{}",
        values.len()
    );
    let most = values
        .iter()
        .map(|value| value.as_f64().unwrap())
        .fold(0.0, f64::max);
    let peak: f64 = document(&FULL)["traffic"]["peak_minute_ptu"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((most - peak).abs() < 0.001, "{most} and {peak}");
}

#[test]
fn the_page_loads_nothing_and_runs_nothing_of_the_traffic() {
    let page = html(&bare());
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("<img"));
    assert_eq!(page.matches("</script>").count(), 5);
    for address in [
        "src=\"",
        "href=\"http",
        "@import",
        "url(",
        "fetch(",
        "XMLHttpRequest",
    ] {
        assert!(!page.contains(address), "{address}");
    }
    let apps = embedded(&page, "plan-data")["traffic"]["apps"].clone();
    let apps: Vec<&str> = apps
        .as_array()
        .unwrap()
        .iter()
        .map(|app| app["app"].as_str().unwrap())
        .collect();
    assert_eq!(apps, HOSTILE);
}

#[test]
fn the_page_tells_what_the_table_tells() {
    let page = html(&FULL);
    for text in [
        "Buy these PTU for 1 year",
        "meets objective",
        "lower max_tokens",
        "depth of the bucket",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

/// Writes the page to a file, for the browser test, where one is asked for.
#[test]
fn the_page_can_be_looked_at() {
    if let Some(path) = std::env::var_os("TOLLBOOK_PLAN_PAGE") {
        std::fs::write(path, html(&full(HOSTILE))).unwrap();
    }
}
