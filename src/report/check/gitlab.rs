//! Findings as GitLab's report of code quality.

use serde::Serialize;

use super::{and_more, file_of, line, occurrences, unplaced, uri};
use crate::check::{Checked, Finding, Place, Severity};
use crate::report::json::written;
use crate::report::text::visible;

/// Every occurrence of every new finding that has a place; `[]` where there are none. What is about no file is shown at
/// the first input.
pub fn render(checked: &Checked) -> String {
    let findings = checked.findings.iter();
    let issues: Vec<Issue> = findings
        .flat_map(|finding| issues(finding, checked))
        .collect();
    written(&issues)
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

fn issues(finding: &Finding, checked: &Checked) -> Vec<Issue> {
    let fallback = [Place::whole(file_of(finding, checked).unwrap_or("."))];
    let places = match occurrences(finding) {
        [] => fallback.as_slice(),
        places => places,
    };
    let numbered = (1_usize..).zip(places);
    numbered
        .map(|(ordinal, place)| issue(finding, ordinal, place))
        .collect()
}

fn issue(finding: &Finding, ordinal: usize, place: &Place) -> Issue {
    let more = match ordinal {
        1 => and_more(unplaced(finding)),
        _ => String::new(),
    };
    Issue {
        description: visible(&format!("{}: {}{more}", finding.rule, finding.message)),
        check_name: finding.rule.id,
        // Every issue needs a fingerprint of its own.
        fingerprint: format!("{}-{ordinal}", finding.fingerprint()),
        severity: match finding.severity {
            Severity::Note => "info",
            Severity::Warning => "minor",
            Severity::Error => "major",
        },
        location: Location {
            path: uri::path(&visible(&place.file)),
            lines: Lines {
                begin: line(place).unwrap_or(1),
            },
        },
    }
}
