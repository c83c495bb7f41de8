//! What a calibration found.

use crate::money::Factor;
use crate::report::chart::sparkline;
use crate::report::grid::{Cell, Column, Grid, duration};
use crate::report::table::Page;
use crate::sim::calibration::{Evidence, Fit, Trial, Verdict};

const CURVE: [Column; 3] = [
    Column {
        heading: "throughput",
        field: "throughput_percent",
        rank: 0,
    },
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
    let several = fit.curve.iter().any(|trial| trial.leak != fit.best.leak);
    let mut lines = vec![
        page.ink.strong(&format!("Calibration of {deployment}")),
        said,
    ];
    if several {
        lines.push(throughput(fit));
    }
    lines.push(format!("error {}", error(evidence, &fit.best)));
    lines.push(String::new());
    let skipped = usize::from(!several);
    let rows = fit.curve.iter().map(|trial| {
        let cells = [
            percent(trial.leak),
            duration(trial.depth),
            error(evidence, trial),
        ];
        cells.into_iter().skip(skipped).map(Cell::Text).collect()
    });
    let grid = Grid {
        names: CURVE.len() - skipped,
        columns: CURVE[skipped..].to_vec(),
        rows: rows.collect(),
        total: None,
    };
    lines.extend(grid.lines(page.width));
    let of_best = fit.curve.iter().filter(|trial| trial.leak == fit.best.leak);
    let errors: Vec<f64> = of_best.map(|trial| trial.error).collect();
    let most = errors.iter().copied().fold(0.0, f64::max);
    lines.push(String::new());
    lines.push("error by depth, from the shortest to the longest".to_owned());
    lines.push(sparkline(&errors, most, usize::from(page.width)));
    lines.join("\n") + "\n"
}

/// Which throughputs explain the evidence, in words.
fn throughput(fit: &Fit) -> String {
    let best = percent(fit.best.leak);
    let others = fit.leaks.iter().filter(|leak| **leak != fit.best.leak);
    let others: Vec<String> = others.map(|leak| percent(*leak)).collect();
    let said = format!("throughput {best} of what is documented");
    if others.is_empty() {
        return said + "; no other that was tried explains the evidence as well";
    }
    format!(
        "{said}; {} with other depths explain the evidence about as well",
        others.join(", ")
    )
}

/// A leak as people read it.
fn percent(leak: u32) -> String {
    format!("{} %", Factor::ratio(leak.into(), 10).to_trimmed(1))
}

fn error(evidence: &Evidence, trial: &Trial) -> String {
    match evidence {
        Evidence::Utilization(_) => format!("{:.2} points of utilization", trial.error * 100.0),
        Evidence::Refusals(_) => format!("{:.2} refusals/min", trial.error),
    }
}
