//! Why parts of fixed costs changed: price, capacity and allocation.
//!
//! A fixed cost is a provisioned deployment (its used and idle part together), the unused part of
//! a reservation, or a shared cost. With its amount `P` and its quantity `H` before (A) and after
//! (B), and the part `s = L_A ÷ P_A` of a line:
//!
//! - capacity = `s · (H_B − H_A) · P_A ÷ H_A`,
//! - price = `s · (P_B − P_A) − capacity`, which is `s · H_B · (P_B ÷ H_B − P_A ÷ H_A)`,
//! - allocation = `L_B − L_A − s · (P_B − P_A)`, which is `(s_B − s) · P_B`.
//!
//! The quantity is PTU-hours, or months of a shared cost (part months by their days). Where one of
//! the statements does not have the cost, or tells no quantity, there is no price to compare, and
//! what changed at the same part is capacity. Where the cost was nothing before, `s` is the part
//! after.

use std::collections::BTreeMap;

use super::cause::{Cause, Effects};
use super::pair::Pair;
use super::{EffectsByPlace, Place};
use crate::chargeback::shared_costs::days_of_month;
use crate::chargeback::statement::{Component, Statement, StatementLine};
use crate::money::{Factor, Money};
use crate::time::BillingPeriod;

/// A cost that is paid whether it is used or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pool {
    /// A provisioned deployment.
    Deployment(String),
    /// The part of a pool's reservations that covered nothing.
    Unused(String),
    /// A shared cost.
    Shared(String),
}

/// What a pool cost.
#[derive(Clone, Debug)]
struct Cost {
    amount: Money,
    /// Nothing where some line does not tell.
    quantity: Option<Factor>,
}

impl Default for Cost {
    fn default() -> Self {
        Self {
            amount: Money::zero(),
            quantity: Some(Factor::zero()),
        }
    }
}

/// A pool in both statements, and who bore it.
#[derive(Debug, Default)]
struct Borne {
    cost: Pair<Cost>,
    parts: BTreeMap<Place, Pair<Money>>,
}

/// The effects on everything that is paid whether it is used or not.
pub(super) fn effects(statements: Pair<&Statement>) -> EffectsByPlace {
    let mut pools: BTreeMap<Pool, Borne> = BTreeMap::new();
    for (side, line) in statements.lines() {
        let Some(pool) = Pool::of(line) else { continue };
        let borne = pools.entry(pool).or_default();
        borne.cost.on(side).add(line);
        let part = borne.parts.entry(Place::of(line)).or_default();
        *part.on(side) += &line.exact;
    }
    let mut effects = EffectsByPlace::new();
    for (pool, mut borne) in pools {
        if matches!(pool, Pool::Shared(_)) {
            borne.cost.before.of_months(statements.before.period);
            borne.cost.after.of_months(statements.after.period);
        }
        borne.explain(&mut effects);
    }
    effects
}

impl Pool {
    /// The pool that a line bears a part of; `None` where it charges for something else.
    fn of(line: &StatementLine) -> Option<Self> {
        let name = line.deployment.clone();
        match line.component {
            Component::PtuUsed | Component::PtuIdle => Some(Self::Deployment(name)),
            Component::ReservationUnused => Some(Self::Unused(name)),
            Component::SharedCost => Some(Self::Shared(name)),
            Component::Tokens { .. }
            | Component::Discount
            | Component::Markup
            | Component::Credit
            | Component::Tax => None,
        }
    }
}

impl Cost {
    fn add(&mut self, line: &StatementLine) {
        self.amount += &line.exact;
        let quantity = line.quantity.as_ref().map(|quantity| &quantity.value);
        self.quantity = self
            .quantity
            .take()
            .zip(quantity)
            .map(|(sum, more)| sum.plus(more));
    }

    /// Counts the cost in months of the period, if there is any.
    fn of_months(&mut self, period: BillingPeriod) {
        let is_there = !self.amount.is_zero();
        self.quantity = is_there.then(|| months(period));
    }

    /// The quantity, where there is one.
    fn counted(&self) -> Option<&Factor> {
        self.quantity
            .as_ref()
            .filter(|quantity| !quantity.is_zero())
    }
}

impl Pair<Cost> {
    /// The change of the whole cost that is due to its quantity; the rest is price.
    fn capacity(&self) -> Money {
        let change = self.after.amount.clone() - self.before.amount.clone();
        let counted = self.before.counted().zip(self.after.counted());
        let Some((before, after)) = counted else {
            return change;
        };
        let growth = after.minus(before).divided_by(before);
        self.before.amount.times(&growth)
    }
}

impl Borne {
    fn explain(&self, effects: &mut EffectsByPlace) {
        let Pair { before, after } = &self.cost;
        let change = after.amount.clone() - before.amount.clone();
        let capacity = self.cost.capacity();
        let price = change - capacity.clone();
        let mut borne = Vec::with_capacity(self.parts.len());
        for (place, part) in &self.parts {
            let share = if before.amount.is_zero() {
                part.after.ratio(&after.amount)
            } else {
                part.before.ratio(&before.amount)
            };
            let mut found = Effects::default();
            found.post(Cause::Capacity, &capacity.times(&share));
            found.post(Cause::Price, &price.times(&share));
            let moved = part.after.clone() - part.before.clone();
            found.post(Cause::Allocation, &(moved - found.total()));
            borne.push((place, found.cut()));
        }
        level(&mut borne);
        for (place, found) in borne {
            effects.entry(place.clone()).or_default().add(&found);
        }
    }
}

/// Makes the allocation of a pool nothing in all again, which it is but for what was cut off.
///
/// The rest moves to another cause at the place with the largest allocation that has another. A
/// place that has one cause only is exact, so there is another wherever there is a rest, unless it
/// was too small to be left by the cut.
fn level(borne: &mut [(&Place, Effects)]) {
    let of = |found: &Effects| found.of(Cause::Allocation);
    let rest: Money = borne.iter().map(|(_, found)| of(found)).sum();
    if rest.is_zero() {
        return;
    }
    let others = borne.iter_mut().filter_map(|(_, found)| {
        let other = found.largest(|cause| cause != Cause::Allocation)?;
        (!of(found).is_zero()).then_some((found, other))
    });
    if let Some((found, other)) = others.max_by_key(|(found, _)| of(found).size()) {
        found.post(Cause::Allocation, &-rest.clone());
        found.post(other, &rest);
    }
}

/// How many months a period is; part months by their days.
fn months(period: BillingPeriod) -> Factor {
    let days = period
        .days()
        .map(|day| Factor::ratio(1, days_of_month(day)));
    days.fold(Factor::zero(), |sum, day| sum.plus(&day))
}
