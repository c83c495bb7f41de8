//! Own prices that price nothing.

use std::collections::BTreeSet;

use super::{PRICE_NEVER_USED, PTU_PRICE_REGION};
use crate::azure::{PtuTerm, region_name};
use crate::chargeback::deployments::Deployment;
use crate::chargeback::pools::PoolName;
use crate::chargeback::reservations::Reservation;
use crate::chargeback::{ChargeError, PricedUse};
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};
use crate::rate_card::{OwnPrice, OwnPtuPrice};
use crate::spelling;
use crate::units::Tokens;

/// PTU prices of the wrong region, and regions that nobody knows.
pub(super) fn regions(evidence: &Evidence<'_>) -> Vec<Finding> {
    let own = evidence.config.ptu_prices.iter().enumerate();
    let mut findings: Vec<Finding> = own
        .filter_map(|(at, price)| of_another_region(at, price, evidence))
        .collect();
    let policy = &evidence.config.policy;
    let deployments = policy.deployments.iter().enumerate();
    let deployments = deployments
        .filter(|(_, one)| one.is_provisioned())
        .map(|(at, one)| ("deployment", at, &one.name, &one.region));
    let reservations = policy.reservations.iter().enumerate();
    let reservations = reservations.map(|(at, one)| ("reservation", at, &one.name, &one.region));
    let known = evidence.facts.rates.regions();
    for (section, at, name, region) in deployments.chain(reservations) {
        if known.is_empty() || known.knows(region) {
            continue;
        }
        let hint = known.hint(region);
        let message = format!("{section} {name:?}: region {region:?} is not known{hint}");
        let finding = Finding::of(&PTU_PRICE_REGION, format!("{section} {name}"), message);
        findings.push(finding.written(evidence.config, &entry(section, at, "region")));
    }
    findings
}

fn of_another_region(at: usize, own: &OwnPtuPrice, evidence: &Evidence<'_>) -> Option<Finding> {
    let region = region_name(own.region.as_deref()?);
    let pools = pools_of(own, evidence);
    if pools.iter().any(|pool| covers(own, pool, evidence)) {
        return None;
    }
    let alike = |other: &&OwnPtuPrice| other.kind == own.kind && other.term == own.term;
    let others: Vec<&OwnPtuPrice> = evidence.config.ptu_prices.iter().filter(alike).collect();
    let bare = |pool: &&PoolName| !others.iter().any(|other| covers(other, pool, evidence));
    let pool = pools.iter().find(bare)?;
    let (kind, term) = (own.kind, own.term);
    let message = format!(
        "[[ptu_price]] {} ({kind}, {term}) is for {region}, where nothing is paid so, and pool \
         {pool} has no own price; was region = {:?} meant?",
        at + 1,
        pool.region
    );
    let finding = Finding::of(
        &PTU_PRICE_REGION,
        format!("{kind} {term} {region}"),
        message,
    );
    Some(finding.written(evidence.config, &entry("ptu_price", at, "region")))
}

/// The pools of the price's kind that are paid by its term.
fn pools_of(own: &OwnPtuPrice, evidence: &Evidence<'_>) -> BTreeSet<PoolName> {
    let policy = &evidence.config.policy;
    let pools: BTreeSet<PoolName> = if own.term == PtuTerm::Hourly {
        let deployments = policy.deployments.iter().filter(|one| one.is_provisioned());
        deployments.map(Deployment::pool).collect()
    } else {
        let priced =
            |one: &&Reservation| one.term.priced() == own.term && one.price_per_ptu.is_none();
        let reservations = policy.reservations.iter().filter(priced);
        reservations.map(Reservation::pool).collect()
    };
    let of_kind = pools.into_iter().filter(|pool| pool.kind == own.kind);
    of_kind.collect()
}

fn covers(own: &OwnPtuPrice, pool: &PoolName, evidence: &Evidence<'_>) -> bool {
    let names = evidence.facts.rates.regions().names(&pool.region);
    let region = own.region.as_deref().map(region_name);
    region.is_none_or(|region| names.contains(&region.as_str()))
}

/// Own token prices that priced nothing, although there was something for them to price.
pub(super) fn unused(evidence: &Evidence<'_>) -> Vec<Finding> {
    let (Some(period), Some(charges)) = (evidence.period, evidence.charges) else {
        return Vec::new();
    };
    let holds = |own: &OwnPrice| {
        own.from < period.end() && own.until.is_none_or(|until| period.start() < until)
    };
    let others = priced_by_others(evidence, &charges.priced);
    let own = evidence.config.prices.iter().enumerate();
    own.filter(|(_, own)| holds(own))
        .filter(|(_, own)| !charges.priced.iter().any(|one| is_by(one, own)))
        .filter_map(|(at, own)| {
            let used = used_instead(own, &others, evidence)?;
            let message = format!(
                "[[price]] {} of {:?} ({}) priced nothing in this period, although {used}",
                at + 1,
                own.model,
                own.tier
            );
            let subject = format!("{} {} {}", own.model, own.tier, own.from);
            let finding = Finding::of(&PRICE_NEVER_USED, subject, message);
            Some(finding.written(evidence.config, &entry("price", at, "model")))
        })
        .collect()
}

/// Whether the tokens were priced by the own price.
fn is_by(one: &PricedUse, own: &OwnPrice) -> bool {
    let (price, source) = (&one.price, &one.price.source);
    let region = own.region.as_deref().map(region_name);
    let above = price.input_above.map_or(0, Tokens::get);
    source.own
        && price.model == own.model
        && price.version == own.version
        && price.tier == own.tier
        && above == own.input_above
        && own.kind.is_none_or(|kind| price.kind == kind)
        && price.regions.first() == region.as_ref()
        && (source.effective_from, source.as_of) == (own.from, own.as_of)
        && source.text == own.source
}

/// The models that were used at a bundled price or at none.
fn priced_by_others(evidence: &Evidence<'_>, priced: &[PricedUse]) -> BTreeSet<String> {
    let bundled = priced.iter().filter(|one| !one.price.source.own);
    let missing = evidence.refused.iter().filter_map(|error| match error {
        ChargeError::Unpriced(missing) => Some(missing),
        _ => None,
    });
    let missing = missing.flatten().map(|one| one.name.model.clone());
    bundled
        .map(|one| one.name.model.clone())
        .chain(missing)
        .collect()
}

/// What was used that the own price may have been meant for.
fn used_instead(
    own: &OwnPrice,
    others: &BTreeSet<String>,
    evidence: &Evidence<'_>,
) -> Option<String> {
    if others.contains(&own.model) {
        return Some("its model was used at another price".to_owned());
    }
    if evidence.facts.catalog.facts(&own.model).is_some() {
        return None;
    }
    let near = spelling::nearest(&own.model, others.iter().map(String::as_str));
    (!near.is_empty()).then(|| format!("{} was used; was that meant?", spelling::any_of(&near)))
}
