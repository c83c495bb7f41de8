//! What a simulated outcome costs: its served requests are usage, and usage is charged.
//!
//! Provisioned throughput is charged for the simulated span only, by the minute; reservations for
//! whole days, because that is how they are paid.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::azure::Offer;
use crate::catalog::ModelName;
use crate::chargeback::deployments::{CapacityStep, Deployment};
use crate::chargeback::{ChargeError, Charges, Detail, Facts, Policy, charge};
use crate::money::Money;
use crate::sim::outcome::ServedBy;
use crate::sim::{Outcome, Setup};
use crate::time::{BillingPeriod, SimTime, Timestamp, day_from_number};
use crate::units::Ptu;
use crate::usage::{Dimensions, Disposition, Quality, UsageKey, UsageSum};
use crate::workload::App;

/// How a request that a deployment served would be logged. `deployments` are those of the policy
/// that the simulation's were made of, in the same places.
pub fn dimensions(app: &App, by: ServedBy, deployments: &[Deployment]) -> Dimensions {
    let deployment = &deployments[by.deployment.place()];
    let spilled_from = by.spilled_from.filter(|_| by.native);
    Dimensions {
        subscription: app.subscription.clone(),
        product: app.product.clone(),
        app: app.app.clone(),
        api: app.api.clone(),
        spilled_from: spilled_from
            .map(|from| deployments[from.place()].name.clone())
            .unwrap_or_default(),
        ..logged(deployment)
    }
}

/// What logs tell of a deployment.
pub fn logged(deployment: &Deployment) -> Dimensions {
    let name = deployment.logged_as.first().unwrap_or(&deployment.name);
    Dimensions {
        deployment: name.clone(),
        backend: deployment.backends.first().cloned().unwrap_or_default(),
        model: logged_model(&deployment.model_name()),
        region: deployment.region.clone(),
        ..Dimensions::default()
    }
}

fn logged_model(name: &ModelName) -> String {
    let model = &name.model;
    let version = name.version.as_ref();
    version.map_or_else(|| model.clone(), |version| format!("{model}-{version}"))
}

/// The served requests of an outcome as sums of usage.
pub fn usage(outcome: &Outcome, deployments: &[Deployment]) -> Vec<UsageSum> {
    let mut shared: BTreeMap<(usize, ServedBy), Arc<Dimensions>> = BTreeMap::new();
    let served = outcome.usage.iter();
    served
        .map(|(key, tally)| {
            let dimensions = shared.entry((key.app, key.by)).or_insert_with(|| {
                Arc::new(dimensions(&outcome.apps[key.app].app, key.by, deployments))
            });
            UsageSum {
                key: UsageKey {
                    day: day_from_number(key.day).expect("simulated days are on the calendar"),
                    dimensions: Arc::clone(dimensions),
                    disposition: Disposition::Billable,
                    input_above: key.input_above,
                },
                requests: tally.requests,
                tokens: tally.tokens,
                quality: Quality::Exact,
            }
        })
        .collect()
}

/// The days that an outcome touches.
pub fn period(outcome: &Outcome) -> BillingPeriod {
    let day = |time: SimTime| {
        time.timestamp()
            .day()
            .expect("simulated days are on the calendar")
    };
    let last = SimTime::from_micros(outcome.end.micros().saturating_sub(1)).max(outcome.start);
    let end = day(last)
        .succ_opt()
        .expect("a day after the last one exists");
    BillingPeriod::new(day(outcome.start), end).expect("a span ends after it starts")
}

/// Charges an outcome under a policy. Throughput is charged up to the stated end of the span, if
/// one is stated, even where answers take longer.
pub fn settle(
    outcome: &Outcome,
    setup: &Setup,
    policy: &Policy,
    facts: &Facts<'_>,
) -> Result<Charges, ChargeError> {
    let usage = usage(outcome, &policy.deployments);
    let policy = within_span(policy, outcome.start, setup.end.unwrap_or(outcome.end));
    charge(&usage, &policy, facts, period(outcome), Detail::Period)
}

/// What the tokens of queued apps would have cost at another tier [US dollar, exact], served by a
/// deployment of the kind and region of the first; the reason where there is no price.
pub fn queued_at(
    offer: Offer,
    outcome: &Outcome,
    setup: &Setup,
    policy: &Policy,
    facts: &Facts<'_>,
) -> Result<Money, String> {
    let deployments = &policy.deployments;
    let first = deployments.first().ok_or("there is no deployment")?;
    let name = |at: usize| format!("{offer}-{at}");
    let mut sums = Vec::new();
    for sum in usage(&queued_only(outcome, setup), deployments) {
        let served = deployments
            .iter()
            .position(|one| one.serves(&sum.key.dimensions));
        let dimensions = Dimensions {
            deployment: name(served.unwrap_or(0)),
            ..Dimensions::default()
        };
        sums.push(UsageSum {
            key: UsageKey {
                dimensions: Arc::new(dimensions),
                ..sum.key
            },
            ..sum
        });
    }
    let tier = |(at, served): (usize, &Deployment)| Deployment {
        name: name(at),
        logged_as: Vec::new(),
        backends: Vec::new(),
        model: served.model.clone(),
        version: served.version.clone(),
        offer,
        kind: first.kind,
        region: first.region.clone(),
        scope: String::new(),
        capacity: Vec::new(),
        spillover_from: None,
        price_served_model: false,
    };
    let policy = Policy {
        deployments: deployments.iter().enumerate().map(tier).collect(),
        ..Policy::default()
    };
    let charges = charge(&sums, &policy, facts, period(outcome), Detail::Period);
    let charges = charges.map_err(|error| error.to_string())?;
    Ok(charges.statement.exact_total)
}

/// The outcome with the usage of queued apps alone.
fn queued_only(outcome: &Outcome, setup: &Setup) -> Outcome {
    let mut queued = outcome.clone();
    queued
        .usage
        .retain(|key, _| setup.rules_for(&outcome.apps[key.app].app).queue.is_some());
    queued
}

/// The policy with nothing deployed outside the minutes of a span.
pub fn within_span(policy: &Policy, start: SimTime, end: SimTime) -> Policy {
    let (first, last) = whole_minutes(start, end);
    let mut policy = policy.clone();
    let provisioned = policy.deployments.iter_mut();
    for deployment in provisioned.filter(|deployment| deployment.is_provisioned()) {
        deployment.capacity = cut(&deployment.capacity, first, last);
    }
    policy
}

/// The span from the first minute it touches to the end of the last.
fn whole_minutes(start: SimTime, end: SimTime) -> (Timestamp, Timestamp) {
    const MINUTE: u64 = 60_000_000;
    let minute = |number: u64| SimTime::from_micros(number * MINUTE).timestamp();
    let first = start.minutes();
    let last = end.micros().div_ceil(MINUTE).max(first + 1);
    (minute(first), minute(last))
}

fn cut(steps: &[CapacityStep], first: Timestamp, last: Timestamp) -> Vec<CapacityStep> {
    let before = steps.iter().rfind(|step| step.from <= first);
    let opening = CapacityStep {
        from: first,
        ptu: before.map_or(Ptu::new(0), |step| step.ptu),
    };
    let inside = steps
        .iter()
        .filter(|step| first < step.from && step.from < last);
    let closing = CapacityStep {
        from: last,
        ptu: Ptu::new(0),
    };
    std::iter::once(opening)
        .chain(inside.copied())
        .chain([closing])
        .collect()
}
