//! Which columns the tables of a simulation have, and what is in them.

use super::rows::{self, DeploymentRow, Row};
use super::run::Run;
use super::{Grouping, Report};
use crate::money::Factor;
use crate::report::grid::{Cell, Column, Grid, MACHINES_ONLY, duration};
use crate::sim::outcome::Tally;
use crate::sim::peers::PeerSpill;
use crate::sim::queue::QueueOutcome;

const fn column(heading: &'static str, field: &'static str, rank: u8) -> Column {
    Column {
        heading,
        field,
        rank,
    }
}

const BY_CALLER: [Column; 20] = [
    column("offered", "offered_requests", 0),
    column("PTU", "provisioned_requests", 2),
    column("spilled", "spilled_requests", 0),
    column("per token", "per_token_requests", 3),
    column("lost", "lost_requests", 0),
    column("spilled tokens", "spilled_weighted_share", 2),
    column("attempts", "attempts", 7),
    column("wait p50", "wait_p50_s", 6),
    column("wait p95", "wait_p95_s", 4),
    column("wait p99", "wait_p99_s", 5),
    column("tokens in", "served_input_tokens", 6),
    column("cached", "served_cached_input_tokens", 8),
    column("tokens out", "served_output_tokens", 6),
    column("", "offered_input_tokens", MACHINES_ONLY),
    column("", "offered_output_tokens", MACHINES_ONLY),
    column("", "offered_weighted_tokens", MACHINES_ONLY),
    column("", "spilled_weighted_tokens", MACHINES_ONLY),
    column("", "lost_weighted_tokens", MACHINES_ONLY),
    column("cost", "amount", 1),
    column("", "exact_amount", MACHINES_ONLY),
];

/// The rows of one grouping of a run.
pub(super) fn grid(run: &Run, by: Grouping) -> Grid {
    match by {
        Grouping::Deployment => deployments(run),
        Grouping::Total => {
            let mut grid = callers(run, Grouping::BusinessUnit, &[]);
            grid.rows = grid.total.take().into_iter().collect();
            grid
        }
        Grouping::BusinessUnit => callers(run, by, &[column("business unit", "business_unit", 0)]),
        Grouping::App => {
            let keys = [
                column("business unit", "business_unit", 2),
                column("app", "app", 0),
            ];
            callers(run, by, &keys)
        }
    }
}

fn callers(run: &Run, by: Grouping, keys: &[Column]) -> Grid {
    let (rows, total) = rows::by_caller(run, by);
    let digits = run.statement.statement.minor_digits;
    let line = |row: &Row| -> Vec<Cell> {
        let mut cells: Vec<Cell> = key_cells(&row.keys, keys.len());
        cells.extend(caller_cells(row, digits));
        cells
    };
    let mut total_keys = vec![Cell::Text(String::new()); keys.len()];
    if let Some(last) = total_keys.last_mut() {
        *last = Cell::Text("total".to_owned());
    }
    total_keys.extend(caller_cells(&total, digits));
    Grid {
        names: keys.len(),
        columns: keys.iter().copied().chain(BY_CALLER).collect(),
        rows: rows.iter().map(line).collect(),
        total: Some(total_keys),
    }
}

/// The keys of a row. What is charged to a business unit as a whole stands under its name.
fn key_cells(keys: &[String], count: usize) -> Vec<Cell> {
    let unit = keys.first().cloned().unwrap_or_default();
    let shown = |key: &String| match key.as_str() {
        "" => Cell::Text(unit.clone()),
        key => Cell::Text(key.to_owned()),
    };
    keys.iter().take(count).map(shown).collect()
}

fn caller_cells(row: &Row, digits: u32) -> Vec<Cell> {
    let count = |value: &Factor| Cell::Count(value.clone());
    let served = |of: fn(&rows::Volume) -> &Factor| {
        let parts = [&row.provisioned, &row.spilled, &row.per_token];
        Cell::Count(parts.into_iter().map(of).sum())
    };
    let weighted = |volume: &rows::Volume| Cell::Count(thousandths(&volume.weighted));
    let wait = |per_mille| match row.waits.count() {
        0 => Cell::None,
        _ => Cell::Time(row.waits.percentile(per_mille)),
    };
    vec![
        count(&row.offered.requests),
        count(&row.provisioned.requests),
        count(&row.spilled.requests),
        count(&row.per_token.requests),
        count(&row.lost.requests),
        share(&row.spilled.weighted, &row.offered.weighted),
        count(&row.attempts),
        wait(500),
        wait(950),
        wait(990),
        served(|volume| &volume.input),
        served(|volume| &volume.cached),
        served(|volume| &volume.output),
        count(&row.offered.input),
        count(&row.offered.output),
        weighted(&row.offered),
        weighted(&row.spilled),
        weighted(&row.lost),
        Cell::Amount(row.amount, digits),
        Cell::Exact(row.exact.clone()),
    ]
}

