//! Puts a statement together from what was metered: posts every cost, adjusts, rounds, verifies.

use std::collections::{BTreeMap, BTreeSet};

use super::adjustments::adjust;
use super::allocation::Keys;
use super::callers::Owner;
use super::error::{ChargeError, Unpriced};
use super::exchange::Exchange;
use super::findings::{About, Finding};
use super::ledger::{Charge, ChargeKey, Ledger, UnitPrice, post};
use super::metering::Meter;
use super::owned::owned_usage;
use super::owners::{OwnerRule, Payer};
use super::policy::Policy;
use super::provisioned::{PoolFacts, Sharing, payer_weights};
use super::rating::{CLASSES, OnePrice, Rated};
use super::segments::Segments;
use super::statement::{Component, IDLE, Quantity, Statement, StatementLine, UNATTRIBUTED};
use super::{Charges, CostByOrigin, Detail, Facts, Remainder, rounding};
use crate::azure::PtuTerm;
use crate::catalog::Catalog;
use crate::money::{Factor, MinorUnits, Money};
use crate::time::BillingPeriod;
use crate::units::Tokens;

/// Puts the statement together from what was metered.
pub(super) struct Assembly<'a> {
    policy: &'a Policy,
    facts: Facts<'a>,
    period: BillingPeriod,
    segments: &'a Segments,
    exchange: Exchange,
    ledger: Ledger,
    findings: Vec<Finding>,
    cost: CostByOrigin,
}

