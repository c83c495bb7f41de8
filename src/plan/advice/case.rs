//! The recommended choice with the figures around it.

use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::plan::answers::Choice;
use crate::plan::curve::Curve;
use crate::plan::point::Point;
use crate::plan::sentence::Sentence;
use crate::plan::study::Study;
use crate::plan::term::TermPrice;
use crate::plan::uncertainty::Uncertainty;
use crate::units::Ptu;

/// The recommended choice with the figures around it.
pub(super) struct Case<'p> {
    pub(super) study: &'p Study,
    pub(super) uncertainty: Option<&'p Uncertainty>,
    pub(super) choice: &'p Choice,
    pub(super) curve: &'p Curve,
    pub(super) point: &'p Point,
}

/// The sizes between two played ones, and how busy they are kept.
pub(super) struct Step {
    pub(super) size: Ptu,
    /// The part of the time that their throughput takes tokens that would else be paid.
    pub(super) busy: Factor,
}

impl<'p> Case<'p> {
    pub(super) fn of(study: &'p Study, uncertainty: Option<&'p Uncertainty>) -> Self {
        let choice = study.answers.recommended();
        let curve = &study.curves[choice.curve];
        Self {
            study,
            uncertainty,
            choice,
            curve,
            point: curve.point(choice.ptu).expect("a choice is a played size"),
        }
    }

    /// What an amount over the span comes to in a month.
    pub(super) fn monthly(&self, amount: &Money) -> Money {
        amount.times(&self.study.span.monthly())
    }

    /// The price of the recommended term; of the cheapest term where nothing is bought.
    pub(super) fn price(&self) -> Option<&'p TermPrice> {
        let prices = &self.curve.candidate.prices;
        match self.choice.term {
            Some(term) => prices.get(term),
            None => prices
                .iter()
                .min_by(|one, other| one.per_hour.cmp(&other.per_hour)),
        }
    }

    /// The last PTU bought: from the played size below the recommended one up to it.
    pub(super) fn last_step(&self) -> Option<Step> {
        let below = self.curve.points.iter().rev();
        let below = below.clone().find(|point| point.ptu < self.point.ptu)?;
        Some(self.step(below, self.point))
    }

    /// The first PTU not bought: up to the played size above.
    pub(super) fn next_step(&self) -> Option<Step> {
        let mut above = self.curve.points.iter();
        let above = above.find(|point| point.ptu > self.point.ptu)?;
        Some(self.step(self.point, above))
    }

    fn step(&self, low: &Point, high: &Point) -> Step {
        let size = Ptu::new(high.ptu.get() - low.ptu.get());
        let saved = low.tokens.clone() - high.tokens.clone();
        let worth = self.study.span.cost(size, &self.curve.hour_value());
        Step {
            size,
            // A larger size may admit another burst, which saves more than its own throughput.
            busy: saved.ratio(&worth).min(Factor::one()),
        }
    }

    /// How much is bought beyond what is owned.
    pub(super) fn bought(&self) -> Ptu {
        let owned = self.curve.candidate.owned.ptu.get();
        Ptu::new(self.choice.ptu.get().saturating_sub(owned))
    }

    /// Whether more is paid than the cheapest costs, to meet the objective.
    pub(super) fn is_for_the_objective(&self) -> bool {
        let price = self.study.answers.price_of_objective();
        price.is_some_and(|price| !price.is_zero())
    }

    /// The cheapest choice that is the recommended one but for its term.
    pub(super) fn other_term(&self) -> Option<Choice> {
        let (term, point) = (self.choice.term?, self.point);
        let others = self
            .curve
            .costs(point)
            .filter(|(other, _)| *other != term)
            .min_by(|one, other| one.1.total().cmp(&other.1.total()));
        others.map(|(other, cost)| Choice {
            term: Some(other),
            cost,
            ..self.choice.clone()
        })
    }

    /// The cheapest deployed size of the recommended curve, where nothing is recommended.
    pub(super) fn cheapest_deployed(&self) -> Option<Choice> {
        let all = crate::plan::answers::choices(&self.study.curves, self.choice.curve);
        all.into_iter()
            .filter(|choice| !choice.ptu.is_zero())
            .min_by(|one, other| one.cost.total().cmp(&other.cost.total()))
    }

    /// A choice as `175 PTU of gpt-4.1 global for 1 year`.
    pub(super) fn named(&self, choice: &Choice) -> Sentence {
        let label = self.study.curves[choice.curve].candidate.label.clone();
        let Some(term) = choice.term else {
            if choice.ptu.is_zero() {
                return Sentence::new("nothing deployed, all of {} per token", [label.into()]);
            }
            return Sentence::new(
                "{} of {} reserved already",
                [choice.ptu.into(), label.into()],
            );
        };
        let figures = [choice.ptu.into(), label.into(), term_words(term).into()];
        Sentence::new("{} of {} {}", figures)
    }
}

/// A term in a sentence.
pub(super) const fn term_words(term: PtuTerm) -> &'static str {
    match term {
        PtuTerm::Hourly => "by the hour",
        PtuTerm::Month => "for 1 month",
        PtuTerm::Year => "for 1 year",
    }
}
