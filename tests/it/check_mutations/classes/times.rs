//! Times that cannot be, or contradict each other.

use chrono::Timelike;

use super::super::month::{Carrier, DAYS, Key, Kind, Month, Row, midnight, moment};
use super::{ALL, Class, PAIRS};

const DAY: i64 = 86_400;

/// Damage to times.
pub(super) static CLASSES: &[Class] = &[
    Class::rows(
        "day and month of one row swapped",
        &[Carrier::Portal],
        &["TB008", "TB029", "TB030", "TB031"],
        |month, rng| {
            let at = *rng.pick(&swappable(month));
            month.rows[at].time = Some(swapped(&month.rows[at]));
        },
    ),
    Class::rows(
        "day and month of a file swapped, days from the 13th on dropped",
        &[Carrier::Portal],
        &["TB029", "TB030", "TB031"],
        |month, rng| {
            let kind = *rng.pick(&[Kind::Llm, Kind::Gateway]);
            month.rows.retain(|row| row.kind != kind || row.day() < 13);
            for row in month.rows.iter_mut().filter(|row| row.kind == kind) {
                row.time = Some(swapped(row));
            }
        },
    ),
    Class::rows(
        "a time in the next year",
        ALL,
        &["TB029", "TB031"],
        |month, rng| {
            let days = i64::from(rng.between(60, 400));
            month.any(rng).at += days * DAY;
        },
    ),
    Class::rows(
        "a time of 1970",
        ALL,
        &["TB030", "TB031", "TB033"],
        |month, rng| {
            let seconds = i64::from(rng.between(0, 86_399));
            month.any(rng).at = seconds;
        },
    ),
    Class::rows("a time blanked", ALL, &["TB034"], |month, rng| {
        month.any(rng).time = Some(String::new());
    }),
    Class::rows("a time that is none", ALL, &["TB035"], |month, rng| {
        let text = *rng.pick(&[
            "yesterday",
            "2026-13-45T08:00:00Z",
            "2026-10-05T25:61:00Z",
            "n/a",
        ]);
        month.any(rng).time = Some(text.to_owned());
    }),
    Class::rows(
        "one of the two logs in another zone",
        PAIRS,
        &["TB031"],
        |month, rng| {
            let hours = *rng.pick(&[-8, -5, -1, 1, 2, 9]);
            let kind = *rng.pick(&[Kind::Llm, Kind::Gateway]);
            for row in month.rows.iter_mut().filter(|row| row.kind == kind) {
                row.at += hours * 3600;
            }
        },
    ),
    Class::rows(
        "the whole export in another zone",
        ALL,
        &["TB030"],
        |month, rng| {
            let hours = *rng.pick(&[-8, -5, -2, 2, 5, 9]);
            for row in &mut month.rows {
                row.at += hours * 3600;
            }
        },
    ),
    Class::rows(
        "the clocks of the two logs drift apart to an hour",
        PAIRS,
        &["TB031"],
        |month, rng| {
            let kind = *rng.pick(&[Kind::Llm, Kind::Gateway]);
            let sign = *rng.pick(&[-1, 1]);
            for row in month.rows.iter_mut().filter(|row| row.kind == kind) {
                let passed = row.at - midnight(1);
                row.at += sign * 3600 * passed / (i64::from(DAYS) * DAY);
            }
        },
    ),
    Class::rows(
        "the clocks of the two logs five minutes apart",
        PAIRS,
        &["TB031"],
        |month, rng| {
            let kind = *rng.pick(&[Kind::Llm, Kind::Gateway]);
            for row in month.rows.iter_mut().filter(|row| row.kind == kind) {
                row.at += 300;
            }
        },
    )
    .only(
        0,
        "within `clock_skew_minutes`; no request changes its day by it but at midnight",
    ),
];

/// Rows whose day may be a month, and is not theirs.
fn swappable(month: &Month) -> Vec<usize> {
    let rows = month.rows.iter().enumerate();
    rows.filter(|(_, row)| row.day() != 10 && row.has(Key::Id))
        .map(|(at, _)| at)
        .collect()
}

fn swapped(row: &Row) -> String {
    let at = moment(row.at);
    let (is_pm, hour) = at.hour12();
    let half = if is_pm { "PM" } else { "AM" };
    let day = at.format("%-d/%-m/%Y");
    format!(
        "{day}, {hour}:{:02}:{:02}.123 {half}",
        at.minute(),
        at.second()
    )
}
