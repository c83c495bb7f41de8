//! Groups and sums of fixed and of drawn records.

use proptest::prelude::*;

use super::*;
use crate::catalog::ModelName;
use crate::tokenizer::count::{Certainty, Count, LoggedUsage, Part, Reason};

fn counted(app: &str, line: u64, input: i64) -> Counted {
    let mut count = Count::default();
    count.add(Part::Text, input);
    Counted {
        labels: Labels {
            app: app.to_owned(),
            ..Labels::default()
        },
        line,
        input: count,
        ..Counted::default()
    }
}

fn profiled(settings: Settings, records: &[Counted]) -> Profiled {
    let mut profile = Profile::new(settings);
    for record in records {
        profile.add(record).unwrap();
    }
    profile.finish()
}

fn by_app() -> Settings {
    Settings {
        by: vec![Label::App],
        ..Settings::default()
    }
}

#[test]
fn groups_are_told_apart_and_sorted() {
    let records = [counted("b", 1, 5), counted("a", 2, 7), counted("b", 3, 1)];
    let found = profiled(by_app(), &records);
    let rows = found.groups.iter().map(|group| {
        let input = &group.tally.input;
        (
            group.labels.join(""),
            group.tally.records(),
            input.sum(),
            input.most(),
        )
    });
    let rows: Vec<_> = rows.collect();
    let expected = [
        ("a".to_owned(), 1, 7, Some(7)),
        ("b".to_owned(), 2, 6, Some(5)),
    ];
    assert_eq!(rows, expected);
    assert_eq!((found.total.records(), found.total.input.sum()), (3, 13));
}

#[test]
fn without_labels_all_records_are_one_group() {
    let records = [counted("b", 1, 5), counted("a", 2, 7)];
    let found = profiled(Settings::default(), &records);
    assert_eq!(found.groups.len(), 1);
    assert_eq!(found.groups[0].tally, found.total);
    assert!(profiled(Settings::default(), &[]).groups.is_empty());
}

