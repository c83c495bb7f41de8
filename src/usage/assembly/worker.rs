//! One reading thread's share of the rows: packed, partitioned, spilled.

use std::sync::Arc;

use super::row::{ROW_BYTES, Row};
use super::texts::Interner;
use super::{PARTITIONS, Shared};
use crate::usage::fragment::{Fragment, FragmentSink};
use crate::usage::store::spill::{SpillError, SpillFile, SpilledBlock};

/// Takes the fragments of one reading thread.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    pub(super) texts: Interner,
    partitions: Vec<Partition>,
    spill: Option<SpillFile>,
    scratch: Vec<u8>,
    /// The first failure to spill; rows after it are dropped, since the result is lost anyway.
    failure: Option<SpillError>,
}

/// A worker's rows of one partition: a block being filled, and full ones.
#[derive(Debug, Default)]
struct Partition {
    filling: Vec<Row>,
    full: Vec<Block>,
}

/// Rows of one worker and partition.
#[derive(Debug)]
pub(super) enum Block {
    Kept(Vec<Row>),
    Spilled(SpilledBlock),
}

/// What a worker hands over when its thread has read everything.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) texts: Interner,
    pub(super) spill: Option<SpillFile>,
    pub(super) partitions: Vec<Vec<Block>>,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            texts: Interner::default(),
            partitions: (0..PARTITIONS).map(|_| Partition::default()).collect(),
            spill: None,
            scratch: Vec::new(),
            failure: None,
        }
    }

    /// Keeps the full block of `partition` in memory, or writes it out where that is spent.
    fn store(&mut self, partition: usize) -> Result<(), SpillError> {
        let Partition { filling, full } = &mut self.partitions[partition];
        let rows = self.shared.options.block_rows;
        if self.shared.claim(rows * ROW_BYTES) {
            let block = std::mem::replace(filling, Vec::with_capacity(rows));
            full.push(Block::Kept(block));
            return Ok(());
        }
        self.scratch.clear();
        for row in &*filling {
            row.encode(&mut self.scratch);
        }
        filling.clear();
        let file = match &mut self.spill {
            Some(file) => file,
            none => none.insert(SpillFile::create(&self.shared.options.directory)?),
        };
        full.push(Block::Spilled(file.append(&self.scratch)?));
        Ok(())
    }

    /// Ends the filling of blocks.
    pub(super) fn collect(self) -> Result<Collected, SpillError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let blocks = |partition: Partition| {
            let mut blocks = partition.full;
            blocks.push(Block::Kept(partition.filling));
            blocks
        };
        Ok(Collected {
            texts: self.texts,
            spill: self.spill,
            partitions: self.partitions.into_iter().map(blocks).collect(),
        })
    }
}

impl FragmentSink for Worker {
    fn add(&mut self, fragment: &Fragment<'_>) {
        if self.failure.is_some() {
            return;
        }
        let texts = self.texts.intern(&fragment.dimensions);
        let row = Row::pack(fragment, texts);
        let partition = row.partition();
        let filling = &mut self.partitions[partition].filling;
        filling.push(row);
        if filling.len() >= self.shared.options.block_rows {
            self.failure = self.store(partition).err();
        }
    }
}
