//! `SplitMix64`: a small generator of 64-bit numbers whose whole state is one counter.
//!
//! Written here, not taken from a crate, because the committed samples must not change with a
//! dependency. Constants: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
//! OOPSLA 2014, figure 16.

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers that follows from its seed.
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of `seed`.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream of item `index` under `seed`, without drawing the items before it.
    pub(crate) const fn of_item(seed: u64, index: u64) -> Self {
        Self(mix(seed ^ mix(index)))
    }

    /// The next number.
    pub(crate) const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN_GAMMA);
        mix(self.0)
    }

    /// A number below `bound`, by the high half of the product: no division, and a bias below
    /// `bound` / 2^64.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.draw()) * u128::from(bound);
        u64::try_from(product >> 64).expect("the high half of a 128-bit product has 64 bits")
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high - low) + 1;
        low + u32::try_from(self.below(span)).expect("the span of two 32-bit numbers is one")
    }

    /// Whether an event of `percent` in a hundred happens.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < u64::from(percent)
    }

    /// One of `items`, all alike in chance.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let count = u64::try_from(items.len()).expect("a slice length fits in 64 bits");
        &items[usize::try_from(self.below(count)).expect("below a slice length")]
    }

    /// One of `items`, in proportion to `weight`.
    pub(crate) fn pick_weighted<'a, T>(
        &mut self,
        items: &'a [T],
        weight: impl Fn(&T) -> u32,
    ) -> &'a T {
        let total: u64 = items.iter().map(|item| u64::from(weight(item))).sum();
        let mut rest = self.below(total);
        for item in items {
            let own = u64::from(weight(item));
            if rest < own {
                return item;
            }
            rest -= own;
        }
        unreachable!("the number drawn is below the sum of the weights")
    }
}

/// Spreads the bits of `z`, so that neighbours have nothing in common.
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
