//! Laws of assembling: what must not show in the result, whatever the rows.

use proptest::prelude::*;

use super::{assemble, options};
use crate::time::Timestamp;
use crate::units::Tokens;
use crate::usage::accounting::RowAccounting;
use crate::usage::assembly::{Assembled, Options};
use crate::usage::dimensions::Dimensions;
use crate::usage::fragment::{Fragment, Part};
use crate::usage::record::Quality;
use crate::usage::totals::{Totals, UsageSum};

/// A few requests with rows of every part, so that rows repeat, contradict and complete each other.
fn any_fragment() -> impl Strategy<Value = Fragment<'static>> {
    let names = prop::sample::select(vec![("", ""), ("d", "m"), ("d", "n"), ("e", "")]);
    let part = prop::sample::select(vec![Part::Gateway, Part::Llm, Part::Llm, Part::Whole]);
    let status = prop::sample::select(vec![None, Some(200), Some(404), Some(429)]);
    let identity = (0..6_u8, 0..3_u64, part, 0..4_i64);
    let counts = prop::sample::select(vec![(0, 0, 0), (9, 0, 0), (9, 4, 3), (5, 0, 3), (8, 3, 3)]);
    let caller = prop::sample::select(vec!["", "hr", "legal"]);
    (identity, names, status, counts, caller, 0..2_u32).prop_map(
        |(
            (request, row_key, part, time),
            (deployment, model),
            status,
            counts,
            subscription,
            source,
        )| {
            Fragment {
                // Requests that share a partition, half a hash, or nothing.
                request: u128::from(request % 2) << 120
                    | u128::from(request) << 64
                    | u128::from(request / 4),
                row_key,
                part,
                time: Timestamp::from_micros(time * 43_200_000_000_500),
                dimensions: Dimensions {
                    subscription,
                    deployment,
                    model,
                    ..Dimensions::default()
                },
                status,
                input: counts.0,
                cached_input: counts.1,
                cache_write: 0,
                output: counts.2,
                reasoning: 0,
                total: None,
                requests: 1,
                streamed: row_key == 1,
                cache_hit: false,
                quality: if time == 3 {
                    Quality::Estimated
                } else {
                    Quality::Exact
                },
                source,
                line: 1,
            }
        },
    )
}

fn sums(
    fragments: &[Fragment<'_>],
    workers: usize,
    options: Options,
) -> (Vec<UsageSum>, Assembled) {
    let thresholds = [Tokens::new(4), Tokens::new(8)];
    let mut totals = Totals::new(&thresholds);
    let assembled = assemble(fragments, workers, options, |record| totals.add(record));
    (totals.into_sums(), assembled)
}

fn faults(assembled: &Assembled) -> String {
    format!("{:?}", assembled.diagnostics)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn order_workers_and_spilling_do_not_show(
        fragments in prop::collection::vec(any_fragment(), 0..40),
        shuffled in any::<prop::sample::Index>(),
        workers in 1..4_usize,
        memory in prop::sample::select(vec![0, 200, 1000, 1 << 20]),
    ) {
        let (expected, one) = sums(&fragments, 1, options());
        let mut reordered = fragments.clone();
        if !reordered.is_empty() {
            reordered.rotate_left(shuffled.index(fragments.len()));
            reordered.reverse();
        }
        let scarce = Options { memory, block_rows: 2, ..options() };
        let (actual, other) = sums(&reordered, workers, scarce);
        prop_assert_eq!(actual, expected);
        prop_assert_eq!(other.accounting, one.accounting);
        prop_assert_eq!(faults(&other), faults(&one));
        let balanced = RowAccounting { read: fragments.len() as u64, ..one.accounting };
        prop_assert!(balanced.balances(), "{:?}", balanced);
    }

    #[test]
    fn delivering_rows_again_changes_no_sum(
        fragments in prop::collection::vec(any_fragment(), 1..30),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
    ) {
        let (expected, once) = sums(&fragments, 1, options());
        let mut twice = fragments.clone();
        twice.extend(again.iter().map(|index| fragments[index.index(fragments.len())]));
        let (actual, more) = sums(&twice, 2, options());
        prop_assert_eq!(actual, expected);
        prop_assert_eq!(more.accounting.requests, once.accounting.requests);
        prop_assert_eq!(more.accounting.conflicts, once.accounting.conflicts);
        let repeated = |found: &Assembled| found.accounting.duplicates + found.accounting.merged;
        prop_assert_eq!(repeated(&more), repeated(&once) + again.len() as u64);
    }

    #[test]
    fn no_token_is_counted_that_no_row_told(
        fragments in prop::collection::vec(any_fragment(), 0..40),
    ) {
        let told: u64 = fragments.iter().map(|row| u64::from(row.input) + u64::from(row.output)).sum();
        let (sums, assembled) = sums(&fragments, 2, options());
        let counted: u64 = sums.iter().map(|sum| (sum.tokens.input + sum.tokens.output).get()).sum();
        let requests: u64 = sums.iter().map(|sum| sum.requests.get()).sum();
        prop_assert!(counted <= told);
        prop_assert_eq!(requests, assembled.accounting.requests);
    }
}
