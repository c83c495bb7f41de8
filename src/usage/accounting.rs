//! Where every row that was read ended (law 1: no row is lost).

use std::ops::AddAssign;

use serde::Serialize;

/// Rows read, each in exactly one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowAccounting {
    /// Rows read from all inputs.
    pub read: u64,
    /// Rows that became a request.
    pub requests: u64,
    /// Rows merged into a request that another row opened (chunks, the other half of a join).
    pub merged: u64,
    /// Rows delivered again, dropped: equal to a kept row, or the same with less detail.
    pub duplicates: u64,
    /// Rows that share a request id with a kept row but differ from it, dropped and reported.
    pub conflicts: u64,
    /// Rows of other kinds (another log category, metrics noise), skipped.
    pub ignored: u64,
    /// Rows that could not be read, each reported with file and line.
    pub quarantined: u64,
}

impl RowAccounting {
    /// Whether every row read is accounted for.
    pub const fn balances(&self) -> bool {
        self.read
            == self.requests
                + self.merged
                + self.duplicates
                + self.conflicts
                + self.ignored
                + self.quarantined
    }
}

impl AddAssign for RowAccounting {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.requests += other.requests;
        self.merged += other.merged;
        self.duplicates += other.duplicates;
        self.conflicts += other.conflicts;
        self.ignored += other.ignored;
        self.quarantined += other.quarantined;
    }
}
