//! What a simulation found, for people and machines.
//!
//! A [`Run`] is an outcome with its cost and the owners of its apps. Its [`grids`](super::grid) are
//! written as tables, CSV and Markdown by the same code; [`json`](document) holds all of them.

pub mod calibration;
mod columns;
mod document;
pub mod explain;
mod notes;
pub mod records;
mod rows;
mod run;
pub mod series;
mod tables;

use clap::ValueEnum;

use super::table::Page;
use crate::azure::Offer;
use crate::money::Money;
use crate::sim::peers::PeerFigures;
use crate::time::SimDuration;
pub use run::Run;

/// What a result has one row of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Grouping {
    /// Applications of each business unit.
    #[default]
    App,
    /// Business units.
    BusinessUnit,
    /// Deployments.
    Deployment,
    /// Everything together.
    Total,
}

/// Everything that the outputs of a simulation tell.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the scenario is called.
    pub name: String,
    /// The runs; the first is the one that is told in full, the others are compared with it.
    pub runs: Vec<Run>,
    /// The first run with other depths.
    pub band: Vec<(SimDuration, Run)>,
    /// What other tools' formulas say of the same traffic.
    pub peers: Option<PeerFigures>,
    /// What the tokens of queued apps would have cost at other tiers, or why nobody knows; empty
    /// without queues.
    pub elsewhere: Vec<(Offer, Result<Money, String>)>,
}

impl Grouping {
    /// The name used in options and outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::BusinessUnit => "business-unit",
            Self::Deployment => "deployment",
            Self::Total => "total",
        }
    }
}

impl Report {
    /// The run that is told in full.
    pub fn base(&self) -> &Run {
        self.runs.first().expect("a report has at least one run")
    }
}

/// The report as tables and charts for a terminal.
pub fn table(report: &Report, by: Grouping, page: Page) -> String {
    tables::terminal(report, by, page)
}

/// The rows of one grouping as CSV; of every run where there are several.
pub fn csv(report: &Report, by: Grouping) -> String {
    tables::csv(report, by)
}

/// The report as Markdown.
pub fn markdown(report: &Report, by: Grouping) -> String {
    tables::markdown(report, by)
}

/// The report as JSON with a versioned schema.
pub fn json(report: &Report) -> String {
    document::render(report)
}
