//! What holds whatever is compared.

use proptest::prelude::*;
use proptest::sample::select;
use tollbook::chargeback::statement::{Component, Statement, StatementLine};
use tollbook::diff::{By, Cause, Difference, State, Traffic, difference};
use tollbook::money::{MinorUnits, Money};

use crate::diff_desk::lines;
use crate::report_fixture::statement;

/// A line of some component with a quantity, a price, or only an amount.
fn row() -> impl Strategy<Value = String> {
    let place = (
        select(vec!["Finance", "HR", "__idle__"]),
        select(vec!["copilot", "chat", "-"]),
        select(vec!["gpt", "mini"]),
        select(vec!["one", "two"]),
    );
    let component = select(vec![
        "standard-input",
        "standard-output",
        "spillover-input",
        "ptu-used",
        "ptu-idle",
        "reservation-unused",
        "shared-cost",
        "adjustment-discount",
        "adjustment-credit",
        "adjustment-tax",
    ]);
    let quantity = prop_oneof![
        Just("-".to_owned()),
        Just("0".to_owned()),
        (1..5_000u32).prop_map(|count| count.to_string()),
    ];
    let price = prop_oneof![
        Just("0".to_owned()),
        (1..40_000i32).prop_map(|price| format!("0.{price:05}")),
        (1..400i32).prop_map(|price| format!("-{price}.125")),
    ];
    (place, component, quantity, price).prop_map(|(place, component, quantity, price)| {
        let (unit, app, model, deployment) = place;
        format!("{unit} {app} {model} {deployment} {component} {quantity} {price}")
    })
}

fn charged(rows: Vec<StatementLine>, period: &str) -> Statement {
    Statement {
        period: period.parse().unwrap(),
        ..statement(rows, "USD", 2)
    }
}

/// A statement whose lines are unique, as a chargeback's are.
fn statements() -> impl Strategy<Value = Statement> {
    let period = select(vec!["2026-02", "2026-10", "2026-03-05..2026-04-11"]);
    (prop::collection::vec(row(), 0..14), period).prop_map(|(mut rows, period)| {
        let place = |row: &String| {
            row.split(' ')
                .take(5)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        rows.sort_by_key(place);
        rows.dedup_by_key(|row| place(row));
        charged(lines(&rows.join("\n")), period)
    })
}

fn traffic() -> impl Strategy<Value = Traffic> {
    select(vec![Traffic::Apart, Traffic::Same])
}

const fn is_fixed(component: Component) -> bool {
    matches!(
        component,
        Component::PtuUsed
            | Component::PtuIdle
            | Component::ReservationUnused
            | Component::SharedCost
    )
}

const EVERY: [By; 4] = [By::BusinessUnit, By::App, By::Model, By::AppModel];

/// Keys with change in cents, in the order of keys.
fn amounts(difference: &Difference, by: By) -> Vec<(Vec<String>, MinorUnits, MinorUnits, i128)> {
    let rows = difference.rows(by).into_iter().map(|row| {
        let change = &row.change;
        let (before, after) = (change.before.charged, change.after.charged);
        (row.keys.clone(), before, after, change.amount().0)
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    rows
}

proptest! {
    #[test]
    fn causes_are_the_change_in_every_row(
        before in statements(), after in statements(), traffic in traffic()
    ) {
        let found = difference(&before, &after, traffic).unwrap();
        prop_assert_eq!(found.total.amount(), after.total - before.total);
        for by in EVERY {
            let mut together = MinorUnits(0);
            for row in found.rows(by) {
                let change = &row.change;
                let causes: MinorUnits = change.causes.values().copied().sum();
                prop_assert_eq!(causes, change.amount());
                let exact = change.after.exact.clone() - change.before.exact.clone();
                prop_assert_eq!(change.effects.total(), exact);
                together += causes;
            }
            prop_assert_eq!(together, after.total - before.total, "{:?}", by);
        }
    }

    /// A settled cause is a few cents at most from its exact amount (each amount charged is within two of
    /// its own, and sharing out moves less than one), so that a table can be trusted.
    #[test]
    fn settled_causes_are_near_their_exact_amounts(
        before in statements(), after in statements(), traffic in traffic()
    ) {
        let found = difference(&before, &after, traffic).unwrap();
        let margin: Money = "0.06".parse().unwrap();
        for (key, change) in &found.leaves {
            for (cause, exact) in change.effects.met() {
                let off = Money::from_minor(change.cause(cause), 2) - exact.clone();
                let off = if off.is_negative() { -off } else { off };
                prop_assert!(off < margin, "{:?} {:?} {}", key, cause, off);
            }
        }
    }

    /// Amounts of these lines are decimals, so causes are too, however places divide: sums of
    /// thousands of them stay small.
    #[test]
    fn causes_are_decimals(
        before in statements(), after in statements(), traffic in traffic()
    ) {
        let found = difference(&before, &after, traffic).unwrap();
        let leaves = found.leaves.iter().map(|(_, change)| change);
        for change in leaves.chain([&found.total]) {
            for (cause, amount) in change.effects.met() {
                prop_assert_eq!(&amount.truncated(18), amount, "{:?}", cause);
            }
        }
    }

    /// What several bear together moves nothing in all, also after causes are cut to decimals.
    #[test]
    fn parts_of_fixed_costs_move_nothing_in_all(before in statements(), after in statements()) {
        let [before, after] = [before, after].map(|statement| {
            let mut fixed = statement;
            fixed.lines.retain(|line| is_fixed(line.component));
            fixed
        });
        let found = difference(&before, &after, Traffic::Apart).unwrap();
        prop_assert!(found.total.effects.of(Cause::Allocation).is_zero());
    }

    /// The causes of the total are settled first: those of the rows add up to them.
    #[test]
    fn causes_of_the_total_are_within_a_cent(
        before in statements(), after in statements(), traffic in traffic()
    ) {
        let found = difference(&before, &after, traffic).unwrap();
        let cent: Money = "0.011".parse().unwrap();
        for cause in Cause::ALL.into_iter().filter(|cause| *cause != Cause::Rounding) {
            let exact = found.total.effects.of(cause);
            let off = Money::from_minor(found.total.cause(cause), 2) - exact.clone();
            let off = if off.is_negative() { -off } else { off };
            prop_assert!(off < cent, "{:?} {} of {}", cause, off, exact);
        }
    }

    #[test]
    fn nothing_differs_from_itself(statement in statements(), traffic in traffic()) {
        let found = difference(&statement, &statement, traffic).unwrap();
        prop_assert!(found.total.effects.met().next().is_none());
        for (key, change) in &found.leaves {
            prop_assert_eq!(change.state(), State::Unchanged, "{:?}", key);
            prop_assert!(change.is_silent());
        }
    }

    #[test]
    fn the_way_back_is_the_opposite(
        before in statements(), after in statements(), traffic in traffic()
    ) {
        let there = difference(&before, &after, traffic).unwrap();
        let back = difference(&after, &before, traffic).unwrap();
        for by in EVERY {
            let mut turned = amounts(&back, by);
            for (_, before, after, change) in &mut turned {
                std::mem::swap(before, after);
                *change = -*change;
            }
            prop_assert_eq!(amounts(&there, by), turned);
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter(
        before in statements(), after in statements(), traffic in traffic()
    ) {
        let found = difference(&before, &after, traffic).unwrap();
        let turned = |statement: &Statement| {
            let mut turned = statement.clone();
            turned.lines.reverse();
            turned
        };
        let again = difference(&turned(&before), &turned(&after), traffic).unwrap();
        prop_assert_eq!(found, again);
    }
}
