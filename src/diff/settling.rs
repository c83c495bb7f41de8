//! From exact effects to whole minor units: every row adds up to its charged change, and every
//! cause to its own total, which is settled first.
//!
//! Rows are shared out one by one by largest remainder. A cause may then be some units from its
//! total, as each row rounds by itself (what several share would seem to gain a cent in all). So
//! single units move between two causes of one row, first where both come nearer to their exact
//! amounts by it. Where no row has both causes, a total stays what its rows add up to.

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
    let (mut total, mut left) = (Effects::default(), MinorUnits(0));
    for change in leaves.values_mut() {
        change.causes = shared_out(change.amount(), &change.effects, digits);
        total.add(&change.effects);
        left += change.amount() - change.cause(Cause::Rounding);
    }
    let mut over = shared_out(left, &total, digits);
    for units in over.values_mut() {
        units.0 = -units.0;
    }
    for change in leaves.values() {
        for (cause, units) in &change.causes {
            *over.entry(*cause).or_default() += *units;
        }
    }
    over.remove(&Cause::Rounding);
    for from in Cause::ALL {
        for to in Cause::ALL {
            let surplus = over.get(&from).map_or(0, |units| units.0.max(0));
            let missing = over.get(&to).map_or(0, |units| (-units.0).max(0));
            let moved = shift(leaves, (from, to), surplus.min(missing), digits);
            over.entry(from).or_default().0 -= moved;
            over.entry(to).or_default().0 += moved;
        }
    }
    for change in leaves.values_mut() {
        change.causes.retain(|_, units| units.0 != 0);
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

/// Moves at most so many units from one cause to another, one in a row, and returns how many.
fn shift(
    leaves: &mut BTreeMap<LeafKey, Change>,
    (from, to): (Cause, Cause),
    most: i128,
    digits: u32,
) -> i128 {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if most == 0 {
        return 0;
    }
    let mut rows: Vec<(Money, &mut Change)> = leaves
        .values_mut()
        .filter(|change| {
            let has = |cause| !change.effects.of(cause).is_zero();
            has(from) && has(to)
        })
        .map(|change| {
            let excess =
                |cause| Money::from_minor(change.cause(cause), digits) - change.effects.of(cause);
            (excess(from) - excess(to), change)
        })
        .collect();
    // The sort is stable, and rows come in the order of their names.
    rows.sort_by_cached_key(|(gain, _)| Reverse(gain.clone()));
    let mut moved = 0;
    for (_, change) in rows.into_iter().take(most) {
        change.causes.entry(from).or_default().0 -= 1;
        change.causes.entry(to).or_default().0 += 1;
        moved += 1;
    }
    moved
}
