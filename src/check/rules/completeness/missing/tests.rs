use super::*;
use crate::check::rules::bench::{Bench, day, days};
use crate::check::rules::weekend::is_weekend;
use crate::check::tally::Hours;

/// From 8:00 to 18:00 so many requests an hour, else none.
fn office(requests: u32) -> Hours {
    std::array::from_fn(|hour| if (8..18).contains(&hour) { requests } else { 0 })
}

fn caller(name: &str) -> [Series; 2] {
    [Series::All, Series::Caller(name.to_owned())]
}

fn placed(name: &str, region: &str) -> [Series; 4] {
    let [all, caller] = caller(name);
    [
        all,
        caller,
        Series::Region(region.to_owned()),
        Series::Backend(format!("aoai-{region}")),
    ]
}

/// October 2026 (its 5th is a Monday) with what `hours` says of each day.
fn october(hours: impl Fn(NaiveDate) -> Hours) -> Bench {
    let mut bench = Bench::of("");
    for day in days("2026-10") {
        bench.hours(&caller("chat"), day, hours(day));
    }
    bench
}

#[test]
fn lost_hours_of_a_steady_app_are_told_once() {
    let bench = october(|date| {
        let mut hours = office(20);
        if date == day("2026-10-14") {
            hours[10..13].fill(0);
        }
        hours
    });
    let expected = "TB040 all requests: the whole export has no request from 2026-10-14T10:00Z \
                    until 2026-10-14T13:00Z; expected about 60 by the same hours of 19 comparable \
                    days";
    assert_eq!(bench.told(judge), [expected]);
}

#[test]
fn a_gap_below_the_limit_is_not_told() {
    let bench = october(|date| {
        let mut hours = office(9);
        if date == day("2026-10-14") {
            hours[10..13].fill(0);
        }
        hours
    });
    assert!(bench.told(judge).is_empty(), "27 requests are below 30");
}

#[test]
fn lost_days_are_told_as_days() {
    let bench = october(|date| match date.to_string().as_str() {
        "2026-10-14" | "2026-10-15" => [0; 24],
        _ => office(20),
    });
    let expected = "TB041 all requests: the whole export has no request on the days 2026-10-14 to \
                    2026-10-15 (from 2026-10-13T18:00Z until 2026-10-16T08:00Z); expected about \
                    400 by the same hours of 18 comparable days";
    assert_eq!(bench.told(judge), [expected]);
}

#[test]
fn weekends_are_compared_with_weekends() {
    let quiet = october(|date| {
        if is_weekend(date) {
            [0; 24]
        } else {
            office(50)
        }
    });
    assert!(quiet.told(judge).is_empty(), "an office that is closed");
    let lost = october(|date| match date.to_string().as_str() {
        "2026-10-17" => [0; 24],
        _ if is_weekend(date) => office(10),
        _ => office(50),
    });
    let told = lost.told(judge);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("on 2026-10-17 "), "{told:?}");
    assert!(
        told[0].contains("about 100 by the same hours of 7 "),
        "{told:?}"
    );
}

#[test]
fn what_is_usual_is_no_gap() {
    // Closed every Friday; then silent at noon on every fifth day.
    let fridays = |date: NaiveDate| chrono::Datelike::weekday(&date) == chrono::Weekday::Fri;
    let bench = october(|date| if fridays(date) { [0; 24] } else { office(40) });
    assert!(bench.told(judge).is_empty());
    let bench = october(|date| {
        let mut hours = office(40);
        if chrono::Datelike::day(&date) % 5 == 0 {
            hours[12] = 0;
        }
        hours
    });
    assert!(bench.told(judge).is_empty());
}

#[test]
fn what_grows_begins_or_ends_has_no_gap() {
    let begins = |date: NaiveDate, requests: [u32; 2], from: &str| {
        office(requests[usize::from(date >= day(from))])
    };
    for (requests, from) in [([0, 90], "2026-10-12"), ([90, 0], "2026-10-20")] {
        let bench = october(|date| begins(date, requests, from));
        assert!(bench.told(judge).is_empty(), "{requests:?}");
    }
    // One request a day before the launch.
    let bench = october(|date| {
        if date < day("2026-10-10") {
            std::array::from_fn(|hour| u32::from(hour == 9))
        } else {
            office(200)
        }
    });
    assert!(bench.told(judge).is_empty());
}

#[test]
fn a_few_days_are_not_judged() {
    let mut bench = Bench::of("").asked("2026-10-05..2026-10-06");
    for (date, hour) in [("2026-10-05", 24), ("2026-10-06", 12)] {
        let mut hours = office(100);
        if hour < 24 {
            hours[hour] = 0;
        }
        bench.hours(&caller("chat"), day(date), hours);
    }
    assert!(bench.told(judge).is_empty());
}

#[test]
fn a_region_that_is_silent_alone_is_told_and_its_parts_are_not() {
    let mut bench = Bench::of("");
    for date in days("2026-10") {
        let lost = date == day("2026-10-21");
        let north = if lost { [0; 24] } else { office(30) };
        bench.hours(&placed("hr", "northeurope"), date, north);
        bench.hours(&placed("chat", "swedencentral"), date, office(60));
    }
    let told = bench.told(judge);
    assert_eq!(told.len(), 1, "{told:?}");
    let expected = "TB042 region northeurope: region \"northeurope\" has no request from \
                    2026-10-20T18:00Z until 2026-10-22T08:00Z; expected about 300 by the same";
    assert!(told[0].starts_with(expected), "{told:?}");
}

#[test]
fn a_region_that_stops_is_told_up_to_the_last_request_of_all() {
    let mut bench = Bench::of("");
    for date in days("2026-10") {
        if date < day("2026-10-28") {
            bench.hours(&placed("hr", "northeurope"), date, office(30));
        }
        bench.hours(&placed("chat", "swedencentral"), date, office(60));
    }
    let told = bench.told(judge);
    assert_eq!(told.len(), 1, "{told:?}");
    let span = "from 2026-10-27T18:00Z until 2026-10-31T18:00Z";
    assert!(told[0].contains(span), "{told:?}");
}

#[test]
fn traffic_that_another_region_took_over_is_not_missing() {
    let mut bench = Bench::of("");
    for date in days("2026-10") {
        let moved = date == day("2026-10-21");
        let (north, central) = if moved {
            ([0; 24], office(90))
        } else {
            (office(30), office(60))
        };
        bench.hours(&placed("chat", "northeurope"), date, north);
        bench.hours(&placed("chat", "swedencentral"), date, central);
    }
    assert!(bench.told(judge).is_empty());
}

#[test]
fn one_caller_s_gap_is_told_while_others_go_on() {
    let mut bench = Bench::of("");
    for date in days("2026-10") {
        let mut hours = office(30);
        if date == day("2026-10-21") {
            hours[9..14].fill(0);
        }
        bench.hours(&caller("hr"), date, hours);
        bench.hours(&caller("chat"), date, office(60));
    }
    let told = bench.told(judge);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("TB040 caller hr: caller \"hr\" has no request from"));
    assert!(told[0].contains("about 150 "), "{told:?}");
}
