//! Days on which an app cost, or asked for, far more or less than usual.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::days::{DayUse, UnitApp, by_app, in_words, subject};
use super::statistic::{Spread, approximate, distance, median, percent_off};
use crate::chargeback::Charges;
use crate::check::rules::weekend::is_weekend;
use crate::check::settings::Limits;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::money::{Factor, Money};
use crate::spelling::{counted, grouped};

/// TB104.
pub(super) static DAY: Rule = Family::Money.rule(
    "TB104",
    "unusual-day",
    Severity::Warning,
    [
        "on some day an app cost or used far more or less than on comparable days",
        "A loop, a leaked key or a job that ran twice is one unusual day. A day's cost and its \
         tokens are compared with the app's comparable days (weekdays among weekdays, weekend days \
         among weekend days; days without use do not count). Told when it lies further from \
         their median than `unusual_day_score` times 1.4826 × the median absolute deviation (at \
         least a twentieth of the median, which is also the fallback where that deviation is 0) \
         and further than `unusual_day_percent` of the median; when its ratio to the median, and \
         to that of the same weekday in other weeks, is as rare (two thirds of `unusual_day_score` \
         on a logarithmic scale, by the scatter of all days); and when it is that many percent \
         from the median of the same weekday in other weeks, of the three comparable days before \
         it and of the three after it as well, so that weekly habits, growth and new levels are \
         not told. Fewer than 7 comparable days are not judged, nor are days below 100,000 tokens \
         where the median is below as well.",
        "look at that day's requests by caller and model (`tollbook chargeback --detail day`); if \
         it is meant, raise `unusual_day_score` or `unusual_day_percent` for the business unit",
    ],
);

/// Fewest comparable days, the day itself included.
const FEWEST_DAYS: usize = 7;

/// Comparable days before, and after, that tell the level of a day.
const NEIGHBOURS: usize = 3;

/// An unusual day.
struct Unusual {
    day: NaiveDate,
    /// The measure that is furthest off: `cost` or `tokens`.
    measure: &'static str,
    value: Factor,
    spread: Spread,
    comparable: usize,
}

/// Judges every day of each app.
pub(super) fn judge(evidence: &Evidence<'_>, charges: &Charges) -> Vec<Finding> {
    let currency = &charges.statement.currency;
    let apps = by_app(charges);
    let apps = apps.iter();
    apps.filter_map(|(app, days)| {
        let limits = evidence.settings.limits_of_unit(&app.0);
        let unusual = unusual_days(days, limits);
        tell(app, &unusual, limits, currency)
    })
    .collect()
}

/// Days with their figures of one measure, in order.
type Figures = Vec<(NaiveDate, Factor)>;

/// The unusual days of one app, in order; each by the measure that is furthest off.
fn unusual_days(days: &BTreeMap<NaiveDate, DayUse>, limits: &Limits) -> Vec<Unusual> {
    if !days.values().any(DayUse::means_something) {
        return Vec::new();
    }
    let one = Money::from_minor(crate::money::MinorUnits(1), 0);
    let costs = days
        .iter()
        .map(|(day, of_day)| (*day, of_day.cost.ratio(&one)));
    let tokens = days
        .iter()
        .map(|(day, of_day)| (*day, of_day.tokens.clone()));
    let found = [("cost", costs.collect()), ("tokens", tokens.collect())]
        .into_iter()
        .flat_map(|(measure, figures)| of_measure(measure, figures, limits));
    let mut unusual: BTreeMap<NaiveDate, Unusual> = BTreeMap::new();
    for one in found.filter(|one| worth_telling(one, days)) {
        match unusual.get(&one.day) {
            Some(known) if known.score() >= one.score() => {}
            _ => {
                unusual.insert(one.day, one);
            }
        }
    }
    unusual.into_values().collect()
}

/// Whether the day, or the usual one, has enough tokens.
fn worth_telling(one: &Unusual, days: &BTreeMap<NaiveDate, DayUse>) -> bool {
    let alike = days
        .iter()
        .filter(|(day, _)| is_weekend(**day) == is_weekend(one.day));
    let tokens: Vec<Factor> = alike.map(|(_, of_day)| of_day.tokens.clone()).collect();
    let usual = DayUse {
        tokens: median(&tokens).unwrap_or_else(Factor::zero),
        ..DayUse::default()
    };
    usual.means_something() || days[&one.day].means_something()
}

