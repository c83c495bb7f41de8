//! A queue of batch work and its workers: load levelling behind interactive calls.
//!
//! Messages of apps that enqueue wait in the [`backlog`](self) until a worker takes them, which
//! it does when it is free and the [`gate`] is open. A worker's message is locked for a time; one
//! that is not completed by then is delivered again. [`rules`] says what a queue is, [`section`]
//! how a scenario writes it, [`defaults`] what Service Bus does where nothing is stated.
//!
//! A queue ends by construction: deliveries are counted, tries within a delivery end with its
//! lock, copies for later are counted, and a stopped sender looks again only at an instant that
//! is later and at which something can have changed.

mod backlog;
pub mod defaults;
mod delivery;
pub mod gate;
mod looking;
mod outcome;
pub mod rules;
pub mod section;
#[cfg(test)]
mod tests;

pub(super) use delivery::Refused;
pub use gate::{GateRules, MinuteMetric, Signal};
pub use outcome::QueueOutcome;
pub use rules::{QueueRules, Route, WhenThrottled};
pub use section::{QueueError, QueueSection};

use std::collections::VecDeque;

use self::backlog::{Backlog, Message};
use self::delivery::Delivery;
use self::gate::Gate;
use super::call::{Call, Origin};
use super::fleet::Fleet;
use super::outcome::Tally;
use super::slots::Slots;
use crate::time::SimTime;

/// What a queue does later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Senders look whether they may send.
    Look,
    /// A worker that held a refused message tries again.
    TryAgain(u32),
    /// A worker's answer is complete.
    Finish(u32),
    /// The lock of a message in work ends.
    LockEnds(u32),
    /// The lock of the message that was prefetched first ends.
    PrefetchedLockEnds,
    /// A message that was enqueued for later appears.
    Appear(u32),
}

/// A message that was fetched ahead of work.
#[derive(Clone, Copy, Debug)]
struct Prefetched {
    message: Message,
    fetched: SimTime,
}

/// A queue at one moment.
#[derive(Debug)]
pub(super) struct Queue {
    place: u16,
    rules: QueueRules,
    gate: Option<Gate>,
    backlog: Backlog,
    prefetched: VecDeque<Prefetched>,
    /// Whether the lock of the message that was prefetched first is on the agenda.
    watches_prefetched: bool,
    /// Messages that were enqueued for later.
    scheduled: Slots<Message>,
    /// Messages in work.
    deliveries: Slots<Delivery>,
    /// When senders look next.
    look: Option<SimTime>,
    /// What is to be scheduled.
    agenda: Vec<(SimTime, Task)>,
    outcome: QueueOutcome,
}

impl Queue {
    /// An empty queue.
    pub(super) fn new(place: usize, rules: QueueRules) -> Self {
        Self {
            place: u16::try_from(place).expect("a scenario has fewer than 2^16 queues"),
            gate: rules.gate.map(Gate::new),
            backlog: Backlog::default(),
            prefetched: VecDeque::new(),
            watches_prefetched: false,
            scheduled: Slots::default(),
            deliveries: Slots::default(),
            look: None,
            agenda: Vec::new(),
            outcome: QueueOutcome {
                name: rules.name.clone(),
                ..QueueOutcome::default()
            },
            rules,
        }
    }

    /// Its place.
    pub(super) const fn place(&self) -> u16 {
        self.place
    }

    /// Where its workers send.
    pub(super) const fn route(&self) -> Route {
        self.rules.route
    }

    /// What is to be scheduled since last asked.
    pub(super) fn agenda(&mut self) -> impl Iterator<Item = (SimTime, Task)> {
        self.agenda.drain(..)
    }

    /// Messages that nobody works on.
    pub(super) fn waiting(&self) -> u64 {
        (self.backlog.len() + self.prefetched.len() + self.scheduled.len()) as u64
    }

    /// Takes in what an app enqueues.
    pub(super) fn enqueue(&mut self, now: SimTime, call: &Call) {
        add(&mut self.outcome.offered, &call.request, call.weight);
        let message = Message {
            request: call.request,
            weight: call.weight,
            enqueued: now,
            sequence: 0,
            deliveries: 0,
            reenqueued: 0,
        };
        self.backlog.enqueue(now, message);
        self.outcome.longest_backlog = self.outcome.longest_backlog.max(self.waiting());
        self.look_now(now);
    }

