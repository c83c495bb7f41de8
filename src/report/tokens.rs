//! What texts and requests weigh, for people and machines.
//!
//! A [`Run`] is a profile with what it is worth. The rows of its groups are written as table and
//! CSV by the same code; [`json`] holds everything.

mod document;
mod groups;
mod histogram;
mod largest;
mod models;
mod notes;
mod parts;
pub mod records;
mod tables;
mod usage;

use chrono::NaiveDate;

use super::table::Page;
use crate::azure::DeploymentKind;
use crate::tokenizer::profile::{Profiled, Terms, Worth};

/// Everything that the outputs tell.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was counted, for the title.
    pub name: String,
    /// The counts: one is told in full, several (of the same records for several models) are
    /// compared.
    pub runs: Vec<Run>,
    /// Where and when prices hold.
    pub priced: Priced,
}

/// Records counted for one model, or each for its own, and what they are worth.
#[derive(Clone, Debug)]
pub struct Run {
    /// What the run is called beside others: the model.
    pub label: String,
    /// What was counted.
    pub profiled: Profiled,
    /// What each group is worth, in their places.
    pub worth: Vec<Worth>,
    /// What all records together are worth.
    pub total: Worth,
}

/// Where and when prices hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// Where requests may be processed.
    pub kind: DeploymentKind,
    /// Azure region, programmatic name.
    pub region: String,
    /// The day.
    pub on: NaiveDate,
}

impl Run {
    /// The profile and what it is worth.
    pub fn of(label: String, profiled: Profiled, terms: &Terms<'_>) -> Self {
        let groups = profiled.groups.iter();
        Self {
            label,
            worth: groups.map(|group| Worth::of(&group.tally, terms)).collect(),
            total: Worth::of(&profiled.total, terms),
            profiled,
        }
    }
}

impl Report {
    /// The run that is told in full.
    fn base(&self) -> &Run {
        self.runs.first().expect("a report has at least one run")
    }
}

/// The report as tables for a terminal.
pub fn table(report: &Report, page: Page) -> String {
    tables::terminal(report, page)
}

/// The groups as CSV, one row each; of several runs one row each.
pub fn csv(report: &Report) -> String {
    tables::csv(report)
}

/// The report as JSON with a versioned schema.
pub fn json(report: &Report) -> String {
    document::render(report)
}
