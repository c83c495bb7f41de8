//! The report as text: what is shown, in which order.

use super::run::Run;
use super::{Grouping, Report, columns, notes};
use crate::report::chart::{self, sparkline};
use crate::report::csv::written;
use crate::report::grid::{self, Grid};
use crate::report::table::Page;
use crate::report::text::{markdown as escaped, visible, wrapped};

/// Tables and charts for a terminal.
pub(super) fn terminal(report: &Report, by: Grouping, page: Page) -> String {
    let run = report.base();
    let title = format!("Simulation of {}", visible(&report.name));
    let mut lines = vec![page.ink.strong(&title)];
    lines.extend(wrapped(&notes::span(run), page.width));
    lines.extend(wrapped(&notes::played(run), page.width));
    lines.extend(
        notes::summary(report)
            .iter()
            .flat_map(|line| wrapped(line, page.width)),
    );
    for grid in grids(report, by) {
        lines.push(String::new());
        lines.extend(grid.lines(page.width));
    }
    lines.extend(charts(run, page.width));
    if !report.band.is_empty() {
        lines.push(String::new());
        if let Some(note) = notes::same_at_every_depth(report) {
            lines.extend(wrapped(&note, page.width));
        } else {
            lines.extend(columns::band(report).lines(page.width));
            lines.extend(wrapped(notes::BAND, page.width));
        }
    }
    for note in notes::all(report) {
        lines.push(String::new());
        lines.extend(wrapped(&visible(&note), page.width));
    }
    lines.join("\n") + "\n"
}

/// The tables that are always shown: one row for each of `by`, deployments, comparison.
fn grids(report: &Report, by: Grouping) -> Vec<Grid> {
    let run = report.base();
    let mut grids = vec![columns::grid(run, by)];
    if by != Grouping::Deployment {
        grids.push(columns::deployments(run));
    }
    if !run.outcome.queues.is_empty() {
        grids.push(columns::queues(run));
    }
    if report.runs.len() > 1 {
        grids.push(columns::comparison(report));
        if report.peers.is_some() {
            grids.push(columns::peers(report));
        }
    }
    grids
}

/// Utilization of each provisioned deployment, and spill, over time.
fn charts(run: &Run, width: u16) -> Vec<String> {
    let mut lines = Vec::new();
    let room = usize::from(width);
    for (id, deployment) in run.places() {
        let minutes = &run.outcome.deployments[id.place()].minutes;
        if minutes.len() < 2 {
            continue;
        }
        let used: Vec<f64> = minutes
            .iter()
            .map(crate::sim::provisioned::Minute::utilization)
            .collect();
        let busiest = used.iter().copied().fold(0.0, f64::max);
        lines.push(String::new());
        let title = format!(
            "utilization of {}, {}, at most {}",
            visible(&deployment.name),
            each_mark(used.len(), room),
            grid::percent(busiest)
        );
        lines.extend(wrapped(&title, width));
        lines.push(sparkline(&used, 1.0, room));
    }
    lines.extend(spill_chart(run, width));
    lines
}

#[expect(clippy::cast_precision_loss, reason = "heights of a chart")]
fn spill_chart(run: &Run, width: u16) -> Vec<String> {
    let busy = &run.outcome.minutes;
    let (Some(first), Some(last)) = (busy.first(), busy.last()) else {
        return Vec::new();
    };
    let most = busy.iter().map(|minute| minute.spilled.weighted).max();
    let most = most.unwrap_or(0);
    if first.minute == last.minute || most == 0 {
        return Vec::new();
    }
    let length = usize::try_from(last.minute - first.minute + 1).unwrap_or(usize::MAX);
    let mut values = vec![0.0; length.min(MOST_MINUTES)];
    for minute in busy {
        let at = usize::try_from(minute.minute - first.minute).unwrap_or(usize::MAX);
        if let Some(value) = values.get_mut(at) {
            *value = minute.spilled.weighted as f64;
        }
    }
    let shown = crate::report::figure::whole(most.div_ceil(1_000));
    let room = usize::from(width);
    let each = each_mark(values.len(), room);
    let title = format!("spilled weighted tokens, {each}, at most {shown}");
    let mut lines = vec![String::new()];
    lines.extend(wrapped(&title, width));
    lines.push(sparkline(&values, most as f64, room));
    lines
}

/// What a mark of a chart of so many minutes stands for.
fn each_mark(minutes: usize, room: usize) -> String {
    match chart::minutes_a_mark(minutes, room) {
        1 => "by the minute".to_owned(),
        several => format!("the most of each {several} minutes"),
    }
}

/// Minutes of a chart; ten years.
const MOST_MINUTES: usize = 10 * 366 * 1_440;

/// The rows of one grouping for machines.
pub(super) fn csv(report: &Report, by: Grouping) -> String {
    let several = report.runs.len() > 1;
    let mut rows = Vec::new();
    for run in &report.runs {
        let grid = columns::grid(run, by);
        let label = several.then(|| crate::report::text::guarded(&run.label));
        if rows.is_empty() {
            let first = several.then(|| "run".to_owned());
            rows.push(first.into_iter().chain(grid.fields()).collect());
        }
        let lines = grid.csv_rows();
        rows.extend(lines.map(|cells| label.clone().into_iter().chain(cells).collect()));
    }
    written(rows.into_iter())
}

/// Markdown tables.
pub(super) fn markdown(report: &Report, by: Grouping) -> String {
    let run = report.base();
    let mut blocks = vec![
        format!("## Simulation of {}", escaped(&report.name)),
        escaped(&format!("{}; {}", notes::span(run), notes::played(run))),
    ];
    blocks.extend(notes::summary(report).iter().map(|line| escaped(line)));
    blocks.extend(grids(report, by).iter().map(Grid::markdown));
    if !report.band.is_empty() {
        if let Some(note) = notes::same_at_every_depth(report) {
            blocks.push(escaped(&note));
        } else {
            blocks.push(columns::band(report).markdown());
            blocks.push(escaped(notes::BAND));
        }
    }
    blocks.extend(notes::all(report).iter().map(|note| escaped(note)));
    blocks.join("\n\n") + "\n"
}
