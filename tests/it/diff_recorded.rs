//! Statements read back from what `tollbook chargeback` writes: nothing is lost on the way, and
//! what is no statement is refused with its place.

use proptest::prelude::*;
use tollbook::chargeback::statement::Statement;
use tollbook::diff::{Traffic, difference};
use tollbook::report::recorded::{self, Recorded, RecordedError, Sort};
use tollbook::report::{Grouping, Report, View, csv, json};

use crate::report_fixture::{contoso, hostile, of_lines, yen};
use crate::report_laws::reports;

fn as_json(report: &Report) -> String {
    json::render(report, &View::of(report, Grouping::BusinessUnit))
}

fn read(text: &str) -> Result<Recorded, RecordedError> {
    match Sort::of(text) {
        Sort::Document => recorded::document(text, "a.json"),
        Sort::Lines => recorded::lines(text, "a.csv"),
        sort => panic!("{sort:?}"),
    }
}

/// Fails unless both charge the same to the minor unit, line by line.
fn check_same(statement: &Statement, found: &Statement) {
    assert_eq!(found.period, statement.period);
    assert_eq!(found.total, statement.total);
    let found = difference(statement, found, Traffic::Apart).unwrap();
    let mut leaves = found.leaves.iter();
    assert!(leaves.all(|(_, change)| change.is_silent()), "{found:?}");
}

#[test]
fn json_and_lines_are_read_back() {
    for report in [contoso(), yen(), hostile()] {
        let found = read(&as_json(&report)).unwrap();
        check_same(&report.statement, &found.statement);
        assert_eq!(found.statement.lines, report.statement.lines);
        let found = read(&csv::lines(&report)).unwrap();
        check_same(&report.statement, &found.statement);
        assert!(found.requests.is_none());
    }
    let found = read(&as_json(&contoso())).unwrap();
    assert_eq!(found.requests.unwrap().to_trimmed(0), "1440791");
    assert!(found.findings[0].starts_with("owner-rule-unused: "));
}

#[test]
fn files_are_told_apart_by_their_beginning() {
    let report = contoso();
    assert_eq!(Sort::of(&as_json(&report)), Sort::Document);
    assert_eq!(Sort::of(&csv::lines(&report)), Sort::Lines);
    let marked = format!("\u{feff}{}", csv::lines(&report));
    assert_eq!(Sort::of(&marked), Sort::Lines);
    assert_eq!(
        read(&marked).unwrap().statement.total,
        report.statement.total
    );
    let groups = csv::groups(&report, &View::of(&report, Grouping::App));
    assert_eq!(Sort::of(&groups), Sort::Groups);
    let other = r#"{"schema":"tollbook/plan/1"}"#;
    assert_eq!(Sort::of(other), Sort::Other("tollbook/plan/1".to_owned()));
    for log in ["", "{\"time\": 1}", "TimeGenerated,Model\n", "[{}]"] {
        assert_eq!(Sort::of(log), Sort::Unknown, "{log:?}");
    }
}

#[test]
fn what_was_changed_is_refused_with_its_place() {
    let report = contoso();
    let (document, lines) = (as_json(&report), csv::lines(&report));
    let second = |text: &str| text.lines().nth(2).unwrap().to_owned();
    for (text, expected) in [
        (
            document.replacen("\"total\": \"", "\"total\": \"1", 1),
            "the lines add up to",
        ),
        (
            document.replacen("\"component\": \"ptu-used\"", "\"component\": \"ptu\"", 1),
            "a.json: lines[",
        ),
        (document[..document.len() / 2].to_owned(), "not a statement"),
        (
            lines.replacen("PTU-hours", "hours", 1),
            "`unit` is \"hours\"",
        ),
        (
            lines.replacen("2026-10,", "October,", 1),
            "`period` is \"October\"",
        ),
        (
            lines.replacen(&second(&lines), "1,2", 1),
            "not the lines of a statement",
        ),
        (
            lines.replacen("\n2026-10,USD", "\n2026-10,EUR", 1),
            "another period or currency",
        ),
        (lines.lines().next().unwrap().to_owned(), "it holds no line"),
    ] {
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    // Both the exact amount and the amount, so that they agree with each other.
    for amount in ["1".repeat(16), "1".repeat(38), "1".repeat(400)] {
        let row = second(&lines);
        let mut cells: Vec<&str> = row.split(',').collect();
        let at = cells.len() - 2;
        (cells[at], cells[at + 1]) = (&amount, &amount);
        let error = read(&lines.replacen(&row, &cells.join(","), 1)).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("at most 15 digits before the point"),
            "{text}"
        );
    }
    // A cell that somebody overwrote: 1 is not what the exact amount rounds to.
    let row = second(&lines);
    let (start, _) = row.rsplit_once(',').unwrap();
    let error = read(&lines.replacen(&row, &format!("{start},1"), 1)).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("a.csv:3: `amount` is \"1\""), "{text}");
}

#[test]
fn an_empty_statement_is_read_from_json() {
    let found = read(&as_json(&of_lines(Vec::new()))).unwrap();
    assert!(found.statement.lines.is_empty());
}

proptest! {
    #[test]
    fn any_statement_is_read_back(report in reports()) {
        check_same(&report.statement, &read(&as_json(&report)).unwrap().statement);
        if !report.statement.lines.is_empty() {
            let found = read(&csv::lines(&report)).unwrap();
            check_same(&report.statement, &found.statement);
        }
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in ".{0,200}", at in 0..2_000usize) {
        let _ = Sort::of(&text);
        let _ = recorded::document(&text, "a.json");
        let _ = recorded::lines(&text, "a.csv");
        let report = contoso();
        for whole in [as_json(&report), csv::lines(&report)] {
            let mut broken = whole.clone();
            let at = (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at));
            broken.insert_str(at.unwrap_or(0), &text);
            let _ = recorded::document(&broken, "a.json");
            let _ = recorded::lines(&broken, "a.csv");
        }
    }
}
