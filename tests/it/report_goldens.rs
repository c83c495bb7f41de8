//! What a person sees, at the widths of real terminals and in every format.

use tollbook::report::table::{Ink, Page};
use tollbook::report::{Grouping, Report, View, csv, explain, json, manifest, markdown, table};

use crate::golden::check;
use crate::report_fixture::{contoso, hostile, of_lines, yen};

fn table_at(report: &Report, grouping: Grouping, width: u16) -> String {
    let view = View::of(report, grouping);
    let ink = Ink::Plain;
    table::render(report, &view, Page { width, ink })
}

#[test]
fn tables_fit_the_terminal() {
    for width in [60, 80, 100, 140] {
        let text = table_at(&contoso(), Grouping::BusinessUnit, width);
        check(&format!("statement-{width}.txt"), &text);
    }
}

#[test]
fn tables_group_by_anything() {
    for grouping in [
        Grouping::CostCentre,
        Grouping::App,
        Grouping::Model,
        Grouping::Deployment,
        Grouping::Day,
    ] {
        let text = table_at(&contoso(), grouping, 100);
        check(&format!("statement-by-{}.txt", grouping.name()), &text);
    }
}

#[test]
fn awkward_statements_stay_readable() {
    check("yen-60.txt", &table_at(&yen(), Grouping::BusinessUnit, 60));
    check(
        "yen-100.txt",
        &table_at(&yen(), Grouping::BusinessUnit, 100),
    );
    check(
        "empty.txt",
        &table_at(&of_lines(Vec::new()), Grouping::BusinessUnit, 80),
    );
    check("hostile.txt", &table_at(&hostile(), Grouping::App, 80));
    check(
        "narrow.txt",
        &table_at(&contoso(), Grouping::CostCentre, 20),
    );
}

#[test]
fn colour_is_only_there_when_asked_for() {
    let report = contoso();
    let view = View::of(&report, Grouping::BusinessUnit);
    let page = |ink| Page { width: 80, ink };
    let plain = table::render(&report, &view, page(Ink::Plain));
    let ansi = table::render(&report, &view, page(Ink::Ansi));
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(
        ansi.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""),
        plain
    );
}

#[test]
fn files_for_people_and_machines() {
    let report = contoso();
    let view = View::of(&report, Grouping::BusinessUnit);
    check("lines.csv", &csv::lines(&report));
    check("groups.csv", &csv::groups(&report, &view));
    check("statement.json", &json::render(&report, &view));
    check("statement.md", &markdown::render(&report, &view));
    check("hostile.csv", &csv::lines(&hostile()));
    let view = View::of(&hostile(), Grouping::App);
    check("hostile.md", &markdown::render(&hostile(), &view));
}

#[test]
fn explanations_can_be_redone_by_hand() {
    let report = contoso();
    for (unit, file) in [
        ("HR", "explain-hr.txt"),
        ("Legal", "explain-legal.txt"),
        ("__idle__", "explain-idle.txt"),
    ] {
        check(file, &explain::render(&report, unit).unwrap());
    }
    assert_eq!(explain::render(&report, "Marketing"), None);
}

#[test]
fn manifests_do_not_depend_on_the_order_of_inputs() {
    let input = |name: &str| manifest::InputFact {
        name: name.to_owned(),
        bytes: 1_024,
        rows: 12,
        sha256: "00".repeat(32),
        carrier: "csv".to_owned(),
        format: "apim-llm-log".to_owned(),
    };
    let mut origin = manifest::Origin {
        tool_version: "0.1.0".to_owned(),
        inputs: vec![input("logs/b.csv"), input("logs/a.csv")],
        rate_card: "2026-11-20".to_owned(),
        catalog: "2026-11-20".to_owned(),
        policy: [("idle".to_owned(), "central".to_owned())].into(),
        ..manifest::Origin::default()
    };
    let text = manifest::render(&contoso(), &origin);
    origin.inputs.reverse();
    assert_eq!(manifest::render(&contoso(), &origin), text);
    check("manifest.json", &text);
}
