//! How far the answers can be trusted, in sentences and as tables.

use super::Report;
use super::figures::{amount, percent, range, shown_size, usd};
use crate::plan::uncertainty::{DepthCase, Regret, SizeCost, Swing, Uncertainty};
use crate::report::grid::{Cell, Column, Grid, duration};
use crate::units::Ptu;

const fn column(heading: &'static str, field: &'static str) -> Column {
    Column {
        heading,
        field,
        rank: 0,
    }
}

/// The few lines that a page has room for: all but the last, which is more for readers with time.
pub(super) fn few(report: &Report) -> Vec<String> {
    let mut few = sentences(report);
    few.truncate(3);
    few
}

/// What the uncertainty comes to.
pub(super) fn sentences(report: &Report) -> Vec<String> {
    let Some(uncertainty) = &report.plan.uncertainty else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    lines.extend(depth(report, uncertainty));
    lines.push(days(uncertainty));
    lines.extend(
        uncertainty
            .swings
            .first()
            .map(|swing| greatest(report, swing)),
    );
    lines.extend(
        uncertainty
            .regrets
            .first()
            .map(|regret| least_regret(report, regret)),
    );
    lines
}

/// What the depth of the bucket, which nobody knows, makes of the answer.
fn depth(report: &Report, uncertainty: &Uncertainty) -> Option<String> {
    let (first, last) = (uncertainty.depths.first()?, uncertainty.depths.last()?);
    let cheapest = || uncertainty.depths.iter().map(|case| case.best);
    let (smallest, largest) = (cheapest().min()?, cheapest().max()?);
    let mut text = format!(
        "Bucket depth {} to {} (Azure does not say): cheapest is {}",
        duration(first.depth),
        duration(last.depth),
        range(smallest, largest),
    );
    let size = report.plan.study.answers.recommended().ptu;
    let spills: Vec<f64> = spills(&uncertainty.depths, size).collect();
    let low = spills.iter().copied().fold(f64::INFINITY, f64::min);
    let high = spills.iter().copied().fold(0.0, f64::max);
    if !spills.is_empty() && !size.is_zero() {
        let (low, high) = (percent(low), percent(high));
        let spill = if low == high {
            low
        } else {
            format!("{low} to {high}")
        };
        let at_size = format!("; at {size} PTU {spill} spills");
        text.push_str(&at_size);
    }
    Some(text + ".")
}

fn spills(cases: &[DepthCase], size: Ptu) -> impl Iterator<Item = f64> {
    let of_size = move |case: &DepthCase| at(&case.sizes, size).map(|found| found.spill);
    cases.iter().filter_map(of_size)
}

fn at(sizes: &[SizeCost], size: Ptu) -> Option<&SizeCost> {
    sizes.iter().find(|found| found.ptu == size)
}

fn days(uncertainty: &Uncertainty) -> String {
    match &uncertainty.bootstrap {
        Ok(drawn) => format!(
            "Days drawn anew ({} days in blocks of {}, {} times): in 90 of 100 draws the cheapest \
             is {}.",
            drawn.days,
            drawn.block,
            drawn.rounds,
            range(drawn.range.0, drawn.range.1),
        ),
        Err(reason) => format!("Days drawn anew: {}.", reason.trim_end_matches('.')),
    }
}

fn greatest(report: &Report, swing: &Swing) -> String {
    let cost = |end: &SizeCost| usd(report, &report.monthly(&end.cost));
    let (cheap, dear) = (&swing.ends.0, &swing.ends.1);
    let (low, high, input) = (cost(cheap), cost(dear), &swing.input);
    if cheap.ptu == dear.ptu {
        let size = cheap.ptu;
        return format!(
            "What moves the cost most is {input}: {low} to {high} a month, both with {size} PTU."
        );
    }
    format!(
        "What moves the answer most is {input}: from {} PTU for {low} to {} PTU for {high} a \
         month.",
        cheap.ptu, dear.ptu,
    )
}

fn least_regret(report: &Report, regret: &Regret) -> String {
    format!(
        "The size to regret least is {} PTU: at worst {} a month above the best of a case.",
        regret.ptu,
        usd(report, &report.monthly(&regret.greatest)),
    )
}

