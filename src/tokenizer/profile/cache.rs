//! What the prompt cache would hold of each prompt, had it kept every earlier one.

use std::collections::BTreeSet;
use std::mem;
use std::num::NonZero;

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::{Catalog, caches_prompts, prompt_cache_block, prompt_cache_minimum};

/// What a prompt cache keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheRules {
    /// The unit that it keeps [token].
    pub block: NonZero<u32>,
    /// Equal tokens at the start of a prompt from which on it is cached [token].
    pub minimum: u32,
    /// Models of which nothing is kept.
    pub without: BTreeSet<String>,
}

/// What the cache does for one prompt [token].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CacheUse {
    /// Read from the cache.
    pub(super) read: u64,
    /// Whole blocks that the cache did not know and keeps from now on.
    pub(super) written: u64,
}

impl CacheUse {
    /// The same for a prompt that is billed as `input` tokens: how it is rendered is not public, so
    /// its blocks may hold a few tokens more.
    #[must_use]
    pub(super) fn of_prompt(self, input: u64) -> Self {
        let read = self.read.min(input);
        Self {
            read,
            written: self.written.min(input - read),
        }
    }
}

/// The starts of prompts that were seen, in two generations: when the younger one is full, the
/// older one is forgotten. So memory is bounded, and what occurs again and again is never
/// forgotten.
///
/// The service forgets by time and spreads requests over machines; records have no time here. So
/// this is what caching saves at best, when requests follow each other closely.
#[derive(Debug)]
pub(super) struct PromptCache {
    rules: CacheRules,
    young: Generation,
    old: Generation,
}

type Generation = HashSet<u64, FixedState>;

/// Hashes of one generation: both take some 20 MB and hold 60 million tokens of prompts at least.
const GENERATION: usize = 450_000;

impl CacheRules {
    /// What Azure documents, for all models alike.
    pub fn documented() -> Self {
        Self {
            block: prompt_cache_block(),
            minimum: prompt_cache_minimum(),
            without: BTreeSet::new(),
        }
    }

    /// What Azure documents of the models of a catalog.
    pub fn of(catalog: &Catalog) -> Self {
        let older = catalog.models().filter(|model| !caches_prompts(model));
        Self {
            without: older.map(|model| model.name.model.clone()).collect(),
            ..Self::documented()
        }
    }

    /// Blocks of the least that is cached.
    fn fewest_blocks(&self) -> usize {
        let blocks = self.minimum.div_ceil(self.block.get()).max(1);
        usize::try_from(blocks).unwrap_or(usize::MAX)
    }

    /// The tokens of so many blocks [token].
    fn tokens(&self, blocks: usize) -> u64 {
        u64::from(self.block.get()) * blocks as u64
    }
}

impl PromptCache {
    /// A cache that knows nothing.
    pub(super) fn new(rules: CacheRules) -> Self {
        Self {
            rules,
            young: Generation::default(),
            old: Generation::default(),
        }
    }

    /// Reads what is known of a prompt, and keeps the prompt. `prefix` is a hash of its start up to
    /// the end of each whole block; the first blocks of a prompt below the minimum are never
    /// looked at. Models do not share what they keep.
    pub(super) fn read(&mut self, model: &str, prefix: &[u64]) -> CacheUse {
        let fewest = self.rules.fewest_blocks();
        let Some(starts) = prefix.get(fewest - 1..).filter(|starts| !starts.is_empty()) else {
            return CacheUse::default();
        };
        if self.rules.without.contains(model) {
            return CacheUse::default();
        }
        let model = xxh3_64(model.as_bytes());
        let known = starts.iter().take_while(|start| self.knows(*start ^ model));
        let known = known.count();
        for start in starts {
            self.keep(start ^ model);
        }
        let read = match known {
            0 => 0,
            known => fewest - 1 + known,
        };
        CacheUse {
            read: self.rules.tokens(read),
            written: self.rules.tokens(prefix.len() - read),
        }
    }

    fn knows(&self, start: u64) -> bool {
        self.young.contains(&start) || self.old.contains(&start)
    }

    fn keep(&mut self, start: u64) {
        if self.young.len() >= GENERATION {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes as the counter makes them: each of all blocks so far.
    fn prefix(blocks: &[u64]) -> Vec<u64> {
        let mut before = 17_u64;
        let chained = blocks.iter().map(|block| {
            before = xxh3_64(&[before.to_le_bytes(), block.to_le_bytes()].concat());
            before
        });
        chained.collect()
    }

    fn cache() -> PromptCache {
        PromptCache::new(CacheRules::documented())
    }

    fn tokens(read: u64, written: u64) -> CacheUse {
        CacheUse { read, written }
    }

    #[test]
    fn whole_blocks_count_from_the_minimum_on() {
        let mut cache = cache();
        let long: Vec<u64> = (0..12).collect();
        assert_eq!(cache.read("m", &prefix(&long)), tokens(0, 1_536));
        assert_eq!(cache.read("m", &prefix(&long)), tokens(1_536, 0));
        // The first eight blocks are 1,024 tokens.
        let (mut ninth, mut eighth) = (long.clone(), long.clone());
        ninth[8] = 99;
        eighth[7] = 99;
        assert_eq!(cache.read("m", &prefix(&ninth)), tokens(1_024, 512));
        assert_eq!(cache.read("m", &prefix(&eighth)), tokens(0, 1_536));
        assert_eq!(cache.read("m", &prefix(&long[..8])), tokens(1_024, 0));
        // Too short to be kept or read.
        assert_eq!(cache.read("m", &prefix(&long[..7])), tokens(0, 0));
        assert_eq!(cache.read("m", &[]), tokens(0, 0));
    }

    #[test]
    fn models_before_the_cache_are_not_kept() {
        let mut cache = PromptCache::new(CacheRules::of(&Catalog::bundled()));
        let prompt = prefix(&[0; 8]);
        for (model, read) in [("gpt-4", 0), ("gpt-4.1", 1_024)] {
            cache.read(model, &prompt);
            assert_eq!(cache.read(model, &prompt), tokens(read, 0), "{model}");
        }
    }

    #[test]
    fn models_share_nothing() {
        let mut cache = cache();
        let prompt = prefix(&[0; 8]);
        cache.read("one", &prompt);
        assert_eq!(cache.read("other", &prompt), tokens(0, 1_024));
        assert_eq!(cache.read("one", &prompt), tokens(1_024, 0));
    }

    #[test]
    fn what_recurs_is_kept_and_the_rest_forgotten() {
        let mut cache = cache();
        let system = prefix(&[1; 8]);
        let once = prefix(&[2; 8]);
        cache.read("m", &system);
        cache.read("m", &once);
        for other in 0..2 * GENERATION as u64 + 1_000 {
            let mut prompt = [0; 8];
            prompt[7] = other;
            cache.read("m", &prompt);
            if other % 1_000 == 0 {
                assert_eq!(cache.read("m", &system), tokens(1_024, 0));
            }
        }
        assert_eq!(cache.read("m", &once), tokens(0, 1_024));
        assert!(cache.young.len() <= GENERATION && cache.old.len() <= GENERATION);
    }
}
