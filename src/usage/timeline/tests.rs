//! Any number of collectors and any memory give one order.

use proptest::prelude::*;

use super::*;
use crate::units::Tokens;
use crate::usage::record::Origin;

fn texts(count: usize) -> Vec<Arc<Dimensions>> {
    (0..count)
        .map(|number| {
            Arc::new(Dimensions {
                subscription: format!("s{number}"),
                ..Dimensions::default()
            })
        })
        .collect()
}

fn record(number: u64, time: i64, dimensions: &Arc<Dimensions>) -> UsageRecord<'_> {
    let place = usize::try_from(number % 7).unwrap();
    UsageRecord {
        request: u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835),
        time: Timestamp::from_micros(time),
        dimensions,
        status: [None, Some(200), Some(429)][place % 3],
        tokens: TokenCounts {
            input: Tokens::new(number),
            cached_input: Tokens::new(1),
            cache_write: Tokens::new(2),
            output: Tokens::new(u64::MAX - number),
            reasoning: Tokens::new(3),
        },
        requests: Requests::new(number + 1),
        streamed: number.is_multiple_of(2),
        quality: [Quality::Exact, Quality::Missing, Quality::Estimated][place % 3],
        disposition: Disposition::ALL[place],
        origin: Origin::default(),
        apart: 0,
    }
}

fn owned(record: &UsageRecord<'_>) -> TimedUsage {
    TimedUsage {
        time: record.time,
        request: record.request,
        dimensions: Arc::clone(record.dimensions),
        status: record.status,
        tokens: record.tokens,
        requests: record.requests,
        streamed: record.streamed,
        quality: record.quality,
        disposition: record.disposition,
    }
}

/// What the timeline of these times gives, and what it should.
fn ordered(times: &[i64], memory: usize, count: usize) -> (Vec<TimedUsage>, Vec<TimedUsage>) {
    let directory = tempfile::tempdir().unwrap();
    let options = Options {
        memory,
        block_rows: 3,
        ..Options::new(directory.path())
    };
    let dimensions = texts(4);
    let mut collectors = options.collectors(NonZero::new(count).unwrap());
    let mut expected = Vec::new();
    for (number, time) in (0..).zip(times) {
        let place = usize::try_from(number).unwrap();
        let record = record(number, *time, &dimensions[place % 4]);
        expected.push(owned(&record));
        collectors[place % count].add(&record);
    }
    expected.sort_by_key(|record| (record.time, record.request));
    let found: Result<_, _> = Timeline::of(collectors).unwrap().collect();
    (found.unwrap(), expected)
}

proptest! {
    #[test]
    fn records_come_in_order_of_time_and_request(
        times in prop::collection::vec(-3_i64..40, 0..200),
        memory in 0_usize..6_000,
        count in 1_usize..4,
    ) {
        let (found, expected) = ordered(&times, memory, count);
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn tiny_memory_spills_every_row() {
    let (found, expected) = ordered(&[5, 4, 4, 4, 1], 0, 1);
    assert_eq!(found, expected);
    assert_eq!(found[0].time.micros(), 1);
}

#[test]
fn a_row_takes_the_memory_it_is_counted_with() {
    assert_eq!(size_of::<Row>(), row::BYTES);
}

#[test]
fn a_missing_directory_is_told() {
    let options = Options {
        memory: 0,
        ..Options::new(tempfile::tempdir().unwrap().path().join("gone"))
    };
    let dimensions = texts(1);
    let mut collectors = options.collectors(NonZero::<usize>::MIN);
    collectors[0].add(&record(1, 1, &dimensions[0]));
    collectors[0].add(&record(2, 2, &dimensions[0]));
    let message = Timeline::of(collectors).unwrap_err().to_string();
    assert!(message.contains("gone"), "{message}");
}
