//! How often each size occurs.

use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Counts by size. Memory grows with the number of different sizes, not with that of records.
/// Sizes are hashed, because every record looks some up, and sorted when they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    sizes: HashMap<u64, u64, FixedState>,
    count: u64,
    sum: u64,
}

impl Distribution {
    /// Adds one size [token].
    pub fn add(&mut self, size: u64) {
        *self.sizes.entry(size).or_default() += 1;
        self.count += 1;
        self.sum += size;
    }

    /// Adds every size of another distribution.
    pub fn merge(&mut self, other: &Self) {
        for (size, count) in &other.sizes {
            *self.sizes.entry(*size).or_default() += count;
        }
        self.count += other.count;
        self.sum += other.sum;
    }

    /// How many were added.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// All of them together [token].
    pub const fn sum(&self) -> u64 {
        self.sum
    }

    /// The largest [token]; `None` of nothing.
    pub fn most(&self) -> Option<u64> {
        self.sizes.keys().copied().max()
    }

    /// The percentile of so many thousandths, exact, by nearest rank: the smallest size that at
    /// least that part of all does not exceed [token]. `None` of nothing.
    pub fn percentile(&self, per_mille: u16) -> Option<u64> {
        let rank = (u128::from(per_mille) * u128::from(self.count)).div_ceil(1_000);
        let rank = u64::try_from(rank).unwrap_or(self.count).max(1);
        let mut sizes: Vec<(u64, u64)> = self.sizes.iter().map(|(s, n)| (*s, *n)).collect();
        sizes.sort_unstable();
        let mut seen = 0;
        let reached = sizes.iter().find(|(_, count)| {
            seen += *count;
            seen >= rank
        });
        reached.map(|(size, _)| *size)
    }

    /// How many are of a size in a range [token].
    pub fn within(&self, sizes: &Range<u64>) -> u64 {
        let inside = self.sizes.iter().filter(|(size, _)| sizes.contains(size));
        inside.map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sizes: &[u64]) -> Distribution {
        let mut distribution = Distribution::default();
        for size in sizes {
            distribution.add(*size);
        }
        distribution
    }

    #[test]
    fn percentiles_are_sizes_that_occurred() {
        let ten = of(&[10, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        for (per_mille, expected) in [(0, 1), (100, 1), (101, 2), (500, 5), (950, 10), (990, 10)] {
            assert_eq!(ten.percentile(per_mille), Some(expected), "{per_mille}");
        }
        assert_eq!(of(&[7]).percentile(500), Some(7));
        assert_eq!(Distribution::default().percentile(500), None);
    }

    #[test]
    fn the_upper_border_is_left_out() {
        let sizes = of(&[1, 2, 2, 5]);
        assert_eq!(sizes.within(&(1..2)), 1);
        assert_eq!(sizes.within(&(2..5)), 2);
        assert_eq!((sizes.count(), sizes.sum(), sizes.most()), (4, 10, Some(5)));
    }
}
