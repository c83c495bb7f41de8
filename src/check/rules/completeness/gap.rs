//! Gaps of a series: runs of hours without a request that its own rhythm does not explain.

use std::ops::Range;

use super::course::{Course, Expected};

/// A gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// Its hours, by their numbers in the series.
    pub(super) run: Range<usize>,
    /// Requests that are usual in these hours.
    pub(super) expected: u64,
    /// Fewest days that what is usual in one of these hours rests on.
    pub(super) days: usize,
}

/// Hours of a run that are weighed; a longer one has lost at least as much.
const MOST_HOURS: usize = 31 * 24;

/// Hours on each side of a run that tell how a series scatters.
const NEIGHBOURHOOD: usize = 60 * 24;

/// Hours of a week.
const WEEK: usize = 7 * 24;

/// Most chances that a series has such a gap by chance, as a natural logarithm: one in a hundred.
const LEAST_CHANCE: f64 = -4.605_170;

/// The gaps of a series that lost at least `least` requests, in order.
///
/// Hours in which `all`, the series of all requests, is silent count for nothing: what happened
/// there is not this series' own.
///
/// A silence is no gap where it is usual: where more than one silence in ten days lost a third as
/// much, or the same hours of a week nearby had less than a quarter of what is usual. Nor is it
/// one where chance would make more than one in a hundred such series: counts are taken to scatter
/// as a negative binomial does, as far as the series does around the gap (more than three times the
/// usual counts as three times, so that single bursts do not hide gaps). A gap that touches the
/// first or last day must lie amid as much use as is usual, for what begins with a few trials has
/// no gap.
pub(super) fn gaps(course: &Course, all: Option<&Course>, least: u64) -> Vec<Gap> {
    if course.total() < least {
        return Vec::new();
    }
    let silences = course.silences().into_iter();
    let weighed: Vec<Gap> = silences.filter_map(|run| weigh(course, all, run)).collect();
    let mut gaps = weighed.clone();
    gaps.retain(|gap| {
        gap.expected >= least.max(1)
            && !is_usual(gap, &weighed, course.days())
            && !is_weekly(gap, course)
            && is_amid(gap, course)
            && !is_chance(gap, course)
    });
    gaps
}

fn weigh(course: &Course, all: Option<&Course>, run: Range<usize>) -> Option<Gap> {
    let is_own = |hour: &usize| {
        all.is_none_or(|all| {
            let there = course.hour_in(all, *hour);
            there.and_then(|there| all.requests(there)) != Some(0)
        })
    };
    let hours = run.clone().take(MOST_HOURS).filter(is_own);
    let expected: Vec<Expected> = hours
        .filter_map(|hour| course.expected(hour, &run))
        .filter(|expected| expected.requests > 0)
        .collect();
    Some(Gap {
        expected: expected.iter().map(|one| u64::from(one.requests)).sum(),
        days: expected.iter().map(|one| one.days).min()?,
        run,
    })
}

fn is_usual(gap: &Gap, silences: &[Gap], days: usize) -> bool {
    let others = silences.iter().filter(|other| other.run != gap.run);
    let alike = others.filter(|other| other.expected * 3 >= gap.expected);
    alike.count() > days / 10
}

/// Whether the same hours of one of the two weeks before or after are as good as silent.
fn is_weekly(gap: &Gap, course: &Course) -> bool {
    let weeks = [WEEK, 2 * WEEK].into_iter();
    let mut moved = weeks.flat_map(|by| {
        let back = gap.run.start.checked_sub(by);
        let back = back.map(|start| start..gap.run.end - by);
        [back, Some(gap.run.start + by..gap.run.end + by)]
    });
    moved.any(|run| {
        let Some(run) = run.filter(|run| course.known().start <= run.start) else {
            return false;
        };
        let inside = run.end <= course.known().end && gap.run.len() < WEEK;
        let requests = run.filter_map(|hour| course.requests(hour));
        inside && requests.map(u64::from).sum::<u64>() * 4 < gap.expected
    })
}

/// Whether the series was there around a gap that touches its first or last day: the known hours of
/// that day on the other side of the gap have at least half of what is usual; on the first day, that
/// is also at least an eighth of what the gap lost.
fn is_amid(gap: &Gap, course: &Course) -> bool {
    let Range { start, end } = gap.run;
    let around = |hours: Range<usize>| {
        let counts = hours.map(|hour| {
            let usual = course.expected(hour, &gap.run);
            let usual = usual.map_or(0, |usual| usual.requests);
            let requests = course.requests(hour).unwrap_or(0);
            (u64::from(requests), u64::from(usual))
        });
        counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    if course.is_edge(start) {
        let (requests, usual) = around(course.same_day_before(start));
        if requests * 2 < usual || usual * 8 < gap.expected {
            return false;
        }
    }
    let (requests, usual) = around(course.same_day_after(end));
    !course.is_edge(end - 1) || requests * 2 >= usual
}

/// Whether a series that scatters as this one does has such a gap too often by chance.
fn is_chance(gap: &Gap, course: &Course) -> bool {
    let scatter = scatter(gap, course);
    let hours = gap.run.clone().take(MOST_HOURS);
    let silent: f64 = hours
        .filter_map(|hour| course.expected(hour, &gap.run))
        .map(|expected| ln_silence(expected.requests.into(), scatter))
        .sum();
    let chances = f64::from(u32::try_from(course.known().len()).unwrap_or(u32::MAX));
    silent + chances.ln() > LEAST_CHANCE
}

/// The logarithm of the probability that an hour is silent in which `usual` requests are usual, for
/// a negative binomial whose variance is usual + scatter × usual².
fn ln_silence(usual: f64, scatter: f64) -> f64 {
    if scatter <= 0.0 {
        return -usual;
    }
    -(usual * scatter).ln_1p() / scatter
}

/// How much the hours around a gap scatter beyond chance, relative to what is usual.
fn scatter(gap: &Gap, course: &Course) -> f64 {
    let known = course.known();
    let start = gap.run.start.saturating_sub(NEIGHBOURHOOD).max(known.start);
    let end = (gap.run.end + NEIGHBOURHOOD).min(known.end);
    let (mut sum, mut count) = (0.0, 0.0);
    for hour in (start..gap.run.start).chain(gap.run.end..end) {
        let usual = course.expected(hour, &(hour..hour + 1));
        let usual = usual.map_or(0, |usual| usual.requests);
        if usual > 0 {
            let (usual, requests) = (f64::from(usual), course.requests(hour).unwrap_or(0));
            let distance = (f64::from(requests) / usual).min(3.0) - 1.0;
            sum += distance * distance - 1.0 / usual;
            count += 1.0;
        }
    }
    if count > 0.0 { sum / count } else { 0.0 }
}
