//! Outcomes added up by app, business unit or deployment.

use std::collections::BTreeMap;

use super::Grouping;
use super::run::{Path, Run};
use crate::chargeback::owners::Payer;
use crate::money::{Factor, MinorUnits, Money};
use crate::report::view::{self, View};
use crate::sim::outcome::{AppOutcome, Tally};
use crate::sim::waits::Waits;

/// Requests, tokens and weight; exact, for owner rules may split them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Volume {
    pub(super) requests: Factor,
    pub(super) input: Factor,
    pub(super) cached: Factor,
    pub(super) output: Factor,
    /// [weighted token × 10⁻³]
    pub(super) weighted: Factor,
}

impl Default for Volume {
    fn default() -> Self {
        Self {
            requests: Factor::zero(),
            input: Factor::zero(),
            cached: Factor::zero(),
            output: Factor::zero(),
            weighted: Factor::zero(),
        }
    }
}

impl Volume {
    pub(super) fn add(&mut self, tally: &Tally, share: &Factor) {
        let add = |sum: &mut Factor, count: u64| {
            *sum = sum.plus(&Factor::ratio(count.into(), 1).times(share));
        };
        add(&mut self.requests, tally.requests.get());
        add(&mut self.input, tally.tokens.input.get());
        add(&mut self.cached, tally.tokens.cached_input.get());
        add(&mut self.output, tally.tokens.output.get());
        add(&mut self.weighted, tally.weighted);
    }
}

/// One row of a grouping by caller.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) keys: Vec<String>,
    pub(super) offered: Volume,
    pub(super) provisioned: Volume,
    pub(super) spilled: Volume,
    pub(super) per_token: Volume,
    pub(super) lost: Volume,
    pub(super) attempts: Factor,
    pub(super) waits: Waits,
    pub(super) amount: MinorUnits,
    pub(super) exact: Money,
}

impl Row {
    fn empty(keys: Vec<String>) -> Self {
        Self {
            keys,
            offered: Volume::default(),
            provisioned: Volume::default(),
            spilled: Volume::default(),
            per_token: Volume::default(),
            lost: Volume::default(),
            attempts: Factor::zero(),
            waits: Waits::default(),
            amount: MinorUnits(0),
            exact: Money::zero(),
        }
    }

    fn add(&mut self, run: &Run, app: &AppOutcome, share: &Factor) {
        self.offered.add(&app.offered, share);
        for (by, tally) in &app.served {
            let volume = match run.path(*by) {
                Path::Provisioned => &mut self.provisioned,
                Path::Spilled => &mut self.spilled,
                Path::PerToken => &mut self.per_token,
            };
            volume.add(tally, share);
        }
        self.lost.add(&app.lost_in_all(), share);
        let attempts = Factor::ratio(app.attempts.into(), 1).times(share);
        self.attempts = self.attempts.plus(&attempts);
        self.waits.merge(&app.waits);
    }
}

/// The rows of a grouping by caller, and their total.
pub(super) fn by_caller(run: &Run, grouping: Grouping) -> (Vec<Row>, Row) {
    let mut rows: BTreeMap<Vec<String>, Row> = BTreeMap::new();
    let mut total = Row::empty(vec!["total".to_owned()]);
    let owned = run.outcome.apps.iter().zip(&run.owners);
    for (app, payers) in owned {
        total.add(run, app, &Factor::one());
        for (payer, share) in payers {
            let row = entry(&mut rows, keys(payer, grouping));
            row.add(run, app, share);
        }
    }
    let view = View::of(&run.statement, view_of(grouping));
    for charged in &view.rows {
        if charged.exact.is_zero() && !rows.contains_key(&charged.keys) {
            continue;
        }
        let row = entry(&mut rows, charged.keys.clone());
        row.amount += charged.amount;
        row.exact += &charged.exact;
    }
    total.amount = view.total.amount;
    total.exact = view.total.exact;
    (rows.into_values().collect(), total)
}

