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
use super::sizes::Range;
use crate::azure::PtuTerm;
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
                let total = cost.compared();
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
    curve.cost(low, price).provisioned() + high.tokens.clone() + curve.lost_value(high)
}
