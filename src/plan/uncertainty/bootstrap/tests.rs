use proptest::prelude::*;

use super::*;

const HOUR: u64 = MICROS_PER_DAY / 24;
const ROUNDS: u32 = 1_000;

/// From an hour to another, counted from the start of 2026-11-02, a Monday.
fn span(from: u64, until: u64) -> Span {
    let monday: NaiveDate = "2026-11-02".parse().unwrap();
    let start = u64::try_from(monday.to_epoch_days()).unwrap() * MICROS_PER_DAY;
    let at = |hour: u64| SimTime::from_micros(start + hour * HOUR);
    Span {
        start: at(from),
        end: at(until),
    }
}

fn days(count: u64) -> Days {
    Days::of(span(0, count * 24)).unwrap()
}

fn dollars(amount: u32) -> Money {
    amount.to_string().parse().unwrap()
}

/// A size with what its throughput costs, and its tokens on each day [USD].
fn size(ptu: u32, fixed: u32, tokens: &[u32]) -> Daily {
    let day = |dollars: &u32| i128::from(*dollars) * 10_i128.pow(DIGITS);
    Daily {
        ptu: Ptu::new(ptu),
        fixed: dollars(fixed),
        tokens: tokens.iter().map(day).collect(),
    }
}

fn drawn(days: &Days, sizes: &[Daily], seed: u64) -> Bootstrap {
    let drawn = days.drawn(sizes, ROUNDS, Seed::new(seed));
    summary(days, sizes, drawn, seed)
}

fn interval(bootstrap: &Bootstrap, place: usize) -> [String; 3] {
    let size = &bootstrap.sizes[place];
    [&size.low, &size.median, &size.high].map(Money::to_string)
}

#[test]
fn equal_days_leave_nothing_to_chance() {
    let days = days(30);
    let sizes = [size(0, 0, &[24; 30]), size(15, 10, &[20; 30])];
    let found = drawn(&days, &sizes, 1);
    assert_eq!((found.days, found.block, found.rounds), (30, 7, 1_000));
    assert_eq!(interval(&found, 0), ["720"; 3]);
    assert_eq!(interval(&found, 1), ["610"; 3]);
    assert_eq!(found.best, [(Ptu::new(15), 1_000)]);
    assert_eq!(found.range, (Ptu::new(15), Ptu::new(15)));
}

/// Half a day, three days and a quarter of a day at 24 dollars a day: 90 dollars, whichever of
/// them are drawn.
#[test]
fn days_that_are_seen_in_part_count_by_their_length() {
    let days = Days::of(span(12, 4 * 24 + 6)).unwrap();
    assert_eq!(days.lengths.iter().sum::<u64>(), 90 * HOUR);
    let found = drawn(&days, &[size(0, 0, &[12, 24, 24, 24, 6])], 1);
    assert_eq!(interval(&found, 0), ["90"; 3]);
}

/// Days at 0 and at 20 dollars in turn. Of ten draws, 5 are dear in the middle, and 15 PTU for 100
/// dollars are cheaper when more than 5 are: 386 of 1,024.
#[test]
fn two_kinds_of_days_are_drawn_by_their_number() {
    let days = days(10);
    let cheap_and_dear = [0, 20, 0, 20, 0, 20, 0, 20, 0, 20];
    let sizes = [size(0, 0, &cheap_and_dear), size(15, 100, &[0; 10])];
    let found = drawn(&days, &sizes, 1);
    assert_eq!(found.block, 1);
    let [low, median, high] = interval(&found, 0).map(|money| money.parse::<u32>().unwrap());
    assert!((40..=60).contains(&low), "{low}");
    assert_eq!(median, 100);
    assert!((140..=160).contains(&high), "{high}");
    assert_eq!(interval(&found, 1), ["100"; 3]);
    let [(none, often), (some, rarely)] = found.best[..] else {
        panic!("{:?}", found.best);
    };
    assert_eq!((none, some), (Ptu::new(0), Ptu::new(15)));
    assert_eq!(often + rarely, 1_000);
    assert!((330..=440).contains(&rarely), "{rarely}");
    assert_eq!(found.range, (none, some));
}

/// A block of seven days has one Sunday wherever it starts, so four of them have four.
#[test]
fn blocks_keep_weeks_together() {
    let sundays: Vec<u32> = (0..28).map(|day| u32::from(day % 7 == 6) * 10).collect();
    let found = drawn(&days(28), &[size(0, 0, &sundays)], 1);
    assert_eq!(found.block, 7);
    assert_eq!(interval(&found, 0), ["40"; 3]);
    assert_eq!(days(27).block, 1);
}

#[test]
fn the_seed_decides() {
    let days = days(10);
    let sizes = [size(0, 0, &[1, 5, 2, 8, 3, 9, 4, 7, 6, 0])];
    let draws = |seed| days.drawn(&sizes, 10, Seed::new(seed));
    assert_eq!(draws(1), draws(1));
    assert_ne!(draws(1), draws(2));
}

#[test]
fn too_few_whole_days_are_refused() {
    for (from, until, whole) in [(0, 1, 0), (0, 24, 1), (1, 71, 1), (12, 36, 0)] {
        let reason = Days::of(span(from, until)).unwrap_err();
        let expected = format!(
            "the traffic covers {whole} whole days (UTC); drawing days anew needs at least 2"
        );
        assert_eq!(reason, expected);
    }
    assert_eq!(Days::of(span(0, 48)).unwrap().lengths.len(), 2);
}

#[test]
fn what_is_late_counts_on_the_last_day() {
    let day = |day: &str, amount| (day.parse().unwrap(), dollars(amount));
    let by_day = [
        day("2026-11-01", 1),
        day("2026-11-03", 2),
        day("2026-11-04", 4),
    ];
    let costs = days(2).costs(&BTreeMap::from(by_day));
    assert_eq!(costs, size(0, 0, &[1, 6]).tokens);
}

#[test]
fn a_twentieth_lies_on_either_side() {
    let hundred: Vec<u32> = (1..=100).collect();
    assert_eq!(quantiles(&hundred), [6, 50, 95]);
    assert_eq!(quantiles(&[7]), [7, 7, 7]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Every day is as likely as any other, so the mean of draws is near what was seen.
    #[test]
    fn the_mean_of_draws_is_near_the_plain_cost(
        costs in prop::collection::vec(0_u32..1_000, 2..40),
        seed in 0_u64..100,
    ) {
        let days = days(costs.len() as u64);
        let rounds = days.drawn(&[size(0, 7, &costs)], ROUNDS, Seed::new(seed));
        let totals: Vec<f64> = rounds.iter().map(|round| {
            round[0].to_string().parse::<f64>().unwrap()
        }).collect();
        let mean = totals.iter().sum::<f64>() / f64::from(ROUNDS);
        let squares = totals.iter().map(|total| (total - mean).powi(2));
        let error = (squares.sum::<f64>() / f64::from(ROUNDS).powi(2)).sqrt();
        let plain = f64::from(costs.iter().sum::<u32>() + 7);
        prop_assert!((mean - plain).abs() <= 5.0 * error + 1e-6, "{mean} {plain} {error}");
    }
}
