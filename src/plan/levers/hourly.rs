//! A reserved base and more by the hour in busy hours.

use std::collections::BTreeMap;

use super::Lever;
use super::bench::{Bench, Words};
use crate::azure::PtuTerm;
use crate::money::Factor;
use crate::plan::answers::Choice;
use crate::plan::busy_hours::BusyHours;
use crate::plan::error::PlanError;
use crate::plan::mix::{Mix, Sizes};
use crate::plan::point::Point;
use crate::plan::sentence::{Figure, Sentence};
use crate::plan::sizes::Range;
use crate::plan::stage::Stage;
use crate::plan::term::TermPrice;
use crate::sim::Setup;
use crate::units::Ptu;

/// Sizes of the base, and of what is added, that each round plays.
const SIDE: u32 = 5;
/// Each round looks this much closer around the best of the last.
const CLOSER: u32 = 4;
const ROUNDS: u32 = 3;

/// The best mix that adds something; nothing where there is no price by the hour, the traffic
/// has no such hours, or no mix does what the recommended choice does.
pub(super) fn lever(
    bench: &Bench<'_>,
    hours: &BusyHours,
    stage: &mut Stage<'_>,
) -> Result<Option<Lever>, PlanError> {
    let candidate = bench.candidate();
    let terms = || candidate.prices.iter();
    let Some(hourly) = candidate.prices.get(PtuTerm::Hourly) else {
        return Ok(None);
    };
    let cheapest = |one: &&TermPrice, other: &&TermPrice| one.per_hour.cmp(&other.per_hour);
    let base = terms().min_by(cheapest).expect("there is the hourly price");
    let mix = Mix::of(candidate, (base, hourly), bench.study.span, hours);
    if mix.busy.is_empty() {
        return Ok(None);
    }
    let best = search(bench, &mix, stage)?;
    Ok(best.map(|(sizes, point)| {
        let choice = Choice {
            curve: bench.recommended().curve,
            ptu: sizes.base + sizes.extra,
            term: Some(mix.base.term),
            cost: mix.cost(sizes, &point),
        };
        bench.lever(words(bench, &mix, sizes, hours), choice, Some(&point))
    }))
}

/// Looks over a grid of bases and additions, then closer around its best.
fn search(
    bench: &Bench<'_>,
    mix: &Mix<'_>,
    stage: &mut Stage<'_>,
) -> Result<Option<(Sizes, Point)>, PlanError> {
    let top = bench
        .curve()
        .points
        .last()
        .map_or(Ptu::new(0), |point| point.ptu);
    let range = Range::up_to(mix.candidate.sizes, top);
    let mut played: BTreeMap<Sizes, Point> = BTreeMap::new();
    let mut width = range.count();
    let mut around = None;
    for _ in 0..ROUNDS {
        let mut grid = grid(range, width, around);
        grid.retain(|sizes| !played.contains_key(sizes));
        let setups: Vec<Setup> = grid.iter().map(|sizes| mix.setup(*sizes)).collect();
        let outcomes = stage.play(&setups)?;
        for (sizes, outcome) in grid.iter().zip(&outcomes) {
            let both = sizes.base + sizes.extra;
            let point = Point::of(both, outcome, mix.candidate, &bench.facts)?;
            played.insert(*sizes, point);
        }
        around = best(bench, mix, &played);
        width = width.div_ceil(CLOSER);
    }
    Ok(around.map(|sizes| (sizes, played[&sizes].clone())))
}

fn best(bench: &Bench<'_>, mix: &Mix<'_>, played: &BTreeMap<Sizes, Point>) -> Option<Sizes> {
    let good = played.iter().filter(|(_, point)| bench.will_do(point));
    let cheapest = good.min_by_key(|(sizes, point)| (mix.cost(**sizes, point).total(), **sizes));
    cheapest.map(|(sizes, _)| *sizes)
}

/// Pairs of a base and a larger size, both legal, so that about [`SIDE`] sizes lie in a window of
/// `width` places around the best of the last round; around the middle in the first.
fn grid(range: Range, width: u32, around: Option<Sizes>) -> Vec<Sizes> {
    let last = range.count() - 1;
    let window = |center: u32| {
        let low = center.saturating_sub(width / 2);
        let high = (center + width.div_ceil(2)).min(last);
        let places = (0..SIDE).map(move |at| low + at * (high - low) / (SIDE - 1));
        places.map(|place| range.at(place))
    };
    let place = |ptu: Ptu| range.place_of(ptu).unwrap_or(last / 2);
    let bases = window(around.map_or(last / 2, |sizes| place(sizes.base)));
    let wholes = window(around.map_or(last / 2, |sizes| place(sizes.base + sizes.extra)));
    let wholes: Vec<Ptu> = wholes.collect();
    let pairs = std::iter::once(Ptu::new(0)).chain(bases);
    let pairs = pairs.flat_map(|base| wholes.iter().map(move |whole| (base, *whole)));
    let mut grid: Vec<Sizes> = pairs
        .filter(|(base, whole)| base < whole)
        .map(|(base, whole)| Sizes {
            base,
            extra: Ptu::new(whole.get() - base.get()),
        })
        .collect();
    grid.sort_unstable();
    grid.dedup();
    grid
}

fn words(bench: &Bench<'_>, mix: &Mix<'_>, sizes: Sizes, hours: &BusyHours) -> Words {
    let term = mix.base.term.name();
    let what = Sentence::new(
        "{} ({}) all the time and {} more by the hour at {}",
        [
            sizes.base.into(),
            term.into(),
            sizes.extra.into(),
            hours.to_string().into(),
        ],
    );
    let term = Figure::from(term);
    let compared = Sentence::new(
        "; it is cheaper than {} where it is deployed up to {} of the time, and these hours are {} \
         of it",
        [
            term,
            Figure::Share(mix.cheaper_up_to()),
            Figure::Share(mix.busy_share()),
        ],
    );
    let pays = bench.curve().break_even(mix.hourly);
    let words = if pays > Factor::one() {
        "by the hour a PTU never pays for itself, for it would have to be busy {} of its hours"
    } else {
        "by the hour a PTU pays for itself from {} of its hours busy"
    };
    let caution = Sentence::new(words, [Figure::Share(pays)]).and(compared);
    Words {
        name: "hourly PTU in busy hours",
        what,
        caution,
    }
}
