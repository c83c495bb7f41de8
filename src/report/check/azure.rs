//! Findings as logging commands of Azure Pipelines, which become issues of the run.

use super::command::broken;
use super::{WORST_FIRST, annotation, column, counted, line, worst_first};
use crate::check::{Checked, Finding, Severity};
use crate::report::text::visible;

/// Issues that are written; the page of a run shows some ten of each type, and its log all.
const MOST: usize = 100;

/// The first findings, the worst first, then how many more there are. Nothing where there are none.
/// There are issues of two types only, so notes are plain lines.
pub fn render(checked: &Checked) -> String {
    let mut findings = worst_first(&checked.findings);
    let left = findings.len().saturating_sub(MOST);
    findings.truncate(MOST);
    let mut lines = Vec::new();
    for severity in WORST_FIRST {
        let alike = findings.iter().filter(|one| one.severity == severity);
        lines.extend(alike.map(|finding| issue(finding)));
    }
    if left > 0 {
        lines.push(format!("and {}", counted(left, "more finding")));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn issue(finding: &Finding) -> String {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => return note(finding),
    };
    let mut properties = vec![format!("type={kind}")];
    if let Some(place) = finding.places.first() {
        properties.push(format!("sourcepath={}", property(&place.file)));
        let numbers = [("linenumber", line(place)), ("columnnumber", column(place))];
        let met = numbers.into_iter();
        properties.extend(met.filter_map(|(name, number)| Some(format!("{name}={}", number?))));
    }
    properties.push(format!("code={}", finding.rule.id));
    let message = data(&annotation(finding));
    format!("##vso[task.logissue {}]{message}", properties.join(";"))
}

/// A note on a line of its own, that no name in it can turn into a command.
fn note(finding: &Finding) -> String {
    let file = visible(finding.file());
    let message = annotation(finding).replace('\n', "; ");
    broken(&format!("note: {} {file} {message}", finding.rule))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value within its brackets.
fn property(text: &str) -> String {
    data(&broken(&visible(text)))
        .replace(';', "%3B")
        .replace(']', "%5D")
}
