//! Sorted rows, in a file or in memory.

use std::cmp::Ordering;

use super::row::{BYTES, Row};
use crate::usage::store::spill::{SpillError, SpillFile, SpilledBlock};

/// A sorted run that is read from its start; of a spilled one, one block is held at a time.
#[derive(Debug)]
pub(super) struct Run {
    blocks: std::vec::IntoIter<SpilledBlock>,
    rows: std::vec::IntoIter<Row>,
}

impl Run {
    /// A run in these blocks.
    pub(super) fn spilled(blocks: Vec<SpilledBlock>) -> Self {
        Self {
            blocks: blocks.into_iter(),
            rows: Vec::new().into_iter(),
        }
    }

    /// A run of these rows.
    pub(super) fn kept(rows: Vec<Row>) -> Self {
        Self {
            blocks: Vec::new().into_iter(),
            rows: rows.into_iter(),
        }
    }

    /// Its next row; `None` after the last. `file` is where its blocks are.
    pub(super) fn next(&mut self, file: Option<&mut SpillFile>) -> Result<Option<Row>, SpillError> {
        if let Some(row) = self.rows.next() {
            return Ok(Some(row));
        }
        let Some(block) = self.blocks.next() else {
            return Ok(None);
        };
        let file = file.expect("a run with blocks was spilled to a file");
        let mut bytes = Vec::new();
        file.read(block, &mut bytes)?;
        let (rows, _) = bytes.as_chunks::<BYTES>();
        self.rows = rows.iter().map(Row::decode).collect::<Vec<_>>().into_iter();
        Ok(self.rows.next())
    }
}

/// The first row of a run, and which run that is. The greatest head has the first row, as a heap
/// needs it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) row: Row,
    pub(super) lane: usize,
    pub(super) run: usize,
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .row
            .cmp(&self.row)
            .then_with(|| (other.lane, other.run).cmp(&(self.lane, self.run)))
    }
}