/// The unusual days by one measure.
fn of_measure(measure: &'static str, figures: Figures, limits: &Limits) -> Vec<Unusual> {
    let (weekends, weekdays): (Figures, Figures) =
        figures.into_iter().partition(|(day, _)| is_weekend(*day));
    let kinds = [weekdays, weekends].into_iter();
    let kinds = kinds.filter(|figures| figures.len() >= FEWEST_DAYS);
    let kinds: Vec<(Figures, Spread)> = kinds
        .filter_map(|figures| {
            let values: Vec<Factor> = figures.iter().map(|(_, value)| value.clone()).collect();
            Some((figures, Spread::of(&values)?))
        })
        .collect();
    let scatter = scatter_of_ratios(&kinds);
    let mut unusual = Vec::new();
    for (figures, spread) in &kinds {
        let days = (0..figures.len()).filter(|at| is_unusual(*at, (figures, spread), limits));
        let days = days.filter(|at| {
            let usual = weekday_level(*at, figures).into_iter();
            usual.chain([spread.median.clone()]).all(|usual| {
                let least = approximate(&limits.unusual_day_score) * 2.0 / 3.0;
                log_ratio(&figures[*at].1, &usual) > least * scatter
            })
        });
        unusual.extend(days.map(|at| Unusual {
            day: figures[at].0,
            measure,
            value: figures[at].1.clone(),
            spread: spread.clone(),
            comparable: figures.len(),
        }));
    }
    unusual
}

/// Whether a day is far from the median by score and per cent, and from every other level.
fn is_unusual(at: usize, (figures, spread): (&Figures, &Spread), limits: &Limits) -> bool {
    let value = &figures[at].1;
    let is_far = |usual: &Factor| percent_off(value, usual) > limits.unusual_day_percent;
    is_far(&spread.median)
        && spread.score(value) > limits.unusual_day_score
        && levels(at, figures).iter().all(is_far)
}

/// What else might explain a day: the same weekday in other weeks, the days before, those after.
fn levels(at: usize, figures: &Figures) -> Vec<Factor> {
    let (before, after) = (&figures[..at], &figures[at + 1..]);
    [
        weekday_level(at, figures),
        level(before.iter().rev().take(NEIGHBOURS)),
        level(after.iter().take(NEIGHBOURS)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is usual on the same weekday in other weeks.
fn weekday_level(at: usize, figures: &Figures) -> Option<Factor> {
    let day = figures[at].0;
    let others = figures.iter().filter(|(other, _)| *other != day);
    level(others.filter(|(other, _)| other.weekday() == day.weekday()))
}

fn level<'a>(days: impl Iterator<Item = &'a (NaiveDate, Factor)>) -> Option<Factor> {
    let values: Vec<Factor> = days.map(|(_, value)| value.clone()).collect();
    median(&values)
}

/// How far the logarithms of the ratios to the medians scatter, over all kinds of days together: use
/// scatters by factors, so that far above is less rare than the plain score says, and a handful of
/// weekend days tell little by themselves.
fn scatter_of_ratios(kinds: &[(Figures, Spread)]) -> f64 {
    let distances = kinds.iter().flat_map(|(figures, spread)| {
        let ratios = figures
            .iter()
            .map(|(_, value)| log_ratio(value, &spread.median));
        ratios.collect::<Vec<f64>>()
    });
    let mut distances: Vec<f64> = distances.collect();
    distances.sort_unstable_by(f64::total_cmp);
    let middle = distances.get(distances.len() / 2).copied();
    (1.4826 * middle.unwrap_or(0.0)).max(0.05)
}

/// How far a figure is from what is usual on a logarithmic scale; never below 0.
fn log_ratio(value: &Factor, usual: &Factor) -> f64 {
    (approximate(value) / approximate(usual)).ln().abs()
}

fn tell(app: &UnitApp, unusual: &[Unusual], limits: &Limits, currency: &str) -> Option<Finding> {
    let worst = unusual.iter().rev().max_by_key(|one| one.score())?;
    let (digits, unit) = match worst.measure {
        "cost" => (2, currency),
        _ => (0, "tokens"),
    };
    let kind = if is_weekend(worst.day) {
        "weekend days"
    } else {
        "weekdays"
    };
    let count = u64::try_from(unusual.len()).expect("a count of days");
    let more = match count {
        1 => String::new(),
        count => format!("; and {}", counted(count - 1, "more such day")),
    };
    let message = format!(
        "{}: {} {} {unit} on {}; expected about {} {unit}, the median of {} {kind}; score {}, at \
         most {} is usual{more}",
        in_words(app),
        worst.measure,
        grouped(&worst.value.to_decimal(digits)),
        worst.day,
        grouped(&worst.spread.median.to_decimal(digits)),
        worst.comparable,
        worst.score().to_decimal(1),
        limits.unusual_day_score,
    );
    Some(
        Finding::of(&DAY, subject(app), message)
            .for_unit(&app.0)
            .times(count),
    )
}

/// How many days of an app are unusual.
#[cfg(test)]
pub(super) fn count(days: &BTreeMap<NaiveDate, DayUse>, limits: &Limits) -> usize {
    unusual_days(days, limits).len()
}

impl Unusual {
    fn score(&self) -> Factor {
        debug_assert!(!distance(&self.value, &self.spread.median).is_zero());
        self.spread.score(&self.value)
    }
}

#[cfg(test)]
mod tests;