impl<'a> Assembly<'a> {
    /// Nothing posted yet.
    pub(super) fn new(
        policy: &'a Policy,
        facts: Facts<'a>,
        (period, segments): (BillingPeriod, &'a Segments),
    ) -> Self {
        Self {
            policy,
            facts,
            period,
            segments,
            exchange: Exchange::of(&policy.currency, &policy.exchange_rates, segments),
            ledger: Ledger::new(),
            findings: [
                sizes_not_offered(policy, facts.catalog, period),
                ptu_prices_stretched(policy, facts, period),
            ]
            .concat(),
            cost: CostByOrigin::default(),
        }
    }

    /// Posts everything and closes the statement.
    pub(super) fn finish(
        mut self,
        meter: Meter<'_>,
        detail: Detail,
    ) -> Result<Charges, ChargeError> {
        let keys = self.keys(&meter);
        self.post_tokens(&meter)?;
        let pools = self.post_pools(&meter, &keys)?;
        self.post_shared(&meter, &keys);
        self.note_unused_rules(&meter.callers.matched);
        let stretched = meter.prices.stretched();
        self.findings
            .extend(stretched.map(|(model, from)| Finding::stretched(model, from)));
        let uses = meter.prices.uses();
        let (missing, prices) = meter.prices.finish();
        let unpriced = self.allow(missing)?;
        self.cost.adjustments = adjust(
            &mut self.ledger,
            &self.policy.adjustments,
            self.segments,
            (self.period, &mut self.findings),
        );
        self.findings.sort();
        self.findings.dedup();
        let statement = self.statement(detail)?;
        let day = |segment| (detail == Detail::Day).then(|| self.segments.start(segment));
        Ok(Charges {
            usage: owned_usage(&meter.counts, &meter.callers, self.policy, day),
            remainders: remainders(&statement),
            statement,
            findings: self.findings,
            unpriced,
            requests: meter.requests,
            pools,
            prices,
            priced: uses,
            cost: self.cost,
        })
    }

    /// What allocation keys other than use need: who was active, and cost centres.
    fn keys(&self, meter: &Meter<'_>) -> Keys<'a> {
        let payers = meter
            .active
            .iter()
            .flat_map(|&owner| &meter.callers.payers[owner]);
        let units = payers.map(|(payer, _)| payer.business_unit.clone());
        let active = units.filter(|unit| ![IDLE, UNATTRIBUTED].contains(&unit.as_str()));
        Keys {
            allocation: &self.policy.allocation,
            active: active.collect(),
            cost_centres: cost_centres(&self.policy.owners),
        }
    }

    fn post_tokens(&mut self, meter: &Meter<'_>) -> Result<(), ChargeError> {
        for (&(number, owner, segment), classes) in &meter.tokens {
            let tariff = &meter.callers.routes.tariffs[number];
            for (class, rated) in CLASSES.into_iter().zip(classes) {
                if rated.tokens.is_zero() {
                    continue;
                }
                let component = Component::Tokens {
                    spilled: tariff.spilled,
                    tier: tariff.tier,
                    class,
                };
                let line = ChargeKey {
                    payer: Payer::default(),
                    model: tariff.name.model.clone(),
                    deployment: tariff.deployment.clone(),
                    component,
                    day: self.segments.start(segment),
                };
                let whole = self.rated_charge(rated, segment)?;
                self.cost.tokens += &whole.exact;
                self.post_split(&meter.callers.payers, owner, &line, &whole);
            }
        }
        Ok(())
    }

    /// The charge for some tokens in the statement's currency.
    fn rated_charge(&self, rated: &Rated, segment: u32) -> Result<Charge, ChargeError> {
        let unit_price = match rated.price {
            OnePrice::One(price) => {
                let per_token = Money::from(price.of(Tokens::new(1)));
                UnitPrice::One(self.exchange.convert(&per_token, segment)?)
            }
            OnePrice::Unknown | OnePrice::Several => UnitPrice::Several,
        };
        Ok(Charge {
            quantity: Some((Factor::ratio(rated.tokens.get().into(), 1), "tokens")),
            unit_price,
            exact: self.exchange.convert(&Money::from(rated.cost), segment)?,
        })
    }

    /// Posts a charge to the payers of an owner by their shares: quantity and amount alike.
    fn post_split(
        &mut self,
        payers: &[Vec<(Payer, Factor)>],
        owner: Owner,
        line: &ChargeKey,
        whole: &Charge,
    ) {
        for (payer, share) in &payers[owner] {
            let key = ChargeKey {
                payer: payer.clone(),
                ..line.clone()
            };
            let quantity = whole.quantity.as_ref();
            let part = Charge {
                quantity: quantity.map(|(count, unit)| (count.times(share), *unit)),
                unit_price: whole.unit_price.clone(),
                exact: whole.exact.times(share),
            };
            post(&mut self.ledger, key, part);
        }
    }

    fn post_pools(
        &mut self,
        meter: &Meter<'_>,
        keys: &Keys<'_>,
    ) -> Result<Vec<PoolFacts>, ChargeError> {
        let mut sharing = Sharing {
            policy: self.policy,
            facts: self.facts,
            period: self.period,
            segments: self.segments,
            exchange: &self.exchange,
            keys,
            payers: &meter.callers.payers,
            capacity: &meter.capacity_use(),
            ledger: &mut self.ledger,
            findings: &mut self.findings,
            total: Money::zero(),
        };
        let pools = sharing.share_all()?;
        self.cost.provisioned = sharing.total;
        Ok(pools)
    }

    fn post_shared(&mut self, meter: &Meter<'_>, keys: &Keys<'_>) {
        for (at, cost) in self.policy.shared_costs.iter().enumerate() {
            let counts = meter.shared.iter().filter(|((place, _), _)| *place == at);
            let by_owner = counts.map(|((_, owner), n)| (*owner, Factor::ratio(*n, 1)));
            let weights = payer_weights(&meter.callers.payers, &by_owner.collect());
            let (amount, key) = cost.post(&mut self.ledger, self.segments, keys, &weights);
            self.cost.shared += &amount;
            if key != cost.by.key() {
                let of = format!("shared cost {:?}", cost.name);
                self.findings.push(Finding::fallback(
                    &of,
                    cost.by.key(),
                    key,
                    About::SharedCost(at),
                ));
            }
        }
    }

    fn note_unused_rules(&mut self, matched: &[bool]) {
        for (at, rule) in self.policy.owners.iter().enumerate() {
            if !matched[at] && self.period.days().any(|day| rule.holds_on(day)) {
                let names: Vec<&str> = rule.business_units().map(|(name, _)| name).collect();
                self.findings
                    .push(Finding::unused_rule(at, &names.join(", ")));
            }
        }
    }

    /// Missing prices are an error, unless every model without one was allowed by name.
    fn allow(&mut self, missing: Vec<Unpriced>) -> Result<Vec<Unpriced>, ChargeError> {
        let (allowed, refused): (Vec<_>, Vec<_>) = missing.into_iter().partition(|one| {
            let allowed = &self.policy.allowed_unpriced;
            allowed.contains(&one.name.model.to_lowercase())
        });
        if !refused.is_empty() {
            return Err(ChargeError::Unpriced(refused));
        }
        self.findings.extend(allowed.iter().map(Finding::unpriced));
        Ok(allowed)
    }

    fn statement(&mut self, detail: Detail) -> Result<Statement, ChargeError> {
        let mut lines = lines(std::mem::take(&mut self.ledger), detail);
        let digits = self.policy.minor_digits;
        let total = rounding::round(&mut lines, digits);
        let statement = Statement {
            period: self.period,
            currency: self.policy.currency.clone(),
            minor_digits: digits,
            exact_total: self.cost.total(),
            lines,
            total,
        };
        verify(&statement)?;
        Ok(statement)
    }
}

/// The lines of a ledger in its order; in statements of a whole period, days are added up.
fn lines(ledger: Ledger, detail: Detail) -> Vec<StatementLine> {
    let mut merged: Vec<(ChargeKey, Charge)> = Vec::new();
    for (key, charge) in ledger {
        match merged.last_mut() {
            Some((last, sum)) if detail == Detail::Period && last.differs_by_day(&key) => {
                sum.add(charge);
            }
            _ => merged.push((key, charge)),
        }
    }
    let lines = merged.into_iter().map(|(key, charge)| StatementLine {
        business_unit: key.payer.business_unit,
        cost_centre: key.payer.cost_centre,
        app: key.payer.app,
        model: key.model,
        deployment: key.deployment,
        day: (detail == Detail::Day).then_some(key.day),
        component: key.component,
        quantity: charge
            .quantity
            .map(|(value, unit)| Quantity { value, unit }),
        unit_price: charge.unit_price.one(),
        exact: charge.exact,
        amount: MinorUnits::default(),
    });
    lines.collect()
}

impl ChargeKey {
    /// Whether the two differ by their days at most.
    fn differs_by_day(&self, other: &Self) -> bool {
        self.component == other.component
            && self.deployment == other.deployment
            && self.model == other.model
            && self.payer == other.payer
    }
}

/// Law 2, checked: exact lines add up to the exact cost, and charged ones to the charged total.
fn verify(statement: &Statement) -> Result<(), ChargeError> {
    let exact: Money = statement.lines.iter().map(|line| &line.exact).sum();
    let charged: MinorUnits = statement.lines.iter().map(|line| line.amount).sum();
    let digits = statement.minor_digits;
    let total = statement.exact_total.rounded(digits);
    if exact == statement.exact_total && charged == total && charged == statement.total {
        return Ok(());
    }
    Err(ChargeError::Unbalanced {
        lines: format!("{exact} ({} charged)", charged.to_decimal(digits)),
        cost: statement.exact_total.to_string(),
    })
}

fn remainders(statement: &Statement) -> Vec<Remainder> {
    let digits = statement.minor_digits;
    let units = statement
        .lines
        .chunk_by(|a, b| a.business_unit == b.business_unit);
    units
        .map(|lines| {
            let exact: Money = lines.iter().map(|line| &line.exact).sum();
            let charged: MinorUnits = lines.iter().map(|line| line.amount).sum();
            Remainder {
                business_unit: lines[0].business_unit.clone(),
                remainder: exact.clone() - Money::from_minor(charged, digits),
                exact,
                charged,
            }
        })
        .collect()
}

/// The cost centre of each business unit that the rules give exactly one.
fn cost_centres(rules: &[OwnerRule]) -> BTreeMap<String, String> {
    let mut centres: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (unit, centre) in rules.iter().flat_map(OwnerRule::business_units) {
        centres.entry(unit).or_default().insert(centre);
    }
    let only = centres
        .into_iter()
        .filter(|(_, centres)| centres.len() == 1);
    only.filter_map(|(unit, centres)| Some((unit.to_owned(), (*centres.first()?).to_owned())))
        .collect()
}

/// Deployments whose size Azure does not offer.
fn sizes_not_offered(policy: &Policy, catalog: &Catalog, period: BillingPeriod) -> Vec<Finding> {
    let deployments = policy.deployments.iter().enumerate();
    deployments
        .filter(|(_, deployment)| deployment.is_provisioned())
        .flat_map(|(at, deployment)| {
            let sizes = deployment.sizes_between(period.start(), period.end());
            sizes.filter_map(move |(from, ptu)| {
                let reason = deployment.size_not_offered(catalog, ptu, from)?;
                Some(Finding::size(at, &deployment.name, &reason, from))
            })
        })
        .collect()
}

/// Findings on PTU prices that are used before the first day they are known for.
fn ptu_prices_stretched(policy: &Policy, facts: Facts<'_>, period: BillingPeriod) -> Vec<Finding> {
    let hourly = policy
        .deployments
        .iter()
        .filter(|deployment| deployment.is_provisioned());
    let hourly = hourly.map(|one| (one.kind, &one.region, PtuTerm::Hourly, period.start()));
    let reserved = policy
        .reservations
        .iter()
        .filter(|one| one.price_per_ptu.is_none());
    let reserved = reserved
        .filter_map(|one| Some((one.kind, &one.region, one.term.priced(), one.start.day()?)));
    let prices = hourly
        .chain(reserved)
        .filter_map(|(kind, region, term, on)| {
            let price = facts.rates.ptu_price(kind, region, term, on).ok()?;
            let is_stretched = price.source.stretched_to(on);
            let what = format!("a {kind} PTU ({term}) in {region}");
            is_stretched.then(|| Finding::stretched(&what, price.source.effective_from))
        });
    prices.collect()
}
