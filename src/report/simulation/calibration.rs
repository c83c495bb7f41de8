//! What a calibration found.

use super::chart::sparkline;
use super::grid::{Cell, Column, Grid, duration};
use crate::report::table::Page;
use crate::sim::calibration::{Evidence, Fit, Trial, Verdict};

const CURVE: [Column; 2] = [
    Column {
        heading: "depth",
        field: "depth_s",
        rank: 0,
    },
    Column {
        heading: "error",
        field: "error",
        rank: 0,
    },
];

/// The fit in words, and the error of every depth that was tried.
pub fn render(deployment: &str, evidence: &Evidence, fit: &Fit, page: Page) -> String {
    let (shortest, longest) = fit.plausible;
    let best = duration(fit.best.depth);
    let said = match fit.verdict {
        Verdict::Fitted => format!(
            "depth {best}; from {} to {} explain the evidence about as well",
            duration(shortest),
            duration(longest)
        ),
        Verdict::AtLeast => format!(
            "depth at least {}: every longer one explains the evidence as well",
            duration(shortest)
        ),
        Verdict::AtMost => format!(
            "depth at most {}: every shorter one explains the evidence as well",
            duration(longest)
        ),
        Verdict::CannotTell => {
            "the evidence cannot tell: every depth explains it equally well".to_owned()
        }
    };
    let mut lines = vec![
        page.ink.strong(&format!("Calibration of {deployment}")),
        said,
        format!("error {}", error(evidence, &fit.best)),
        String::new(),
    ];
    let rows = fit.curve.iter().map(|trial| {
        vec![
            Cell::Text(duration(trial.depth)),
            Cell::Text(error(evidence, trial)),
        ]
    });
    let grid = Grid {
        names: 2,
        columns: CURVE.to_vec(),
        rows: rows.collect(),
        total: None,
    };
    lines.extend(grid.lines(page.width));
    let errors: Vec<f64> = fit.curve.iter().map(|trial| trial.error).collect();
    let most = errors.iter().copied().fold(0.0, f64::max);
    lines.push(String::new());
    lines.push("error by depth, from the shortest to the longest".to_owned());
    lines.push(sparkline(&errors, most, usize::from(page.width)));
    lines.join("\n") + "\n"
}

fn error(evidence: &Evidence, trial: &Trial) -> String {
    match evidence {
        Evidence::Utilization(_) => format!("{:.2} points of utilization", trial.error * 100.0),
        Evidence::Refusals(_) => format!("{:.2} refusals/min", trial.error),
    }
}
