//! What stands below a statement for people: what is not in it and why, capacity, findings.

use super::facts::{Finding, Report, UsageTotal};
use super::figure;
use super::sheet::Sheet;
use super::text::visible;
use super::view::{Grouping, View};
use crate::chargeback::statement::{IDLE, UNATTRIBUTED};
use crate::money::{Factor, MinorUnits};

/// All notes, as lines; nothing where there is nothing to say.
pub(super) fn below(report: &Report, view: &View, width: u16) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(of_which) = special_units(report, view) {
        lines.push(of_which);
    }
    for section in [requests(report, width), pools(report, width)] {
        if !section.is_empty() {
            lines.push(String::new());
            lines.extend(section);
        }
    }
    if !report.findings.is_empty() {
        lines.push(String::new());
        lines.extend(findings(&report.findings));
    }
    lines
}

/// What the special business units cost, where the rows do not tell.
pub(super) fn special_units(report: &Report, view: &View) -> Option<String> {
    if matches!(
        view.grouping,
        Grouping::BusinessUnit | Grouping::CostCentre | Grouping::App
    ) {
        return None;
    }
    let amount = |unit: &str| {
        let lines = report.statement.lines.iter();
        let amounts = lines.filter(|line| line.business_unit == unit);
        let sum: MinorUnits = amounts.map(|line| line.amount).sum();
        figure::amount(sum, report.statement.minor_digits)
    };
    Some(format!(
        "of which {UNATTRIBUTED} {}, {IDLE} {}",
        amount(UNATTRIBUTED),
        amount(IDLE)
    ))
}

/// Requests by what became of them; those that were met.
fn requests(report: &Report, width: u16) -> Vec<String> {
    let met = met_requests(report);
    if met.is_empty() {
        return Vec::new();
    }
    let headings = [
        "requests by outcome",
        "priced",
        "requests",
        "tokens in",
        "tokens out",
    ];
    let mut sheet = Sheet::new(2, headings.map(str::to_owned).to_vec());
    for (outcome, priced, total) in met {
        let counts = [&total.requests, &total.input, &total.output].map(figure::count);
        let mut row = vec![outcome.to_owned(), priced.to_owned()];
        row.extend(counts);
        sheet.add(row);
    }
    sheet.lines(width)
}

/// Every outcome that was met: its name, whether it is priced, and how much of it there was.
pub(super) fn met_requests(report: &Report) -> Vec<(&'static str, &'static str, UsageTotal)> {
    report
        .by_disposition()
        .into_iter()
        .filter(|(_, total)| !total.requests.is_zero())
        .map(|(disposition, total)| {
            let priced = if disposition.is_priced() { "yes" } else { "no" };
            (disposition.name(), priced, total)
        })
        .collect()
}

/// Provisioned capacity: how much there was, how much of it was used, and what it cost.
fn pools(report: &Report, width: u16) -> Vec<String> {
    if report.pools.is_empty() {
        return Vec::new();
    }
    let headings = [
        "provisioned",
        "PTU-hours",
        "used",
        "cost",
        "unused reservation",
    ];
    let mut sheet = Sheet::new(1, headings.map(str::to_owned).to_vec());
    let digits = report.statement.minor_digits;
    for pool in &report.pools {
        sheet.add(vec![
            visible(&pool.name),
            figure::quantity(&pool.deployed, 2),
            percent(&pool.used, &pool.deployed),
            figure::grouped(&pool.deployed_cost.to_decimal(digits)),
            figure::grouped(&pool.unused_cost.to_decimal(digits)),
        ]);
    }
    sheet.lines(width)
}

/// `part` of `whole` in percent, to one decimal.
pub(super) fn percent(part: &Factor, whole: &Factor) -> String {
    match (part.parts(), whole.parts()) {
        (Some((part, per_part)), Some((whole, per_whole))) if part >= 0 && whole > 0 => {
            let numerator = part.unsigned_abs().saturating_mul(per_whole);
            let share = Factor::ratio(numerator, whole.unsigned_abs().saturating_mul(per_part));
            let hundred = Factor::ratio(100, 1);
            format!("{} %", share.times(&hundred).to_trimmed(1))
        }
        _ => "–".to_owned(),
    }
}

/// Findings, one a line.
fn findings(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| format!("{}: {}", finding.code, visible(&finding.message));
    findings.iter().map(line).collect()
}
