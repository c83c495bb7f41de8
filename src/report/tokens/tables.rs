//! The report as text: what is shown, in which order.

use super::{Report, Run, groups, histogram, largest, models, notes, parts, usage};
use crate::report::csv::written;
use crate::report::grid::Grid;
use crate::report::table::Page;
use crate::report::text::{visible, wrapped};

/// Of how many of the largest records a reader is told who has set no budget.
const FEW: usize = 5;

/// Tables and a histogram for a terminal.
pub(super) fn terminal(report: &Report, page: Page) -> String {
    let run = report.base();
    let title = page.ink.strong(&visible(&title(report)));
    let mut lines = vec![title];
    if report.runs.len() > 1 {
        let requests = notes::requests(&run.profiled.total);
        lines.push(format!("{requests}, counted for each model"));
        lines.push(String::new());
        lines.extend(models::grid(report).lines(page.width));
    } else {
        lines.extend(wrapped(&notes::summary(&run.profiled.total), page.width));
        if run.profiled.total.records() > 0 {
            lines.extend(told(run, page.width));
        }
    }
    for note in notes::all(report) {
        lines.push(String::new());
        lines.extend(wrapped(&visible(&note), page.width));
    }
    lines.join("\n") + "\n"
}

fn title(report: &Report) -> String {
    let run = report.base();
    if report.runs.len() > 1 {
        return format!("Tokens of {} by model", report.name);
    }
    let by: Vec<&str> = run.profiled.by.iter().map(|by| by.name()).collect();
    match by.as_slice() {
        [] => format!("Tokens of {}", report.name),
        by => format!("Tokens of {} by {}", report.name, by.join(", ")),
    }
}

/// One run in full.
fn told(run: &Run, width: u16) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(groups::grid(run).lines(width));
    let bars = histogram::lines(&run.profiled.total.input, width);
    if !bars.is_empty() {
        lines.push(String::new());
        lines.push("tokens of prompts, and how many requests have so many".to_owned());
        lines.extend(bars);
    }
    let parts = parts::grid(run);
    let below = [
        (
            "what prompts consist of",
            Some(parts).filter(|parts| parts.rows.len() > 1),
        ),
        (
            "counts against the usage that the service reported",
            usage::grid(run),
        ),
        ("the largest requests", most(run)),
    ];
    for (heading, grid) in below {
        let Some(grid) = grid else { continue };
        lines.push(String::new());
        lines.push(heading.to_owned());
        lines.extend(grid.lines(width));
    }
    lines
}

/// The largest records, where there are others.
fn most(run: &Run) -> Option<Grid> {
    let shown = match run.profiled.largest.budget() {
        Some(_) => usize::MAX,
        None => FEW,
    };
    (run.profiled.total.records() > 1).then(|| largest::grid(run, shown))
}

/// One row for each group; of several runs one row each.
pub(super) fn csv(report: &Report) -> String {
    let grid = if report.runs.len() > 1 {
        models::grid(report)
    } else {
        groups::grid(report.base())
    };
    written(std::iter::once(grid.fields()).chain(grid.csv_rows()))
}
