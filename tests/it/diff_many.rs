//! Statements of thousands of applications, which have no number of tokens in common.

use std::fmt::Write as _;

use tollbook::diff::{By, Cause, Traffic};
use tollbook::money::Money;

use crate::diff_desk::compared;

/// Applications, each in one of twenty business units.
const APPS: u64 = 2_000;

/// Thousands of input and output tokens of an application, mixed from its number and a seed.
fn tokens(app: u64, seed: u64) -> [u64; 2] {
    [1, 2].map(|kind| {
        let mixed = (app * 4 + seed * 2 + kind).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        10_000 + (mixed >> 40)
    })
}

/// Input tokens at 2, output tokens at 8, a twentieth off both, and a part of a deployment.
fn table(seed: u64) -> String {
    let mut table = String::new();
    for app in 0..APPS {
        let name = format!("unit-{} app-{app} gpt", app % 20);
        let [input, output] = tokens(app, seed);
        writeln!(table, "{name} payg standard-input {input} 0.002").unwrap();
        writeln!(table, "{name} payg standard-output {output} 0.008").unwrap();
        let discount = Money::from_minor(
            tollbook::money::MinorUnits(-i128::from(input + 4 * output)),
            4,
        );
        let discount = discount.to_trimmed(4);
        writeln!(table, "{name} payg adjustment-discount - {discount}").unwrap();
        writeln!(table, "{name} ptu ptu-used {} 1.{seed}", output % 997 + 1).unwrap();
    }
    table
}

/// Volume, by the formula, with the discount of a twentieth.
#[expect(clippy::cast_precision_loss, reason = "tokens are below 2^53")]
fn volume() -> f64 {
    let volumes = (0..APPS).map(|app| {
        let [before, after] = [tokens(app, 1), tokens(app, 2)];
        let all = |[input, output]: [u64; 2]| (input + output) as f64;
        let paid = 0.002 * before[0] as f64 + 0.008 * before[1] as f64;
        (all(after) / all(before) - 1.0) * paid * 0.95
    });
    volumes.sum()
}

/// With every application's tokens in the denominators of sums, this takes minutes.
#[test]
fn thousands_of_applications_add_up() {
    let found = compared(&table(1), &table(2), Traffic::Apart);
    assert_eq!(found.leaves.len(), 2_000);
    for (leaf, change) in &found.leaves {
        let exact = change.after.exact.clone() - change.before.exact.clone();
        assert_eq!(change.effects.total(), exact, "{leaf:?}");
    }
    let told: f64 = found
        .total
        .effects
        .of(Cause::Volume)
        .to_string()
        .parse()
        .unwrap();
    assert!((told - volume()).abs() < 1e-4, "{told} is not {}", volume());
    assert!(found.total.effects.of(Cause::Allocation).is_zero());
    let rows = found.rows(By::BusinessUnit);
    assert_eq!(rows.len(), 20);
    let total: Money = rows.iter().map(|row| row.change.effects.total()).sum();
    assert_eq!(total, found.total.effects.total());
}
