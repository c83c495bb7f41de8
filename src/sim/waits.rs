//! How long requests waited.

use std::collections::BTreeMap;

use crate::time::SimDuration;

/// Bits of a wait that are kept: classes are 1/128 wide, so a percentile is at most 0.8 % above
/// the wait it stands for.
const KEPT_BITS: u32 = 7;

/// A distribution of waits in bounded memory: exact at zero and below 128 µs, in classes of 0.8 %
/// above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    none: u64,
    classes: BTreeMap<u64, u64>,
    total_micros: u128,
    longest: SimDuration,
}

impl Waits {
    /// Adds a wait.
    pub fn add(&mut self, wait: SimDuration) {
        if wait.is_zero() {
            self.none += 1;
            return;
        }
        *self.classes.entry(upper_bound(wait.micros())).or_default() += 1;
        self.total_micros += u128::from(wait.micros());
        self.longest = self.longest.max(wait);
    }

    /// How many waits there are, none included.
    pub fn count(&self) -> u64 {
        self.none + self.waited()
    }

    /// How many are longer than nothing.
    pub fn waited(&self) -> u64 {
        self.classes.values().sum()
    }

    /// The longest, exact.
    pub const fn longest(&self) -> SimDuration {
        self.longest
    }

    /// The mean [µs, rounded down]; zero without waits.
    pub fn mean(&self) -> SimDuration {
        let mean = self.total_micros.checked_div(self.count().into());
        SimDuration::from_micros(u64::try_from(mean.unwrap_or(0)).unwrap_or(u64::MAX))
    }

    /// The least wait that `per_mille` thousandths of all waits do not exceed (nearest rank), as
    /// the upper bound of its class.
    pub fn percentile(&self, per_mille: u32) -> SimDuration {
        let rank = u128::from(self.count()) * u128::from(per_mille);
        let rank = u64::try_from(rank.div_ceil(1000)).unwrap_or(u64::MAX);
        let mut seen = self.none;
        if rank <= seen {
            return SimDuration::ZERO;
        }
        for (bound, count) in &self.classes {
            seen += count;
            if rank <= seen {
                return SimDuration::from_micros(*bound).min(self.longest);
            }
        }
        self.longest
    }

    /// Adds the waits of another distribution.
    pub fn merge(&mut self, other: &Self) {
        self.none += other.none;
        for (bound, count) in &other.classes {
            *self.classes.entry(*bound).or_default() += count;
        }
        self.total_micros += other.total_micros;
        self.longest = self.longest.max(other.longest);
    }
}

/// The largest wait of the class that `micros` falls into.
fn upper_bound(micros: u64) -> u64 {
    let bits = u64::BITS - micros.leading_zeros();
    let dropped = bits.saturating_sub(KEPT_BITS);
    micros | ((1 << dropped) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks_within_a_class() {
        let mut waits = Waits::default();
        for second in 1..=100 {
            waits.add(SimDuration::from_seconds(second));
        }
        for (per_mille, seconds) in [(10, 1), (500, 50), (950, 95), (1000, 100)] {
            let found = waits.percentile(per_mille).micros();
            let exact = seconds * 1_000_000;
            assert!(
                (exact..=exact + exact / 125).contains(&found),
                "{per_mille}: {found}"
            );
        }
        assert_eq!(waits.mean(), SimDuration::from_millis(50_500));
    }

    #[test]
    fn those_who_do_not_wait_count() {
        let mut waits = Waits::default();
        (0..99).for_each(|_| waits.add(SimDuration::ZERO));
        waits.add(SimDuration::SECOND);
        assert_eq!(waits.percentile(990), SimDuration::ZERO);
        assert_eq!(waits.percentile(991), SimDuration::SECOND);
    }
}
