use super::*;
use crate::check::rules::bench::{Bench, day};

const OWNERS: &str = "[[owner]]\nmatch = { app = \"chat*\" }\nbusiness_unit = \"Sales\"\n\
                      [[owner]]\nmatch = { app = \"hr\" }\nbusiness_unit = \"People\"\n";

/// What is told of the requests of an app, counted and not.
fn told(of: &[(&str, u64, u64)]) -> Vec<String> {
    let mut bench = Bench::of(OWNERS);
    for &(app, counted, without) in of {
        let date = day("2026-10-07");
        let place = (app, "gpt");
        bench.sum(place, date, Disposition::Billable, (counted, 9, 9));
        bench.sum(place, date, Disposition::WithoutTokens, (without, 0, 0));
    }
    bench.told(without_tokens)
}

#[test]
fn requests_without_counts_are_told_by_business_unit_with_the_caller_that_has_most() {
    let expected = "TB045 Sales: business unit \"Sales\": 20 of 100 (20.0 %) served requests have \
                    no token counts; at most 15 % are expected; most of them, 15, are of caller \
                    \"chat-2\"";
    let found = told(&[("chat-1", 40, 5), ("chat-2", 40, 15), ("hr", 99, 1)]);
    assert_eq!(found, [expected]);
}

#[test]
fn the_limit_and_a_handful_are_not_told() {
    assert!(told(&[("hr", 85, 15)]).is_empty());
    assert!(told(&[("hr", 0, 19)]).is_empty());
    assert_eq!(told(&[("hr", 0, 20)]).len(), 1);
}

/// What is told of so many requests of each quality.
fn told_of(counts: &[(Quality, u64)]) -> Vec<String> {
    let mut bench = Bench::of("");
    let counts = counts.iter().copied().collect();
    bench.rhythm.qualities.insert(day("2026-10-07"), counts);
    bench.told(estimated)
}

#[test]
fn counts_that_are_not_exact_are_told_by_quality() {
    let expected = "TB046 : 11 of 100 (11.0 %) requests with tokens have counts that are not exact: \
                    aggregated 4.0 % (4), estimated 7.0 % (7); at most 10 % are expected";
    let counts = [
        (Quality::Exact, 89),
        (Quality::Aggregated, 4),
        (Quality::Estimated, 7),
    ];
    assert_eq!(told_of(&counts), [expected]);
    assert!(told_of(&[(Quality::Exact, 90), (Quality::Estimated, 10)]).is_empty());
    assert!(told_of(&[]).is_empty());
}
