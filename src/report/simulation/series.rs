//! The minute series of a run: one row for everything, and one for each deployment.

use std::collections::BTreeMap;

use super::run::Run;
use crate::report::csv::written;
use crate::report::text::guarded;
use crate::sim::outcome::{MinuteOutcome, MinuteTally};
use crate::sim::provisioned::Minute;
use crate::time::{SimDuration, SimTime};

/// Columns of the series.
pub const COLUMNS: [&str; 12] = [
    "time",
    "deployment",
    "offered_requests",
    "offered_weighted_tokens",
    "served_requests",
    "served_weighted_tokens",
    "spilled_requests",
    "spilled_weighted_tokens",
    "lost_requests",
    "lost_weighted_tokens",
    "backlog",
    "utilization_percent",
];

/// One row; what a row cannot tell is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesRow {
    /// Start of the minute.
    pub minute: SimTime,
    /// The deployment; empty for everything together.
    pub deployment: String,
    /// Offered, served, spilled, lost: requests and weighted tokens.
    pub counts: [Option<f64>; 8],
    /// Messages waiting at the end of the minute.
    pub backlog: Option<f64>,
    /// Used part of the throughput [%], as `tollbook calibrate` reads it.
    pub utilization_percent: Option<f64>,
}

/// The series of a run, by minute and then by deployment; minutes without anything are left out.
pub fn rows(run: &Run) -> Vec<SeriesRow> {
    let busy = run.outcome.minutes.iter();
    let busy: BTreeMap<u64, &MinuteOutcome> = busy.map(|minute| (minute.minute, minute)).collect();
    let mut used: BTreeMap<(u64, usize), &Minute> = BTreeMap::new();
    for (id, _) in run.places() {
        for minute in &run.outcome.deployments[id.place()].minutes {
            used.insert((minute.minute, id.place()), minute);
        }
    }
    let numbers: std::collections::BTreeSet<u64> = busy
        .keys()
        .copied()
        .chain(used.keys().map(|(minute, _)| *minute))
        .collect();
    let mut rows = Vec::new();
    for number in numbers {
        let minute = SimTime::from_micros(number * SimDuration::MINUTE.micros());
        rows.extend(busy.get(&number).map(|outcome| whole(minute, outcome)));
        for (id, deployment) in run.places() {
            let served = busy.get(&number).map(|outcome| outcome.served[id.place()]);
            let provisioned = used.get(&(number, id.place()));
            if served.is_none_or(|tally| tally.requests == 0) && provisioned.is_none() {
                continue;
            }
            let [requests, weighted] = pair(served.unwrap_or_default());
            let mut counts = [None; 8];
            (counts[2], counts[3]) = (requests, weighted);
            rows.push(SeriesRow {
                minute,
                deployment: deployment.name.clone(),
                counts,
                backlog: None,
                utilization_percent: provisioned.map(|minute| minute.utilization() * 100.0),
            });
        }
    }
    rows
}

#[expect(clippy::cast_precision_loss, reason = "a series for charts")]
fn whole(minute: SimTime, outcome: &MinuteOutcome) -> SeriesRow {
    let mut served = MinuteTally::default();
    for tally in &outcome.served {
        served.requests += tally.requests;
        served.weighted += tally.weighted;
    }
    let tallies = [outcome.offered, served, outcome.spilled, outcome.lost];
    let counts = tallies.map(pair);
    let [offered, served, spilled, lost] = counts;
    SeriesRow {
        minute,
        deployment: String::new(),
        counts: [
            offered[0], offered[1], served[0], served[1], spilled[0], spilled[1], lost[0], lost[1],
        ],
        backlog: Some(outcome.backlog as f64),
        utilization_percent: None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a series for charts")]
fn pair(tally: MinuteTally) -> [Option<f64>; 2] {
    [
        Some(tally.requests as f64),
        Some(tally.weighted as f64 / 1_000.0),
    ]
}

/// The series as CSV.
pub fn csv(rows: &[SeriesRow]) -> String {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let header = COLUMNS.map(str::to_owned).to_vec();
    let lines = rows.iter().map(|row| {
        let mut cells = vec![row.minute.timestamp().to_string(), guarded(&row.deployment)];
        cells.extend(row.counts.iter().map(|count| number(*count)));
        cells.push(number(row.backlog));
        cells.push(
            row.utilization_percent
                .map(|used| format!("{used:.4}"))
                .unwrap_or_default(),
        );
        cells
    });
    written(std::iter::once(header).chain(lines))
}
