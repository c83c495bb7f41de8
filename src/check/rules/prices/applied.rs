//! Prices that were applied, and how old they were.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{STALE_PRICE, and};
use crate::azure::PtuTerm;
use crate::chargeback::pools::PoolName;
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};
use crate::config::Config;
use crate::rate_card::PtuQuery;
use crate::rate_card::{PtuPrice, Source};
use crate::spelling::counted;

/// A PTU price that was applied.
pub(super) struct AppliedPtu<'a> {
    /// The pool's kind and region, and the term.
    pub(super) query: PtuQuery<'a>,
    /// The row.
    pub(super) price: &'a PtuPrice,
}

/// The prices of PTU hours that were paid in the period, each with the last day it was, and the
/// prices of terms that touch it, with their first days.
pub(super) fn ptu_prices<'a>(evidence: &Evidence<'a>) -> Vec<AppliedPtu<'a>> {
    let mut applied = hourly(evidence);
    let Some(period) = evidence.period else {
        return applied;
    };
    let reservations = evidence.config.policy.reservations.iter();
    for one in reservations.filter(|one| one.price_per_ptu.is_none()) {
        for on in one.terms(period) {
            let term = one.term.priced();
            let query = PtuQuery {
                kind: one.kind,
                region: &one.region,
                term,
                on,
            };
            add(&mut applied, query, evidence);
        }
    }
    applied
}

/// The prices of PTU hours alone.
fn hourly<'a>(evidence: &Evidence<'a>) -> Vec<AppliedPtu<'a>> {
    let mut applied = Vec::new();
    let (Some(period), Some(charges)) = (evidence.period, evidence.charges) else {
        return applied;
    };
    for pool in charges
        .pools
        .iter()
        .filter(|pool| !pool.cost.hourly().is_zero())
    {
        let PoolName { kind, region, .. } = &pool.name;
        for on in period.days() {
            let term = PtuTerm::Hourly;
            let query = PtuQuery {
                kind: *kind,
                region,
                term,
                on,
            };
            add(&mut applied, query, evidence);
        }
    }
    applied
}

/// Adds the price on a day; a day more of the last price moves its day.
fn add<'a>(applied: &mut Vec<AppliedPtu<'a>>, query: PtuQuery<'a>, evidence: &Evidence<'a>) {
    let rates = evidence.facts.rates;
    let Ok(price) = rates.ptu_price(query.kind, query.region, query.term, query.on) else {
        return;
    };
    match applied.last_mut() {
        Some(last) if std::ptr::eq(last.price, price) && last.query.region == query.region => {
            last.query.on = query.on;
        }
        _ => applied.push(AppliedPtu { query, price }),
    }
}

/// What one source prices, and how old it was.
#[derive(Default)]
struct Reading {
    what: BTreeSet<String>,
    as_of: NaiveDate,
    age: i64,
    own: Option<(&'static str, usize)>,
}

/// A finding for each source that was read too long before its prices were used.
pub(super) fn stale(evidence: &Evidence<'_>) -> Vec<Finding> {
    let limit = evidence.settings.limits().price_age_days;
    let mut readings: BTreeMap<&str, Reading> = BTreeMap::new();
    for (what, source, last) in applied(evidence) {
        let age = (last.min(evidence.as_of) - source.as_of).num_days();
        if u64::try_from(age).is_ok_and(|age| age > limit) {
            let reading = readings.entry(&source.text).or_default();
            if age > reading.age {
                (reading.age, reading.as_of) = (age, source.as_of);
            }
            reading.own = reading.own.or_else(|| own_table(evidence.config, source));
            reading.what.insert(what);
        }
    }
    let findings = readings.into_iter().map(|(source, reading)| {
        let what: Vec<String> = reading.what.into_iter().collect();
        let message = format!(
            "prices of {} were {} old when they were used last: their source was read on {}, \
             the limit is {} ({source})",
            and(&what),
            counted(reading.age.unsigned_abs(), "day"),
            reading.as_of,
            counted(limit, "day"),
        );
        let finding = Finding::of(&STALE_PRICE, source, message);
        match reading.own {
            Some((section, at)) => finding.written(evidence.config, &entry(section, at, "as_of")),
            None => finding,
        }
    });
    findings.collect()
}

/// Every price that was applied: what it prices, its source, and the last day it was used.
fn applied<'a>(evidence: &Evidence<'a>) -> Vec<(String, &'a Source, NaiveDate)> {
    let uses = evidence.charges.iter().flat_map(|charges| &charges.priced);
    let tokens = uses.map(|one| (one.name.model.clone(), &one.price.source, one.days.1));
    let ptu = ptu_prices(evidence).into_iter().map(|one| {
        let AppliedPtu { query, price } = one;
        let what = format!("{} PTU ({}) in {}", query.kind, query.term, query.region);
        (what, &price.source, query.on)
    });
    tokens.chain(ptu).collect()
}

/// The first own price of a source.
fn own_table(config: &Config, source: &Source) -> Option<(&'static str, usize)> {
    let is_it = |text: &str, as_of: NaiveDate| text == source.text && as_of == source.as_of;
    let mut tokens = config.prices.iter();
    let mut ptu = config.ptu_prices.iter();
    if !source.own {
        return None;
    }
    tokens
        .position(|own| is_it(&own.source, own.as_of))
        .map(|at| ("price", at))
        .or_else(|| {
            let at = ptu.position(|own| is_it(&own.source, own.as_of));
            at.map(|at| ("ptu_price", at))
        })
}
