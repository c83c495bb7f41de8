use super::*;
use crate::check::rules::bench::{day, days};

/// What is told of an app with so many million tokens on each day from 5 October 2026, a Monday,
/// at 2 currency units a million.
fn told(millions: &[u64]) -> Option<String> {
    let from = days("2026-10").into_iter().skip(4);
    let use_of = from.zip(millions).filter(|(_, millions)| **millions > 0);
    let days = use_of.map(|(day, millions)| (day, day_use(u128::from(*millions) * 1_000_000)));
    let limits = Limits::default();
    let unusual = unusual_days(&days.collect(), &limits);
    let app = ("Sales".to_owned(), "chat".to_owned());
    tell(&app, &unusual, &limits, "USD").map(|finding| finding.message)
}

fn day_use(tokens: u128) -> DayUse {
    DayUse {
        cost: Money::from_minor(crate::money::MinorUnits(1), 0).fraction(tokens * 2, 1_000_000),
        tokens: Factor::ratio(tokens, 1),
    }
}

/// Three weeks of ten million tokens on weekdays and two on weekend days.
fn weeks() -> Vec<u64> {
    let week = [10, 11, 9, 10, 12, 2, 2];
    week.repeat(3)
}

#[test]
fn a_day_far_above_or_below_is_told() {
    let mut high = weeks();
    high[9] = 60;
    // Distances from 10: 7 are 0 (the median of 15 days is 10), 7 are 1 or 2 and one is 50: the
    // deviation is 1.4826, so that 60 lies at 50 ÷ 1.4826.
    let expected = "app \"chat\" of business unit \"Sales\": cost 120.00 USD on 2026-10-14; expected \
                    about 20.00 USD, the median of 15 weekdays; score 33.7, at most 6 is usual";
    assert_eq!(told(&high).as_deref(), Some(expected));
    let mut low = weeks();
    low[9] = 1;
    let message = told(&low).expect("1 is far below 10");
    assert!(
        message.contains("2.00 USD on 2026-10-14; expected about 20.00 USD"),
        "{message}"
    );
    assert_eq!(told(&weeks()), None);
}

#[test]
fn figures_that_are_all_alike_scatter_by_a_twentieth() {
    let mut alike = vec![10; 21];
    alike[9] = 16;
    // 6 ÷ (10 ÷ 20) = 12.
    let message = told(&alike).expect("60 % more");
    assert!(
        message.contains("score 12.0, at most 6 is usual"),
        "{message}"
    );
    alike[9] = 15;
    assert_eq!(told(&alike), None, "50 % is the limit");
}

#[test]
fn weekly_habits_and_new_levels_are_not_told() {
    let mondays = [60, 10, 10, 10, 10, 2, 2].repeat(3);
    assert_eq!(told(&mondays), None);
    let level: Vec<u64> = (0..21).map(|at| if at < 14 { 10 } else { 60 }).collect();
    assert_eq!(told(&level), None);
    let growth: Vec<u64> = (0..26).map(|at| 10 + at * at / 10).collect();
    assert_eq!(told(&growth), None);
}

#[test]
fn few_days_and_few_tokens_are_not_judged() {
    assert_eq!(told(&[10, 10, 10, 90, 10]), None, "5 weekdays");
    let tiny = days("2026-10").into_iter().map(|date| {
        let tokens = if date == day("2026-10-14") {
            99_000
        } else {
            1_000
        };
        (date, day_use(tokens))
    });
    assert!(unusual_days(&tiny.collect(), &Limits::default()).is_empty());
}
