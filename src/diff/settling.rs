//! From exact effects to whole minor units: every row adds up to its charged change, and every
//! cause to its own total, which is settled first.
//!
//! Rows are shared out one by one by largest remainder. A cause may then be some units from its
//! total, as each row rounds by itself (what several share would seem to gain a cent in all). So
//! single units move between two causes of one row, first where both come nearer to their exact
//! amounts by it. What cannot move so, because rows have one cause only, moves to or from
//! [`Cause::Rounding`] of a row.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::LeafKey;
use super::cause::{Cause, Effects};
use super::change::Change;
use crate::money::{MinorUnits, Money};

/// Whole minor units by cause.
type Units = BTreeMap<Cause, MinorUnits>;

/// Fills the causes of all rows.
pub(super) fn settle(leaves: &mut BTreeMap<LeafKey, Change>, digits: u32) {
    let (mut total, mut charged) = (Effects::default(), MinorUnits(0));
    for change in leaves.values_mut() {
        change.causes = shared_out(change.amount(), &change.effects, digits);
        total.add(&change.effects);
        charged += change.amount();
    }
    let mut over = shared_out(settled(charged, &total.total(), digits), &total, digits);
    for units in over.values_mut() {
        units.0 = -units.0;
    }
    for change in leaves.values() {
        for (cause, units) in &change.causes {
            *over.entry(*cause).or_default() += *units;
        }
    }
    balance(leaves, over, digits);
    for change in leaves.values_mut() {
        change.causes.retain(|_, units| units.0 != 0);
    }
}

/// What the causes of the total add up to: the charged change, where that is the exact one to less
/// than a minor unit, as with whole statements; else the exact one, rounded half away from zero.
fn settled(charged: MinorUnits, exact: &Money, digits: u32) -> MinorUnits {
    let off = Money::from_minor(charged, digits) - exact.clone();
    let off = if off.is_negative() { -off } else { off };
    if off < Money::from_minor(MinorUnits(1), digits) {
        charged
    } else {
        exact.rounded(digits)
    }
}

/// Moves units within rows until no cause is over or under its total.
fn balance(leaves: &mut BTreeMap<LeafKey, Change>, mut over: Units, digits: u32) {
    over.remove(&Cause::Rounding);
    let causes: Vec<Cause> = over.keys().copied().collect();
    for &from in &causes {
        for &to in &causes {
            let most = over[&from].0.min(-over[&to].0);
            let moved = shift(leaves, (from, to), most, digits);
            over.entry(from).or_default().0 -= moved;
            over.entry(to).or_default().0 += moved;
        }
    }
    for (cause, units) in over {
        shift(leaves, (cause, Cause::Rounding), units.0, digits);
        shift(leaves, (Cause::Rounding, cause), -units.0, digits);
    }
}

/// The amount by cause, by largest remainder; ties go to the earlier cause. What has no cause is
/// rounding.
fn shared_out(amount: MinorUnits, effects: &Effects, digits: u32) -> Units {
    let (causes, parts): (Vec<Cause>, Vec<Money>) = effects
        .met()
        .map(|(cause, amount)| (cause, amount.clone()))
        .unzip();
    if causes.is_empty() {
        return Units::from([(Cause::Rounding, amount)]);
    }
    causes
        .into_iter()
        .zip(Money::split(amount, &parts, digits))
        .collect()
}

/// Moves so many units from one cause to another, as far as rows have both, and returns how many.
fn shift(
    leaves: &mut BTreeMap<LeafKey, Change>,
    (from, to): (Cause, Cause),
    most: i128,
    digits: u32,
) -> i128 {
    let mut left = most.max(0);
    while left > 0 {
        let moved = shift_once(leaves, (from, to), left, digits);
        if moved == 0 {
            break;
        }
        left -= moved;
    }
    most.max(0) - left
}

/// Moves at most so many units, one in a row, and returns how many.
fn shift_once(
    leaves: &mut BTreeMap<LeafKey, Change>,
    (from, to): (Cause, Cause),
    most: i128,
    digits: u32,
) -> i128 {
    let rows = leaves.values_mut().filter(|change| {
        let met = |cause| !change.effects.of(cause).is_zero();
        let has = |cause| cause == Cause::Rounding || met(cause);
        has(from) && has(to)
    });
    let mut rows: Vec<(Money, &mut Change)> = rows
        .map(|change| {
            let excess =
                |cause| Money::from_minor(change.cause(cause), digits) - change.effects.of(cause);
            (excess(from) - excess(to), change)
        })
        .collect();
    // The sort is stable, and rows come in the order of their names.
    rows.sort_by_cached_key(|(gain, _)| Reverse(gain.clone()));
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut moved = 0;
    for (_, change) in rows.into_iter().take(most) {
        change.causes.entry(from).or_default().0 -= 1;
        change.causes.entry(to).or_default().0 += 1;
        moved += 1;
    }
    moved
}
