use super::*;
use crate::time::Timestamp;
use crate::units::{Requests, TokenCounts};
use crate::usage::{Disposition, Origin};

fn dimensions(app: &str, subscription: &str, region: &str) -> Arc<Dimensions> {
    Arc::new(Dimensions {
        app: app.to_owned(),
        subscription: subscription.to_owned(),
        region: region.to_owned(),
        backend: format!("aoai-{region}"),
        ..Dimensions::default()
    })
}

fn record(dimensions: &Arc<Dimensions>, micros: i64, quality: Quality) -> UsageRecord<'_> {
    UsageRecord {
        request: 1,
        time: Timestamp::from_micros(micros),
        dimensions,
        status: Some(200),
        tokens: TokenCounts::default(),
        requests: Requests::new(2),
        streamed: false,
        quality,
        disposition: Disposition::Billable,
        origin: Origin::default(),
        apart: 0,
    }
}

/// Noon of 2026-10-05 [µs since 1970].
fn noon() -> i64 {
    Timestamp::start_of(day("2026-10-05")).micros() + 12 * MICROS_PER_HOUR
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_request_counts_for_all_its_series() {
    let chat = dimensions("chat", "sub-1", "swedencentral");
    let mut tally = Tally::default();
    tally.add(&record(&chat, noon(), Quality::Exact));
    tally.add(&record(
        &chat,
        noon() + MICROS_PER_HOUR - 1,
        Quality::Estimated,
    ));
    tally.add(&record(&chat, noon() + MICROS_PER_HOUR, Quality::Exact));
    let rhythm = tally.into_rhythm();
    let names: Vec<_> = rhythm.series.keys().cloned().collect();
    let expected = [
        Series::All,
        Series::Caller("chat".to_owned()),
        Series::Region("swedencentral".to_owned()),
        Series::Backend("aoai-swedencentral".to_owned()),
    ];
    assert_eq!(names, expected);
    for days in rhythm.series.values() {
        let hours = days[&day("2026-10-05")];
        assert_eq!((hours[11], hours[12], hours[13]), (0, 4, 2));
    }
    let qualities = &rhythm.qualities[&day("2026-10-05")];
    assert_eq!(qualities[&Quality::Exact], 4);
    assert_eq!(qualities[&Quality::Estimated], 2);
}

#[test]
fn the_caller_is_the_app_else_the_subscription_else_the_product() {
    for (app, subscription, expected) in [
        ("chat", "sub-1", "chat"),
        ("", "sub-1", "sub-1"),
        ("NA", "master", "gold"),
    ] {
        let dimensions = Dimensions {
            app: app.to_owned(),
            subscription: subscription.to_owned(),
            product: "gold".to_owned(),
            ..Dimensions::default()
        };
        assert_eq!(caller(&dimensions), expected);
    }
    assert_eq!(caller(&Dimensions::default()), "");
}

#[test]
fn threads_do_not_show() {
    // The same texts at two addresses, as each thread has its own.
    let (one, other) = (
        dimensions("chat", "", "swedencentral"),
        dimensions("chat", "", "swedencentral"),
    );
    let batch = dimensions("batch", "", "");
    let records = [
        record(&one, noon(), Quality::Exact),
        record(&other, noon(), Quality::Exact),
        record(&batch, noon() + 50 * MICROS_PER_HOUR, Quality::Missing),
    ];
    let mut together = Tally::default();
    let mut apart = [Tally::default(), Tally::default()];
    for (at, record) in records.iter().enumerate() {
        together.add(record);
        apart[(at + 1) % 2].add(record);
    }
    let [mut first, second] = apart;
    first.merge(second);
    assert_eq!(first.into_rhythm(), together.into_rhythm());
}

#[test]
fn times_that_nobody_believes_are_not_counted() {
    let chat = dimensions("chat", "", "");
    let mut tally = Tally::default();
    let border = Timestamp::start_of(day("2000-01-01")).micros();
    let end = Timestamp::start_of(day("2100-01-01")).micros();
    for micros in [i64::MIN, 0, border - 1, end, i64::MAX] {
        tally.add(&record(&chat, micros, Quality::Exact));
    }
    assert_eq!(tally.clone().into_rhythm(), Rhythm::default());
    for micros in [border, end - 1] {
        tally.add(&record(&chat, micros, Quality::Exact));
    }
    assert_eq!(tally.into_rhythm().series[&Series::All].len(), 2);
}
