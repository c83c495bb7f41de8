//! Findings as workflow commands of GitHub Actions, which become annotations of a pull request.

use super::{WORST_FIRST, annotation, column, counted, line, uri, worst_first};
use crate::check::{Checked, Finding, Severity};
use crate::report::text::visible;

/// Annotations of one level that GitHub keeps of a step.
const MOST: usize = 10;

/// The first findings of each severity, the worst first; then how many more there are. Nothing
/// where there are none.
pub fn render(checked: &Checked) -> String {
    let mut lines = Vec::new();
    for severity in WORST_FIRST {
        let findings = worst_first(&checked.findings).into_iter();
        let alike = findings.filter(|finding| finding.severity == severity);
        // One notice is kept for the count of what is left out.
        let most = MOST - usize::from(severity == Severity::Note);
        lines.extend(alike.take(most).map(command));
    }
    let left = checked.findings.len() - lines.len();
    if left > 0 {
        let more = counted(left, "more finding");
        lines.push(format!("::notice title=tollbook check::and {more}"));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn command(finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = finding.places.first() {
        properties.push(format!("file={}", property(&uri::path(&place.file))));
        let numbers = [("line", line(place)), ("col", column(place))];
        let met = numbers.into_iter();
        properties.extend(met.filter_map(|(name, number)| Some(format!("{name}={}", number?))));
    }
    properties.push(format!("title={}", property(&finding.rule.to_string())));
    format!(
        "::{name} {}::{}",
        properties.join(","),
        data(&annotation(finding))
    )
}

/// A text after `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text in front of it.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
