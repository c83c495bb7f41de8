//! Which sizes are played: rounds of branch and bound over the legal ones.
//!
//! Every size is played when that is cheap. Otherwise a first round spreads sizes over the range,
//! and each later one plays sizes between two played neighbours that may hold an answer: because
//! throughput at the price of the lower end and tokens at the cost of the upper end would beat the
//! best so far, or because the neighbours lie on two sides of a condition. What is left out can be
//! no answer as long as spill falls with size; [`SLACK`] allows for exceptions, which are known to be
//! small. So the bound prunes, and what decides is always a played size.

use std::collections::BTreeMap;

use super::curve::Curve;
use super::objective::Objective;
use super::point::Point;
use crate::azure::PtuTerm;
use crate::catalog::PtuSizes;
use crate::money::{Factor, Money};
use crate::units::Ptu;

/// Sizes of a first round.
const FIRST: u32 = 24;
/// The most sizes that a later round plays between two neighbours.
const BETWEEN: u32 = 12;
/// Spill may rise by this part of all traffic's cost where it should fall.
const SLACK: (u128, u128) = (1, 1_000);

/// Shares of spill whose smallest sizes every plan tells [%].
pub const TARGETS: [u128; 4] = [0, 1, 5, 10];

/// The legal sizes of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    minimum: u32,
    step: u32,
    count: u32,
}

impl Range {
    /// Legal sizes up to the first at or above `most`; at least the minimum.
    pub fn up_to(sizes: PtuSizes, most: Ptu) -> Self {
        let minimum = sizes.minimum().get();
        let step = sizes.increment().map_or(0, Ptu::get);
        let above = most.get().saturating_sub(minimum);
        let count = match step {
            0 => 1,
            _ => above.div_ceil(step) + 1,
        };
        Self {
            minimum,
            step: step.max(1),
            count,
        }
    }

    /// How many sizes there are.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// The size at a place, from 0.
    pub const fn at(self, place: u32) -> Ptu {
        Ptu::new(self.minimum + self.step * place)
    }

    /// The place of a size; `None` below the range or between sizes.
    pub fn place_of(self, size: Ptu) -> Option<u32> {
        let above = size.get().checked_sub(self.minimum)?;
        above.is_multiple_of(self.step).then_some(above / self.step)
    }

    /// The largest size.
    pub const fn last(self) -> Ptu {
        self.at(self.count - 1)
    }

    /// Every size.
    pub fn all(self) -> impl Iterator<Item = Ptu> {
        (0..self.count).map(move |place| self.at(place))
    }

    /// At most `most` sizes, evenly over the range, both ends among them.
    pub fn spread(self, most: u32) -> Vec<Ptu> {
        if self.count <= most || most < 2 {
            return self.all().collect();
        }
        let places = (0..most).map(|at| at * (self.count - 1) / (most - 1));
        places.map(|place| self.at(place)).collect()
    }

    /// The sizes next to one, below and above, as far as the range goes.
    fn beside(self, size: Ptu) -> impl Iterator<Item = Ptu> {
        let over = size.get().saturating_sub(self.minimum);
        let place = (over / self.step).min(self.count - 1);
        [place, (place + 1).min(self.count - 1)]
            .into_iter()
            .map(move |place| self.at(place))
    }

    /// At most `most` of the sizes that lie between two, evenly.
    pub fn between(self, low: Ptu, high: Ptu, most: u32) -> Vec<Ptu> {
        let inside: Vec<Ptu> = self
            .all()
            .filter(|size| low < *size && *size < high)
            .collect();
        let count = u32::try_from(inside.len()).unwrap_or(u32::MAX);
        if count <= most {
            return inside;
        }
        let places = (1..=most).map(|at| at * count / (most + 1));
        places.map(|place| inside[place as usize]).collect()
    }
}

/// The sizes of the first round: spread over the range, and beside those of which demand as a
/// fluid says that they answer.
pub fn first_round(range: Range, guesses: &[Ptu]) -> Vec<Ptu> {
    let mut sizes = range.spread(FIRST);
    sizes.push(Ptu::new(0));
    for guess in guesses {
        sizes.extend(range.beside(*guess));
    }
    sizes
}

/// The sizes of the next round; none when the answers are certain.
pub fn next_round(range: Range, curve: &Curve, objective: &Objective) -> Vec<Ptu> {
    let best = Best::of(curve, objective);
    let pairs = curve.points.windows(2);
    let open = pairs.filter(|pair| is_open(&pair[0], &pair[1], curve, objective, &best));
    open.flat_map(|pair| range.between(pair[0].ptu, pair[1].ptu, BETWEEN))
        .collect()
}

/// The least cost of each term: of all points, and of those that meet the objective.
struct Best {
    any: BTreeMap<PtuTerm, Money>,
    meeting: BTreeMap<PtuTerm, Money>,
    slack: Money,
}

impl Best {
    fn of(curve: &Curve, objective: &Objective) -> Self {
        let mut best = Self {
            any: BTreeMap::new(),
            meeting: BTreeMap::new(),
            slack: curve.nothing().tokens.fraction(SLACK.0, SLACK.1),
        };
        for point in &curve.points {
            for (term, cost) in curve.costs(point) {
                let total = cost.total();
                lower(&mut best.any, term, &total);
                if objective.holds(point) {
                    lower(&mut best.meeting, term, &total);
                }
            }
        }
        best
    }
}

fn lower(best: &mut BTreeMap<PtuTerm, Money>, term: PtuTerm, total: &Money) {
    let known = best.entry(term).or_insert_with(|| total.clone());
    if total < known {
        *known = total.clone();
    }
}

/// Whether sizes between two played ones may hold an answer.
fn is_open(low: &Point, high: &Point, curve: &Curve, objective: &Objective, best: &Best) -> bool {
    let target = |percent: &u128| {
        let most = Factor::ratio(*percent, 100);
        low.all.spill() > most && high.all.spill() <= most
    };
    if TARGETS.iter().any(target) || (!objective.holds(low) && objective.holds(high)) {
        return true;
    }
    let good = objective.holds(high);
    curve.candidate.prices.iter().any(|price| {
        let bound = least(low, high, curve, price) - best.slack.clone();
        let beats = |best: &BTreeMap<PtuTerm, Money>| {
            best.get(&price.term).is_none_or(|best| bound <= *best)
        };
        beats(&best.any) || (good && beats(&best.meeting))
    })
}

/// What a size between two can cost at the least: throughput of the lower, tokens of the upper.
fn least(low: &Point, high: &Point, curve: &Curve, price: &super::term::TermPrice) -> Money {
    curve.cost(low, price).provisioned() + high.tokens.clone()
}
