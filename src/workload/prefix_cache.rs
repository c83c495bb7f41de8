//! What a prompt cache keeps of a prompt.

use std::num::NonZero;

/// A prompt cache that keeps whole blocks of a prompt from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefixCache {
    /// The size of a block [token].
    pub block: NonZero<u32>,
    /// Fewer cached tokens than this count as none [token]; 0 counts every block.
    pub minimum: u32,
}

impl PrefixCache {
    /// The size of the blocks of Mooncake traces [token] (Mooncake, `FAST25-release/traces`).
    pub const MOONCAKE_BLOCK: NonZero<u32> = NonZero::new(512).expect("512 is not 0");

    /// The cached part of a prompt of `input` tokens whose first `blocks` are known [token].
    pub fn cached(self, blocks: usize, input: u32) -> u32 {
        let known = u64::from(self.block.get()).saturating_mul(blocks as u64);
        let known = u32::try_from(known).unwrap_or(u32::MAX).min(input);
        if known < self.minimum { 0 } else { known }
    }

    /// What is kept where `tokens` could be: whole blocks, rounded down [token].
    pub fn kept(self, tokens: u32) -> u32 {
        let blocks = tokens / self.block;
        self.cached(blocks as usize, tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_blocks_from_the_minimum_on() {
        let cache = PrefixCache {
            block: PrefixCache::MOONCAKE_BLOCK,
            minimum: 1_024,
        };
        assert_eq!(cache.cached(1, 9_000), 0);
        assert_eq!(cache.cached(2, 9_000), 1_024);
        // The last block of a prompt may be partly filled.
        assert_eq!(cache.cached(3, 1_100), 1_100);
        assert_eq!(cache.cached(2, 1_023), 0);
        assert_eq!(cache.kept(1_535), 1_024);
        assert_eq!(cache.kept(1_023), 0);
    }
}