#[test]
fn too_many_groups_are_refused() {
    let mut profile = Profile::new(Settings {
        most_groups: 2,
        by: vec![Label::App, Label::Tag],
        ..Settings::default()
    });
    for app in ["a", "b", "a", "b"] {
        profile.add(&counted(app, 1, 1)).unwrap();
    }
    let error = profile.add(&counted("c", 1, 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there are more than 2 groups by app, tag; group by labels with fewer values, or not at all"
    );
}

#[test]
fn the_largest_are_kept_in_order_and_those_over_budget_counted() {
    let sizes = [5, 9, 9, 1, 7, 9, 2];
    let records: Vec<Counted> = (1..)
        .zip(sizes)
        .map(|(line, input)| counted("a", line, input))
        .collect();
    let settings = Settings {
        largest: 4,
        budget: Some(5),
        ..Settings::default()
    };
    let largest = profiled(settings, &records).largest;
    let lines: Vec<u64> = largest.records().iter().map(|record| record.line).collect();
    assert_eq!(lines, [2, 3, 6, 5]);
    assert_eq!(largest.over_budget(), 4);
    let none = Settings {
        largest: 0,
        ..Settings::default()
    };
    assert!(profiled(none, &records).largest.records().is_empty());
}

#[test]
fn usage_is_compared_where_it_is_told() {
    let with_usage = |input, reported, cached| Counted {
        usage: Some(LoggedUsage {
            input: reported,
            cached_input: cached,
            ..LoggedUsage::default()
        }),
        ..counted("a", 1, input)
    };
    let records = [
        with_usage(100, 100, Some(64)),
        with_usage(103, 100, None),
        with_usage(50, 60, Some(0)),
        counted("a", 1, 7),
    ];
    let expected = UsageComparison {
        compared: 3,
        exact: 1,
        close: 2,
        counted: 253,
        reported: 260,
        absolute_error: 13,
        worst: -10,
        told_cached: 2,
        reported_cached: 64,
        reckoned_cached: 0,
    };
    assert_eq!(
        profiled(Settings::default(), &records).total.usage,
        expected
    );
}

#[test]
fn parts_certainty_and_reasons_are_counted() {
    let mut fitted = counted("a", 1, 100);
    fitted.input.add(Part::Tools, -2);
    fitted.input.doubt(Reason::Tools);
    let mut hidden = counted("a", 2, 10);
    hidden.input.doubt(Reason::Tools);
    hidden.input.doubt(Reason::HostedTools);
    let found = profiled(Settings::default(), &[fitted, hidden, counted("a", 3, 1)]).total;
    assert_eq!((found.part(Part::Text), found.part(Part::Tools)), (111, -2));
    assert_eq!(found.input.sum(), 109);
    let certainties = [Certainty::Exact, Certainty::Estimate, Certainty::LowerBound];
    assert_eq!(
        certainties.map(|certainty| found.of_certainty(certainty)),
        [1, 1, 1]
    );
    let reasons: Vec<_> = found.reasons().collect();
    assert_eq!(reasons, [(Reason::Tools, 2), (Reason::HostedTools, 1)]);
}

#[test]
fn what_exceeds_a_threshold_is_told_apart() {
    let thresholds = vec![Tokens::new(100), Tokens::new(200)];
    let records = [100, 101, 200, 201].map(|input| counted("a", 1, input));
    let settings = Settings {
        thresholds,
        ..Settings::default()
    };
    let found = profiled(settings, &records).total;
    let sums: Vec<_> = found.models[&ModelName::default()]
        .iter()
        .map(|(above, sums)| (above.map(Tokens::get), sums.tokens.input.get()))
        .collect();
    assert_eq!(sums, [(None, 100), (Some(100), 301), (Some(200), 201)]);
}

#[test]
fn cached_tokens_are_no_more_than_the_prompt() {
    let record = Counted {
        prefix: (0..9).collect(),
        ..counted("a", 1, 1_100)
    };
    let found = profiled(Settings::default(), &[record.clone(), record]).total;
    assert_eq!((found.cache_hits, found.cached), (1, 1_100));
    let sums = found.models[&ModelName::default()][&None].tokens;
    assert_eq!(
        (sums.cache_write.get(), sums.uncached_input().get()),
        (1_100, 0)
    );
}

prop_compose! {
    fn any_record()(
        app in "[abc]",
        input in 0_i64..3_000_000,
        output in proptest::option::of(0_u64..5_000),
        max_tokens in proptest::option::of(1_u32..9_000),
        prefix in proptest::collection::vec(0_u64..2, 0..12),
    ) -> Counted {
        Counted {
            output,
            max_tokens: max_tokens.and_then(std::num::NonZero::new),
            prefix,
            ..counted(&app, 1, input)
        }
    }
}

/// Nearest rank on a sorted list.
fn sorted_percentile(sizes: &[u64], percent: usize) -> u64 {
    let mut sorted = sizes.to_vec();
    sorted.sort_unstable();
    sorted[(percent * sorted.len()).div_ceil(100).max(1) - 1]
}

proptest! {
    #[test]
    fn percentiles_are_those_of_the_sorted_list(
        sizes in proptest::collection::vec(0_u64..40, 1..200)
    ) {
        let mut distribution = Distribution::default();
        for size in &sizes {
            distribution.add(*size);
        }
        for percent in [0, 1, 50, 90, 95, 99, 100] {
            let found = distribution.percentile(u16::try_from(percent * 10).unwrap());
            prop_assert_eq!(found, Some(sorted_percentile(&sizes, percent)));
        }
    }

    #[test]
    fn groups_sum_to_the_whole_whatever_their_order(
        records in proptest::collection::vec(any_record(), 0..60)
    ) {
        let grouped = profiled(by_app(), &records);
        let whole = profiled(Settings::default(), &records);
        prop_assert_eq!(&grouped.total, &whole.total);
        let mut sums = Tally::default();
        for group in grouped.groups.iter().rev() {
            sums.merge(&group.tally);
        }
        prop_assert_eq!(sums.records(), records.len() as u64);
        prop_assert_eq!(&sums, &whole.total);
        prop_assert!(grouped.groups.windows(2).all(|pair| pair[0].labels < pair[1].labels));
    }

    #[test]
    fn shapes_hold_every_request_and_nearly_every_token(
        records in proptest::collection::vec(any_record(), 1..120),
        cells in 16_usize..100,
    ) {
        let found = profiled(Settings { cells, ..Settings::default() }, &records);
        let shapes = found.shapes().unwrap();
        let kinds = &shapes.shape[0].requests;
        prop_assert!(kinds.len() <= cells);
        let count: u64 = kinds.iter().map(|kind| kind.count.get()).sum();
        prop_assert_eq!(count, records.len() as u64);
        let off = |of: fn(&crate::shapes::RequestKind) -> u32, sum: u64| {
            let all = kinds.iter().map(|kind| kind.count.get() * u64::from(of(kind)));
            all.sum::<u64>().abs_diff(sum) * 2 <= count
        };
        prop_assert!(off(|kind| kind.input, found.total.input.sum()));
        prop_assert!(off(|kind| kind.cached, found.total.cached));
        prop_assert!(off(|kind| kind.output.unwrap_or(0), found.total.output.sum()));
        let most = |kind: &crate::shapes::RequestKind| kind.max_tokens.map_or(0, std::num::NonZero::get);
        prop_assert!(off(most, found.total.max_tokens.sum()));
        for kind in kinds {
            prop_assert!(kind.cached <= kind.input);
        }
        let answered: u64 = kinds.iter().filter(|kind| kind.output.is_some())
            .map(|kind| kind.count.get()).sum();
        prop_assert_eq!(answered, found.total.output.count());
    }

    #[test]
    fn cells_do_not_depend_on_the_order_of_records(
        records in proptest::collection::vec(any_record(), 1..60),
    ) {
        let kinds = |records: &[Counted]| {
            let mut cells = Cells::default();
            for record in records {
                cells.add(record, 0, 12);
            }
            cells.kinds().unwrap()
        };
        let backwards: Vec<Counted> = records.iter().rev().cloned().collect();
        prop_assert_eq!(kinds(&records), kinds(&backwards));
    }
}

#[test]
fn many_groups_share_the_room_for_cells() {
    let settings = Settings {
        cells: 200,
        most_cells: 1_000,
        ..by_app()
    };
    let records: Vec<Counted> = (0..4_000_i64)
        .map(|number| counted(&format!("app {}", number % 20), 1, number))
        .collect();
    let found = profiled(settings, &records);
    let cells = found.groups.iter().map(|group| group.cells.len());
    assert!(cells.sum::<usize>() <= 1_000);
    assert!(found.groups.iter().all(|group| group.cells.len() > 16));
}

#[test]
fn equal_requests_are_exact_cells() {
    let records = [5, 5, 1_000_001].map(|input| counted("a", 1, input));
    let found = profiled(
        Settings {
            cells: 10,
            ..by_app()
        },
        &records,
    );
    let shapes = found.shapes().unwrap();
    assert_eq!(shapes.shape[0].name, "a");
    assert_eq!(shapes.shape[0].about, "3 requests: 3 exact");
    let kinds: Vec<_> = shapes.shape[0]
        .requests
        .iter()
        .map(|kind| (kind.count.get(), kind.input, kind.output))
        .collect();
    assert_eq!(kinds, [(2, 5, None), (1, 1_000_001, None)]);
}

#[test]
fn names_of_shapes_are_different_from_each_other() {
    let of = |app: &str, tag: &str| Counted {
        labels: Labels {
            app: app.to_owned(),
            tag: tag.to_owned(),
            ..Labels::default()
        },
        ..counted("", 1, 1)
    };
    let records = [of("", ""), of("a", "b/c"), of("a/b", "c"), of("all", "")];
    let found = profiled(
        Settings {
            by: vec![Label::App, Label::Tag],
            cells: 1,
            ..Settings::default()
        },
        &records,
    );
    let shapes = found.shapes().unwrap();
    let names: Vec<&str> = shapes
        .shape
        .iter()
        .map(|shape| shape.name.as_str())
        .collect();
    assert_eq!(names, ["all", "a/b/c", "a/b/c 2", "all 2"]);
}
