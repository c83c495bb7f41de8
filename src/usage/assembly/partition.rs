//! One partition after the other: read back, and cut into requests.

use std::sync::{Mutex, PoisonError};

use super::PARTITIONS;
use super::row::{ROW_BYTES, Row};
use super::texts::Interner;
use super::worker::{Block, Collected};
use crate::usage::store::spill::{SpillError, SpillFile};

/// The partitions still to do, and the files they were spilled to.
#[derive(Debug)]
pub(super) struct Partitions {
    waiting: std::vec::IntoIter<Partition>,
    /// Per worker.
    spills: Vec<Option<SpillFile>>,
}

/// The blocks of one partition, each with the number of its worker.
pub(super) type Partition = Vec<(usize, Block)>;

impl Partitions {
    /// Sorts the workers' blocks by partition; also hands out the workers' texts.
    pub(super) fn gather(workers: Vec<Collected>) -> (Self, Vec<Interner>) {
        let mut waiting: Vec<Partition> = (0..PARTITIONS).map(|_| Vec::new()).collect();
        let (mut spills, mut texts) = (Vec::new(), Vec::new());
        for (worker, collected) in workers.into_iter().enumerate() {
            for (partition, blocks) in waiting.iter_mut().zip(collected.partitions) {
                partition.extend(blocks.into_iter().map(|block| (worker, block)));
            }
            spills.push(collected.spill);
            texts.push(collected.texts);
        }
        let waiting = waiting.into_iter();
        (Self { waiting, spills }, texts)
    }
}

/// Hands the partitions to the threads that join them.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    /// Per worker, by its own numbers of texts, everybody's.
    pub(super) renumbered: &'a [Vec<u32>],
    pub(super) partitions: Mutex<Partitions>,
}

impl Reader<'_> {
    /// The next partition to do.
    pub(super) fn next(&self) -> Option<Partition> {
        self.with_partitions(|partitions| partitions.waiting.next())
    }

    /// Fills `sorter` with the rows of `partition`, whose memory is freed on the way.
    pub(super) fn load(&self, partition: Partition, sorter: &mut Sorter) -> Result<(), SpillError> {
        sorter.rows.clear();
        let mut bytes = Vec::new();
        for (worker, block) in partition {
            let texts = &self.renumbered[worker];
            let renumber = |row: Row| row.with_texts(texts[row.texts as usize]);
            match block {
                Block::Kept(rows) => sorter.rows.extend(rows.into_iter().map(renumber)),
                Block::Spilled(place) => {
                    self.with_partitions(|partitions| {
                        partitions.spills[worker]
                            .as_mut()
                            .expect("a spilled block has a file")
                            .read(place, &mut bytes)
                    })?;
                    let (rows, _) = bytes.as_chunks::<ROW_BYTES>();
                    sorter
                        .rows
                        .extend(rows.iter().map(|row| renumber(Row::decode(row))));
                }
            }
        }
        Ok(())
    }

    fn with_partitions<T>(&self, job: impl FnOnce(&mut Partitions) -> T) -> T {
        // A thread that panicked ends the whole run, so what it left behind is never used.
        let mut partitions = self
            .partitions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        job(&mut partitions)
    }
}

/// Sorts the rows of a partition; kept between partitions for its buffers.
#[derive(Debug, Default)]
pub(super) struct Sorter {
    rows: Vec<Row>,
    /// Half of the request hash, and the row's place.
    order: Vec<(u64, u32)>,
    sorted: Vec<Row>,
}

impl Sorter {
    /// Shows the sorted rows of each request to `job`, in the order of the request hashes.
    ///
    /// Sorting (half hash, place) moves 16 bytes where sorting rows moves 72, and most requests
    /// have one row, or few, that are worth comparing in full. The rows are gathered in a loop of
    /// its own, so that the processor waits for many of them at once.
    pub(super) fn each_request(&mut self, mut job: impl FnMut(&[Row])) {
        let places = 0..u32::try_from(self.rows.len()).expect("2^32 rows exceed any memory");
        self.order.clear();
        self.order
            .extend(self.rows.iter().map(Row::sort_key).zip(places));
        self.order.sort_unstable();
        self.sorted.clear();
        self.sorted.extend(
            self.order
                .iter()
                .map(|(_, place)| self.rows[*place as usize]),
        );
        for run in self
            .sorted
            .chunk_by_mut(|a, b| a.sort_key() == b.sort_key())
        {
            if run.len() > 1 {
                run.sort_unstable();
            }
            for request in run.chunk_by(|a, b| a.request() == b.request()) {
                job(request);
            }
        }
    }
}
