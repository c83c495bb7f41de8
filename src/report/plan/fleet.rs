//! Several deployments that were planned together.

use serde_json::{Value, json};

use super::figures::{fraction, spoken};
use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::plan::fleet::{FleetPlan, Member, PoolPlan};
use crate::plan::sentence::{Figure, Sentence};
use crate::report::csv::written as rows;
use crate::report::figure::EXACT_DIGITS;
use crate::report::grid::{Cell, Column, Grid};
use crate::report::json::written;
use crate::report::sentence::told;
use crate::report::table::Page;
use crate::report::text::{markdown as escaped, visible, wrapped};
use crate::units::Ptu;

/// Everything that the outputs of a fleet's plan tell.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was planned for, for the title.
    pub name: String,
    /// What was found.
    pub plan: FleetPlan,
}

const fn column(heading: &'static str, field: &'static str, rank: u8) -> Column {
    Column {
        heading,
        field,
        rank,
    }
}

const MEMBERS: [Column; 6] = [
    column("deployment", "deployment", 0),
    column("of", "model", 1),
    column("PTU", "ptu", 0),
    column("today", "ptu_today", 2),
    column("used", "utilization", 0),
    column("serves of all", "coverage", 0),
];

const POOLS: [Column; 9] = [
    column("pool", "pool", 0),
    column("deployed PTU", "deployed_ptu", 0),
    column("reserved", "owned_ptu", 0),
    column("unused", "unused_ptu", 0),
    column("buy", "bought_ptu", 0),
    column("term", "term", 0),
    column("reserved USD", "owned_month", 1),
    column("unused USD", "unused_month", 2),
    column("bought USD", "bought_month", 1),
];

impl Report {
    fn monthly(&self, cost: &Money) -> Money {
        cost.times(&self.plan.span.monthly())
    }

    fn amount(&self, cost: &Money) -> Cell {
        Cell::Amount(self.monthly(cost).rounded(2), 2)
    }
}

/// The plan as a page for a terminal.
pub fn table(report: &Report, page: Page) -> String {
    let title = format!("Plan for the fleet of {}", visible(&report.name));
    let mut lines = vec![page.ink.strong(&title), String::new()];
    lines.extend(members(report).lines(page.width));
    lines.push(String::new());
    lines.extend(pools(report).lines(page.width));
    lines.push(String::new());
    for sentence in sentences(report) {
        lines.extend(wrapped(&sentence, page.width));
    }
    lines.join("\n") + "\n"
}

/// The plan as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut blocks = vec![
        format!("## Plan for the fleet of {}", escaped(&report.name)),
        members(report).markdown(),
        pools(report).markdown(),
    ];
    blocks.extend(sentences(report).iter().map(|text| escaped(text)));
    blocks.join("\n\n") + "\n"
}

/// One row for each deployment as CSV.
pub fn csv(report: &Report) -> String {
    let grid = members(report);
    rows(std::iter::once(grid.fields()).chain(grid.csv_rows()))
}

/// The plan as JSON.
pub fn json(report: &Report) -> String {
    let plan = &report.plan;
    let cost = &plan.cost;
    written(&json!({
        "schema": "tollbook/fleet-plan/1",
        "name": report.name,
        "currency": "USD",
        "deployments": plan.members.iter().map(member).collect::<Vec<Value>>(),
        "pools": plan.pools.iter().map(|one| pool(report, one)).collect::<Vec<Value>>(),
        "cost_month": {
            "reserved": usd(&report.monthly(&cost.owned)),
            "bought": usd(&report.monthly(&cost.bought)),
            "tokens": usd(&report.monthly(&cost.tokens)),
            "total": usd(&report.monthly(&cost.total())),
        },
        "cost_month_by_separate_curves": usd(&report.monthly(&plan.separately)),
    }))
}

fn usd(money: &Money) -> String {
    money.to_trimmed(EXACT_DIGITS)
}

fn member(member: &Member) -> Value {
    let candidate = &member.curve.candidate;
    json!({
        "deployment": candidate.deployment().name,
        "model": candidate.label,
        "ptu": member.ptu.get(),
        "ptu_today": candidate.today.map(Ptu::get),
        "utilization": Cell::Share(member.point.utilization()).plain(),
        "coverage": member.point.all.coverage().to_trimmed(EXACT_DIGITS),
        "sizes_played": member.curve.points.iter().map(|point| point.ptu.get()).collect::<Vec<_>>(),
    })
}

fn pool(report: &Report, pool: &PoolPlan) -> Value {
    json!({
        "pool": pool.name.to_string(),
        "deployed_ptu": pool.deployed.get(),
        "reserved_ptu": pool.owned.get(),
        "unused_ptu": pool.unused.get(),
        "bought_ptu": pool.bought.get(),
        "term": pool.term.map(PtuTerm::name),
        "reserved_month": usd(&report.monthly(&pool.owned_cost)),
        "unused_month": usd(&report.monthly(&pool.unused_cost)),
        "bought_month": usd(&report.monthly(&pool.bought_cost)),
    })
}

fn size(ptu: Ptu) -> Cell {
    Cell::Count(Factor::ratio(ptu.get().into(), 1))
}

fn members(report: &Report) -> Grid {
    let rows = report.plan.members.iter().map(|member| {
        let candidate = &member.curve.candidate;
        vec![
            Cell::Text(candidate.deployment().name.clone()),
            Cell::Text(candidate.label.clone()),
            size(member.ptu),
            candidate.today.map_or(Cell::None, size),
            Cell::Share(member.point.utilization()),
            Cell::Share(fraction(&member.point.all.coverage())),
        ]
    });
    Grid {
        names: 2,
        columns: MEMBERS.to_vec(),
        rows: rows.collect(),
        total: None,
    }
}

fn pools(report: &Report) -> Grid {
    let rows = report.plan.pools.iter().map(|pool| {
        let term = pool.term.map(|term| Cell::Text(spoken(term).to_owned()));
        vec![
            Cell::Text(pool.name.to_string()),
            size(pool.deployed),
            size(pool.owned),
            size(pool.unused),
            size(pool.bought),
            term.unwrap_or(Cell::None),
            report.amount(&pool.owned_cost),
            report.amount(&pool.unused_cost),
            report.amount(&pool.bought_cost),
        ]
    });
    Grid {
        names: 1,
        columns: POOLS.to_vec(),
        rows: rows.collect(),
        total: None,
    }
}

/// What it comes to, and how far the separate curves were off.
fn sentences(report: &Report) -> Vec<String> {
    let plan = &report.plan;
    let monthly = |cost: &Money| Figure::Money(report.monthly(cost));
    let cost = &plan.cost;
    let total = Sentence::new(
        "Together {} a month: {} for PTU and {} for tokens, with these sizes played together.",
        [
            monthly(&cost.total()),
            monthly(&cost.provisioned()),
            monthly(&cost.tokens),
        ],
    );
    let off = cost.total() - plan.separately.clone();
    let off = if off.is_zero() {
        Sentence::plain("The separate curves add up to the same.")
    } else if off.is_negative() {
        Sentence::new("The separate curves add up to {} more.", [monthly(&-off)])
    } else {
        Sentence::new(
            "The separate curves add up to {} less, because deployments compete for the same calls.",
            [monthly(&off)],
        )
    };
    let lost = plan.members[0].point.all.loss();
    let mut all = vec![told(&total), told(&off)];
    if !lost.is_zero() {
        all.push(told(&Sentence::new(
            "{} of requests are lost.",
            [Figure::Share(lost)],
        )));
    }
    all
}
