//! What stands below a statement for people: what is not in it and why, capacity, findings.

use super::facts::{OutcomeTotal, Report};
use super::figure;
use super::sheet::Sheet;
use super::text::visible;
use super::view::{Grouping, View};
use crate::chargeback::statement::{IDLE, UNATTRIBUTED};
use crate::chargeback::{Finding, PoolFacts};
use crate::money::{Factor, MinorUnits};
use crate::units::PtuMinutes;

/// All notes, as lines; nothing where there is nothing to say.
pub(super) fn below(report: &Report, view: &View, width: u16) -> Vec<String> {
    let sections = [
        outcomes(report, width),
        pools(report, width),
        findings(&report.findings),
    ];
    let mut lines: Vec<String> = special_units(report, view).into_iter().collect();
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        lines.push(String::new());
        lines.extend(section);
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
    let (unattributed, idle) = (amount(UNATTRIBUTED), amount(IDLE));
    Some(format!(
        "of which {UNATTRIBUTED} {unattributed}, {IDLE} {idle}"
    ))
}

/// Headings of [`met_outcomes`]; the first two are over names.
pub(super) const OUTCOME_HEADINGS: [&str; 5] = [
    "requests by outcome",
    "priced",
    "requests",
    "tokens in",
    "tokens out",
];

/// Every outcome that was met, and what lies outside the period.
pub(super) fn met_outcomes(report: &Report) -> Vec<[String; 5]> {
    let outcomes = report.outcomes();
    let met = outcomes
        .iter()
        .filter(|outcome| !outcome.amount.requests.is_zero());
    let mut rows: Vec<[String; 5]> = met.map(outcome_row).collect();
    if !report.outside_period.is_zero() {
        let outside = figure::whole(report.outside_period.get());
        let unknown = || "–".to_owned();
        rows.push([
            "outside the period".to_owned(),
            "no".to_owned(),
            outside,
            unknown(),
            unknown(),
        ]);
    }
    rows
}

fn outcome_row(outcome: &OutcomeTotal) -> [String; 5] {
    let amount = &outcome.amount;
    [
        outcome.disposition.name().to_owned(),
        if outcome.priced { "yes" } else { "no" }.to_owned(),
        figure::count(&amount.requests),
        figure::count(&amount.input),
        figure::count(&amount.output),
    ]
}

/// Requests by outcome; without their tokens where those would break the outcomes' names.
fn outcomes(report: &Report, width: u16) -> Vec<String> {
    let rows = met_outcomes(report);
    if rows.is_empty() {
        return Vec::new();
    }
    let sheet = |columns: usize| {
        let row = |texts: &[String; 5]| texts[..columns].to_vec();
        let headings = OUTCOME_HEADINGS.map(str::to_owned);
        Sheet::of(2, row(&headings), rows.iter().map(row))
    };
    let whole = sheet(5);
    if whole.fits(width, u16::MAX) {
        whole.lines(width)
    } else {
        sheet(3).lines(width)
    }
}

/// Provisioned capacity: how much there was, how much of it was used, and what it cost.
fn pools(report: &Report, width: u16) -> Vec<String> {
    if report.pools.is_empty() {
        return Vec::new();
    }
    let headings = ["provisioned", "PTU-hours", "used", "cost USD"].map(str::to_owned);
    let rows = report.pools.iter().flat_map(pool_rows);
    Sheet::of(1, headings.to_vec(), rows).lines(width)
}

fn pool_rows(pool: &PoolFacts) -> Vec<Vec<String>> {
    let deployments = pool.deployments.iter().map(|deployment| {
        let cost = deployment.used_amount.clone() + deployment.idle_amount.clone();
        vec![
            visible(&deployment.name),
            figure::quantity(&hours(deployment.deployed), 2),
            percent(&deployment.used, &minutes(deployment.deployed)),
            figure::grouped(&cost.to_decimal(2)),
        ]
    });
    let unused = (!pool.cost.unused().is_zero()).then(|| {
        vec![
            format!(
                "reserved, not deployed ({})",
                visible(&pool.name.to_string())
            ),
            figure::quantity(&hours(pool.cost.unused()), 2),
            "–".to_owned(),
            figure::grouped(&pool.cost.unused_amount.to_decimal(2)),
        ]
    });
    deployments.chain(unused).collect()
}

/// PTU-minutes as an exact factor.
pub(super) fn minutes(minutes: PtuMinutes) -> Factor {
    Factor::ratio(minutes.get().into(), 1)
}

/// PTU-minutes as PTU-hours; exact.
pub(super) fn hours(minutes: PtuMinutes) -> Factor {
    Factor::ratio(minutes.get().into(), 60)
}

/// `part` of `whole` in percent, rounded to one decimal.
pub(super) fn percent(part: &Factor, whole: &Factor) -> String {
    if whole.is_zero() {
        return "–".to_owned();
    }
    let share = part.divided_by(whole).times(&Factor::ratio(100, 1));
    format!("{} %", share.to_trimmed(1))
}

/// Findings, one a line.
fn findings(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| format!("{}: {}", finding.code, visible(&finding.message));
    findings.iter().map(line).collect()
}