/// The band over the depth: one row for each.
pub(super) fn depths(report: &Report) -> Option<Grid> {
    let uncertainty = report.plan.uncertainty.as_ref()?;
    let recommended = report.plan.study.answers.recommended().ptu;
    let rows = uncertainty.depths.iter().map(|case| {
        let best = at(&case.sizes, case.best);
        let recommended = at(&case.sizes, recommended);
        vec![
            Cell::Text(duration(case.depth)),
            shown_size(case.best),
            money(report, best),
            money(report, recommended),
            recommended.map_or(Cell::None, |found| Cell::Share(found.spill)),
        ]
    });
    Some(Grid {
        names: 1,
        columns: vec![
            column("depth", "depth"),
            column("cheapest PTU", "best_ptu"),
            column("its USD a month", "best_usd"),
            column("recommended, USD", "usd"),
            column("recommended, spill", "spill"),
        ],
        rows: rows.collect(),
        total: None,
    })
}

fn money(report: &Report, found: Option<&SizeCost>) -> Cell {
    found.map_or(Cell::None, |found| {
        amount(report, &report.monthly(&found.cost))
    })
}

/// What could turn out otherwise: one row for each case.
pub(super) fn cases(report: &Report) -> Option<Grid> {
    let uncertainty = report.plan.uncertainty.as_ref()?;
    let rows = uncertainty.cases.iter().map(|case| {
        let above = case.recommended.cost.clone() - case.best.cost.clone();
        vec![
            Cell::Text(case.name.clone()),
            shown_size(case.best.ptu),
            money(report, Some(&case.best)),
            money(report, Some(&case.recommended)),
            amount(report, &report.monthly(&above)),
            Cell::Share(case.recommended.spill),
        ]
    });
    Some(Grid {
        names: 1,
        columns: vec![
            column("case", "case"),
            column("cheapest PTU", "best_ptu"),
            column("its USD a month", "best_usd"),
            column("recommended, USD", "usd"),
            column("above the cheapest", "above"),
            column("recommended, spill", "spill"),
        ],
        rows: rows.collect(),
        total: None,
    })
}

/// What was not varied, and why.
pub(super) fn left_out(report: &Report) -> Option<Grid> {
    let uncertainty = report.plan.uncertainty.as_ref()?;
    let rows = uncertainty.left_out.iter().map(|one| {
        let texts = [one.input.clone(), one.why.clone()];
        texts.map(Cell::Text).to_vec()
    });
    Some(Grid {
        names: 2,
        columns: vec![column("not varied", "input"), column("because", "why")],
        rows: rows.collect(),
        total: None,
    })
}

/// Inputs by how much they move the answer.
pub(super) fn swings(report: &Report) -> Option<Grid> {
    let uncertainty = report.plan.uncertainty.as_ref()?;
    let rows = uncertainty.swings.iter().map(|swing| {
        vec![
            Cell::Text(swing.input.clone()),
            Cell::Text(swing.cases.join(", ")),
            shown_size(swing.sizes.0),
            shown_size(swing.sizes.1),
            amount(report, &report.monthly(&swing.costs.0)),
            amount(report, &report.monthly(&swing.costs.1)),
        ]
    });
    Some(Grid {
        names: 2,
        columns: vec![
            column("input", "input"),
            column("cases", "cases"),
            column("least PTU", "least_ptu"),
            column("most PTU", "most_ptu"),
            column("least USD a month", "least_usd"),
            column("most USD a month", "most_usd"),
        ],
        rows: rows.collect(),
        total: None,
    })
}

/// The sizes to regret least.
pub(super) fn regrets(report: &Report, few: usize) -> Option<Grid> {
    let uncertainty = report.plan.uncertainty.as_ref()?;
    let rows = uncertainty.regrets.iter().take(few).map(|regret| {
        vec![
            shown_size(regret.ptu),
            amount(report, &report.monthly(&regret.greatest)),
        ]
    });
    Some(Grid {
        names: 0,
        columns: vec![
            column("PTU", "ptu"),
            column("greatest regret, USD a month", "greatest"),
        ],
        rows: rows.collect(),
        total: None,
    })
}
