//! Streams of random numbers.

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use sha2::{Digest, Sha256};

/// What all draws of a run follow from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed(u64);

/// One stream of random numbers. Its generator is fixed: a later version of this program draws
/// the same requests.
pub type Stream = Pcg64Mcg;

impl Seed {
    /// The seed of this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The stream for one `purpose` (arrivals, tokens, …) of the thing called `name`.
    ///
    /// Every purpose and name has a stream of its own, so that one more app, or another shape of
    /// its tokens, leaves every other draw as it was.
    pub fn stream(self, purpose: &str, name: &str) -> Stream {
        let mut hash = Sha256::new();
        hash.update(self.0.to_le_bytes());
        hash.update((purpose.len() as u64).to_le_bytes());
        hash.update(purpose);
        hash.update(name);
        let hash = hash.finalize();
        let mut start = <Stream as SeedableRng>::Seed::default();
        let length = start.len();
        start.copy_from_slice(&hash[..length]);
        Stream::from_seed(start)
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn streams_are_fixed_and_differ() {
        let first = |seed: u64, purpose, name| Seed::new(seed).stream(purpose, name).next_u64();
        assert_eq!(first(1, "arrivals", "hr"), first(1, "arrivals", "hr"));
        let others = [
            first(1, "arrivals", "hr"),
            first(2, "arrivals", "hr"),
            first(1, "tokens", "hr"),
            first(1, "arrivals", "it"),
            first(1, "arrivalsh", "r"),
        ];
        for (place, other) in others.iter().enumerate() {
            assert!(!others[..place].contains(other), "{place}");
        }
    }
}
