//! What to buy, on one page: for a terminal, for machines, and as a page for a browser.
//!
//! A [`Report`] is a plan with a name. Costs of a plan are for the span of its traffic; people read
//! them [by month](figures), machines get both. The same tables and sentences are written as text,
//! as Markdown and as HTML; [`json`] holds everything, and the HTML page carries it along.

mod answers;
mod assumptions;
mod chart;
mod demand;
mod document;
mod doubts;
mod explain;
mod figures;
pub mod fleet;
mod levers;
mod page;
mod points;
pub mod sizing;
mod sources;
mod story;
mod tables;

use super::table::Page;
use crate::money::Money;
use crate::plan::result::Plan;

/// Everything that the outputs of a plan tell.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was planned for, for the title.
    pub name: String,
    /// What was found.
    pub plan: Plan,
    /// What else a reader must know, one sentence or more each.
    pub notes: Vec<String>,
}

impl Report {
    /// A cost over the span as a cost per month of 730 h [USD, exact].
    fn monthly(&self, cost: &Money) -> Money {
        cost.times(&self.plan.study.span.monthly())
    }
}

/// The report as one page for a terminal.
pub fn table(report: &Report, page: Page) -> String {
    tables::terminal(report, page)
}

/// Every played size on every term as CSV, costs over the span and per month, exact.
pub fn csv(report: &Report) -> String {
    points::csv(report)
}

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    tables::markdown(report)
}

/// The report as JSON with a versioned schema.
pub fn json(report: &Report) -> String {
    document::render(report)
}

/// How the recommended cost came about, with sources.
pub fn explain(report: &Report, page: Page) -> String {
    explain::render(report, page.width)
}

/// The report as a page for a browser: complete in itself, nothing is fetched.
pub fn html(report: &Report) -> String {
    page::render(report)
}
