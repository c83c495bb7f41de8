//! A base that is deployed all the time, and more by the hour in busy hours.

use super::busy_hours::BusyHours;
use super::candidate::Candidate;
use super::curve::Cost;
use super::point::Point;
use super::span::Span;
use super::term::TermPrice;
use crate::money::{Factor, Money};
use crate::sim::Setup;
use crate::time::SimTime;
use crate::units::Ptu;

/// How much is deployed when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sizes {
    /// Deployed all the time.
    pub base: Ptu,
    /// More of it in busy hours.
    pub extra: Ptu,
}

/// A base on one term and more by the hour, over a span.
#[derive(Clone, Debug)]
pub struct Mix<'m> {
    /// What is deployed.
    pub candidate: &'m Candidate,
    /// The price of the base.
    pub base: &'m TermPrice,
    /// The price of what is added.
    pub hourly: &'m TermPrice,
    /// The span that costs are for.
    pub span: Span,
    /// The busy stretches of it.
    pub busy: Vec<Span>,
}

impl<'m> Mix<'m> {
    /// The mix of a candidate over a span, with these hours.
    pub fn of(
        candidate: &'m Candidate,
        (base, hourly): (&'m TermPrice, &'m TermPrice),
        span: Span,
        hours: &BusyHours,
    ) -> Self {
        Self {
            candidate,
            base,
            hourly,
            span,
            busy: hours.within(span),
        }
    }

    /// The setup of these sizes.
    pub fn setup(&self, sizes: Sizes) -> Setup {
        let mut steps = vec![(SimTime::default(), sizes.base)];
        let both = sizes.base + sizes.extra;
        for stretch in &self.busy {
            steps.push((stretch.start, both));
            steps.push((stretch.end, sizes.base));
        }
        self.candidate.scheduled(steps)
    }

    /// What these sizes cost over the span: `bought` holds both parts.
    pub fn cost(&self, sizes: Sizes, point: &Point) -> Cost {
        let owned = &self.candidate.owned;
        let beyond = |ptu: Ptu| ptu.get().saturating_sub(owned.ptu.get());
        let base = beyond(sizes.base);
        let extra = Ptu::new(beyond(sizes.base + sizes.extra) - base);
        let hours = self.busy.iter();
        let extra: Money = hours
            .map(|stretch| stretch.cost(extra, &self.hourly.per_hour))
            .sum();
        Cost {
            owned: self.span.cost(Ptu::new(1), &owned.per_hour),
            bought: self.span.cost(Ptu::new(base), &self.base.per_hour) + extra,
            tokens: point.tokens.clone(),
            lost: Money::zero(),
        }
    }

    /// The busy part of the span, from 0 to 1.
    pub fn busy_share(&self) -> Factor {
        let micros = |span: &Span| u128::from(span.length().micros());
        let busy: u128 = self.busy.iter().map(micros).sum();
        Factor::ratio(busy, micros(&self.span))
    }

    /// The part of the time up to which throughput by the hour is cheaper than the base's.
    pub fn cheaper_up_to(&self) -> Factor {
        self.base.per_hour.ratio(&self.hourly.per_hour)
    }
}
