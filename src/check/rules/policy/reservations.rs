//! Reservations that end, and reservations that are not used.

use super::cover::{Pool, midnight, written};
use super::{RESERVATION_EXPIRES, RESERVATION_GAP, RESERVATION_UNUSED};
use crate::chargeback::Policy;
use crate::chargeback::reservations::Reservation;
use crate::check::rules::written::entry;
use crate::check::{Evidence, Finding};
use crate::diagnostic::SHOWN;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Reservations that leave deployed PTU without cover, or soon will.
pub(super) fn uncovered(evidence: &Evidence<'_>) -> Vec<Finding> {
    let pools = Pool::reserved_in(&evidence.config.policy);
    let judged = pools.iter().flat_map(|pool| {
        let reservations = pool.reservations.iter();
        reservations.filter_map(|(at, one)| {
            let finding = judge_end(pool, one, evidence)?;
            Some(finding.written(evidence.config, &entry("reservation", *at, "until")))
        })
    });
    judged.collect()
}

fn judge_end(pool: &Pool<'_>, one: &Reservation, evidence: &Evidence<'_>) -> Option<Finding> {
    let end = one.end().minutes();
    let lost = pool.lost(end, end);
    if lost == 0 {
        return None;
    }
    let mut later = pool.changes().into_iter().filter(|change| *change > end);
    let closed = later.find(|change| pool.lost(end, *change) == 0);
    let until = closed.map_or_else(String::new, |at| format!(" until {}", written(at)));
    let (name, ends) = (&one.name, written(end));
    let now = midnight(evidence.as_of);
    if end > now {
        let days = evidence.settings.limits().reservation_days;
        let ahead = now.saturating_add(i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(DAY));
        let message = format!(
            "reservation {name:?} ends at {ends}, and {lost} PTU of pool {} are paid by the hour \
             from then on{until}",
            pool.name
        );
        return (end <= ahead).then(|| Finding::of(&RESERVATION_EXPIRES, name, message));
    }
    let is_open = closed.is_none_or(|closed| closed > now);
    let in_period = evidence.period.is_some_and(|period| {
        let starts_before = end < midnight(period.end());
        starts_before && closed.is_none_or(|closed| closed > midnight(period.start()))
    });
    let message = format!(
        "reservation {name:?} ended at {ends}, and {lost} PTU of pool {} that it covered are paid \
         by the hour from then on{until}",
        pool.name
    );
    (is_open || in_period).then(|| Finding::of(&RESERVATION_GAP, name, message))
}

/// Pools with more reserved than deployed, and reservations that fit no deployment.
pub(super) fn unused(evidence: &Evidence<'_>) -> Vec<Finding> {
    let pools = Pool::reserved_in(&evidence.config.policy);
    let judged = pools.iter().flat_map(|pool| {
        if pool.deployments.is_empty() {
            fits_nothing(pool, evidence)
        } else {
            too_much(pool, evidence).into_iter().collect()
        }
    });
    judged.collect()
}

/// A finding for each reservation of a pool without deployments that holds in the period or later.
fn fits_nothing(pool: &Pool<'_>, evidence: &Evidence<'_>) -> Vec<Finding> {
    let start = evidence.start();
    let holds = |one: &Reservation| one.end().minutes() > midnight(start.min(evidence.as_of));
    let others = deployed_pools(&evidence.config.policy);
    let mut findings = Vec::new();
    for (at, one) in pool.reservations.iter().filter(|(_, one)| holds(one)) {
        let message = format!(
            "reservation {:?} covers nothing: no provisioned deployment is in pool {}; {others}",
            one.name, pool.name
        );
        let finding = Finding::of(&RESERVATION_UNUSED, &one.name, message);
        findings.push(finding.written(evidence.config, &entry("reservation", *at, "region")));
    }
    findings
}

fn deployed_pools(policy: &Policy) -> String {
    let deployments = policy.deployments.iter().filter(|one| one.is_provisioned());
    let mut pools: Vec<String> = deployments.map(|one| one.pool().to_string()).collect();
    pools.sort();
    pools.dedup();
    match pools.as_slice() {
        [] => "there is none at all".to_owned(),
        _ => format!("deployed is {}", pools.join(", ")),
    }
}

/// Minutes, from the first to before the second.
type Span = (i64, i64);

/// The finding on the time in which most reserved PTU are not deployed.
fn too_much(pool: &Pool<'_>, evidence: &Evidence<'_>) -> Option<Finding> {
    let over = |span: &Span| pool.reserved(span.0).saturating_sub(pool.deployed(span.0));
    let spans = judged_spans(pool, evidence).into_iter();
    let (from, to) = spans
        .filter(|span| over(span) > 0)
        .min_by_key(|span| (std::cmp::Reverse(over(span)), *span))?;
    let message = format!(
        "pool {}: {} PTU are reserved and {} deployed from {} to {}, so {} PTU are paid for and \
         not used",
        pool.name,
        pool.reserved(from),
        pool.deployed(from),
        written(from),
        written(to),
        over(&(from, to))
    );
    let finding = Finding::of(&RESERVATION_UNUSED, pool.name.to_string(), message);
    let holding = pool.holding(from).take(SHOWN);
    Some(holding.fold(finding, |finding, (at, _)| {
        finding.written(evidence.config, &entry("reservation", *at, "ptu"))
    }))
}

/// The runs of minutes without a change that lie in the period, or after the day of the check
/// while anything is reserved.
fn judged_spans(pool: &Pool<'_>, evidence: &Evidence<'_>) -> Vec<Span> {
    let changes = pool.changes();
    let last = changes.last().copied().unwrap_or(i64::MIN);
    let period = evidence
        .period
        .map(|period| (midnight(period.start()), midnight(period.end())));
    let ahead = (midnight(evidence.as_of), last);
    let windows = period.into_iter().chain([ahead]);
    let mut spans = Vec::new();
    for (from, to) in windows.filter(|(from, to)| from < to) {
        let within = changes.iter().copied().filter(|at| from < *at && *at < to);
        let starts: Vec<i64> = [from].into_iter().chain(within).collect();
        let ends = starts.iter().skip(1).copied().chain([to]);
        spans.extend(starts.iter().copied().zip(ends));
    }
    spans
}