    /// Begins a task; a call that it sends right now is the answer.
    pub(super) fn begin(&mut self, now: SimTime, task: Task) -> Option<Call> {
        match task {
            Task::Look => self.look = None,
            Task::TryAgain(place) => return Some(self.deliveries.get_mut(place).again()),
            Task::Finish(place) => self.finish(now, place),
            Task::LockEnds(place) => self.lose_lock(place),
            Task::PrefetchedLockEnds => self.lose_prefetched(now),
            Task::Appear(place) => {
                let message = self.scheduled.take(place);
                self.backlog.enqueue(now, message);
            }
        }
        None
    }

    /// The next call to send now, if a worker is free, a message waits and the gate is open.
    pub(super) fn take(&mut self, now: SimTime, fleet: &mut Fleet) -> Option<Call> {
        self.fetch(now);
        if !self.has_sender() || self.look.is_some_and(|look| look > now) {
            return None;
        }
        if self.backlog.is_empty() && self.prefetched.is_empty() {
            self.gate.iter_mut().for_each(Gate::rest);
            return None;
        }
        if !self
            .gate
            .as_mut()
            .is_none_or(|gate| gate.is_open(now, fleet))
        {
            self.look_when_open(now, fleet);
            return None;
        }
        let Prefetched { message, fetched } = self.next(now)?;
        let locked = fetched.after(self.rules.lock).after(self.rules.renewal);
        let place = self.deliveries.keep(Delivery::new(message, locked));
        let origin = Origin::Queue {
            queue: self.place,
            delivery: place,
        };
        let call = Call::new(message.request, message.weight, origin);
        self.deliveries.get_mut(place).call = call;
        Some(call)
    }

    /// The next message for a worker: one that was prefetched, or straight from the backlog.
    fn next(&mut self, now: SimTime) -> Option<Prefetched> {
        if let Some(prefetched) = self.prefetched.pop_front() {
            return Some(prefetched);
        }
        let message = self.deliver()?;
        Some(Prefetched {
            message,
            fetched: now,
        })
    }

    /// Hands out the first message of the backlog.
    fn deliver(&mut self) -> Option<Message> {
        let mut message = self.backlog.take()?;
        message.deliveries += 1;
        self.outcome.deliveries += 1;
        Some(message)
    }

    /// Drops what has expired and fetches ahead.
    fn fetch(&mut self, now: SimTime) {
        if let Some(time_to_live) = self.rules.time_to_live {
            while let Some(message) = self.backlog.take_expired(now, time_to_live) {
                add(&mut self.outcome.expired, &message.request, message.weight);
                self.miss();
            }
        }
        while self.prefetched.len() < self.rules.prefetch as usize {
            let Some(message) = self.deliver() else { break };
            self.prefetched.push_back(Prefetched {
                message,
                fetched: now,
            });
        }
        self.watch_prefetched();
    }

    fn has_sender(&self) -> bool {
        let busy = self.deliveries.len();
        let most = self.rules.concurrency;
        most.is_none_or(|most| busy < most.get() as usize)
    }

    /// Counts a message that will not be completed in time.
    fn miss(&mut self) {
        self.outcome.deadline_misses += u64::from(self.rules.deadline.is_some());
    }

    /// Gives up a message.
    fn dead_letter(&mut self, message: &Message) {
        let dead = &mut self.outcome.dead_lettered;
        add(dead, &message.request, message.weight);
        self.miss();
    }

    /// Ends at `end`: what is left was waiting.
    pub(super) fn close(mut self, end: SimTime) -> QueueOutcome {
        let prefetched = self.prefetched.into_iter().map(|ahead| ahead.message);
        let left = self.backlog.into_messages().chain(prefetched);
        for message in left.chain(self.scheduled.into_things()) {
            let waited = end.since(message.request.at);
            let misses = self
                .rules
                .deadline
                .is_some_and(|deadline| waited > deadline);
            self.outcome.deadline_misses += u64::from(misses);
            add(&mut self.outcome.waiting, &message.request, message.weight);
        }
        debug_assert!(self.outcome.conserved(), "{:?}", self.outcome);
        self.outcome
    }
}

/// Adds a request to a tally.
fn add(tally: &mut Tally, request: &crate::workload::Request, weight: u64) {
    tally.add(&request.tokens.counts(), weight);
}
