//! Puts records into the order of time, in bounded memory.
//!
//! [`Assembly::finish`](super::assembly::Assembly::finish) yields records in the order of their
//! hashes, to several visitors. Each visitor hands its records to a [`Collector`] of its own,
//! which packs them into rows of 80 bytes, and sorts and spills a run of rows whenever its share
//! of the memory is full. [`Timeline::of`] then merges the runs of all collectors.
//!
//! Invariant: the order is that of (time, request), which no two records share, so neither the
//! number of collectors nor what was spilled can show.

mod row;
mod run;

use std::collections::BinaryHeap;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;

use hashbrown::HashMap;

use super::dimensions::Dimensions;
use super::record::{Disposition, Quality, UsageRecord};
use super::store::spill::{SpillError, SpillFile};
use crate::time::Timestamp;
use crate::units::{Requests, TokenCounts};
use row::Row;
use run::{Head, Run};

/// What sorting may use.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where spill files are made.
    pub directory: PathBuf,
    /// Rows kept in memory, over all collectors [byte].
    pub memory: usize,
    /// Rows of a block, the unit of reading back [row].
    pub block_rows: usize,
}

impl Options {
    /// The default memory budget [byte]: 3.3 M records.
    pub const MEMORY: usize = 256 << 20;

    /// The default size of a block [row]: 16 KiB, so that a thousand runs are merged in 16 MiB.
    pub const BLOCK_ROWS: usize = 204;

    /// The defaults, with spill files in `directory`.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            memory: Self::MEMORY,
            block_rows: Self::BLOCK_ROWS,
        }
    }

    /// Collectors for so many visitors, which share the memory.
    pub fn collectors(&self, count: NonZero<usize>) -> Vec<Collector> {
        let rows = (self.memory / count / row::BYTES).max(1);
        (0..count.get())
            .map(|_| Collector::new(self.clone(), rows))
            .collect()
    }
}

/// A record that stands on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedUsage {
    /// When the request arrived.
    pub time: Timestamp,
    /// A 128-bit hash of the gateway's request id.
    pub request: u128,
    /// Who asked whom for what.
    pub dimensions: Arc<Dimensions>,
    /// HTTP status, where a row told it.
    pub status: Option<u16>,
    /// Tokens by class.
    pub tokens: TokenCounts,
    /// Requests this record stands for.
    pub requests: Requests,
    /// Whether the answer was streamed.
    pub streamed: bool,
    /// How far the counts can be trusted.
    pub quality: Quality,
    /// What became of it: served, refused, or no call of a model at all.
    pub disposition: Disposition,
}

/// Takes the records of one visitor.
#[derive(Debug)]
pub struct Collector {
    options: Options,
    /// Rows kept before they are spilled.
    most: usize,
    rows: Vec<Row>,
    /// The texts met, and their numbers by address. Their holders keep the addresses taken.
    dimensions: Vec<Arc<Dimensions>>,
    numbers: HashMap<usize, u32, foldhash::fast::FixedState>,
    file: Option<SpillFile>,
    runs: Vec<Run>,
    /// Why a run could not be spilled; told by [`Timeline::of`].
    failed: Option<SpillError>,
}

impl Collector {
    fn new(options: Options, most: usize) -> Self {
        Self {
            options,
            most,
            rows: Vec::new(),
            dimensions: Vec::new(),
            numbers: HashMap::default(),
            file: None,
            runs: Vec::new(),
            failed: None,
        }
    }

    /// Takes one record.
    pub fn add(&mut self, record: &UsageRecord<'_>) {
        if self.failed.is_some() {
            return;
        }
        let dimensions = self.number(record.dimensions);
        self.rows.push(Row::pack(record, dimensions));
        if self.rows.len() >= self.most {
            self.failed = self.spill().err();
        }
    }

    fn number(&mut self, dimensions: &Arc<Dimensions>) -> u32 {
        let address = Arc::as_ptr(dimensions).addr();
        let next = u32::try_from(self.dimensions.len()).expect("fewer than 2^32 combinations");
        let number = *self.numbers.entry(address).or_insert(next);
        if number == next {
            self.dimensions.push(Arc::clone(dimensions));
        }
        number
    }

    /// Writes the rows at hand as one sorted run.
    fn spill(&mut self) -> Result<(), SpillError> {
        self.rows.sort_unstable();
        let file = match &mut self.file {
            Some(file) => file,
            None => self
                .file
                .insert(SpillFile::create(&self.options.directory)?),
        };
        let blocks = self
            .rows
            .chunks(self.options.block_rows.max(1))
            .map(|rows| {
                let bytes: Vec<u8> = rows.iter().flat_map(Row::encode).collect();
                file.append(&bytes)
            })
            .collect::<Result<_, _>>()?;
        self.runs.push(Run::spilled(blocks));
        self.rows.clear();
        Ok(())
    }

    /// All its runs; the last is still in memory.
    fn into_lane(mut self) -> Result<Lane, SpillError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.rows.sort_unstable();
        self.runs.push(Run::kept(self.rows));
        Ok(Lane {
            file: self.file,
            runs: self.runs,
            dimensions: self.dimensions,
        })
    }
}

/// What one collector took, being read back.
#[derive(Debug)]
struct Lane {
    file: Option<SpillFile>,
    runs: Vec<Run>,
    dimensions: Vec<Arc<Dimensions>>,
}

/// Every record in the order of (time, request).
#[derive(Debug)]
pub struct Timeline {
    lanes: Vec<Lane>,
    heads: BinaryHeap<Head>,
    /// Why reading back failed before the first record.
    failed: Option<SpillError>,
}

impl Timeline {
    /// The records that all `collectors` took.
    pub fn of(collectors: Vec<Collector>) -> Result<Self, SpillError> {
        let lanes = collectors.into_iter().map(Collector::into_lane);
        let mut timeline = Self {
            lanes: lanes.collect::<Result<_, _>>()?,
            heads: BinaryHeap::new(),
            failed: None,
        };
        for lane in 0..timeline.lanes.len() {
            for run in 0..timeline.lanes[lane].runs.len() {
                timeline.refill(lane, run)?;
            }
        }
        Ok(timeline)
    }

    /// Takes the next row of a run to the heads.
    fn refill(&mut self, lane: usize, run: usize) -> Result<(), SpillError> {
        let Lane { file, runs, .. } = &mut self.lanes[lane];
        if let Some(row) = runs[run].next(file.as_mut())? {
            self.heads.push(Head { row, lane, run });
        }
        Ok(())
    }
}

impl Iterator for Timeline {
    type Item = Result<TimedUsage, SpillError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            self.heads.clear();
            return Some(Err(error));
        }
        let head = self.heads.pop()?;
        self.failed = self.refill(head.lane, head.run).err();
        let dimensions = &self.lanes[head.lane].dimensions;
        Some(Ok(head.row.unpack(dimensions)))
    }
}

#[cfg(test)]
mod tests;
