//! Findings as JSON: `docs/schema/check-1.schema.json` says what each field means.

use serde::Serialize;

use super::{column, line};
use crate::check::{Checked, Family, Finding, Place, Rule, Severity, Spot};
use crate::report::json::{Period, written};
use crate::usage::{RowAccounting, SourceSummary};

/// Name and version of the format. The version rises when a field changes its meaning or goes.
pub const SCHEMA: &str = "tollbook/check/1";

/// Every finding, new or known, and what was looked at; nothing is cut.
pub fn render(checked: &Checked) -> String {
    let new = checked
        .findings
        .iter()
        .map(|one| JsonFinding::of(one, "new"));
    let known = checked
        .known
        .iter()
        .map(|one| JsonFinding::of(one, "known"));
    written(&Document {
        schema: SCHEMA,
        fails: checked.fails(),
        fail_on: Severity::from(checked.fail_on).name(),
        counts: Counts {
            error: checked.count(Severity::Error),
            warning: checked.count(Severity::Warning),
            note: checked.count(Severity::Note),
            known: checked.known.len(),
            gone: checked.gone.len(),
        },
        period: checked.period.map(Period::of),
        findings: new.chain(known).collect(),
        gone: &checked.gone,
        rules: checked
            .rules
            .iter()
            .map(|rule| JsonRule::of(rule))
            .collect(),
        not_judged: &checked.left_out,
        sources: checked.sources.iter().map(JsonSource::of).collect(),
        rows: checked.rows,
    })
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    fails: bool,
    fail_on: &'static str,
    counts: Counts,
    period: Option<Period>,
    findings: Vec<JsonFinding<'a>>,
    gone: &'a [String],
    rules: Vec<JsonRule>,
    not_judged: &'a [String],
    sources: Vec<JsonSource<'a>>,
    rows: RowAccounting,
}

#[derive(Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    note: usize,
    known: usize,
    gone: usize,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'static str,
    name: &'static str,
    severity: &'static str,
    state: &'static str,
    fingerprint: String,
    subject: &'a str,
    business_unit: Option<&'a str>,
    message: &'a str,
    help: &'a str,
    count: u64,
    places: Vec<JsonPlace<'a>>,
}

impl<'a> JsonFinding<'a> {
    fn of(finding: &'a Finding, state: &'static str) -> Self {
        let is_private = finding.rule.family == Family::Privacy;
        let places = finding.places.iter().map(JsonPlace::of);
        let shown = |place: JsonPlace<'a>| if is_private { place.hidden() } else { place };
        Self {
            rule: finding.rule.id,
            name: finding.rule.name,
            severity: finding.severity.name(),
            state,
            fingerprint: finding.fingerprint(),
            subject: &finding.subject,
            business_unit: finding.unit.as_deref(),
            message: &finding.message,
            help: finding.remedy(),
            count: finding.count,
            places: places.map(shown).collect(),
        }
    }
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    file: &'a str,
    row: Option<u64>,
    field: Option<&'static str>,
    line: Option<u64>,
    column: Option<u64>,
    width: Option<u64>,
    title: Option<&'a str>,
    excerpt: Option<&'a str>,
    found: Option<&'a str>,
}

impl<'a> JsonPlace<'a> {
    fn of(place: &'a Place) -> Self {
        let (row, field) = match place.spot {
            Spot::Row { number, field } => (Some(number), filled(field)),
            Spot::Whole | Spot::Text { .. } => (None, None),
        };
        let located = place.located.as_ref();
        Self {
            file: &place.file,
            row,
            field,
            line: line(place).filter(|_| located.is_some() || row.is_none()),
            column: column(place),
            width: located.map(|located| located.width),
            title: located.and_then(|located| filled(&located.title)),
            excerpt: located.and_then(|located| filled(&located.excerpt)),
            found: filled(&place.found),
        }
    }

    /// The same without anything of the file.
    fn hidden(self) -> Self {
        Self {
            excerpt: None,
            found: None,
            ..self
        }
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

#[derive(Serialize)]
struct JsonRule {
    id: &'static str,
    name: &'static str,
    family: &'static str,
    severity: &'static str,
    summary: &'static str,
}

impl JsonRule {
    const fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            name: rule.name,
            family: rule.family.name(),
            severity: rule.severity.name(),
            summary: rule.summary,
        }
    }
}

#[derive(Serialize)]
struct JsonSource<'a> {
    name: &'a str,
    bytes: u64,
    rows: u64,
    carrier: &'a str,
    formats: &'a [&'static str],
}

impl<'a> JsonSource<'a> {
    fn of(source: &'a SourceSummary) -> Self {
        Self {
            name: &source.name,
            bytes: source.bytes,
            rows: source.rows,
            carrier: &source.carrier,
            formats: &source.formats,
        }
    }
}
