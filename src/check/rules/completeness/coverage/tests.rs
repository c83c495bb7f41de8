use super::*;
use crate::check::rules::bench::{Bench, day};

/// What is told of a period with requests on every day from `first` to `last` that `has` some.
fn told(period: &str, (first, last): (&str, &str), has: fn(NaiveDate) -> bool) -> Vec<String> {
    let mut bench = Bench::of("").asked(period);
    let days = day(first).iter_days().take_while(|one| *one <= day(last));
    for one in days.filter(|one| has(*one)) {
        bench.hours(&[Series::All], one, [1; 24]);
    }
    bench.told(judge)
}

#[test]
fn days_without_requests_at_both_ends_are_told() {
    let expected = [
        "TB047 start: the period 2026-10 starts with 2 days without any request, from 2026-10-01 \
         to 2026-10-02; the first request is of 2026-10-03",
        "TB047 end: the period 2026-10 ends with 1 day without any request, on 2026-10-31; the last request is of 2026-10-30",
    ];
    assert_eq!(
        told("2026-10", ("2026-10-03", "2026-10-30"), |_| true),
        expected
    );
    assert!(told("2026-10", ("2026-10-01", "2026-10-31"), |_| true).is_empty());
}

#[test]
fn a_period_without_requests_is_told() {
    let found = told("2026-10", ("2026-09-01", "2026-09-30"), |_| true);
    let expected = "TB047 whole: the period 2026-10 has no request at all; expected some every day";
    assert_eq!(found, [expected]);
}

#[test]
fn weekends_of_an_office_and_days_to_come_are_not_missing() {
    // 2026-08-01 is a Saturday, and so is 2026-10-31; the check is made on 2026-12-01.
    let office = |day| !is_weekend(day);
    assert!(told("2026-08", ("2026-08-03", "2026-08-31"), office).is_empty());
    assert!(told("2026-10", ("2026-10-01", "2026-10-30"), office).is_empty());
    assert!(told("2026-12", ("2026-12-01", "2026-12-01"), |_| true).is_empty());
    assert!(told("2027-01", ("2026-12-01", "2026-12-01"), |_| true).is_empty());
    assert_eq!(
        told("2026-11..2026-12", ("2026-11-01", "2026-11-28"), |_| true).len(),
        1
    );
}
