//! Why discounts, markups, credits and taxes changed.
//!
//! A percentage follows what it adjusts. With its amount `D` and that of the charges `C` at the
//! same place (business unit, application, model, deployment) before (A) and after (B), and
//! `r = D_A ÷ C_A`:
//!
//! - each cause of the charges, times `r`, is a cause of the percentage,
//! - adjustment = `D_B − D_A − r · (C_B − C_A)`: the percentage itself changed.
//!
//! Where there were no charges before, `r` is that of after. A credit is an amount and follows
//! nothing: its whole change is adjustment, as that of a percentage without charges is.

use std::collections::BTreeMap;

use super::cause::{Cause, Effects};
use super::pair::Pair;
use super::{EffectsByPlace, Place};
use crate::chargeback::statement::{Component, Statement, StatementLine};
use crate::money::{Factor, Money};

/// Adjustments of one place, by component.
type Adjusted = BTreeMap<(Place, Component), Pair<Money>>;

/// The effects on adjustments of charges that changed by `charges`.
pub(super) fn effects(statements: Pair<&Statement>, charges: &EffectsByPlace) -> EffectsByPlace {
    let (mut bases, mut adjusted) = (BTreeMap::new(), Adjusted::new());
    for (side, line) in statements.lines() {
        *pair(line, &mut bases, &mut adjusted).on(side) += &line.exact;
    }
    let mut effects = EffectsByPlace::new();
    for ((place, component), amount) in adjusted {
        let rate = bases
            .get(&place)
            .filter(|_| component != Component::Credit)
            .and_then(|base| rate(&amount, base));
        let mut found = match (rate, charges.get(&place)) {
            (Some(rate), Some(charges)) => charges.times(&rate),
            _ => Effects::default(),
        };
        let change = amount.after - amount.before;
        found.post(Cause::Adjustment, &(change - found.total()));
        effects.entry(place).or_default().add(&found);
    }
    super::cut(&mut effects);
    effects
}

/// Where the amount of a line belongs: to the charges, or to the adjustments of them.
fn pair<'a>(
    line: &StatementLine,
    bases: &'a mut BTreeMap<Place, Pair<Money>>,
    adjusted: &'a mut Adjusted,
) -> &'a mut Pair<Money> {
    let place = Place::of(line);
    match line.component {
        Component::Discount | Component::Markup | Component::Credit | Component::Tax => {
            adjusted.entry((place, line.component)).or_default()
        }
        Component::Tokens { .. }
        | Component::PtuUsed
        | Component::PtuIdle
        | Component::ReservationUnused
        | Component::SharedCost => bases.entry(place).or_default(),
    }
}

/// The adjustment as part of the charges before, or after where there were none; `None` where
/// there are no charges at all.
fn rate(adjustment: &Pair<Money>, base: &Pair<Money>) -> Option<Factor> {
    if !base.before.is_zero() {
        return Some(adjustment.before.ratio(&base.before));
    }
    (!base.after.is_zero()).then(|| adjustment.after.ratio(&base.after))
}