fn thousandths(weighted: &Factor) -> Factor {
    weighted.times(&Factor::ratio(1, 1_000))
}

/// `part` of `whole`; nothing where there is no whole.
fn share(part: &Factor, whole: &Factor) -> Cell {
    if whole.is_zero() {
        return Cell::None;
    }
    let text = part.divided_by(whole).to_trimmed(12);
    text.parse().map_or(Cell::None, Cell::Share)
}

const BY_DEPLOYMENT: [Column; 17] = [
    column("deployment", "deployment", 0),
    column("offer", "offer", 5),
    column("attempts", "attempts", 4),
    column("refused", "refused_attempts", 2),
    column("served", "served_requests", 0),
    column("spilled here", "spilled_here_requests", 5),
    column("tokens in", "served_input_tokens", 6),
    column("cached", "served_cached_input_tokens", 7),
    column("tokens out", "served_output_tokens", 6),
    column("", "served_weighted_tokens", MACHINES_ONLY),
    column("used", "utilization_mean", 0),
    column("used p95", "utilization_p95", 3),
    column("busiest", "utilization_busiest_minute", 3),
    column("wasted", "idle_while_tripped_share", 3),
    column("", "mean_requests_in_flight", MACHINES_ONLY),
    column("cost", "amount", 1),
    column("", "exact_amount", MACHINES_ONLY),
];

/// The deployments of a run.
pub(super) fn deployments(run: &Run) -> Grid {
    let digits = run.statement.statement.minor_digits;
    let rows = rows::by_deployment(run);
    Grid {
        names: 2,
        columns: BY_DEPLOYMENT.to_vec(),
        rows: rows
            .iter()
            .map(|row| deployment_cells(row, digits))
            .collect(),
        total: None,
    }
}

fn deployment_cells(row: &DeploymentRow, digits: u32) -> Vec<Cell> {
    let used = |of: fn(&rows::Utilization) -> f64| {
        row.utilization
            .as_ref()
            .map_or(Cell::None, |used| Cell::Share(of(used)))
    };
    let wasted = match &row.utilization {
        Some(used) if used.wasted > 0.0 => Cell::Share(used.wasted),
        _ => Cell::None,
    };
    vec![
        Cell::Text(row.name.clone()),
        Cell::Text(row.offer.to_owned()),
        Cell::count(row.attempts),
        Cell::count(row.refused),
        Cell::Count(row.served.requests.clone()),
        Cell::Count(row.spilled_here.requests.clone()),
        Cell::Count(row.served.input.clone()),
        Cell::Count(row.served.cached.clone()),
        Cell::Count(row.served.output.clone()),
        Cell::Count(thousandths(&row.served.weighted)),
        used(|used| used.mean),
        used(|used| used.p95),
        used(|used| used.busiest),
        wasted,
        Cell::Text(format!("{:.3}", row.in_flight)),
        Cell::Amount(row.amount, digits),
        Cell::Exact(row.exact.clone()),
    ]
}

const COMPARED: [Column; 10] = [
    column("", "run", 0),
    column("spilled", "spilled_requests", 1),
    column("spilled tokens", "spilled_weighted_share", 0),
    column("lost", "lost_requests", 2),
    column("refused", "refused_attempts", 5),
    column("wait p95", "wait_p95_s", 4),
    column("PTU used", "utilization_mean", 3),
    column("busiest", "utilization_busiest_minute", 6),
    column("cost", "amount", 1),
    column("", "exact_amount", MACHINES_ONLY),
];

/// Several runs on the same traffic, one a row.
pub(super) fn compared<'r>(heading: Column, runs: impl Iterator<Item = (String, &'r Run)>) -> Grid {
    let mut columns = COMPARED.to_vec();
    columns[0] = heading;
    Grid {
        names: 1,
        columns,
        rows: runs.map(|(name, run)| compared_cells(name, run)).collect(),
        total: None,
    }
}

