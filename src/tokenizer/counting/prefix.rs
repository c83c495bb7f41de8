//! Recognises equal starts of prompts.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Tokens after which the prompt cache of the service can end, from its first length on.
const BLOCK: usize = 128;

/// Hashes each whole block of a stream of tokens, chained to the block before.
#[derive(Debug, Default)]
pub(super) struct PrefixHasher {
    /// Tokens of the block that is not whole yet.
    open: Vec<u32>,
    blocks: Vec<u64>,
}

impl PrefixHasher {
    /// Forgets everything.
    pub(super) fn restart(&mut self) {
        self.open.clear();
        self.blocks.clear();
    }

    pub(super) fn tokens(&mut self, mut ids: &[u32]) {
        while !ids.is_empty() {
            let room = BLOCK - self.open.len();
            let (now, later) = ids.split_at(room.min(ids.len()));
            self.open.extend_from_slice(now);
            ids = later;
            if self.open.len() == BLOCK {
                self.close();
            }
        }
    }

    pub(super) fn token(&mut self, id: u32) {
        self.tokens(&[id]);
    }

    fn close(&mut self) {
        let mut bytes = [0; BLOCK * size_of::<u32>()];
        for (to, id) in bytes.chunks_exact_mut(size_of::<u32>()).zip(&self.open) {
            to.copy_from_slice(&id.to_le_bytes());
        }
        let before = self.blocks.last().copied().unwrap_or_default();
        self.blocks.push(xxh3_64_with_seed(&bytes, before));
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
