//! What was counted against what the service reported.

use crate::tokenizer::count::Counted;

/// Counts this far from what was reported count as close [token]: the error that fitted rules for
/// tools are expected to keep.
pub const CLOSE: u64 = 3;

/// Prompts that carry a reported usage, and how far their counts are from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageComparison {
    /// How many there are.
    pub compared: u64,
    /// Counts that are equal.
    pub exact: u64,
    /// Counts within [`CLOSE`], the equal ones included.
    pub close: u64,
    /// Prompt tokens counted [token].
    pub counted: u64,
    /// Prompt tokens reported [token].
    pub reported: u64,
    /// The sum of all differences without their signs [token].
    pub absolute_error: u64,
    /// The difference farthest from 0, counted less reported; of two the earlier [token].
    pub worst: i64,
    /// Requests whose usage tells cached tokens.
    pub told_cached: u64,
    /// The cached tokens of those [token].
    pub reported_cached: u64,
    /// What the cache would have held of those by our own reckoning [token].
    pub reckoned_cached: u64,
}

impl UsageComparison {
    /// Adds a record, of whose prompt the cache held so much [token]; one without usage says
    /// nothing.
    pub(super) fn add(&mut self, counted: &Counted, cached: u64) {
        let Some(usage) = counted.usage else { return };
        let input = counted.input.total();
        let error = input.cast_signed().wrapping_sub_unsigned(usage.input);
        self.compared += 1;
        self.exact += u64::from(error == 0);
        self.close += u64::from(error.unsigned_abs() <= CLOSE);
        self.counted += input;
        self.reported += usage.input;
        self.absolute_error += error.unsigned_abs();
        self.worsen(error);
        if let Some(reported) = usage.cached_input {
            self.told_cached += 1;
            self.reported_cached += reported;
            self.reckoned_cached += cached;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.compared += other.compared;
        self.exact += other.exact;
        self.close += other.close;
        self.counted += other.counted;
        self.reported += other.reported;
        self.absolute_error += other.absolute_error;
        self.worsen(other.worst);
        self.told_cached += other.told_cached;
        self.reported_cached += other.reported_cached;
        self.reckoned_cached += other.reckoned_cached;
    }

    fn worsen(&mut self, error: i64) {
        if error.unsigned_abs() > self.worst.unsigned_abs() {
            self.worst = error;
        }
    }
}