fn compared_cells(name: String, run: &Run) -> Vec<Cell> {
    let (_, total) = rows::by_caller(run, Grouping::BusinessUnit);
    let deployments = rows::by_deployment(run);
    let provisioned = deployments
        .iter()
        .filter_map(|row| Some((row, row.utilization?)));
    let busiest = provisioned
        .clone()
        .map(|(_, used)| used.busiest)
        .max_by(f64::total_cmp);
    let refused = provisioned.clone().map(|(row, _)| row.refused).sum();
    let mean = match provisioned.clone().count() {
        1 => provisioned.clone().next().map(|(_, used)| used.mean),
        _ => None,
    };
    let some = |share: Option<f64>| share.map_or(Cell::None, Cell::Share);
    let digits = run.statement.statement.minor_digits;
    vec![
        Cell::Text(name),
        Cell::Count(total.spilled.requests.clone()),
        share(&total.spilled.weighted, &total.offered.weighted),
        Cell::Count(total.lost.requests.clone()),
        Cell::count(refused),
        Cell::Time(total.waits.percentile(950)),
        some(mean),
        some(busiest),
        Cell::Amount(total.amount, digits),
        Cell::Exact(total.exact),
    ]
}

/// The band over the depth.
pub(super) fn band(report: &Report) -> Grid {
    let runs = report.band.iter();
    let named = runs.map(|(depth, run)| (duration(*depth), run));
    compared(column("depth", "depth", 0), named)
}

/// The runs of a comparison.
pub(super) fn comparison(report: &Report) -> Grid {
    let runs = report.runs.iter();
    let named = runs.map(|run| (run.name().to_owned(), run));
    compared(column("run", "run", 0), named)
}

const PEERS: [Column; 6] = [
    column("other formulas", "ptu", 0),
    column("minute reset", "minute_reset_share", 0),
    column("1-s buckets", "second_buckets_share", 1),
    column("1 − cap/peak", "below_peak_share", 2),
    column("p99 excess", "p99_excess_share", 3),
    column("average", "average_share", 4),
];

/// What other tools' formulas say of the share of tokens that spills, one size a row.
pub(super) fn peers(report: &Report) -> Grid {
    let sizes = report.peers.iter().flat_map(|figures| &figures.sizes);
    let row = |size: &PeerSpill| {
        let shares = [
            size.minute_reset,
            size.second_buckets,
            size.below_peak,
            size.p99_excess,
            size.average,
        ];
        let name = Cell::Text(format!("{} PTU", size.ptu));
        let shares = shares.into_iter().map(|share| Cell::Share(share.max(0.0)));
        std::iter::once(name).chain(shares).collect()
    };
    Grid {
        names: 1,
        columns: PEERS.to_vec(),
        rows: sizes.map(row).collect(),
        total: None,
    }
}

const QUEUES: [Column; 14] = [
    column("queue", "queue", 0),
    column("messages", "offered_messages", 0),
    column("completed", "completed_messages", 0),
    column("dead letters", "dead_lettered_messages", 1),
    column("expired", "expired_messages", 2),
    column("waiting", "waiting_messages", 2),
    column("twice", "duplicate_executions", 3),
    column("late", "deadline_misses", 2),
    column("deliveries", "deliveries", 6),
    column("longest backlog", "longest_backlog", 5),
    column("start p50", "start_delay_p50_s", 4),
    column("start p95", "start_delay_p95_s", 4),
    column("done p95", "completion_delay_p95_s", 4),
    column("", "last_sent", MACHINES_ONLY),
];

/// The queues of a run.
pub(super) fn queues(run: &Run) -> Grid {
    let row = |queue: &QueueOutcome| {
        let messages = |tally: &Tally| Cell::count(tally.requests.get());
        let last = queue.last_sent.map(|sent| sent.timestamp().to_string());
        vec![
            Cell::Text(queue.name.clone()),
            messages(&queue.offered),
            messages(&queue.completed),
            messages(&queue.dead_lettered),
            messages(&queue.expired),
            messages(&queue.waiting),
            messages(&queue.duplicates),
            Cell::count(queue.deadline_misses),
            Cell::count(queue.deliveries),
            Cell::count(queue.longest_backlog),
            Cell::Time(queue.start_delays.percentile(500)),
            Cell::Time(queue.start_delays.percentile(950)),
            Cell::Time(queue.completion_delays.percentile(950)),
            last.map_or(Cell::None, Cell::Text),
        ]
    };
    Grid {
        names: 1,
        columns: QUEUES.to_vec(),
        rows: run.outcome.queues.iter().map(row).collect(),
        total: None,
    }
}
