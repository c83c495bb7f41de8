//! Made-up months: how often gaps are told that are none, and how many are found.

use std::ops::Range;

use chrono::{Datelike, NaiveDate, Weekday};
use rand::RngExt;
use rand_distr::{Distribution, Gamma, Poisson};

use super::missing::judge;
use crate::check::rules::bench::{Bench, days};
use crate::check::rules::weekend::is_weekend;
use crate::check::tally::{Hours, Rhythm, Series};
use crate::workload::seed::{Seed, Stream};

/// How an app is used.
#[derive(Clone, Copy, Debug)]
enum Habit {
    /// So many requests every hour.
    Steady(f64),
    /// So many in office hours of weekdays, a hundredth of that at other times.
    Office(f64),
    /// As an office, growing to ten times as much within the month.
    Growing(f64),
    /// As an office from the twelfth day on, and a few trials before.
    Launched(f64),
    /// So many in office hours, with the scatter of a few users at a time.
    Bursty(f64),
    /// So many a day, at any time.
    Sparse(f64),
    /// So many an hour on Mondays.
    Weekly(f64),
    /// So many an hour from two to four at night.
    Nightly(f64),
    /// So many in each of three hours, which differ from day to day.
    Roaming(f64),
    /// So many every hour, of which a fifth are silent.
    Flaky(f64),
}

const HABITS: [Habit; 18] = [
    Habit::Steady(4.0),
    Habit::Steady(60.0),
    Habit::Steady(2_000.0),
    Habit::Office(5.0),
    Habit::Office(40.0),
    Habit::Office(800.0),
    Habit::Growing(2.0),
    Habit::Growing(60.0),
    Habit::Launched(30.0),
    Habit::Launched(500.0),
    Habit::Bursty(15.0),
    Habit::Bursty(60.0),
    Habit::Sparse(6.0),
    Habit::Sparse(60.0),
    Habit::Weekly(90.0),
    Habit::Nightly(500.0),
    Habit::Roaming(200.0),
    Habit::Flaky(40.0),
];

impl Habit {
    /// Requests usual in an hour, before chance.
    fn usual(self, day: NaiveDate, hour: usize) -> f64 {
        let weekend = is_weekend(day);
        let office = if !weekend && (8..18).contains(&hour) {
            1.0
        } else {
            0.01
        };
        match self {
            Self::Steady(requests) | Self::Roaming(requests) | Self::Flaky(requests) => requests,
            Self::Growing(requests) => requests * office * 10f64.powf(f64::from(day.day0()) / 30.0),
            Self::Launched(requests) if day.day() < 12 => 0.002 * requests * office,
            Self::Office(requests) | Self::Bursty(requests) | Self::Launched(requests) => {
                requests * office
            }
            Self::Sparse(requests) => requests / 24.0,
            Self::Weekly(requests) if day.weekday() == Weekday::Mon => requests,
            Self::Nightly(requests) if (2..4).contains(&hour) => requests,
            Self::Weekly(_) | Self::Nightly(_) => 0.0,
        }
    }

    fn day(self, day: NaiveDate, stream: &mut Stream) -> Hours {
        let mut hours = std::array::from_fn(|hour| {
            let mut usual = self.usual(day, hour);
            if matches!(self, Self::Bursty(_)) {
                usual *= Gamma::new(1.2, 1.0 / 1.2).unwrap().sample(stream);
            }
            if matches!(self, Self::Flaky(_)) && share(stream) < 0.2 {
                usual = 0.0;
            }
            drawn(usual, stream)
        });
        if matches!(self, Self::Roaming(_)) {
            let chosen: [usize; 3] = std::array::from_fn(|_| stream.random_range(0..24));
            for (hour, requests) in hours.iter_mut().enumerate() {
                *requests *= u32::from(chosen.contains(&hour));
            }
        }
        hours
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small counts"
)]
fn drawn(usual: f64, stream: &mut Stream) -> u32 {
    if usual <= 0.0 {
        return 0;
    }
    Poisson::new(usual).unwrap().sample(stream) as u32
}

/// A number from 0 up to 1.
fn share(stream: &mut Stream) -> f64 {
    stream.random()
}

/// What is lost of a month: these hours of these days.
type Lost = (Range<u32>, Range<usize>);

const NOTHING: Lost = (0..0, 0..0);

