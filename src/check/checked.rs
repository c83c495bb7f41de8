//! The outcome of a check.

use super::finding::Finding;
use super::rule::{Rule, Severity};
use crate::config::check::FailOn;
use crate::time::BillingPeriod;
use crate::usage::{RowAccounting, SourceSummary};

/// Everything a check found, and what it looked at.
#[derive(Clone, Debug)]
pub struct Checked {
    /// New findings, sorted by file, place and rule.
    pub findings: Vec<Finding>,
    /// Findings that the baseline knows, sorted alike; they never fail a check.
    pub known: Vec<Finding>,
    /// Findings of the baseline that are gone, as it names them.
    pub gone: Vec<String>,
    /// The rules that were judged, in the order of ids.
    pub rules: Vec<&'static Rule>,
    /// Why some rules were not judged, one sentence each.
    pub left_out: Vec<String>,
    /// What was read.
    pub sources: Vec<SourceSummary>,
    /// Where every row ended.
    pub rows: RowAccounting,
    /// The period that money was judged for; `None` where there is no request.
    pub period: Option<BillingPeriod>,
    /// The least severity that fails.
    pub fail_on: FailOn,
}

impl Checked {
    /// Whether a new finding is bad enough to fail.
    pub fn fails(&self) -> bool {
        let least = Severity::from(self.fail_on);
        self.findings.iter().any(|one| one.severity >= least)
    }

    /// How many new findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        let alike = self.findings.iter().filter(|one| one.severity == severity);
        alike.count()
    }
}
