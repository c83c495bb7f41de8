//! Counts the records of inputs on all cores, in the order of the inputs.
//!
//! One thread cuts inputs into batches, workers count the records of a batch, and the caller's
//! thread puts the results in order: what it is given does not depend on threads. At most so many
//! batches are under way, so memory does not depend on the inputs.

mod collector;
mod records;
mod rules;
mod sample;
mod worker;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

pub use collector::{Collect, Outcome, Rows};
pub use rules::{Approximate, Counting, Rules};
pub use sample::{Sample, Sampling};

use super::source::{Batch, Input, InputError, Intake, Reading, Stopped, Taken};
use collector::Collector;
use sample::Key;
use worker::{BatchCounts, Worker};

/// What to count, and how.
pub struct Pipeline<'p> {
    /// The inputs.
    pub inputs: &'p [Input],
    /// How they are read.
    pub reading: &'p Reading,
    /// What records are counted as.
    pub rules: &'p Rules<'p>,
    /// Threads that count.
    pub threads: NonZero<usize>,
    /// Told how many bytes of all inputs have been read.
    pub progress: &'p (dyn Fn(u64) + Sync),
    /// The sample of counted records that is kept, if any.
    pub sampling: Option<Sampling>,
}

/// Batches under way for each thread that counts.
const BATCHES: usize = 8;

/// What the cutting thread found beside batches.
#[derive(Default)]
struct Cut {
    errors: Vec<InputError>,
    empty: Vec<String>,
}

impl Pipeline<'_> {
    /// Counts every record and shows the counts to `collect`, in the order of the inputs, until it
    /// fails.
    pub fn run<E>(&self, collect: &mut Collect<'_, E>) -> Result<Outcome, E> {
        self.run_some(None, collect)
    }

    /// Counts the records of `sample` again, in inputs that have not changed since.
    pub fn again(&self, sample: &Sample) -> Sample {
        let outcome = self.run_some(Some(&sample.keys()), &mut |_, _| Ok(()));
        let outcome: Result<Outcome, Infallible> = outcome;
        match outcome {
            Ok(outcome) => outcome.sample,
            Err(never) => match never {},
        }
    }

    /// Counts every record, or only some.
    fn run_some<E>(
        &self,
        only: Option<&BTreeSet<Key>>,
        collect: &mut Collect<'_, E>,
    ) -> Result<Outcome, E> {
        let under_way = BATCHES * self.threads.get();
        let (permit, permits) = sync_channel(under_way);
        for _ in 0..under_way {
            permit.send(()).expect("the receiver is alive");
        }
        let (task, tasks) = channel();
        let tasks = Mutex::new(tasks);
        let (result, results) = channel();
        thread::scope(|scope| {
            let cutter = scope.spawn(move || self.cut(&permits, &task));
            for _ in 0..self.threads.get() {
                let (tasks, result) = (&tasks, result.clone());
                scope.spawn(move || work(Worker::new(self.rules, only), tasks, &result));
            }
            drop(result);
            let collector = Collector::new(self.sampling);
            let collected = gather(collector, &results, &permit, collect);
            // Whoever still cuts or counts stops at the next batch.
            drop((results, permit));
            let cut = cutter
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let mut outcome = collected?;
            outcome.errors = cut.errors;
            outcome.empty = cut.empty;
            Ok(outcome)
        })
    }

    fn cut(&self, permits: &Receiver<()>, tasks: &Sender<Batch>) -> Cut {
        let mut send = |batch| {
            permits.recv().map_err(|_| Stopped)?;
            tasks.send(batch).map_err(|_| Stopped)
        };
        let mut intake = Intake::new(self.reading, self.progress, &mut send);
        let mut cut = Cut::default();
        for input in self.inputs {
            match intake.take_in(input) {
                Ok(Taken::Some) => {}
                Ok(Taken::Nothing) => cut.empty.push(input.name().to_owned()),
                Ok(Taken::Stopped) => break,
                Err(error) => cut.errors.push(error),
            }
        }
        intake.finish();
        cut
    }
}

/// Counts batches until there are no more, or nobody wants the counts.
fn work(mut worker: Worker<'_>, tasks: &Mutex<Receiver<Batch>>, results: &Sender<BatchCounts>) {
    loop {
        let next = tasks.lock().map(|tasks| tasks.recv());
        let Ok(Ok(batch)) = next else {
            return;
        };
        if results.send(worker.count(batch)).is_err() {
            return;
        }
    }
}

/// Puts counts in order.
fn gather<E>(
    mut collector: Collector,
    results: &Receiver<BatchCounts>,
    permit: &SyncSender<()>,
    collect: &mut Collect<'_, E>,
) -> Result<Outcome, E> {
    for counts in results {
        for counts in collector.in_order(counts) {
            collector.take(counts, collect)?;
            // The cutter may have ended already.
            let _ = permit.send(());
        }
    }
    Ok(collector.finish())
}
