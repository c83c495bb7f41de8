//! Numbers batches and sends them; rows of calls are brought together before.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::batch::{Batch, CallBatch, Content, Origin};
use super::calls::{Calls, is_of_call};
use super::columns::Columns;
use super::row::RowKeys;
use super::rows::each_row;
use crate::carrier::{Block, CutFault};

/// Whoever takes the batches has had enough.
#[derive(Debug)]
pub(crate) struct Stopped;

/// Takes batches.
pub(crate) type Take<'t> = dyn FnMut(Batch) -> Result<(), Stopped> + 't;

/// Sends batches.
pub(super) struct Sending<'a> {
    /// Told how many bytes of all inputs have been read.
    pub(super) progress: &'a (dyn Fn(u64) + Sync),
    /// Bytes of all inputs read so far.
    pub(super) read: Arc<AtomicU64>,
    pub(super) take: &'a mut Take<'a>,
    /// The number of the next batch.
    next: u64,
    calls: Calls,
    keys: RowKeys,
}

/// What the rows of an input are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// The first of them will tell.
    Unknown,
    /// A record each.
    Records,
    /// Several for each call.
    OfCalls,
}

impl<'a> Sending<'a> {
    pub(super) fn new(progress: &'a (dyn Fn(u64) + Sync), take: &'a mut Take<'a>) -> Self {
        Self {
            progress,
            read: Arc::default(),
            take,
            next: 0,
            calls: Calls::default(),
            keys: RowKeys::default(),
        }
    }

    /// Sends a batch.
    pub(super) fn send(&mut self, origin: &Arc<Origin>, content: Content) -> Result<(), CutFault> {
        (self.progress)(self.read.load(Ordering::Relaxed));
        let number = self.next;
        self.next += 1;
        let batch = Batch {
            number,
            origin: Arc::clone(origin),
            content,
        };
        (self.take)(batch).map_err(|Stopped| CutFault::Stopped)
    }

    /// Sends a block of rows, or the calls that are done by them.
    pub(super) fn rows(
        &mut self,
        origin: &Arc<Origin>,
        block: Block<Columns>,
        rows: &mut Rows,
    ) -> Result<(), CutFault> {
        if *rows == Rows::Unknown {
            *rows = self.told_by(origin, &block);
        }
        if *rows == Rows::Records {
            return self.send(origin, Content::Rows(block));
        }
        let mut batch = CallBatch::default();
        let Self { calls, keys, .. } = self;
        each_row(&block, origin, keys, &mut |line, row| {
            let added = row.and_then(|row| {
                let is_of_call = is_of_call(row);
                batch.ignored += u64::from(!is_of_call);
                let added = is_of_call.then(|| calls.add(row, line, origin));
                added.transpose()
            });
            match added {
                Ok(done) => batch.calls.extend(done.unwrap_or_default()),
                Err(fault) => batch.faults.push((line, fault)),
            }
        });
        if batch.is_empty() {
            return Ok(());
        }
        self.send(origin, Content::Calls(batch))
    }

    /// What the first rows of an input tell.
    fn told_by(&mut self, origin: &Origin, block: &Block<Columns>) -> Rows {
        let mut rows = Rows::Records;
        each_row(block, origin, &mut self.keys, &mut |_, row| {
            if row.is_ok_and(is_of_call) {
                rows = Rows::OfCalls;
            }
        });
        rows
    }

    /// Sends the calls that are still open.
    pub(super) fn finish(&mut self) -> Result<(), CutFault> {
        let mut calls = self.calls.finish().into_iter();
        while let Some(first) = calls.next() {
            let origin = Arc::clone(&first.origin);
            let mut batch = CallBatch::default();
            let mut bytes = first.bytes();
            batch.calls.push(first);
            while bytes < CALLS
                && let Some(call) = calls.next()
            {
                bytes += call.bytes();
                batch.calls.push(call);
            }
            self.send(&origin, Content::Calls(batch))?;
        }
        Ok(())
    }
}

/// The size of calls that are sent together [byte].
const CALLS: usize = 256 << 10;
