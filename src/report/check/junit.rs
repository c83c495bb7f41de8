//! Findings as a report of tests (`JUnit` XML): a suite for each family, a test for each rule.

use super::xml::escaped;
use super::{address, counted, unplaced, visible_lines};
use crate::check::{Checked, Family, Finding, Rule, Severity};
use crate::report::figure::whole;

/// Findings of a rule that are told.
const MOST: usize = 100;

/// A test for each of `rules`, the rules there are: failed, passed, or skipped where it was not
/// judged. Findings too mild to fail, and known ones, are its output.
pub fn render(checked: &Checked, rules: &[&'static Rule]) -> String {
    let mut tests: Vec<(Family, Test)> = rules
        .iter()
        .map(|rule| (rule.family, Test::of(rule, checked)))
        .collect();
    tests.sort_by_key(|(family, _)| *family);
    let all: Vec<&Test> = tests.iter().map(|(_, test)| test).collect();
    let mut lines = vec![
        r#"<?xml version="1.0" encoding="UTF-8"?>"#.to_owned(),
        format!(r#"<testsuites name="tollbook check" {}>"#, sums(&all)),
    ];
    for family in Family::ALL {
        let own = tests.iter().filter(|(of, _)| *of == family);
        let own: Vec<&Test> = own.map(|(_, test)| test).collect();
        if own.is_empty() {
            continue;
        }
        let sums = sums(&own);
        lines.push(format!(r#"  <testsuite name="{}" {sums}>"#, family.name()));
        lines.extend(own.iter().map(|test| test.text.clone()));
        lines.push("  </testsuite>".to_owned());
    }
    lines.push("</testsuites>".to_owned());
    lines.join("\n") + "\n"
}

fn sums(tests: &[&Test]) -> String {
    let count = |outcome| tests.iter().filter(|test| test.outcome == outcome).count();
    format!(
        r#"tests="{}" failures="{}" errors="0" skipped="{}" time="0""#,
        tests.len(),
        count(Outcome::Failed),
        count(Outcome::Skipped)
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Skipped,
}

/// One rule as a test.
struct Test {
    outcome: Outcome,
    text: String,
}

impl Test {
    fn of(rule: &Rule, checked: &Checked) -> Self {
        let least = Severity::from(checked.fail_on);
        let of_rule = |finding: &&Finding| finding.rule.id == rule.id;
        let new = checked.findings.iter().filter(of_rule);
        let (mut failing, mild): (Vec<&Finding>, Vec<&Finding>) =
            new.partition(|finding| finding.severity >= least);
        failing.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let known: Vec<&Finding> = checked.known.iter().filter(of_rule).collect();
        let was_judged = checked.rules.iter().any(|judged| judged.id == rule.id);
        let mut inside = Vec::new();
        let outcome = if let Some(worst) = failing.first() {
            inside.push(failure(worst.severity, &failing));
            Outcome::Failed
        } else if was_judged || !mild.is_empty() || !known.is_empty() {
            Outcome::Passed
        } else {
            let reason = escaped(&reason(rule, checked));
            inside.push(format!(r#"      <skipped message="{reason}"/>"#));
            Outcome::Skipped
        };
        if !mild.is_empty() || !known.is_empty() {
            let mut told = listed(&mild, "");
            told.extend(listed(&known, "known: "));
            inside.push(format!(
                "      <system-out>{}</system-out>",
                told.join("\n")
            ));
        }
        let text = case(rule, &inside);
        Self { outcome, text }
    }
}

fn case(rule: &Rule, inside: &[String]) -> String {
    let start = format!(
        r#"    <testcase classname="tollbook.{}" name="{}" time="0""#,
        rule.family.name(),
        escaped(&rule.to_string())
    );
    if inside.is_empty() {
        return start + "/>";
    }
    format!("{start}>\n{}\n    </testcase>", inside.join("\n"))
}

/// The failure of a test; the worst of `findings` comes first.
fn failure(severity: Severity, findings: &[&Finding]) -> String {
    let first = findings
        .first()
        .map_or("", |finding| finding.message.as_str());
    let message = match findings.len() {
        1 => first.to_owned(),
        count => format!("{}; the first: {first}", counted(count, "finding")),
    };
    format!(
        r#"      <failure type="{}" message="{}">{}</failure>"#,
        severity.name(),
        escaped(&message),
        listed(findings, "").join("\n")
    )
}

/// Findings, one a paragraph.
fn listed(findings: &[&Finding], mark: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in findings.iter().take(MOST) {
        let severity = finding.severity.name();
        lines.push(escaped(&format!("{mark}{severity}: {}", finding.message)));
        lines.extend(
            finding
                .places
                .iter()
                .map(|place| escaped(&format!("  at {}", address(place)))),
        );
        let more = unplaced(finding);
        if more > 0 {
            lines.push(format!("  and {} more", whole(more)));
        }
        lines.extend(help(finding));
    }
    if findings.len() > MOST {
        lines.push(format!(
            "and {}",
            counted(findings.len() - MOST, "more finding")
        ));
    }
    lines
}

/// What to do; a table to paste keeps its lines.
fn help(finding: &Finding) -> Vec<String> {
    let remedy = visible_lines(finding.remedy());
    let marks = ["  help: "]
        .into_iter()
        .chain(std::iter::repeat("        "));
    let lines = remedy.lines().zip(marks);
    lines
        .map(|(line, mark)| mark.to_owned() + &escaped(line))
        .collect()
}

/// Why a rule was not judged: the reasons that name it or its family, else all of them.
fn reason(rule: &Rule, checked: &Checked) -> String {
    let names = [rule.id, rule.name, rule.family.name()];
    let reasons = checked.left_out.iter().map(String::as_str);
    let own = reasons
        .clone()
        .filter(|text| names.iter().any(|name| text.contains(name)));
    let own: Vec<&str> = own.collect();
    match (own.is_empty(), checked.left_out.is_empty()) {
        (false, _) => own.join(" "),
        (true, false) => reasons.collect::<Vec<_>>().join(" "),
        (true, true) => "not judged in this run".to_owned(),
    }
}
