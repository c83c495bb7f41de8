//! Rows that are missing, or there too often.

use super::super::month::{CALLERS, Carrier, DAYS, Key, Kind, Month};
use super::{ALL, Class, PAIRS, REQUESTS};

/// Rows dropped, doubled and contradicted.
pub(super) static CLASSES: &[Class] = &[
    Class::rows(
        "an hour dropped",
        &[Carrier::Sums],
        &["TB040"],
        |month, rng| {
            let (day, hour) = (rng.between(2, DAYS - 1), rng.between(0, 23));
            month
                .rows
                .retain(|row| (row.day(), row.hour()) != (day, hour));
        },
    ),
    Class::rows(
        "an hour with one or two requests dropped",
        REQUESTS,
        &["TB040"],
        |month, rng| {
            let (day, hour) = (rng.between(2, DAYS - 1), rng.between(0, 23));
            month
                .rows
                .retain(|row| (row.day(), row.hour()) != (day, hour));
        },
    )
    .only(0, "so few requests may as well not have been made"),
    Class::rows("a day dropped", ALL, &["TB041", "TB047"], |month, rng| {
        let day = rng.between(1, DAYS);
        month.rows.retain(|row| row.day() != day);
    }),
    Class::rows(
        "half a day dropped",
        &[Carrier::Sums],
        &["TB040"],
        |month, rng| {
            let (day, start) = (rng.between(2, DAYS - 1), rng.between(8, 10));
            let is_gone = |hour: u32| (start..start + 12).contains(&hour);
            month
                .rows
                .retain(|row| row.day() != day || !is_gone(row.hour()));
        },
    ),
    Class::rows(
        "the last days dropped",
        ALL,
        &["TB041", "TB047"],
        |month, rng| {
            let last = DAYS - rng.between(1, 12);
            month.rows.retain(|row| row.day() <= last);
        },
    ),
    Class::rows(
        "one caller dropped for a day",
        &[Carrier::Sums],
        &["TB040", "TB041"],
        |month, rng| {
            let (day, caller) = (rng.between(2, DAYS - 1), rng.pick(&CALLERS[..2]).0);
            month
                .rows
                .retain(|row| row.day() != day || row.get(Key::Caller) != caller);
        },
    ),
    Class::rows(
        "the region that takes the spillover dropped for two days",
        &[Carrier::Sums],
        &["TB042"],
        |month, rng| {
            let first = rng.between(2, DAYS - 2);
            let is_gone = |day: u32| (first..first + 2).contains(&day);
            month
                .rows
                .retain(|row| !is_gone(row.day()) || row.get(Key::Region) != "westeurope");
        },
    ),
    Class::rows(
        "a region with one request an hour dropped for four days",
        &[Carrier::AiHub],
        &["TB042"],
        |month, rng| {
            let first = rng.between(5, DAYS - 8);
            let is_gone = |day: u32| (first..first + 4).contains(&day);
            month
                .rows
                .retain(|row| !is_gone(row.day()) || row.get(Key::Region) != "swedencentral");
        },
    )
    .only(
        13,
        "so many silent hours in a row are not rare enough for so few requests",
    ),
    Class::rows(
        "the LLM log of four days dropped",
        PAIRS,
        &["TB043"],
        |month, rng| {
            let first = rng.between(1, DAYS - 3);
            drop_half(month, Kind::Llm, first, 4);
        },
    ),
    Class::rows(
        "the gateway log of two days dropped",
        PAIRS,
        &["TB044"],
        |month, rng| {
            let first = rng.between(1, DAYS - 1);
            drop_half(month, Kind::Gateway, first, 2);
        },
    ),
    Class::rows("a row doubled", ALL, &["TB020"], |month, rng| {
        let row = month.any(rng).clone();
        let at = usize::try_from(rng.below(month.rows.len() as u64)).unwrap();
        month.rows.insert(at, row);
    }),
    Class::rows(
        "a row of the LLM log told again with other tokens",
        PAIRS,
        &["TB020", "TB021"],
        |month, rng| {
            let mut row = month.any_counted(rng).clone();
            row.count(row.number(Key::Input) + 17, row.number(Key::Output));
            month.rows.push(row);
        },
    )
    .only(
        0,
        "several rows of one request with different counts are attempts or turns, which all cost",
    ),
    Class::rows(
        "a row edited under the same id",
        &[Carrier::AiHub, Carrier::Sums],
        &["TB021"],
        |month, rng| {
            let mut row = month.any_counted(rng).clone();
            row.count(row.number(Key::Input) / 2, row.number(Key::Output));
            month.rows.push(row);
        },
    ),
    Class::rows(
        "a retry on another model under one id",
        PAIRS,
        &["TB039"],
        |month, rng| {
            let mut row = month.any_counted(rng).clone();
            row.set(Key::Part, "chatcmpl-retry");
            row.set(Key::Model, "gpt-5-2025-08-07");
            row.set(Key::Deployment, "gpt-5");
            month.rows.push(row);
        },
    ),
    Class::rows(
        "one caller told without a name",
        REQUESTS,
        &["TB060"],
        |month, rng| {
            let caller = rng.pick(&CALLERS).0;
            for row in &mut month.rows {
                if row.has(Key::Caller) && row.get(Key::Caller) == caller {
                    row.set(Key::Caller, "");
                }
            }
        },
    ),
];

fn drop_half(month: &mut Month, kind: Kind, first: u32, days: u32) {
    let is_gone = |day: u32| (first..first + days).contains(&day);
    month
        .rows
        .retain(|row| row.kind != kind || !is_gone(row.day()));
}
