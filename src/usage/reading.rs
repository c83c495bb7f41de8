//! Reads sources: bytes in, [`Fragment`](super::fragment::Fragment)s, row counts and diagnostics
//! out.
//!
//! Some threads open sources and cut them into blocks, others read the fields of blocks, each
//! into a sink of its own. Many small files are spread over the first, one large file over the
//! second; both are `threads` many. At most a few blocks wait in between.

mod error;
mod intake;
mod meter;
mod plan;
mod rows;
mod source_rows;
mod worker;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;

pub use error::SourceError;

use super::accounting::RowAccounting;
use super::format::{MappedSource, PseudonymKey};
use super::fragment::FragmentSink;
use super::source::Source;
use super::timestamp::Dates;
use crate::diagnostic::Diagnostics;
use intake::Intake;
use meter::Progress;
use source_rows::SourceRows;
use worker::{Found, Worker};

/// What decides how sources are read.
#[derive(Clone, Default)]
pub struct ReadOptions<'a> {
    /// How the order of day and month is found.
    pub dates: Dates,
    /// End users are replaced by pseudonyms under this key; without it they are dropped.
    pub pseudonym_key: Option<PseudonymKey>,
    /// Sources read by column names, in order; the first that names a file reads it.
    pub mapped: Vec<MappedSource>,
    /// Whether to hash the bytes of each source.
    pub hashing: Hashing,
    /// Told from time to time how many bytes of all sources have been read.
    pub progress: Option<&'a (dyn Fn(u64) + Sync)>,
}

/// Whether the bytes of sources are hashed, for a manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hashing {
    /// They are not.
    #[default]
    None,
    /// With SHA-256, as given (before decompression).
    Sha256,
}

/// What reading gave.
#[derive(Debug)]
pub struct ReadOutcome<S> {
    /// The sinks, one a thread; together they took every fragment once.
    pub sinks: Vec<S>,
    /// Rows `read`, `ignored` and `quarantined`; every other row went to a sink.
    pub rows: RowAccounting,
    /// What was wrong with rows.
    pub diagnostics: Diagnostics,
    /// What each source was, in the order given.
    pub sources: Vec<SourceSummary>,
    /// Sources that could not be read, or not to their end, in the order given. Rows before the
    /// fault may have gone to the sinks.
    pub errors: Vec<SourceError>,
}

/// What a source was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSummary {
    /// Its name.
    pub name: String,
    /// Its size as given [byte].
    pub bytes: u64,
    /// Its rows, whatever became of them.
    pub rows: u64,
    /// How its rows were packed, e.g. `CSV, gzip`; empty where that was not found out.
    pub carrier: String,
    /// What its rows were, sorted.
    pub formats: Vec<&'static str>,
    /// Rows of other logs, passed over.
    pub foreign: u64,
    /// Lines that repeat its header.
    pub headers: u64,
    /// Columns that are read and whose name stands twice in the header.
    pub repeated: Vec<String>,
    /// Fields that its formats need for charging and that no row has, by their names in messages.
    pub lacking: Vec<&'static str>,
    /// SHA-256 of its bytes as given, in hexadecimal, where asked for.
    pub sha256: Option<String>,
}

/// Reads every source with `threads` threads to cut and as many to read rows.
///
/// What the sinks get does not depend on the number of threads, only which of them gets it.
pub fn read<S, M>(
    sources: &[Source],
    options: &ReadOptions<'_>,
    make_sink: M,
    threads: NonZero<usize>,
) -> ReadOutcome<S>
where
    S: FragmentSink + Send,
    M: Fn() -> S + Sync,
{
    let progress = Progress::new(options.progress);
    let next = AtomicUsize::new(0);
    let (send, receive) = sync_channel(2 * threads.get());
    let receive = Arc::new(Mutex::new(receive));
    let (taken, read) = thread::scope(|scope| {
        let readers: Vec<_> = (0..threads.get())
            .map(|_| {
                let receive = Arc::clone(&receive);
                let make_sink = &make_sink;
                let key = options.pseudonym_key.clone();
                scope.spawn(move || Worker::new(make_sink(), key).run(&receive))
            })
            .collect();
        let cutters: Vec<_> = (0..threads.get().min(sources.len()))
            .map(|_| {
                let intake = Intake::new(options, &progress, send.clone());
                let next = &next;
                scope.spawn(move || {
                    let mut taken = Vec::new();
                    while let Some((index, source)) = take_next(next, sources) {
                        taken.push((index, intake.take_in(index, source)));
                    }
                    taken
                })
            })
            .collect();
        // Readers stop when the last cutter has dropped its end of the channel.
        // Cutters stop when the last reader has dropped the other end, were it to panic.
        drop(send);
        drop(receive);
        let taken: Vec<_> = cutters.into_iter().flat_map(joined).collect();
        let read: Vec<_> = readers.into_iter().map(joined).collect();
        (taken, read)
    });
    gather(taken, read)
}

fn take_next<'s>(next: &AtomicUsize, sources: &'s [Source]) -> Option<(usize, &'s Source)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    sources.get(index).map(|source| (index, source))
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Brings together what the threads found, in the order of the sources.
fn gather<S>(
    mut taken: Vec<(usize, (SourceSummary, Option<SourceError>))>,
    read: Vec<(S, Found)>,
) -> ReadOutcome<S> {
    taken.sort_by_key(|(index, _)| *index);
    let mut outcome = ReadOutcome {
        sinks: Vec::new(),
        rows: RowAccounting::default(),
        diagnostics: Diagnostics::default(),
        sources: Vec::new(),
        errors: Vec::new(),
    };
    for (_, (summary, error)) in taken {
        outcome.sources.push(summary);
        outcome.errors.extend(error);
    }
    let mut by_source: BTreeMap<usize, SourceRows> = BTreeMap::new();
    for (sink, found) in read {
        outcome.sinks.push(sink);
        outcome.rows += found.rows;
        outcome.diagnostics.merge(found.diagnostics);
        for (index, seen) in found.sources {
            by_source.entry(index).or_default().merge(seen);
        }
    }
    for (index, seen) in by_source {
        seen.tell(&mut outcome.sources[index]);
    }
    outcome
}
