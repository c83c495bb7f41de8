//! The answers as tables: what could be bought, and the smallest size for each share of spill.

use super::Report;
use super::figures::{Figures, amount, fraction, percent, share, shown_size, term};
use crate::money::{Factor, Money};
use crate::plan::answers::Choice;
use crate::report::grid::{Cell, Column, Grid};

const fn column(heading: &'static str, field: &'static str, rank: u8) -> Column {
    Column {
        heading,
        field,
        rank,
    }
}

const FIGURES: [Column; 12] = [
    column("PTU", "ptu", 0),
    column("term", "term", 0),
    column("PTU USD", "provisioned", 2),
    column("tokens USD", "tokens", 2),
    column("USD a month", "total", 0),
    column("spill", "spill", 0),
    column("lost", "lost", 3),
    column("p95 wait", "p95_wait", 5),
    column("used", "utilization", 1),
    column("even at", "break_even", 4),
    column("covered", "coverage", 7),
    column("USD/1M", "usd_per_million", 6),
];

/// What people call the answers, and the answers; those that are the same size on the same term
/// are told once each, for each answers a question.
pub(super) fn named(report: &Report) -> Vec<(&'static str, &Choice)> {
    let answers = &report.plan.study.answers;
    let mut named = vec![
        ("pay as you go", &answers.nothing),
        ("cheapest", &answers.cheapest),
    ];
    match &answers.meeting {
        Some(Ok(choice)) => named.push(("meets objective", choice)),
        Some(Err(infeasible)) => named.push(("nearest", &infeasible.nearest)),
        None => {}
    }
    named.extend(answers.today.iter().map(|choice| ("today", choice)));
    named
}

/// One row for each answer.
pub(super) fn grid(report: &Report) -> Grid {
    let answers = named(report);
    let several = report.plan.study.curves.len() > 1;
    let mut columns = vec![column("", "answer", 0)];
    columns.extend(several.then(|| column("deployment", "candidate", 0)));
    columns.extend(FIGURES);
    let row = |(name, choice): (&str, &Choice)| {
        let mut cells = vec![Cell::Text(name.to_owned())];
        let label = &report.plan.study.curves[choice.curve].candidate.label;
        cells.extend(several.then(|| Cell::Text(label.clone())));
        cells.extend(figures(report, choice));
        cells
    };
    Grid {
        names: if several { 2 } else { 1 },
        columns,
        rows: answers.into_iter().map(row).collect(),
        total: None,
    }
}

fn figures(report: &Report, choice: &Choice) -> [Cell; FIGURES.len()] {
    let figures = Figures::of(report, choice);
    let (cost, point) = (&choice.cost, figures.point);
    let deployed = |cell: Cell| {
        if choice.ptu.is_zero() {
            Cell::None
        } else {
            cell
        }
    };
    let seen = |share: Factor| {
        if share.is_zero() {
            Cell::None
        } else {
            self::share(&share)
        }
    };
    let wait = point.all.p95_wait();
    let money = |cost: &Money| amount(report, &report.monthly(cost));
    [
        shown_size(choice.ptu),
        term(choice),
        if cost.provisioned().is_zero() {
            Cell::None
        } else {
            money(&cost.provisioned())
        },
        money(&cost.tokens),
        money(&cost.total()),
        deployed(share(&point.all.spill())),
        seen(point.all.loss()),
        if wait.is_zero() {
            Cell::None
        } else {
            Cell::Time(wait)
        },
        deployed(Cell::Share(point.utilization())),
        figures.break_even().map_or(Cell::None, |even| share(&even)),
        deployed(share(&point.all.coverage())),
        figures.per_million().map_or(Cell::None, Cell::Price),
    ]
}

/// The smallest size for each share of spill.
pub(super) fn targets(report: &Report) -> Grid {
    let several = report.plan.study.curves.len() > 1;
    let mut columns = vec![column("spill at most", "spill_at_most", 0)];
    columns.extend(several.then(|| column("deployment", "candidate", 0)));
    columns.extend([
        column("PTU", "ptu", 0),
        column("term", "term", 0),
        column("USD a month", "total", 0),
        column("more than cheapest", "above_cheapest", 1),
        column("spill", "spill", 2),
        column("used", "utilization", 3),
    ]);
    let least = &report.plan.study.answers.cheapest.cost.total();
    let rows = report.plan.study.answers.targets.iter().map(|target| {
        let most = percent(fraction(&target.share));
        let mut cells = vec![Cell::Text(most)];
        let label = &report.plan.study.curves[target.curve].candidate.label;
        cells.extend(several.then(|| Cell::Text(label.clone())));
        cells.extend(match &target.choice {
            Some(choice) => {
                let point = Figures::of(report, choice).point;
                let more = choice.cost.total() - least.clone();
                [
                    shown_size(choice.ptu),
                    term(choice),
                    amount(report, &report.monthly(&choice.cost.total())),
                    amount(report, &report.monthly(&more)),
                    share(&point.all.spill()),
                    Cell::Share(point.utilization()),
                ]
            }
            None => std::array::from_fn(|_| Cell::None),
        });
        cells
    });
    Grid {
        names: if several { 2 } else { 1 },
        rows: rows.collect(),
        columns,
        total: None,
    }
}
