//! All sizes of a candidate that were played, and what each costs on each term.

use super::candidate::Candidate;
use super::point::Point;
use super::span::Span;
use super::term::TermPrice;
use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::units::Ptu;

/// What a size costs over the span, by part [USD, exact].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Reservations that are paid whatever is deployed.
    pub owned: Money,
    /// PTU bought on top.
    pub bought: Money,
    /// Tokens that are paid per token.
    pub tokens: Money,
    /// What lost tokens would have cost. Nobody pays it, but a lost request is no saving, so it counts
    /// when choices are compared.
    pub lost: Money,
}

/// All sizes of a candidate that were played.
#[derive(Clone, Debug)]
pub struct Curve {
    /// What is deployed.
    pub candidate: Candidate,
    /// The span that costs are for.
    pub span: Span,
    /// The sizes that were played, ascending; the first is 0 PTU.
    pub points: Vec<Point>,
    /// Legal sizes within the range that were not played, because none of them can be an answer.
    pub pruned: u64,
}

impl Cost {
    /// The cost by which choices are compared: what is paid, and what lost tokens would have cost.
    pub fn compared(&self) -> Money {
        self.total() + self.lost.clone()
    }

    /// What is paid.
    pub fn total(&self) -> Money {
        [&self.owned, &self.bought, &self.tokens].into_iter().sum()
    }

    /// What provisioned throughput costs.
    pub fn provisioned(&self) -> Money {
        [&self.owned, &self.bought].into_iter().sum()
    }
}

impl Curve {
    /// The point of a size, where it was played.
    pub fn point(&self, ptu: Ptu) -> Option<&Point> {
        let at = self.points.binary_search_by_key(&ptu, |point| point.ptu);
        at.ok().map(|at| &self.points[at])
    }

    /// What a point costs over the span on a term.
    pub fn cost(&self, point: &Point, price: &TermPrice) -> Cost {
        let owned = &self.candidate.owned;
        let bought = point.ptu.get().saturating_sub(owned.ptu.get());
        Cost {
            owned: self.span.cost(Ptu::new(1), &owned.per_hour),
            bought: self.span.cost(Ptu::new(bought), &price.per_hour),
            tokens: point.tokens.clone(),
            lost: self.lost_value(point),
        }
    }

    /// What lost tokens would have cost: per token, or by the hour of a PTU at 100 % where nothing is
    /// ever paid per token [USD, exact].
    pub fn lost_value(&self, point: &Point) -> Money {
        let weighted = u128::from(point.all.lost.weighted);
        if weighted == 0 {
            return Money::zero();
        }
        let value = self.token_value();
        if !value.is_zero() {
            return value.fraction(weighted, 1_000);
        }
        let dearest = self
            .candidate
            .prices
            .iter()
            .map(|price| &price.per_hour)
            .max();
        let hourly = u128::from(self.candidate.tpm_per_ptu().get()) * 60;
        let dearest = dearest.cloned().unwrap_or_default();
        dearest.fraction(weighted, 1_000 * hourly)
    }

    /// What a point costs on every term.
    pub fn costs(&self, point: &Point) -> impl Iterator<Item = (PtuTerm, Cost)> {
        let terms = self.candidate.prices.iter();
        terms.map(|price| (price.term, self.cost(point, price)))
    }

    /// What nothing deployed would do: everything paid per token.
    pub fn nothing(&self) -> &Point {
        &self.points[0]
    }

    /// What the traffic's mix costs per weighted token when it is paid per token [USD, exact]; what
    /// is lost without provisioned throughput costs nothing and counts for nothing.
    pub fn token_value(&self) -> Money {
        let nothing = &self.nothing().all;
        let served = nothing
            .offered
            .weighted
            .saturating_sub(nothing.lost.weighted);
        // Weights are in thousandths of a weighted token.
        self.nothing().tokens.fraction(1_000, served.into())
    }

    /// What a PTU that is busy all of an hour saves in it [USD, exact].
    pub fn hour_value(&self) -> Money {
        let hourly = u128::from(self.candidate.tpm_per_ptu().get()) * 60;
        self.token_value().times_whole(hourly)
    }

    /// The part of the time that a PTU must be busy to be worth its price: what it costs in an hour
    /// over what it saves in an hour at 100 %; zero where nothing is saved.
    pub fn break_even(&self, price: &TermPrice) -> Factor {
        price.per_hour.ratio(&self.hour_value())
    }
}
