//! Brings the rows of each request together.
//!
//! Every reading thread hands its fragments to its own [`Worker`], which packs them into rows of
//! 72 bytes in 256 partitions by request hash; partitions beyond a memory budget are spilled to
//! temporary files. [`Assembly::finish`] then takes the partitions one by one: rows are sorted by
//! request and content, repeats dropped, chunks collapsed and halves joined.
//!
//! Invariant: the records and the accounting are a function of the *set* of rows. Every choice
//! among rows follows from their content, so neither the order of rows, nor the number of
//! threads, nor what was spilled can show.

mod conflict;
mod join;
mod llm;
mod names;
mod partition;
mod repeats;
mod row;
mod texts;
mod worker;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use join::Joiner;
use partition::{Partitions, Reader};
pub use repeats::{Repeats, Spots};
use texts::Texts;
pub use worker::Worker;

use super::accounting::RowAccounting;
use super::record::UsageRecord;
use super::store::spill::SpillError;
use crate::diagnostic::Diagnostics;

/// Parts that rows are split into by the first byte of the request hash. With 10 M rows one part is 2.8 MB, which stays
/// in the cache of a core while it is sorted.
const PARTITIONS: usize = 256;

/// What assembling may use.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where spill files are made.
    pub directory: PathBuf,
    /// Rows kept in memory, over all workers [byte]. Beside them each worker fills a block for
    /// every partition.
    pub memory: usize,
    /// Rows of a block, the unit of spilling [row].
    pub block_rows: usize,
}

impl Options {
    /// The default memory budget [byte]: 3.7 M rows. With texts, sums and the blocks being filled
    /// a month of 10 M rows stays below 600 MiB.
    pub const MEMORY: usize = 256 << 20;

    /// The default size of a block [row]: 16 KiB, large enough that the cost of a write does not
    /// show, small enough that two workers' open blocks take 8 MiB.
    pub const BLOCK_ROWS: usize = 227;

    /// The defaults, with spill files in `directory`.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            memory: Self::MEMORY,
            block_rows: Self::BLOCK_ROWS,
        }
    }
}

/// Assembles the requests of one run; makes a [`Worker`] for each reading thread.
#[derive(Debug)]
pub struct Assembly {
    shared: Arc<Shared>,
}

/// What all workers share.
#[derive(Debug)]
struct Shared {
    options: Options,
    /// Budget already claimed by full blocks [byte].
    claimed: AtomicUsize,
}

impl Shared {
    /// Takes `bytes` of the memory budget, unless less than that is left.
    fn claim(&self, bytes: usize) -> bool {
        let within =
            |claimed: usize| Some(claimed + bytes).filter(|sum| *sum <= self.options.memory);
        self.claimed
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, within)
            .is_ok()
    }
}

/// What assembling found, beside the records.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// Where each row ended; `read` is left to whoever reads the rows.
    pub accounting: RowAccounting,
    /// Rows that contradict each other.
    pub diagnostics: Diagnostics,
    /// Where rows were delivered again.
    pub repeats: Repeats,
}

impl Assembly {
    /// An assembly without rows.
    pub fn new(options: Options) -> Self {
        let claimed = AtomicUsize::new(0);
        Self {
            shared: Arc::new(Shared { options, claimed }),
        }
    }

    /// A sink for one reading thread, to be handed back to [`Self::finish`].
    pub fn worker(&self) -> Worker {
        Worker::new(Arc::clone(&self.shared))
    }

    /// Shows every request to one of the `visitors`, each of which runs in a thread of its own.
    ///
    /// A single visitor sees the requests in the order of their hashes; with several, who sees
    /// which request is left open, so visitors must be such that it does not matter (sums).
    /// `sources` are the names of the inputs that [`Fragment::source`](super::Fragment) counts;
    /// the place shown for a fault follows their order, so give inputs in a stable one.
    pub fn finish<V>(
        self,
        workers: Vec<Worker>,
        sources: &[String],
        visitors: &mut [V],
    ) -> Result<Assembled, SpillError>
    where
        V: FnMut(&UsageRecord<'_>) + Send,
    {
        let collected = workers
            .into_iter()
            .map(Worker::collect)
            .collect::<Result<Vec<_>, _>>()?;
        let (partitions, interners) = Partitions::gather(collected);
        let (texts, renumbered) = Texts::merge(interners);
        let reader = Reader {
            renumbered: &renumbered,
            partitions: Mutex::new(partitions),
        };
        let results = thread::scope(|scope| {
            let threads: Vec<_> = visitors
                .iter_mut()
                .map(|visitor| scope.spawn(|| run(&reader, Joiner::new(&texts, sources), visitor)))
                .collect();
            let join = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().map(join).collect::<Vec<_>>()
        });
        let mut assembled = Assembled::default();
        for result in results {
            let part = result?;
            assembled.accounting += part.accounting;
            assembled.diagnostics.merge(part.diagnostics);
            assembled.repeats.merge(&part.repeats);
        }
        Ok(assembled)
    }
}

/// Joins one partition after the other until none is left.
fn run(
    reader: &Reader<'_>,
    mut joiner: Joiner<'_>,
    visitor: &mut impl FnMut(&UsageRecord<'_>),
) -> Result<Assembled, SpillError> {
    let mut sorter = partition::Sorter::default();
    while let Some(partition) = reader.next() {
        reader.load(partition, &mut sorter)?;
        sorter.each_request(|rows| visitor(&joiner.join(rows)));
    }
    Ok(joiner.assembled)
}
