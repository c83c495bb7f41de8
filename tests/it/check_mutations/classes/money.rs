//! Use and cost that leave the usual.

use super::super::month::{CALLERS, Carrier, Key, Month};
use super::super::policy::PRICE;
use super::Class;

const SUMS: &[Carrier] = &[Carrier::Sums];

/// Use and cost beyond the usual.
pub(super) static CLASSES: &[Class] = &[
    Class::rows(
        "one caller's tokens twentyfold on a day",
        SUMS,
        &["TB104"],
        |month, rng| {
            let (day, caller) = (rng.between(1, 31), rng.pick(&CALLERS[..2]).0);
            let ids = ids_of(month, day, caller);
            for row in month
                .rows
                .iter_mut()
                .filter(|row| ids.iter().any(|id| id == row.get(Key::Id)))
            {
                row.count(row.number(Key::Input) * 20, row.number(Key::Output) * 20);
            }
        },
    ),
    Class::rows(
        "a third of the traffic spilled over",
        SUMS,
        &["TB101"],
        |month, rng| {
            for row in &mut month.rows {
                if rng.percent(33) {
                    row.set(Key::Backend, "aoai-payg");
                }
            }
        },
    ),
    Class::rows(
        "a quarter of the use",
        SUMS,
        &["TB102", "TB103"],
        |month, rng| {
            let part = u64::from(rng.between(4, 9));
            for row in &mut month.rows {
                let (input, output) = (row.number(Key::Input), row.number(Key::Output));
                row.count(input / part, output / part);
                row.set(Key::Cached, 0);
            }
        },
    ),
    Class::policy(
        "a budget below the cost",
        SUMS,
        &["TB105"],
        |policy, rng| {
            let amount = rng.between(100, 900);
            policy.replacen("amount = \"5000\"", &format!("amount = \"{amount}\""), 1)
        },
    ),
    Class::policy(
        "an own price that doubles",
        &[Carrier::AiHub],
        &["TB087", "TB100"],
        |policy, rng| {
            let day = rng.between(4, 28);
            let from = "from = \"2026-09-01\"\n";
            let day = format!("2026-10-{day:02}");
            let old = PRICE.replace(from, &format!("{from}until = \"{day}\"\n"));
            let new = PRICE.replace(from, &format!("from = \"{day}\"\n"));
            let new = new
                .replace("1.80", "3.60")
                .replace("0.45", "0.90")
                .replace("7.20", "14.40");
            policy.replacen(PRICE, &format!("{old}{new}"), 1)
        },
    ),
];

/// The ids of a caller's requests of a day.
fn ids_of(month: &Month, day: u32, caller: &str) -> Vec<String> {
    let rows = month.rows.iter();
    rows.filter(|row| row.day() == day && row.has(Key::Caller) && row.get(Key::Caller) == caller)
        .map(|row| row.get(Key::Id).to_owned())
        .collect()
}
