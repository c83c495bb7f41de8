//! The tables of a sizing.

use super::rounded;
use crate::azure::PtuTerm;
use crate::money::{Factor, MinorUnits, Money};
use crate::plan::sizing::bursts::{self, Burst};
use crate::plan::sizing::{KindSize, Sizing, TermCost};
use crate::report::grid::{Cell, Column, Grid};
use crate::units::Ptu;

/// Decimals of dollars.
const CENTS: u32 = 2;

const fn column(heading: &'static str, field: &'static str, rank: u8) -> Column {
    Column {
        heading,
        field,
        rank,
    }
}

/// What each class of tokens uses.
pub(super) fn classes(sizing: &Sizing) -> Grid {
    let row = |name: &str, tokens: Cell, weight: Cell, weighted: &Factor| {
        let weighted = Cell::Quantity(weighted.clone());
        vec![Cell::Text(name.to_owned()), tokens, weight, weighted]
    };
    let rows = sizing.classes.iter().map(|used| {
        let tokens = Cell::Quantity(used.tokens.clone());
        let weight = Factor::ratio(used.weight.thousandths().into(), 1_000);
        let weight = Cell::Text(weight.to_trimmed(3));
        row(used.class.name(), tokens, weight, &used.weighted)
    });
    Grid {
        names: 1,
        columns: vec![
            column("tokens", "class", 0),
            column("a minute", "tokens_per_minute", 0),
            column("weight", "weight", 0),
            column("weighted", "weighted_tokens_per_minute", 0),
        ],
        rows: rows.collect(),
        total: Some(row("all", Cell::None, Cell::None, &sizing.weighted)),
    }
}

/// The size and cost of each kind.
pub(super) fn sizes(sizing: &Sizing) -> Grid {
    let ptu = |ptu: Ptu| Cell::count(ptu.get().into());
    let row = |kind: &KindSize| {
        let mut cells = vec![
            Cell::Text(kind.kind.name().to_owned()),
            ptu(kind.ptu),
            ptu(kind.sizes.minimum()),
            kind.sizes.increment().map_or(Cell::None, ptu),
            kind.without_cache.map_or(Cell::None, ptu),
            Cell::Share(rounded(&kind.peak_use)),
        ];
        cells.push(if kind.mean_use == kind.peak_use {
            Cell::None
        } else {
            Cell::Share(rounded(&kind.mean_use))
        });
        cells.extend(terms(kind, |cost| dollars(&cost.month)));
        let per_token = kind.cost.per_token_month.as_ref();
        cells.push(per_token.map_or(Cell::None, dollars));
        cells
    };
    Grid {
        names: 1,
        columns: vec![
            column("kind", "kind", 0),
            column("PTU", "ptu", 0),
            column("least", "minimum", 3),
            column("step", "increment", 3),
            column("uncached", "ptu_without_cache", 2),
            column("peak use", "peak_use", 2),
            column("mean use", "mean_use", 2),
            column("hourly", "hourly_usd_per_month", 1),
            column("1-month", "one_month_usd_per_month", 1),
            column("1-year", "one_year_usd_per_month", 1),
            column("per token", "per_token_usd_per_month", 0),
        ],
        rows: sizing.kinds.iter().map(row).collect(),
        total: None,
    }
}

fn dollars(money: &Money) -> Cell {
    let cents: MinorUnits = money.rounded(CENTS);
    Cell::Amount(cents, CENTS)
}

/// A cell for each term, empty for those that have no price or are not asked for.
fn terms(kind: &KindSize, cell: impl Fn(&TermCost) -> Cell) -> Vec<Cell> {
    let terms = PtuTerm::ALL.iter();
    let cells = terms.map(|term| kind.cost.on(*term).map_or(Cell::None, &cell));
    cells.collect()
}

/// The break-even utilization of each kind and term.
pub(super) fn break_even(sizing: &Sizing) -> Grid {
    let row = |kind: &KindSize| {
        let share = |cost: &TermCost| {
            let share = cost.break_even.as_ref().map(rounded);
            share.map_or(Cell::None, Cell::Share)
        };
        let mut cells = vec![Cell::Text(kind.kind.name().to_owned())];
        cells.extend(terms(kind, share));
        cells
    };
    Grid {
        names: 1,
        columns: vec![
            column("kind", "kind", 0),
            column("hourly", "hourly_break_even", 1),
            column("1-month", "one_month_break_even", 1),
            column("1-year", "one_year_break_even", 1),
        ],
        rows: sizing.kinds.iter().map(row).collect(),
        total: None,
    }
}

/// What each size refuses when requests come at random, each size once.
pub(super) fn all_bursts(sizing: &Sizing) -> Vec<Burst> {
    let mut sizes: Vec<&KindSize> = sizing.kinds.iter().collect();
    sizes.sort_by_key(|kind| kind.ptu);
    sizes.dedup_by_key(|kind| kind.ptu);
    let per_minute = rounded(&sizing.load.rpm);
    let of = |kind: &&KindSize| bursts::of(kind.ptu, rounded(&kind.peak_use), per_minute);
    sizes.iter().flat_map(of).collect()
}

/// The same as a table.
pub(super) fn bursts(sizing: &Sizing) -> Grid {
    let row = |burst: Burst| {
        let mut cells = vec![
            Cell::Text(format!("{} PTU", burst.ptu)),
            Cell::Text(format!("{} ×", burst.rate)),
        ];
        cells.extend(burst.refused.into_iter().map(Cell::Share));
        cells
    };
    Grid {
        names: 1,
        columns: vec![
            column("size", "ptu", 0),
            column("rate", "rate", 0),
            column("1 s", "refused_at_1_s", 0),
            column("10 s", "refused_at_10_s", 0),
            column("30 s", "refused_at_30_s", 0),
            column("60 s", "refused_at_60_s", 0),
        ],
        rows: all_bursts(sizing).into_iter().map(row).collect(),
        total: None,
    }
}
