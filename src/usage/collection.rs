//! From sources to requests, and to sums of them: reads and assembles in one go.

use std::num::NonZero;

use super::accounting::RowAccounting;
use super::assembly::{self, Assembly, Repeats, Worker};
use super::fragment::FragmentSink;
use super::reading::{ReadOptions, SourceError, SourceSummary, read};
use super::record::UsageRecord;
use super::source::Source;
use super::store::spill::SpillError;
use super::totals::{Totals, UsageSum};
use crate::diagnostic::Diagnostics;
use crate::units::Tokens;

/// Usage of all sources, added up.
#[derive(Debug)]
pub struct Usage {
    /// The sums, sorted by key.
    pub sums: Vec<UsageSum>,
    /// Where every row ended.
    pub rows: RowAccounting,
    /// What was wrong with rows.
    pub diagnostics: Diagnostics,
    /// What each source was, in the order given.
    pub sources: Vec<SourceSummary>,
    /// Sources that could not be read to their end.
    pub errors: Vec<SourceError>,
}

/// What reading and assembling found, beside the requests.
#[derive(Debug)]
pub struct Found {
    /// Where every row ended.
    pub rows: RowAccounting,
    /// What was wrong with rows.
    pub diagnostics: Diagnostics,
    /// Where rows were delivered again.
    pub repeats: Repeats,
    /// What each source was, in the order given.
    pub sources: Vec<SourceSummary>,
    /// Sources that could not be read to their end.
    pub errors: Vec<SourceError>,
}

/// Reads `sources` and shows each of their requests to one of the `visitors`, with as many threads
/// at each step as there are visitors. Which visitor sees a request is left open.
///
/// Errors only when spill files fail; sources that cannot be read are in [`Found::errors`].
pub fn visit<V>(
    sources: &[Source],
    options: &ReadOptions<'_>,
    assembling: assembly::Options,
    visitors: &mut [V],
) -> Result<Found, SpillError>
where
    V: FnMut(&UsageRecord<'_>) + Send,
{
    let (found, _) = visit_through(sources, options, assembling, visitors, |worker| worker)?;
    Ok(found)
}

/// A sink around a worker that assembles.
pub trait Wrapped: FragmentSink {
    /// What it found by itself.
    type Seen;

    /// The worker inside, and what was found.
    fn unwrap(self) -> (Worker, Self::Seen);
}

impl Wrapped for Worker {
    type Seen = ();

    fn unwrap(self) -> (Worker, ()) {
        (self, ())
    }
}

/// As [`visit`], with a sink around each worker that assembles: it looks at fragments and texts
/// before the worker gets them. `wrap` makes it; [`Wrapped::unwrap`] gives back what it found.
pub fn visit_through<V, W, M>(
    sources: &[Source],
    options: &ReadOptions<'_>,
    assembling: assembly::Options,
    visitors: &mut [V],
    wrap: M,
) -> Result<(Found, Vec<W::Seen>), SpillError>
where
    V: FnMut(&UsageRecord<'_>) + Send,
    W: Wrapped + Send,
    M: Fn(Worker) -> W + Sync,
{
    let threads = NonZero::new(visitors.len()).unwrap_or(NonZero::<usize>::MIN);
    let assembly = Assembly::new(assembling);
    let outcome = read(sources, options, || wrap(assembly.worker()), threads);
    let (workers, seen): (Vec<_>, Vec<_>) = outcome.sinks.into_iter().map(W::unwrap).unzip();
    let names: Vec<String> = sources
        .iter()
        .map(|source| source.name().to_owned())
        .collect();
    let assembled = assembly.finish(workers, &names, visitors)?;
    let mut rows = outcome.rows;
    rows += assembled.accounting;
    let mut diagnostics = outcome.diagnostics;
    diagnostics.merge(assembled.diagnostics);
    let found = Found {
        rows,
        diagnostics,
        repeats: assembled.repeats,
        sources: outcome.sources,
        errors: outcome.errors,
    };
    Ok((found, seen))
}

/// Reads `sources` and adds their requests up, with `threads` threads at each step.
///
/// `thresholds` are the rate card's context thresholds in ascending order. Errors as [`visit`].
pub fn collect(
    sources: &[Source],
    options: &ReadOptions<'_>,
    assembling: assembly::Options,
    thresholds: &[Tokens],
    threads: NonZero<usize>,
) -> Result<Usage, SpillError> {
    let mut totals = vec![Totals::new(thresholds); threads.get()];
    let mut visitors: Vec<_> = totals
        .iter_mut()
        .map(|totals| move |record: &UsageRecord<'_>| totals.add(record))
        .collect();
    let found = visit(sources, options, assembling, &mut visitors)?;
    drop(visitors);
    let all = totals.into_iter().reduce(|mut all, part| {
        all.merge(part);
        all
    });
    Ok(Usage {
        sums: all.map_or_else(Vec::new, Totals::into_sums),
        rows: found.rows,
        diagnostics: found.diagnostics,
        sources: found.sources,
        errors: found.errors,
    })
}
