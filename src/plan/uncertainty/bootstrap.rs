//! How much the cost hangs on which days were seen: days are drawn anew from those that there are.
//!
//! Nothing is played again. A played size tells what its tokens cost on each day, and a resample
//! adds up the costs of the days that it drew. Every size gets the same draws, so what is left
//! between sizes is theirs, not chance's.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rand::RngExt;

use super::grid::Grid;
use super::{Bootstrap, Doubts, SizeInterval};
use crate::money::{MinorUnits, Money};
use crate::plan::point::Point;
use crate::plan::span::Span;
use crate::time::{BillingPeriod, SimTime};
use crate::units::Ptu;
use crate::workload::Seed;
use crate::workload::seed::Stream;

/// Days of a block, so that a week stays together: weekends belong to their weeks.
const WEEK: usize = 7;
/// Whole days from which on there are weeks enough to draw from.
const WEEKS_FROM: usize = 28;
/// Whole days without which there is nothing to draw.
const FEWEST: usize = 2;
const MICROS_PER_DAY: u64 = 86_400_000_000;

/// Costs of days are added up in 10⁻¹² dollars, far below what anyone pays.
const DIGITS: u32 = 12;

/// Days drawn anew for the points of a grid, or why there are too few.
pub(super) fn bootstrap(
    grid: &Grid<'_>,
    points: &[Point],
    doubts: &Doubts,
) -> Result<Bootstrap, String> {
    let days = Days::of(grid.span())?;
    let sizes = points.iter().map(|point| Daily {
        ptu: point.ptu,
        fixed: grid.cost(point).provisioned() + grid.cost(point).lost,
        tokens: days.costs(&point.tokens_by_day),
    });
    let sizes: Vec<Daily> = sizes.collect();
    let rounds = doubts.rounds.get();
    let drawn = days.drawn(&sizes, rounds, Seed::new(doubts.seed));
    Ok(summary(&days, &sizes, drawn, doubts.seed))
}

/// The days that a span touches.
#[derive(Clone, Debug)]
struct Days {
    first: NaiveDate,
    /// How much of each lies in the span [µs].
    lengths: Vec<u64>,
    block: usize,
}

/// What one size costs.
struct Daily {
    ptu: Ptu,
    /// What throughput costs over the span, whichever days are drawn.
    fixed: Money,
    /// What tokens cost on each day [10⁻¹² USD].
    tokens: Vec<i128>,
}

impl Days {
    fn of(span: Span) -> Result<Self, String> {
        let last = SimTime::from_micros(span.end.micros().saturating_sub(1));
        let day = |time: SimTime| time.timestamp().day();
        let too_few = |whole: usize| {
            format!(
                "the traffic covers {whole} whole days (UTC); drawing days anew needs at least \
                 {FEWEST}"
            )
        };
        let first = day(span.start).ok_or_else(|| too_few(0))?;
        let end = day(last).and_then(|last| last.succ_opt());
        let period = end.and_then(|end| BillingPeriod::new(first, end));
        let period = period.ok_or_else(|| too_few(0))?;
        let lengths: Vec<u64> = period.days().map(|day| overlap(day, span)).collect();
        let whole = lengths.iter().filter(|length| **length == MICROS_PER_DAY);
        match whole.count() {
            whole if whole < FEWEST => Err(too_few(whole)),
            whole => Ok(Self {
                first,
                lengths,
                block: if whole >= WEEKS_FROM { WEEK } else { 1 },
            }),
        }
    }

    /// Costs by the place of the day; what falls on a day outside the span, because an answer was
    /// late, is counted on the nearest day inside.
    fn costs(&self, by_day: &BTreeMap<NaiveDate, Money>) -> Vec<i128> {
        let mut costs = vec![0; self.lengths.len()];
        for (day, money) in by_day {
            let place = (*day - self.first).num_days().max(0);
            let place = usize::try_from(place).expect("a place is not negative");
            costs[place.min(self.lengths.len() - 1)] += money.rounded(DIGITS).0;
        }
        costs
    }

