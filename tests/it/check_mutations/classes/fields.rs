//! Counts, statuses and names that cannot be.

use super::super::month::{Carrier, Key, Month};
use super::{ALL, Class, PAIRS, REQUESTS};
use crate::samples::generator::rng::Rng;

/// Carriers that tell cached tokens.
const CACHED: &[Carrier] = &[
    Carrier::Portal,
    Carrier::Sums,
    Carrier::Portal,
    Carrier::EventHub,
];
/// Carriers that tell a status.
const STATUS: &[Carrier] = &[
    Carrier::Portal,
    Carrier::Sums,
    Carrier::Portal,
    Carrier::EventHub,
];

/// Damage to counts, statuses and ids.
pub(super) static CLASSES: &[Class] = &[
    Class::rows("a negative count", ALL, &["TB022"], |month, rng| {
        let key = token(rng);
        let row = month.any_counted(rng);
        row.set(key, format!("-{}", row.get(key)));
    }),
    Class::rows("a fraction of a token", ALL, &["TB023"], |month, rng| {
        let key = token(rng);
        let row = month.any_counted(rng);
        row.set(key, format!("{}.5", row.get(key)));
    }),
    Class::rows("a word for a count", ALL, &["TB023"], |month, rng| {
        let (key, word) = (token(rng), *rng.pick(&["n/a", "many", "1,2k"]));
        month.any_counted(rng).set(key, word);
    }),
    Class::rows("a count beyond 32 bits", ALL, &["TB023"], |month, rng| {
        let key = token(rng);
        month.any_counted(rng).set(key, "9000000000");
    }),
    Class::rows(
        "a digit added to a count",
        REQUESTS,
        &["TB025"],
        |month, rng| {
            digit(month, rng);
        },
    ),
    Class::rows(
        "a digit added where no total is told",
        &[Carrier::Sums],
        &["TB024", "TB026", "TB100", "TB104", "TB125"],
        |month, rng| {
            digit(month, rng);
        },
    )
    .only(
        2,
        "where it is no more of the day than days differ by, nothing contradicts it",
    ),
    Class::rows(
        "three digits added to a prompt, and to its total",
        REQUESTS,
        &["TB024"],
        |month, rng| {
            let row = month.any_counted(rng);
            row.count(row.number(Key::Input) * 1_000, row.number(Key::Output));
        },
    ),
    Class::rows("a total changed", REQUESTS, &["TB025"], |month, rng| {
        let by = u64::from(rng.between(1, 9));
        let row = month.any_counted(rng);
        row.set(Key::Total, row.number(Key::Total) + by);
    }),
    Class::rows(
        "prompt and answer swapped with the total",
        REQUESTS,
        &["TB025"],
        |month, rng| {
            let row = month.any_counted(rng);
            let (input, total) = (
                row.get(Key::Input).to_owned(),
                row.get(Key::Total).to_owned(),
            );
            row.set(Key::Input, total);
            row.set(Key::Total, input);
        },
    ),
    Class::rows(
        "more cached tokens than prompt",
        CACHED,
        &["TB026"],
        |month, rng| {
            let row = month.any_counted(rng);
            row.set(Key::Cached, row.number(Key::Input) + 128);
        },
    ),
    Class::rows(
        "more reasoning than answer",
        &[Carrier::Sums],
        &["TB037"],
        |month, rng| {
            let row = month.any_counted(rng);
            row.set(Key::Reasoning, row.number(Key::Output) + 1);
        },
    ),
    Class::rows(
        "tokens on a refused request",
        STATUS,
        &["TB027"],
        |month, rng| {
            let status = *rng.pick(&["429", "503", "400", "401"]);
            month.any_with(Key::Status, rng).set(Key::Status, status);
        },
    ),
    Class::rows(
        "tokens blanked in one row",
        ALL,
        &["TB028"],
        |month, rng| {
            blank(month.any_counted(rng));
        },
    ),
    Class::rows("tokens 0 in one row", PAIRS, &["TB028"], |month, rng| {
        let row = month.any_counted(rng);
        row.set(Key::Cached, 0);
        row.count(0, 0);
    }),
    Class::rows(
        "tokens blanked in a quarter of the rows",
        ALL,
        &["TB045"],
        |month, rng| {
            for row in &mut month.rows {
                if row.has(Key::Input) && rng.percent(25) {
                    blank(row);
                }
            }
        },
    ),
    Class::rows(
        "an answer without a prompt",
        &[Carrier::AiHub],
        &["TB034"],
        |month, rng| {
            month.any_counted(rng).set(Key::Input, "");
        },
    ),
    Class::rows(
        "a placeholder for the counts",
        &[Carrier::AiHub],
        &["TB038"],
        |month, rng| {
            placeholder(month.any_counted(rng));
        },
    ),
    Class::rows(
        "placeholders for a fifth of the counts",
        &[Carrier::AiHub],
        &["TB045", "TB046"],
        |month, rng| {
            for row in &mut month.rows {
                if rng.percent(20) {
                    placeholder(row);
                }
            }
        },
    ),
    Class::rows("a status that is none", STATUS, &["TB036"], |month, rng| {
        let status = *rng.pick(&["2000", "OK", "-1", "999999"]);
        month.any_with(Key::Status, rng).set(Key::Status, status);
    }),
    Class::rows(
        "a status blanked",
        STATUS,
        &["TB027", "TB036"],
        |month, rng| {
            month.any_with(Key::Status, rng).set(Key::Status, "");
        },
    )
    .only(
        0,
        "the tokens tell that the request was served, and it is charged so",
    ),
    Class::rows("an id blanked", REQUESTS, &["TB034"], |month, rng| {
        month.any(rng).set(Key::Id, "");
    }),
    Class::rows(
        "totals since the start for counts, of one caller",
        &[Carrier::AiHub, Carrier::Sums],
        &["TB032"],
        |month, rng| {
            let caller = month.any(rng).get(Key::Caller).to_owned();
            let (mut input, mut output) = (0, 0);
            for row in month
                .rows
                .iter_mut()
                .filter(|row| row.get(Key::Caller) == caller)
            {
                input += row.number(Key::Input) / 40;
                output += row.number(Key::Output) / 40;
                row.count(input, output);
            }
        },
    ),
];

fn token(rng: &mut Rng) -> Key {
    *rng.pick(&[Key::Input, Key::Output])
}

fn digit(month: &mut Month, rng: &mut Rng) {
    let (key, digit) = (token(rng), rng.between(0, 9));
    let row = month.any_counted(rng);
    row.set(key, format!("{}{digit}", row.get(key)));
}

fn blank(row: &mut super::super::month::Row) {
    for key in [Key::Input, Key::Cached, Key::Output, Key::Total] {
        if row.has(key) {
            row.set(key, "");
        }
    }
}

fn placeholder(row: &mut super::super::month::Row) {
    row.count(1, 0);
    row.set(Key::Model, "NA");
}