fn entry(rows: &mut BTreeMap<Vec<String>, Row>, keys: Vec<String>) -> &mut Row {
    rows.entry(keys.clone()).or_insert_with(|| Row::empty(keys))
}

fn keys(payer: &Payer, grouping: Grouping) -> Vec<String> {
    match grouping {
        Grouping::App => vec![payer.business_unit.clone(), payer.app.clone()],
        _ => vec![payer.business_unit.clone()],
    }
}

const fn view_of(grouping: Grouping) -> view::Grouping {
    match grouping {
        Grouping::App => view::Grouping::App,
        _ => view::Grouping::BusinessUnit,
    }
}

/// One row a deployment.
#[derive(Clone, Debug)]
pub(super) struct DeploymentRow {
    pub(super) name: String,
    pub(super) offer: &'static str,
    pub(super) attempts: u64,
    pub(super) refused: u64,
    pub(super) served: Volume,
    /// Of what it served, what spilled from another one.
    pub(super) spilled_here: Volume,
    pub(super) utilization: Option<Utilization>,
    /// Mean number of requests being served at once.
    pub(super) in_flight: f64,
    pub(super) amount: MinorUnits,
    pub(super) exact: Money,
}

/// How full a provisioned deployment was, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Utilization {
    /// Of all its throughput.
    pub(super) mean: f64,
    /// What 95 % of minutes do not exceed.
    pub(super) p95: f64,
    /// Of the busiest minute.
    pub(super) busiest: f64,
    /// Throughput that stood idle because health kept calls away.
    pub(super) wasted: f64,
}

/// Every deployment.
pub(super) fn by_deployment(run: &Run) -> Vec<DeploymentRow> {
    let view = View::of(&run.statement, view::Grouping::Deployment);
    run.places()
        .map(|(id, deployment)| {
            let outcome = &run.outcome.deployments[id.place()];
            let charged = view
                .rows
                .iter()
                .find(|row| row.keys == [deployment.name.clone()]);
            let (mut served, mut spilled_here) = (Volume::default(), Volume::default());
            for app in &run.outcome.apps {
                for (by, tally) in app.served.iter().filter(|(by, _)| by.deployment == id) {
                    served.add(tally, &Factor::one());
                    if by.spilled_from.is_some() {
                        spilled_here.add(tally, &Factor::one());
                    }
                }
            }
            DeploymentRow {
                name: deployment.name.clone(),
                offer: deployment.offer.name(),
                attempts: outcome.attempts,
                refused: outcome.refused,
                served,
                spilled_here,
                utilization: utilization(run, id.place()),
                in_flight: in_flight(run, id.place()),
                amount: charged.map_or(MinorUnits(0), |row| row.amount),
                exact: charged.map_or_else(Money::zero, |row| row.exact.clone()),
            }
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a mean for display")]
fn in_flight(run: &Run, place: usize) -> f64 {
    let span = run.outcome.span().micros();
    let busy = run.outcome.deployments[place].busy_micros;
    if span == 0 {
        0.0
    } else {
        busy as f64 / span as f64
    }
}

fn utilization(run: &Run, place: usize) -> Option<Utilization> {
    let outcome = &run.outcome.deployments[place];
    let minutes = &outcome.minutes;
    if minutes.is_empty() {
        return None;
    }
    let empty = crate::sim::level::Level::EMPTY;
    let (drained, capacity) = minutes
        .iter()
        .fold((empty, empty), |(drained, capacity), minute| {
            (drained.plus(minute.drained), capacity.plus(minute.capacity))
        });
    let mut each: Vec<f64> = minutes
        .iter()
        .map(crate::sim::provisioned::Minute::utilization)
        .collect();
    each.sort_unstable_by(f64::total_cmp);
    let rank = (each.len() * 95).div_ceil(100);
    Some(Utilization {
        mean: drained.share_of(capacity),
        p95: each[rank - 1],
        busiest: each[each.len() - 1],
        wasted: outcome.idle_while_tripped.share_of(capacity),
    })
}
