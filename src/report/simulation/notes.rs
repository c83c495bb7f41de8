//! What a reader must know of a simulation beside its figures.

use super::run::Run;
use super::{Grouping, Report, columns, rows};
use crate::chargeback::Finding;
use crate::config::scenario::FiguresUsed;
use crate::money::Factor;
use crate::report::figure;
use crate::report::grid::duration;
use crate::report::text::visible;
use crate::sim::setup::DeploymentRules;
use crate::time::SimTime;

/// Why results come as a band.
pub(super) const BAND: &str = "Azure does not document how much a provisioned deployment admits \
above its steady throughput, so the depth of its bucket is assumed. `tollbook calibrate` finds it \
from measurements.";

/// One line in place of a band that would show the same at every depth.
pub(super) fn same_at_every_depth(report: &Report) -> Option<String> {
    let ((least, _), (most, _)) = (report.band.first()?, report.band.last()?);
    let alike = report.band.len() > 1 && columns::band(report).is_uniform();
    alike.then(|| {
        let (least, most) = (duration(*least), duration(*most));
        format!("The result is the same at every depth of the bucket from {least} to {most}.")
    })
}

/// What a reader wants to know first: which run is told in full, and whether nothing spilled.
pub(super) fn summary(report: &Report) -> Vec<String> {
    let run = report.base();
    let told = (report.runs.len() > 1).then(|| {
        let (several, first) = (report.runs.len(), visible(run.name()));
        format!("{several} runs; told in full: {first}")
    });
    told.into_iter().chain(nothing_spilled(run)).collect()
}

/// Says so where everything that provisioned throughput was asked for stayed on it.
fn nothing_spilled(run: &Run) -> Option<String> {
    let (_, total) = rows::by_caller(run, Grouping::Total);
    if total.provisioned.requests.is_zero() || !total.spilled.requests.is_zero() {
        return None;
    }
    let lost = &total.lost.requests;
    Some(if lost.is_zero() {
        "Nothing spilled, nothing was lost.".to_owned()
    } else {
        format!("Nothing spilled; lost: {}.", figure::count(lost))
    })
}

/// The simulated span, for people.
pub(super) fn span(run: &Run) -> String {
    let (start, end) = (time(run.outcome.start), time(run.outcome.end));
    let seconds = run.outcome.span().seconds_up();
    let length = match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", rounded(seconds, 60)),
        7_200..172_800 => format!("{} h", rounded(seconds, 3_600)),
        _ => format!("{} days", rounded(seconds, 86_400)),
    };
    match (start.split_once(' '), end.split_once(' ')) {
        (Some((day, _)), Some((last, clock))) if day == last => {
            format!("{start} to {clock} UTC ({length})")
        }
        _ => format!("{start} to {end} UTC ({length})"),
    }
}

/// So many units of so many seconds, to one decimal.
fn rounded(seconds: u64, unit: u64) -> String {
    let tenths = (seconds * 10 + unit / 2) / unit;
    Factor::ratio(tenths.into(), 10).to_trimmed(1)
}

/// A time to the second.
pub(super) fn time(time: SimTime) -> String {
    let text = time.timestamp().to_string();
    text.split('.').next().unwrap_or_default().replace('T', " ")
}

/// How the run was played, in one line.
pub(super) fn played(run: &Run) -> String {
    let rules = run
        .setup
        .deployments
        .iter()
        .find_map(|deployment| match &deployment.rules {
            DeploymentRules::Provisioned(rules) => Some(rules),
            DeploymentRules::Standard(_) => None,
        });
    let seed = run.setup.seed;
    let currency = visible(&run.statement.statement.currency);
    rules.map_or_else(
        || format!("seed {seed}, costs in {currency}"),
        |rules| {
            let depth = duration(rules.depth);
            let admission = match rules.admission {
                crate::sim::provisioned::Admission::Doc => "as documented",
                crate::sim::provisioned::Admission::Fit => "when the estimate fits",
            };
            format!("depth {depth}, admission {admission}, seed {seed}, costs in {currency}")
        },
    )
}

/// What else a reader must know.
pub(super) fn all(report: &Report) -> Vec<String> {
    let run = report.base();
    let mut notes = Vec::new();
    notes.extend(stretched(&run.figures));
    if !run.statement.pools.is_empty() {
        let reserved = run
            .statement
            .pools
            .iter()
            .any(|pool| !pool.cost.reserved.is_zero());
        let charged = if reserved {
            "Provisioned throughput is charged for the minutes of the span, reservations for its \
             whole days, because they are paid whether used or not."
        } else {
            "Provisioned throughput is charged by the hour, for the minutes of the span."
        };
        notes.push(charged.to_owned());
    }
    let (early, findings): (Vec<&Finding>, Vec<&Finding>) = run
        .statement
        .findings
        .iter()
        .partition(|finding| finding.code == "price-known-later");
    if !early.is_empty() {
        notes.push(
            "The traffic is older than some prices: the first known ones are used; --explain \
             shows them."
                .to_owned(),
        );
    }
    notes.extend(
        findings
            .into_iter()
            // What a bucket admits ahead of its throughput is no fault of any log.
            .filter(|finding| finding.code != "ptu-overused")
            .map(|finding| format!("{}: {}", finding.code, finding.message)),
    );
    notes.extend(never_called(run));
    for (offer, cost) in &report.elsewhere {
        notes.push(match cost {
            Ok(cost) => format!(
                "The tokens of queued apps would have cost USD {} as {offer}.",
                cost.to_decimal(2)
            ),
            Err(_) => format!("The tokens of queued apps as {offer}: no price known."),
        });
    }
    notes
}

/// Deployments that the policy never tried.
fn never_called(run: &Run) -> Option<String> {
    let idle = run
        .places()
        .filter(|(id, _)| run.outcome.deployments[id.place()].attempts == 0);
    let names: Vec<&str> = idle
        .map(|(_, deployment)| deployment.name.as_str())
        .collect();
    (!names.is_empty()).then(|| format!("Never called: {}.", names.join(", ")))
}

fn stretched(figures: &[FiguresUsed]) -> Option<String> {
    let figures: Vec<&FiguresUsed> = figures.iter().filter(|used| used.is_stretched()).collect();
    let first = figures.first()?;
    let names: Vec<&str> = figures
        .iter()
        .map(|used| used.deployment.as_str())
        .collect();
    Some(format!(
        "The traffic of {} is older than the throughput figures of {}: the first known ones are \
         used, which hold from {}.",
        first.on,
        names.join(", "),
        first.model.effective_from
    ))
}
