//! Discounts, markups, credits and taxes: lines of their own, each on what it adjusts.

use chrono::NaiveDate;
use serde::Deserialize;

use super::findings::Finding;
use super::ledger::{Charge, ChargeKey, Ledger, post};
use super::owners::Payer;
use super::pattern::Pattern;
use super::segments::Segments;
use super::statement::{Component, IDLE, UNATTRIBUTED};
use crate::money::{Factor, Money};
use crate::time::BillingPeriod;

/// A percentage of what it matches. Filters that are left out match everything.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PercentAdjustment {
    /// The percentage; positive lowers the bill as a discount and raises it as markup or tax.
    pub percent: Factor,
    /// Component names.
    #[serde(default)]
    pub components: Vec<Pattern>,
    /// Models.
    #[serde(default)]
    pub models: Vec<Pattern>,
    /// Business units; markups leave out `__idle__` and `__unattributed__` unless named here.
    #[serde(default)]
    pub business_units: Vec<String>,
    /// First day it holds.
    pub from: Option<NaiveDate>,
    /// Day after the last.
    pub until: Option<NaiveDate>,
}

/// An amount that lowers the bill.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// The amount in the statement's currency; negative raises the bill.
    pub amount: Money,
    /// The day it belongs to.
    pub date: NaiveDate,
    /// Whose it is; by default everybody's, in proportion to their charges.
    pub business_unit: Option<String>,
}

impl PercentAdjustment {
    fn applies(&self, key: &ChargeKey) -> bool {
        let any = |patterns: &[Pattern], name: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| pattern.is_match(name))
        };
        self.from.is_none_or(|from| from <= key.day)
            && self.until.is_none_or(|until| key.day < until)
            && any(&self.components, &key.component.name())
            && any(&self.models, &key.model)
            && self.names(&key.payer.business_unit)
    }

    fn names(&self, business_unit: &str) -> bool {
        self.business_units.is_empty() || self.business_units.iter().any(|n| n == business_unit)
    }
}

/// A charge with the adjustments it has met so far.
struct Running {
    key: ChargeKey,
    amount: Money,
}

/// All charges on their way through the adjustments.
struct Adjusting<'a> {
    segments: &'a Segments,
    running: Vec<Running>,
    lines: Ledger,
    total: Money,
}

/// Every adjustment, in the order in which they are applied.
#[derive(Clone, Debug, Default)]
pub struct Adjustments {
    /// Negotiated discounts, applied first, in order.
    pub discounts: Vec<PercentAdjustment>,
    /// Markups, applied after discounts, in order.
    pub markups: Vec<PercentAdjustment>,
    /// Credits, applied after markups, in order.
    pub credits: Vec<Credit>,
    /// Taxes, applied last, in order.
    pub taxes: Vec<PercentAdjustment>,
}

impl Adjustments {
    /// The days on which an adjustment starts or ends.
    pub(super) fn changes(&self) -> impl Iterator<Item = NaiveDate> {
        let percents = self
            .discounts
            .iter()
            .chain(&self.markups)
            .chain(&self.taxes);
        let dated = percents.flat_map(|adjustment| [adjustment.from, adjustment.until]);
        dated
            .flatten()
            .chain(self.credits.iter().map(|credit| credit.date))
    }
}

/// Posts `adjustments` on all charges of `ledger`, and returns their sum.
pub(super) fn adjust(
    ledger: &mut Ledger,
    adjustments: &Adjustments,
    segments: &Segments,
    (period, findings): (BillingPeriod, &mut Vec<Finding>),
) -> Money {
    let running = ledger.iter().map(|(key, charge)| Running {
        key: key.clone(),
        amount: charge.exact.clone(),
    });
    let mut adjusting = Adjusting {
        segments,
        running: running.collect(),
        lines: Ledger::new(),
        total: Money::zero(),
    };
    for discount in &adjustments.discounts {
        adjusting.percent(discount, Component::Discount);
    }
    for markup in &adjustments.markups {
        adjusting.percent(markup, Component::Markup);
    }
    let credits = adjustments.credits.iter().enumerate();
    for (at, credit) in credits.filter(|(_, credit)| period.contains_day(credit.date)) {
        if !adjusting.credit(credit) {
            let owner = credit.business_unit.as_deref().unwrap_or("anybody");
            findings.push(Finding::lone_credit(at, owner, credit.date));
        }
    }
    for tax in &adjustments.taxes {
        adjusting.percent(tax, Component::Tax);
    }
    for (key, charge) in adjusting.lines {
        post(ledger, key, charge);
    }
    adjusting.total
}

impl Adjusting<'_> {
    fn percent(&mut self, adjustment: &PercentAdjustment, component: Component) {
        let factor = match component {
            Component::Discount => Factor::zero().minus(&adjustment.percent.percent()),
            _ => adjustment.percent.percent(),
        };
        let spared = |payer: &Payer| {
            component == Component::Markup
                && adjustment.business_units.is_empty()
                && [IDLE, UNATTRIBUTED].contains(&payer.business_unit.as_str())
        };
        for running in &mut self.running {
            if !adjustment.applies(&running.key) || spared(&running.key.payer) {
                continue;
            }
            let change = running.amount.times(&factor);
            let day = running.key.day;
            running.amount += &change;
            self.total += &change;
            line(&mut self.lines, &running.key, (component, day), change);
        }
    }

    /// Gives a credit out in proportion to the positive charges of its business unit; one without
    /// such charges gets it as a charge of its own. Tells whether there were charges.
    fn credit(&mut self, credit: &Credit) -> bool {
        let amount = -credit.amount.clone();
        self.total += &amount;
        let index = self.segments.day_index(credit.date);
        let day = index.map_or(credit.date, |at| self.segments.start(self.segments.of(at)));
        let charged: Vec<usize> = (0..self.running.len())
            .filter(|&at| self.running[at].is_charged_to(credit.business_unit.as_deref()))
            .collect();
        let whole: Money = charged.iter().map(|&at| &self.running[at].amount).sum();
        if whole.is_zero() {
            self.lone_credit(credit, day, amount);
            return false;
        }
        for at in charged {
            let running = &mut self.running[at];
            let part = amount.times(&running.amount.ratio(&whole));
            running.amount += &part;
            let of = running.key.clone();
            line(&mut self.lines, &of, (Component::Credit, day), part);
        }
        true
    }

    fn lone_credit(&mut self, credit: &Credit, day: NaiveDate, amount: Money) {
        let owner = credit.business_unit.as_deref().unwrap_or(IDLE);
        let key = ChargeKey {
            payer: Payer::whole(owner, ""),
            model: String::new(),
            deployment: String::new(),
            component: Component::Credit,
            day,
        };
        post(&mut self.lines, key.clone(), Charge::amount(amount.clone()));
        self.running.push(Running { key, amount });
    }
}

impl Running {
    fn is_charged_to(&self, business_unit: Option<&str>) -> bool {
        let theirs = business_unit.is_none_or(|unit| self.key.payer.business_unit == unit);
        theirs && !self.amount.is_negative() && !self.amount.is_zero()
    }
}

fn line(lines: &mut Ledger, of: &ChargeKey, as_of: (Component, NaiveDate), change: Money) {
    let (component, day) = as_of;
    let key = ChargeKey {
        component,
        day,
        ..of.clone()
    };
    post(lines, key, Charge::amount(change));
}
