//! What a check found, for people and for the machines that show it to them.
//!
//! One file per format. All of them take a [`Checked`] whose places were looked up, are the same
//! for the same findings, and cut what is too much with a word on what was cut.

pub mod azure;
mod choice;
mod command;
pub mod explain;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod list;
pub mod markdown;
pub mod sarif;
pub mod text;
mod uri;
mod xml;

pub use choice::Most;

use super::figure::whole;
use super::text::{visible, visible_lines};
use crate::check::{Checked, Family, Finding, Place, Severity, Spot};
use crate::spelling;
use command::broken;

/// Severities, the worst first.
const WORST_FIRST: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// `1 error, 2 warnings`; empty where there are none.
fn counts(checked: &Checked) -> String {
    let counts = WORST_FIRST.map(|severity| (severity, checked.count(severity)));
    let met = counts.into_iter().filter(|(_, count)| *count > 0);
    let texts: Vec<String> = met
        .map(|(severity, count)| counted(count, severity.name()))
        .collect();
    texts.join(", ")
}

/// `1 finding`, `2 findings`.
fn counted(count: usize, what: &str) -> String {
    spelling::counted(count as u64, what)
}

/// How often a finding was met beside the places it has.
fn unplaced(finding: &Finding) -> u64 {
    finding.count.saturating_sub(places(finding).max(1))
}

fn places(finding: &Finding) -> u64 {
    u64::try_from(finding.places.len()).expect("places are few")
}

/// The places that are occurrences of a finding each. What has more places than it was met is
/// seen at all of them together, and occurs at the first.
fn occurrences(finding: &Finding) -> &[Place] {
    match finding.places.as_slice() {
        [first, ..] if places(finding) > finding.count => std::slice::from_ref(first),
        all => all,
    }
}

/// ` — and 3 more`; empty where there are none.
fn and_more(more: u64) -> String {
    match more {
        0 => String::new(),
        more => format!(" — and {} more", whole(more)),
    }
}

/// What an annotation says: the message, how often it was met beside its place, and what to do on
/// lines of its own. No name in it is a command.
fn annotation(finding: &Finding) -> String {
    let text = visible(&finding.message);
    let more = and_more(finding.count.saturating_sub(1));
    let help = visible_lines(finding.remedy());
    broken(&format!("{text}{more}\nhelp: {help}"))
}

/// The line of a place; `None` for a file as a whole.
fn line(place: &Place) -> Option<u64> {
    match (&place.located, &place.spot) {
        (Some(located), _) => Some(located.line),
        (None, Spot::Row { number, .. }) => Some((*number).max(1)),
        (None, Spot::Text { line, .. }) => Some((*line).max(1)),
        (None, Spot::Whole) => None,
    }
}

/// The column of a place, where it is known.
fn column(place: &Place) -> Option<u64> {
    match (&place.located, &place.spot) {
        (Some(located), _) => Some(located.column),
        (None, Spot::Text { column, .. }) => Some((*column).max(1)),
        (None, _) => None,
    }
}

/// `file:line:column`, as far as it is known.
fn address(place: &Place) -> String {
    let numbers = [line(place), column(place)];
    let numbers = numbers.into_iter().flatten();
    numbers.fold(visible(&place.file), |text, number| {
        format!("{text}:{number}")
    })
}

/// The value at a place, and what the file calls it (empty where that is not known); `None` where
/// it must not be shown.
fn shown(finding: &Finding, place: &Place) -> Option<(String, String)> {
    if finding.rule.family == Family::Privacy || !matches!(place.spot, Spot::Row { .. }) {
        return None;
    }
    let (title, excerpt) = match &place.located {
        Some(located) => (located.title.as_str(), located.excerpt.as_str()),
        None => ("", ""),
    };
    let values = [excerpt, place.found.as_str()].map(visible);
    let value = values.into_iter().find(|text| !text.is_empty())?;
    Some((visible(title), value))
}

/// The value at a place with its name, in one text; empty where it must not be shown.
fn value(finding: &Finding, place: &Place) -> String {
    match shown(finding, place) {
        None => String::new(),
        Some((title, value)) if title.is_empty() => format!("found: {value}"),
        Some((title, value)) => format!("{title}: {value}"),
    }
}

/// New findings, the worst first; those of one severity in their order.
fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    sorted
}

/// Where a finding is shown by formats that need a file: its own, else the first input, which
/// stands for all.
fn file_of<'a>(finding: &'a Finding, checked: &'a Checked) -> Option<&'a str> {
    match finding.file() {
        "" => checked.sources.first().map(|source| source.name.as_str()),
        file => Some(file),
    }
}
