//! The sizes that everything uncertain is looked at for.

use std::collections::BTreeSet;

use super::{Doubts, SizeCost};
use crate::azure::PtuTerm;
use crate::chargeback::Facts;
use crate::plan::curve::{Cost, Curve};
use crate::plan::error::PlanError;
use crate::plan::point::Point;
use crate::plan::sizes::Range;
use crate::plan::span::Span;
use crate::plan::stage::Stage;
use crate::plan::study::Study;
use crate::plan::term::TermPrice;
use crate::sim::Setup;
use crate::units::Ptu;

/// Sizes beyond the played ones, for traffic that grows.
const BEYOND: usize = 4;

/// Some sizes of the recommended choice's curve, and what they cost on its term.
pub(super) struct Grid<'p> {
    pub(super) curve: &'p Curve,
    /// The term; 0 PTU is looked at with the term whose hour costs least.
    pub(super) price: &'p TermPrice,
    pub(super) recommended: Ptu,
    /// Ascending; the first is 0.
    sizes: Vec<Ptu>,
}

impl<'p> Grid<'p> {
    /// The grid of a plan.
    pub(super) fn of(study: &'p Study, doubts: &Doubts) -> Self {
        let choice = study.answers.recommended();
        let curve = &study.curves[choice.curve];
        let prices = &curve.candidate.prices;
        let lowest = prices.iter().min_by_key(|price| &price.per_hour);
        let price = choice.term.map_or(lowest, |term| prices.get(term));
        let mut grid = Self {
            curve,
            price: price.expect("a candidate without prices is refused"),
            recommended: choice.ptu,
            sizes: Vec::new(),
        };
        let named = [Some(&study.answers.cheapest), study.answers.today.as_ref()];
        let named = named.into_iter().flatten();
        let mut sizes = BTreeSet::from([Ptu::new(0), choice.ptu]);
        sizes.extend(
            named
                .filter(|named| named.curve == choice.curve)
                .map(|named| named.ptu),
        );
        sizes.extend(spread(curve, doubts.sizes / 2));
        sizes.extend(beside(curve, choice.ptu, doubts.sizes / 6));
        sizes.extend(beyond(curve, grid.grown(study, doubts)));
        grid.sizes = sizes.into_iter().collect();
        grid
    }

    /// The term that sizes are bought for; nothing where 0 PTU are recommended.
    pub(super) fn term(&self) -> Option<PtuTerm> {
        (!self.recommended.is_zero()).then_some(self.price.term)
    }

    /// What the recommended size, or the size that the mean demand keeps busy, grows to with the
    /// traffic.
    fn grown(&self, study: &Study, doubts: &Doubts) -> Ptu {
        let factors = doubts.growth.iter().flat_map(|rate| rate.over(self.term()));
        let factors = factors.filter_map(|(_, factor)| factor.to_string().parse().ok());
        let most = factors.fold(1.0, f64::max);
        let per_ptu = self.curve.candidate.tpm_per_ptu();
        let mean = study.survey.mean_ptu(study.span, per_ptu);
        rounded_up(f64::from(self.recommended.get()).max(mean) * most)
    }

    pub(super) fn span(&self) -> Span {
        self.curve.span
    }

    /// One setup for each size.
    pub(super) fn setups(&self) -> impl Iterator<Item = Setup> {
        let candidate = &self.curve.candidate;
        self.sizes.iter().map(|size| candidate.setup(*size))
    }

    /// The points of all sizes under the traffic as it is; only those are played that were not.
    pub(super) fn points(
        &self,
        facts: &Facts<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Vec<Point>, PlanError> {
        let known = |size: &Ptu| self.curve.point(*size).cloned();
        let mut points: Vec<Point> = self.sizes.iter().filter_map(known).collect();
        let missing = Self {
            sizes: self.missing().collect(),
            ..*self
        };
        if !missing.sizes.is_empty() {
            points.extend(missing.play(facts, stage)?);
            points.sort_by_key(|point| point.ptu);
        }
        Ok(points)
    }

    fn missing(&self) -> impl Iterator<Item = Ptu> {
        let sizes = self.sizes.iter().copied();
        sizes.filter(|size| self.curve.point(*size).is_none())
    }

    /// Plays all sizes on a stage, whose traffic may be changed.
    pub(super) fn play(
        &self,
        facts: &Facts<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Vec<Point>, PlanError> {
        let setups: Vec<Setup> = self.setups().collect();
        self.played(&setups, facts, stage)
    }

    /// Plays setups that are those of all sizes, once or several times in a row.
    pub(super) fn played(
        &self,
        setups: &[Setup],
        facts: &Facts<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Vec<Point>, PlanError> {
        let outcomes = stage.play(setups)?;
        let sizes = self.sizes.iter().cycle();
        let points = sizes
            .zip(&outcomes)
            .map(|(size, outcome)| Point::of(*size, outcome, &self.curve.candidate, facts));
        Ok(points.collect::<Result<_, _>>()?)
    }

    /// What a point costs on the grid's term.
    pub(super) fn cost(&self, point: &Point) -> Cost {
        self.curve.cost(point, self.price)
    }

    /// Cost and spill of a point on the grid's term.
    pub(super) fn sized(&self, point: &Point) -> SizeCost {
        SizeCost {
            ptu: point.ptu,
            cost: self.cost(point).compared(),
            spill: spill(point),
        }
    }
}

/// So many played sizes, evenly by their place among all that were played: the search plays most
/// of them where the answers are.
fn spread(curve: &Curve, count: usize) -> impl Iterator<Item = Ptu> {
    let last = curve.points.len().saturating_sub(1);
    let parts = count.saturating_sub(1).max(1);
    (0..=parts).map(move |part| curve.points[part * last / parts].ptu)
}

/// Played sizes next to one, so many on either side.
fn beside(curve: &Curve, ptu: Ptu, count: usize) -> impl Iterator<Item = Ptu> {
    let place = curve.points.partition_point(|point| point.ptu < ptu);
    let points = curve.points.iter().skip(place.saturating_sub(count));
    points.take(2 * count + 1).map(|point| point.ptu)
}

/// Legal sizes beyond the played ones, evenly up to one.
fn beyond(curve: &Curve, most: Ptu) -> Vec<Ptu> {
    let last = curve.points.last().map(|point| point.ptu);
    let range = Range::up_to(curve.candidate.sizes, most);
    let larger: Vec<Ptu> = range.all().filter(|size| Some(*size) > last).collect();
    let count = larger.len();
    let most = BEYOND.min(count);
    (1..=most).map(|at| larger[at * count / most - 1]).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts of floats saturate, and sizes are not negative"
)]
fn rounded_up(ptu: f64) -> Ptu {
    Ptu::new(ptu.ceil() as u32)
}

/// The spilled part of weighted tokens, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a share on display")]
fn spill(point: &Point) -> f64 {
    match point.all.offered.weighted {
        0 => 0.0,
        offered => point.all.spilled.weighted as f64 / offered as f64,
    }
}
