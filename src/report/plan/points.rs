//! Every played size on every term: rows for machines, and for readers who want to see them all.

use super::Report;
use super::figures::{amount, per_million, share, spoken};
use crate::plan::curve::{Cost, Curve};
use crate::plan::point::Point;
use crate::report::csv::written;
use crate::report::grid::{Cell, Column, Grid};

const fn column(field: &'static str) -> Column {
    Column {
        heading: "",
        field,
        rank: 0,
    }
}

const COLUMNS: [Column; 27] = [
    column("candidate"),
    column("model"),
    column("kind"),
    column("region"),
    column("ptu"),
    column("term"),
    column("owned_usd"),
    column("bought_usd"),
    column("tokens_usd"),
    column("total_usd"),
    column("provisioned_usd_per_month"),
    column("tokens_usd_per_month"),
    column("total_usd_per_month"),
    column("usd_per_million_tokens"),
    column("break_even_utilization"),
    column("utilization"),
    column("busiest_hour_utilization"),
    column("coverage"),
    column("spill"),
    column("loss"),
    column("offered_requests"),
    column("provisioned_requests"),
    column("spilled_requests"),
    column("lost_requests"),
    column("spilled_weighted_tokens"),
    column("offered_weighted_tokens"),
    column("p95_wait_s"),
];

/// One row for each size and term.
pub(super) fn csv(report: &Report) -> String {
    let mut rows = Vec::new();
    for curve in &report.plan.study.curves {
        for point in &curve.points {
            for price in curve.candidate.prices.iter() {
                let mut row = of_candidate(curve);
                row.push(Cell::count(point.ptu.get().into()));
                row.push(Cell::Text(price.term.name().to_owned()));
                row.extend(money(report, &curve.cost(point, price), point));
                row.push(Cell::Count(curve.break_even(price)));
                row.extend(counts(point));
                rows.push(row);
            }
        }
    }
    let grid = Grid {
        names: 4,
        columns: COLUMNS.to_vec(),
        rows,
        total: None,
    };
    written(std::iter::once(grid.fields()).chain(grid.csv_rows()))
}

fn of_candidate(curve: &Curve) -> Vec<Cell> {
    let deployment = curve.candidate.deployment();
    let texts = [
        &curve.candidate.label,
        &deployment.model,
        deployment.kind.name(),
        &deployment.region,
    ];
    texts.map(|text| Cell::Text(text.to_owned())).to_vec()
}

fn money(report: &Report, cost: &Cost, point: &Point) -> [Cell; 8] {
    let monthly = |cost| Cell::Exact(report.monthly(cost));
    [
        Cell::Exact(cost.owned.clone()),
        Cell::Exact(cost.bought.clone()),
        Cell::Exact(cost.tokens.clone()),
        Cell::Exact(cost.total()),
        monthly(&cost.provisioned()),
        monthly(&cost.tokens),
        monthly(&cost.total()),
        per_million(&cost.total(), &point.all).map_or(Cell::None, Cell::Exact),
    ]
}

fn counts(point: &Point) -> [Cell; 12] {
    let all = &point.all;
    let thousandths =
        |weighted: u64| Cell::Count(crate::money::Factor::ratio(weighted.into(), 1_000));
    [
        Cell::Share(point.utilization()),
        Cell::Share(point.busiest_hour),
        Cell::Count(all.coverage()),
        Cell::Count(all.spill()),
        Cell::Count(all.loss()),
        Cell::count(all.offered.requests.get()),
        Cell::count(all.provisioned.requests.get()),
        Cell::count(all.spilled.requests.get()),
        Cell::count(all.lost.requests.get()),
        thousandths(all.spilled.weighted),
        thousandths(all.offered.weighted),
        Cell::Time(all.p95_wait()),
    ]
}

/// The sizes of one curve for readers: what each does, and what it costs in a month on each term.
pub(super) fn grid(report: &Report, curve: &Curve) -> Grid {
    let shown = |heading, field| Column {
        heading,
        field,
        rank: 0,
    };
    let mut columns = vec![
        shown("PTU", "ptu"),
        shown("spill", "spill"),
        shown("lost", "loss"),
        shown("p95 wait", "p95_wait"),
        shown("used", "utilization"),
        shown("covered", "coverage"),
    ];
    let terms = curve.candidate.prices.iter();
    columns.extend(terms.map(|price| shown(spoken(price.term), price.term.name())));
    let rows = curve.points.iter().map(|point| {
        let all = &point.all;
        let mut row = vec![
            Cell::Text(point.ptu.to_string()),
            share(&all.spill()),
            share(&all.loss()),
            Cell::Time(all.p95_wait()),
            Cell::Share(point.utilization()),
            share(&all.coverage()),
        ];
        let costs = curve.costs(point);
        row.extend(costs.map(|(_, cost)| amount(report, &report.monthly(&cost.total()))));
        row
    });
    Grid {
        names: 0,
        rows: rows.collect(),
        columns,
        total: None,
    }
}
