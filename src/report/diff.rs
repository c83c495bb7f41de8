//! Every output of a comparison of two statements.
//!
//! A [`Comparison`] is a [`Difference`] with what was compared. [`table`] is for a terminal,
//! [`markdown`] for the comment of a pull request, [`csv`] and [`json`] for machines; `docs/DIFF.md`
//! says what the causes mean.

mod columns;
mod document;
mod notes;
mod page;
mod sentence;

use crate::diff::{By, Difference, Excess, Row};
use crate::money::Factor;
use crate::time::BillingPeriod;

use super::csv::written;
use super::table::Page;
use super::text::visible;

/// What kind of things were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Two periods of the same inputs.
    Periods,
    /// Two policies.
    Policies,
    /// Two sets of logs.
    Exports,
    /// Two statements that were written before.
    Statements,
}

/// One of the two statements.
#[derive(Clone, Debug)]
pub struct Side {
    /// What the user named.
    pub name: String,
    /// Its period.
    pub period: BillingPeriod,
    /// The configuration it was charged under; `None` where there was no file, or it is not known.
    pub policy: Option<String>,
    /// Priced requests; `None` where that is not known.
    pub requests: Option<Factor>,
    /// What a reader must know of it, as `code: message`.
    pub findings: Vec<String>,
}

/// Which rows people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those that differ by a whole minor unit somewhere.
    Changed,
    /// All of them.
    All,
}

/// Two statements compared, and what they are.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What kind of things they are.
    pub kind: Kind,
    /// The first.
    pub before: Side,
    /// The second.
    pub after: Side,
    /// What differs.
    pub difference: Difference,
    /// What there is one row of.
    pub by: By,
    /// Which rows people see.
    pub shown: Shown,
    /// What changed more than it may.
    pub excesses: Vec<Excess>,
}

impl Kind {
    /// The word used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Periods => "periods",
            Self::Policies => "policies",
            Self::Exports => "exports",
            Self::Statements => "statements",
        }
    }
}

impl Comparison {
    /// The rows that people see, and how many they do not.
    fn visible_rows(&self) -> (Vec<Row>, usize) {
        let mut rows = self.difference.rows(self.by);
        let all = rows.len();
        if self.shown == Shown::Changed {
            rows.retain(|row| !row.change.is_silent());
        }
        let hidden = all - rows.len();
        (rows, hidden)
    }

    /// The two sides with the letters they are called by.
    fn sides(&self) -> [(&'static str, &Side); 2] {
        [("A", &self.before), ("B", &self.after)]
    }
}

/// The comparison as a table for a terminal.
pub fn table(comparison: &Comparison, page: Page) -> String {
    page::terminal(comparison, page)
}

/// The comparison as Markdown, never longer than a comment on GitHub may be.
pub fn markdown(comparison: &Comparison) -> String {
    page::markdown(comparison)
}

/// Every row of the comparison in CSV, unchanged ones included.
pub fn csv(comparison: &Comparison) -> String {
    let grid = columns::stated(comparison, &comparison.difference.rows(comparison.by));
    written(std::iter::once(grid.fields()).chain(grid.csv_rows()))
}

/// The comparison as JSON: `docs/schema/diff-1.schema.json` says what each field means.
pub fn json(comparison: &Comparison) -> String {
    document::render(comparison)
}

/// One line for each excess: what changed by how much, and the limit.
pub fn excesses(comparison: &Comparison) -> Vec<String> {
    sentence::excesses(comparison, visible)
}
