//! Cached input from the prompt blocks of a Mooncake trace.

use std::collections::BTreeSet;

use sonic_rs::LazyValue;

use super::fault::Fault;
use super::json::JsonRows;
use super::{Row, Rows};
use crate::workload::TrafficError;
use crate::workload::app::Apps;
use crate::workload::prefix_cache::PrefixCache;

/// The rows of a Mooncake trace.
///
/// Every prefix is kept for ever, which is the most a cache can save. Leading blocks of a prompt
/// that an earlier row had are read from the cache; those after its first new block are not, even
/// if known, because a cache holds prefixes.
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
