//! Recognises equal starts of prompts.

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::catalog::prompt_cache_block;

/// Hashes each whole block of a stream of tokens, chained to the block before.
#[derive(Debug)]
pub(super) struct PrefixHasher {
    /// The unit in which the prompt cache keeps the start of a prompt [token].
    block: usize,
    /// Tokens of the block that is not whole yet.
    open: Vec<u32>,
    blocks: Vec<u64>,
}

impl Default for PrefixHasher {
    fn default() -> Self {
        let block = prompt_cache_block().get();
        Self {
            block: usize::try_from(block).expect("a block is no larger than memory"),
            open: Vec::new(),
            blocks: Vec::new(),
        }
    }
}

impl PrefixHasher {
    /// Forgets everything.
    pub(super) fn restart(&mut self) {
        self.open.clear();
        self.blocks.clear();
    }

    pub(super) fn tokens(&mut self, mut ids: &[u32]) {
        while !ids.is_empty() {
            let room = self.block - self.open.len();
            let (now, later) = ids.split_at(room.min(ids.len()));
            self.open.extend_from_slice(now);
            ids = later;
            if self.open.len() == self.block {
                self.close();
            }
        }
    }

    pub(super) fn token(&mut self, id: u32) {
        self.tokens(&[id]);
    }

    fn close(&mut self) {
        let before = self.blocks.last().copied().unwrap_or_default();
        let mut hasher = Xxh3::with_seed(before);
        for id in &self.open {
            hasher.update(&id.to_le_bytes());
        }
        self.blocks.push(hasher.digest());
        self.open.clear();
    }

    /// What is no text, such as an image: any other one starts another prefix.
    pub(super) fn opaque(&mut self, bytes: &[u8]) {
        let [a, b, c, d, ..] = xxh3_64(bytes).to_le_bytes();
        self.token(u32::from_le_bytes([a, b, c, d]));
    }

    /// The hash of everything up to the end of each whole block.
    pub(super) fn blocks(&self) -> &[u64] {
        &self.blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(ids: impl IntoIterator<Item = u32>) -> Vec<u64> {
        let mut hasher = PrefixHasher::default();
        ids.into_iter().for_each(|id| hasher.token(id));
        hasher.blocks().to_vec()
    }

    #[test]
    fn only_whole_blocks_have_a_hash() {
        assert_eq!(blocks(0..127).len(), 0);
        assert_eq!(blocks(0..128).len(), 1);
        assert_eq!(blocks(0..300).len(), 2);
    }

    #[test]
    fn equal_starts_have_equal_hashes_and_a_difference_lasts() {
        let one = blocks(0..512);
        let other = blocks((0..512).map(|id| if id == 130 { 7 } else { id }));
        let equal: Vec<bool> = one.iter().zip(&other).map(|(a, b)| a == b).collect();
        assert_eq!(equal, [true, false, false, false]);
    }
}
