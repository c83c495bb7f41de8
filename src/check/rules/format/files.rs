//! Findings about files as a whole, and about rows that could not be read.

use std::collections::BTreeMap;

use super::super::records;
use crate::check::{Finding, Place, Rule, Severity};
use crate::diagnostic::{Diagnostic, Problem, Sort};
use crate::usage::assembly::Spots;
use crate::usage::collection::Found;
use crate::usage::{SourceError, SourceSummary};

/// Everything that reading found wrong.
pub(in crate::check) fn of_files(found: &Found) -> Vec<Finding> {
    let refused: Vec<&str> = found.errors.iter().map(SourceError::name).collect();
    let mut findings: Vec<Finding> = found.errors.iter().map(of_error).collect();
    let whole = found.sources.iter();
    findings.extend(
        whole
            .filter(|source| !refused.contains(&source.name.as_str()))
            .flat_map(of_summary),
    );
    let rows: BTreeMap<&str, u64> = found
        .sources
        .iter()
        .map(|source| (source.name.as_str(), source.rows))
        .collect();
    let faults = found.diagnostics.by_source();
    findings.extend(faults.map(|(problem, file, count, places)| {
        let finding = of_fault(problem, file, places).times(count);
        let rows = rows.get(file).copied().unwrap_or_default();
        if problem.sort == Sort::Conflict && is_most(count, rows) {
            lost_ids(finding, rows)
        } else {
            finding
        }
    }));
    for (source, spots) in found.repeats.by_source() {
        findings.extend(of_repeats(found, source, spots));
    }
    findings
}

/// A source that cannot be read to its end.
fn of_error(error: &SourceError) -> Finding {
    let rule = match error {
        SourceError::Unreadable { .. } => &super::UNREADABLE,
        SourceError::Damaged { .. } => &super::TRUNCATED,
        SourceError::NotText { .. } => &super::NOT_TEXT,
        SourceError::UnknownFields {
            schema: Some(_), ..
        } => &super::SCHEMA,
        SourceError::UnknownFields { .. } => &super::UNKNOWN,
        SourceError::MissingColumn { .. } => &super::COLUMN,
        SourceError::AmbiguousDates { .. } => &super::AMBIGUOUS,
        SourceError::MixedDates { .. } => &super::MIXED_DATES,
        SourceError::LocalTime { .. } => &super::LOCAL,
    };
    let name = error.name();
    let text = error.to_string();
    let text = text.strip_prefix(name).unwrap_or(&text);
    let text = text.trim_start_matches(": ");
    let (message, hint) = text.split_once("\nhint: ").unwrap_or((text, ""));
    let (message, hint) = match error {
        SourceError::UnknownFields {
            schema: Some(schema),
            ..
        } => (
            format!("states the schema {schema:?}, which is no usage export"),
            "",
        ),
        _ => (message.to_owned(), hint),
    };
    let subject = match error {
        SourceError::MissingColumn { column, .. } => column.as_str(),
        _ => "",
    };
    Finding::of(rule, subject, message)
        .with_help(hint)
        .at(Place::whole(name))
}

/// What a source as a whole tells.
fn of_summary(source: &SourceSummary) -> Vec<Finding> {
    let at = |rule: &'static Rule, subject: &str, message: String| {
        Finding::of(rule, subject, message).at(Place::whole(&source.name))
    };
    let mut findings = Vec::new();
    if source.rows == 0 {
        findings.push(at(&super::EMPTY, "", super::EMPTY.summary.to_owned()));
    }
    for column in &source.repeated {
        let message = format!("{}: {column:?}", super::TWICE.summary);
        findings.push(at(&super::TWICE, column, message));
    }
    for column in &source.lacking {
        let message = format!("no row has {column}, which charging needs");
        findings.push(at(&super::COLUMN, column, message));
    }
    if is_mixed(&source.formats) {
        let message = format!("rows of {}", source.formats.join(" and of "));
        findings.push(at(&super::MIXED, "", message));
    }
    if source.foreign > 0 {
        let message = super::FOREIGN.summary.to_owned();
        findings.push(at(&super::FOREIGN, "", message).times(source.foreign));
    }
    if source.headers > 0 {
        let message = super::HEADER.summary.to_owned();
        findings.push(at(&super::HEADER, "", message).times(source.headers));
    }
    findings
}

/// Whether the formats of one file tell the same requests twice; API Management's own logs belong
/// together.
fn is_mixed(formats: &[&str]) -> bool {
    let others = formats
        .iter()
        .filter(|name| !name.contains("API Management"));
    formats.len() > 1 && others.count() > 0
}

/// Rows of one file with one fault.
fn of_fault(problem: &Problem, file: &str, places: &[Diagnostic]) -> Finding {
    let rule = match problem.sort {
        Sort::Unreadable => &super::ROW,
        Sort::CutOff => &super::TRUNCATED,
        Sort::Ragged => &super::RAGGED,
        Sort::Missing => &records::MISSING,
        Sort::Negative => &records::NEGATIVE,
        Sort::NoCount => &records::NO_COUNT,
        Sort::NoTime => &records::NO_TIME,
        Sort::NoStatus => &records::NO_STATUS,
        Sort::Cached => &records::CACHED,
        Sort::Conflict => &records::CONFLICT,
        Sort::Names => &records::NAMES,
    };
    let field = problem.field;
    let places = places.iter().map(|place| match place.line {
        0 => Place::whole(file),
        line => Place::row(file, line, field).showing(&place.found),
    });
    Finding {
        places: places.collect(),
        ..Finding::of(rule, &problem.what, &problem.what).with_help(&problem.remedy)
    }
}

/// Whether contradictions are no exception any more: more than a tenth of at least ten rows.
const fn is_most(count: u64, rows: u64) -> bool {
    rows >= 10 && count.saturating_mul(10) > rows
}

/// So many rows that share ids cannot be retries: the ids are not what they were.
fn lost_ids(finding: Finding, rows: u64) -> Finding {
    let message = format!(
        "{} of {rows} rows share an id with another row and differ from it, and are not charged",
        finding.count
    );
    Finding {
        severity: Severity::Error,
        message,
        ..finding
    }
    .with_help(
        "look at the ids: a spreadsheet rounds long numbers (1.23E+15), and a query may leave the \
         column out; export them as text",
    )
}

/// Rows of one file that were delivered before.
fn of_repeats(found: &Found, place: u32, spots: &Spots) -> Vec<Finding> {
    let source = &found.sources[place as usize];
    let mut lines = spots.lines.clone();
    // A line of an envelope holds many rows.
    lines.dedup();
    let places = lines.into_iter();
    let places = places.map(|line| Place::row(&source.name, u64::from(line), ""));
    let repeats = Finding {
        places: places.collect(),
        ..Finding::of(&records::DUPLICATE, "", records::DUPLICATE.summary).times(spots.count)
    };
    let copy = found.repeats.copied_from(place);
    let copy =
        copy.and_then(|(other, count)| of_copy(source, &found.sources[other as usize], count));
    [Some(repeats), copy].into_iter().flatten().collect()
}

/// A file most of which another tells too. Two rows may repeat each other by chance; a file is more.
fn of_copy(source: &SourceSummary, other: &SourceSummary, count: u64) -> Option<Finding> {
    let rows = source.rows;
    let message = format!("{count} of its {rows} rows repeat rows of {}", other.name);
    let is_copy = rows >= 4 && count.saturating_mul(2) > rows;
    is_copy.then(|| {
        Finding::of(&super::COPY, other.name.as_str(), message).at(Place::whole(&source.name))
    })
}
