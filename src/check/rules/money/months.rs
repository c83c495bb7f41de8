//! Made-up months: how often days are told that are not unusual, and how many are found.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use rand::seq::SliceRandom;
use rand_distr::{Distribution, LogNormal};

use super::days::DayUse;
use super::unusual;
use crate::check::rules::bench::{Bench, days};
use crate::check::rules::weekend::is_weekend;
use crate::check::settings::Limits;
use crate::money::{Factor, Money};
use crate::usage::Disposition;
use crate::workload::Seed;

/// How the tokens of an app change from day to day.
#[derive(Clone, Copy, Debug)]
enum Habit {
    /// Alike on all days.
    Level,
    /// A fifth at weekends.
    Office,
    /// Five times as much on Mondays.
    Mondays,
    /// Three per cent more every day.
    Growing,
    /// Four times as much from the twentieth on.
    Moved,
}

const HABITS: [Habit; 5] = [
    Habit::Level,
    Habit::Office,
    Habit::Mondays,
    Habit::Growing,
    Habit::Moved,
];

/// How far days scatter by chance: standard deviations of the logarithm.
const SCATTERS: [f64; 4] = [0.05, 0.15, 0.3, 0.5];

impl Habit {
    /// Tokens of a day, before chance.
    fn usual(self, day: NaiveDate) -> f64 {
        let weekend = is_weekend(day);
        let factor = match self {
            Self::Office if weekend => 0.2,
            Self::Mondays if day.weekday() == Weekday::Mon => 5.0,
            Self::Growing => 1.03f64.powf(f64::from(day.day0())),
            Self::Moved if day.day() >= 20 => 4.0,
            _ => 1.0,
        };
        factor * 5_000_000.0
    }
}

/// A month of an app, with `times` as many tokens on the fourteenth, a Wednesday.
fn month(habit: Habit, scatter: f64, seed: u64, times: f64) -> BTreeMap<NaiveDate, DayUse> {
    let mut stream = Seed::new(seed).stream("months", &format!("{habit:?} {scatter}"));
    let chance = LogNormal::new(0.0, scatter).unwrap();
    let days = days("2026-10").into_iter().map(|day| {
        let times = if day.day() == 14 { times } else { 1.0 };
        let tokens = whole(habit.usual(day) * chance.sample(&mut stream) * times);
        let cost = Money::from_minor(crate::money::MinorUnits(1), 0).fraction(tokens, 500_000);
        let tokens = Factor::ratio(tokens, 1);
        (day, DayUse { cost, tokens })
    });
    days.collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tokens of a day"
)]
fn whole(tokens: f64) -> u128 {
    tokens as u128
}

const SEEDS: u64 = 40;

/// In how many months something is told.
fn told(habits: &[Habit], scatter: f64, times: f64) -> usize {
    let limits = Limits::default();
    let months = habits
        .iter()
        .flat_map(|habit| (0..SEEDS).map(move |seed| (*habit, seed)));
    let is_told = |(habit, seed): &(Habit, u64)| {
        let days = month(*habit, scatter, *seed, times);
        unusual::count(&days, &limits) > 0
    };
    months.filter(is_told).count()
}

#[test]
fn clean_months_have_few_unusual_days() {
    let found = SCATTERS.map(|scatter| told(&HABITS, scatter, 1.0));
    assert!(found.iter().all(|found| *found <= 3), "{found:?}");
}

#[test]
fn days_far_off_are_found() {
    let steady = [Habit::Level, Habit::Office];
    let months = usize::try_from(SEEDS * 2).unwrap();
    // The more days scatter, the further off one must be.
    for (scatter, times) in [(0.05, 2.0), (0.15, 3.0), (0.3, 8.0), (0.05, 0.3)] {
        let found = told(&steady, scatter, times);
        assert!(found * 100 >= months * 90, "{scatter} {times}: {found}");
    }
}

#[test]
fn neither_order_nor_a_caller_that_does_little_changes_anything() {
    let mut bench = Bench::of(super::unit_cost::CONFIG);
    for date in days("2026-10") {
        let tokens = if date.day() == 14 {
            90_000_000
        } else {
            9_000_000
        };
        bench.sum(("chat", "gpt"), date, Disposition::Billable, (9, tokens, 9));
    }
    let sums = bench.sums.clone();
    let bench = bench.charge();
    let before = bench.told(super::judge);
    assert_eq!(before.len(), 1, "{before:?}");
    for seed in 0..5 {
        let mut bench = Bench::of(super::unit_cost::CONFIG);
        bench.sums.clone_from(&sums);
        let date = days("2026-10")[11];
        bench.sum(("quiet", "gpt"), date, Disposition::Billable, (1, 10, 10));
        bench.sums.shuffle(&mut Seed::new(seed).stream("order", ""));
        assert_eq!(bench.charge().told(super::judge), before);
    }
}
