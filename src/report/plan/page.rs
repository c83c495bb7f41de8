//! The plan as one HTML page that is complete in itself: texts and tables are written here and can
//! be read without a script; the script adds charts and the slider, from the same JSON that
//! `--format json` writes.

mod markup;
mod sections;

use super::{Report, demand, document};
use markup::{data, escaped, filled};

const TEMPLATE: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");
/// The chart library and its style; see `assets/uplot/SOURCE.md`.
const CHARTS: &str = include_str!("assets/uplot/uPlot.iife.min.js");
const CHART_STYLE: &str = include_str!("assets/uplot/uPlot.min.css");

/// The page.
pub(super) fn render(report: &Report) -> String {
    filled(TEMPLATE, |slot| match slot {
        "chart style" => CHART_STYLE.to_owned(),
        "style" => STYLE.to_owned(),
        "charts" => CHARTS.to_owned(),
        "script" => SCRIPT.to_owned(),
        "plan" => data(&document::document(report)),
        "demand" => data(&demand::series(report).value()),
        "name" => escaped(short(&report.name)),
        slot => sections::written(report, slot),
    })
}

/// A name without the folders before it: a title is no place for a path.
fn short(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