    /// Places of as many days as there are: blocks that start on any day and go on from the last
    /// day with the first, so that every day is as likely as any other (the circular block
    /// bootstrap of Politis and Romano, 1992).
    fn draw(&self, stream: &mut Stream) -> Vec<usize> {
        let count = self.lengths.len();
        let mut places = Vec::with_capacity(count + self.block);
        while places.len() < count {
            let start = stream.random_range(0..count as u64);
            let start = usize::try_from(start).expect("a place is below their count");
            places.extend((0..self.block).map(|step| (start + step) % count));
        }
        places.truncate(count);
        places
    }

    /// What each size costs in each round. The first and the last day may be seen in part, and are
    /// drawn with the length that was seen; what the drawn days cost is scaled by the length of
    /// the span over theirs together. Throughput is paid for the span, whatever is drawn.
    fn drawn(&self, sizes: &[Daily], rounds: u32, seed: Seed) -> Vec<Vec<Money>> {
        let mut stream = seed.stream("bootstrap", "days");
        let span: u128 = self.lengths.iter().map(|length| u128::from(*length)).sum();
        let round = |_| {
            let places = self.draw(&mut stream);
            let lengths = places.iter().map(|place| u128::from(self.lengths[*place]));
            let length: u128 = lengths.sum();
            let cost = |size: &Daily| {
                let tokens = places.iter().map(|place| size.tokens[*place]).sum();
                let tokens = Money::from_minor(MinorUnits(tokens), DIGITS);
                size.fixed.clone() + tokens.fraction(span, length)
            };
            sizes.iter().map(cost).collect()
        };
        (0..rounds).map(round).collect()
    }
}

/// How much of a day lies in a span [µs].
fn overlap(day: NaiveDate, span: Span) -> u64 {
    let day = u64::try_from(day.to_epoch_days()).unwrap_or(0);
    let start = (day * MICROS_PER_DAY).max(span.start.micros());
    let end = ((day + 1) * MICROS_PER_DAY).min(span.end.micros());
    end.saturating_sub(start)
}

fn summary(days: &Days, sizes: &[Daily], drawn: Vec<Vec<Money>>, seed: u64) -> Bootstrap {
    let rounds = drawn.len();
    let mut cheapest: Vec<Ptu> = drawn
        .iter()
        .filter_map(|costs| costs.iter().zip(sizes).min_by_key(|(cost, _)| *cost))
        .map(|(_, size)| size.ptu)
        .collect();
    cheapest.sort_unstable();
    let mut best: BTreeMap<Ptu, usize> = BTreeMap::new();
    for ptu in &cheapest {
        *best.entry(*ptu).or_default() += 1;
    }
    let mut by_size: Vec<Vec<Money>> = sizes.iter().map(|_| Vec::new()).collect();
    for costs in drawn {
        let places = by_size.iter_mut().zip(costs);
        places.for_each(|(all, cost)| all.push(cost));
    }
    let intervals = by_size.into_iter().zip(sizes).map(|(mut costs, size)| {
        costs.sort_unstable();
        let [low, median, high] = quantiles(&costs);
        let ptu = size.ptu;
        SizeInterval {
            ptu,
            low,
            median,
            high,
        }
    });
    let [least, _, greatest] = quantiles(&cheapest);
    Bootstrap {
        days: days.lengths.len(),
        block: days.block,
        rounds,
        seed,
        sizes: intervals.collect(),
        best: best.into_iter().collect(),
        range: (least, greatest),
    }
}

/// Of ascending values, the ones that 5, 50 and 95 of 100 lie around: a twentieth of them, rounded
/// down, lies below the first, and as many above the last.
fn quantiles<V: Clone>(ascending: &[V]) -> [V; 3] {
    let last = ascending.len() - 1;
    let below = ascending.len() / 20;
    [below, last / 2, last - below].map(|place| ascending[place].clone())
}

#[cfg(test)]
mod tests;
