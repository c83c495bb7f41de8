//! Cached input from the prompt blocks of a Mooncake trace.

use std::collections::BTreeSet;

use sonic_rs::LazyValue;

use super::fault::Fault;
use super::json::JsonRows;
use super::{Row, Rows};
use crate::workload::TrafficError;
use crate::workload::app::Apps;

/// A prompt cache that keeps every prefix for ever: the most a cache can save.
///
/// Leading blocks of a prompt that an earlier request had are read from the cache; those after
/// the first new block are not, even if known, because a cache holds prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefixCache {
    /// The size of a block [token]. Mooncake's blocks have 512.
    pub block: u32,
    /// Fewer cached tokens than this count as none [token]. Azure OpenAI caches prompts from
    /// 1,024 tokens on; 0 counts every block.
    pub minimum: u32,
}

impl PrefixCache {
    /// The size of the blocks of Mooncake traces [token] (README of `FAST25-release/traces`).
    pub const MOONCAKE_BLOCK: u32 = 512;

    /// The cached part of a prompt of `input` tokens whose first `blocks` are known.
    pub fn cached(self, blocks: usize, input: u32) -> u32 {
        let known = u64::from(self.block).saturating_mul(blocks as u64);
        let cached = u32::try_from(known).unwrap_or(u32::MAX).min(input);
        if cached < self.minimum { 0 } else { cached }
    }
}

/// The rows of a Mooncake trace.
pub struct MooncakeRows {
    rows: JsonRows,
    cache: PrefixCache,
    known: BTreeSet<u64>,
    /// The blocks of the row at hand.
    blocks: Vec<u64>,
}

impl MooncakeRows {
    pub(super) const fn new(rows: JsonRows, cache: PrefixCache) -> Self {
        Self {
            rows,
            cache,
            known: BTreeSet::new(),
            blocks: Vec::new(),
        }
    }

    fn row(&mut self, apps: &mut Apps) -> Result<Option<Row>, TrafficError> {
        self.blocks.clear();
        let blocks = &mut self.blocks;
        let mut has_blocks = false;
        let row = self.rows.row(apps, &mut |name, value| {
            if name == "hash_ids" {
                has_blocks = true;
                read_blocks(value, blocks)?;
            }
            Ok(())
        })?;
        let Some(mut row) = row else {
            return Ok(None);
        };
        if !has_blocks {
            let message = "`hash_ids` is missing; expected the list of the prompt's blocks";
            return Err(self.rows.refuse(message));
        }
        let leading = self.blocks.iter();
        let leading = leading.take_while(|block| self.known.contains(block));
        let input = row.request.tokens.input;
        row.request.tokens.cached_input = self.cache.cached(leading.count(), input);
        self.known.extend(&self.blocks);
        Ok(Some(row))
    }
}

fn read_blocks(value: &LazyValue<'_>, blocks: &mut Vec<u64>) -> Result<(), Fault> {
    *blocks = sonic_rs::from_str(value.as_raw_str()).map_err(|_| {
        let message = "`hash_ids` is not a list of block numbers such as [0, 1, 2]";
        Fault::Row(message.to_owned())
    })?;
    Ok(())
}

impl Rows for MooncakeRows {
    fn next_row(&mut self, apps: &mut Apps) -> Option<Result<Row, TrafficError>> {
        self.row(apps).transpose()
    }

    fn name(&self) -> &str {
        self.rows.name()
    }
}