/// Adds a month of one app in a region to `rhythm`, without what is lost.
fn add(bench: &mut Bench, (habit, region): (Habit, &str), seed: u64, lost: &Lost) {
    let name = format!("{habit:?}");
    let mut stream = Seed::new(seed).stream("months", &name);
    let series = [
        Series::All,
        Series::Caller(name),
        Series::Region(region.to_owned()),
    ];
    for date in days("2026-10") {
        let mut hours = habit.day(date, &mut stream);
        if lost.0.contains(&date.day()) {
            hours[lost.1.clone()].fill(0);
        }
        bench.hours(&series, date, hours);
    }
}

/// The findings on every month of `months`, each named.
fn told(months: impl Iterator<Item = (Vec<(Habit, &'static str)>, u64, Lost)>) -> Vec<String> {
    let mut bench = Bench::of("");
    let mut all = Vec::new();
    for (habits, seed, lost) in months {
        bench.rhythm = Rhythm::default();
        for of in &habits {
            add(&mut bench, *of, seed, &lost);
        }
        let told = bench.told(judge).into_iter();
        all.extend(told.map(|told| format!("{seed} {habits:?} {lost:?}: {told}")));
    }
    all
}

/// Months of one app each, clean.
fn clean() -> impl Iterator<Item = (Vec<(Habit, &'static str)>, u64, Lost)> {
    let habits = HABITS.into_iter();
    habits.flat_map(|habit| (0..SEEDS).map(move |seed| (vec![(habit, "north")], seed, NOTHING)))
}

/// Seeds of each month.
const SEEDS: u64 = 25;

#[test]
fn clean_months_have_few_gaps() {
    let told = told(clean());
    assert!(told.len() <= 2, "{told:#?}");
}

#[test]
fn clean_estates_have_few_gaps() {
    let estate = HABITS
        .into_iter()
        .zip(["north", "west", "east"].into_iter().cycle());
    let estate: Vec<_> = estate.collect();
    let estates = (0..20).map(|seed| (estate.clone(), seed, NOTHING));
    let told = told(estates);
    assert!(told.len() <= 1, "{told:#?}");
}

/// Months of the app that lost these hours of one weekday, which the seed chooses.
fn lost(
    habit: Habit,
    hours: &Range<usize>,
) -> impl Iterator<Item = (Vec<(Habit, &'static str)>, u64, Lost)> {
    // A Monday to Friday of the four weeks from the 5th of October 2026 on, a Monday.
    let on = |seed: u64| u32::try_from(5 + 7 * (seed % 4) + seed % 5).unwrap();
    (0..SEEDS).map(move |seed| {
        let day = on(seed);
        (vec![(habit, "north")], seed, (day..day + 1, hours.clone()))
    })
}

#[test]
fn lost_hours_and_days_are_found() {
    let found = |habit, hours: Range<usize>| told(lost(habit, &hours)).len();
    for habit in [
        Habit::Steady(60.0),
        Habit::Steady(2_000.0),
        Habit::Office(40.0),
        Habit::Office(800.0),
    ] {
        let of_habit = [10..12, 9..17, 0..24].map(|hours| found(habit, hours));
        assert!(
            of_habit.iter().all(|found| *found >= 24),
            "{habit:?} {of_habit:?}"
        );
    }
    // What a few users do, or what grows tenfold in a month, may be silent for some hours by chance:
    // a part of these gaps is not told.
    for habit in [Habit::Bursty(60.0), Habit::Growing(60.0)] {
        let of_habit = [10..12, 9..17, 0..24].map(|hours| found(habit, hours));
        assert!(
            of_habit[1..].iter().all(|found| *found >= 24),
            "{habit:?} {of_habit:?}"
        );
    }
}

#[test]
fn a_caller_that_does_little_changes_nothing() {
    let mut bench = Bench::of("");
    for seed in 0..10 {
        bench.rhythm = Rhythm::default();
        add(
            &mut bench,
            (Habit::Office(40.0), "north"),
            seed,
            &(14..15, 9..17),
        );
        add(&mut bench, (Habit::Steady(60.0), "west"), seed, &NOTHING);
        let before = bench.told(judge);
        assert_eq!(before.len(), 1, "the region: {before:?}");
        let once = std::array::from_fn(|hour| u32::from(hour == 11));
        let quiet = [Series::All, Series::Caller("quiet".to_owned())];
        bench.hours(&quiet, days("2026-10")[7], once);
        assert_eq!(bench.told(judge), before);
    }
}
