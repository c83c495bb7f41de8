//! Messages in the hands of workers: answers, refusals and locks.

use super::backlog::Message;
use super::rules::WhenThrottled;
use super::{Queue, Task, add};
use crate::sim::call::{Call, Origin};
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Service;
use crate::time::{SimDuration, SimTime};

/// What a worker waits after a refusal that does not say when to come back.
const UNSTATED_WAIT: SimDuration = SimDuration::SECOND;

/// How often a message may be enqueued anew before it is dead-lettered: Service Bus knows no
/// bound, a simulation needs one.
const MOST_REENQUEUES: u32 = 1000;

/// A message in work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    message: Message,
    /// The call of the message, as it was after its last try.
    pub(super) call: Call,
    /// Whether it was sent to where refused messages spill since its last try.
    spilled: bool,
    /// When the lock ends, all renewals included.
    locked_until: SimTime,
    lock: Lock,
    /// When it was admitted.
    admitted: SimTime,
}

/// Whether a message in work is still the worker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lock {
    Held,
    /// Held, and its end is on the agenda.
    Watched,
    Lost,
}

/// What becomes of a refused message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Refused {
    /// The worker keeps it and tries again.
    Held,
    /// The worker sends it to this deployment now.
    Spills(DeploymentId),
    /// The worker is done with it.
    Ended,
}

impl Delivery {
    pub(super) fn new(message: Message, locked_until: SimTime) -> Self {
        Self {
            message,
            call: Call::new(message.request, message.weight, Origin::Client),
            locked_until,
            spilled: false,
            lock: Lock::Held,
            admitted: SimTime::default(),
        }
    }

    /// The call of a message that was held, for another try.
    pub(super) fn again(&mut self) -> Call {
        self.spilled = false;
        self.call.try_again();
        self.call
    }
}

impl Queue {
    /// Takes note that a message is being served.
    pub(in crate::sim) fn served(&mut self, now: SimTime, place: u32, service: &Service) {
        self.outcome.sent(now);
        self.deliveries.get_mut(place).admitted = service.starts;
        if service.ends > now {
            self.watch_lock(place, service.ends);
            self.agenda.push((service.ends, Task::Finish(place)));
        } else {
            self.finish(now, place);
        }
    }

    /// Takes note that the gateway holds a call of a worker.
    pub(in crate::sim) fn held_by_gateway(&mut self, place: u32, until: SimTime) {
        self.watch_lock(place, until);
    }

    /// Decides on a refused message.
    pub(in crate::sim) fn refused(
        &mut self,
        now: SimTime,
        call: &Call,
        status: u16,
        retry_after: Option<SimDuration>,
    ) -> Refused {
        let Origin::Queue {
            delivery: place, ..
        } = call.origin
        else {
            return Refused::Ended;
        };
        let delivery = self.deliveries.get_mut(place);
        delivery.call = *call;
        if delivery.lock == Lock::Lost {
            self.deliveries.take(place);
            return Refused::Ended;
        }
        let throttled = matches!(status, 429 | 503);
        let wait = retry_after.unwrap_or(UNSTATED_WAIT);
        let until = now.after(SimDuration::from_millis(wait.millis_up().max(1)));
        match self.rules.when_throttled {
            WhenThrottled::Spill(to) if throttled && !delivery.spilled => {
                delivery.spilled = true;
                Refused::Spills(to)
            }
            WhenThrottled::Hold | WhenThrottled::Spill(_) if throttled => {
                self.watch_lock(place, until);
                self.agenda.push((until, Task::TryAgain(place)));
                Refused::Held
            }
            WhenThrottled::Reenqueue if throttled => {
                let message = self.deliveries.take(place).message;
                self.enqueue_for_later(until, message);
                Refused::Ended
            }
            _ => {
                let message = self.deliveries.take(place).message;
                self.give_back(message);
                Refused::Ended
            }
        }
    }

    fn enqueue_for_later(&mut self, at: SimTime, message: Message) {
        if message.reenqueued == MOST_REENQUEUES {
            return self.dead_letter(&message);
        }
        self.outcome.reenqueued += 1;
        let place = self.scheduled.keep(Message {
            deliveries: 0,
            reenqueued: message.reenqueued + 1,
            ..message
        });
        self.agenda.push((at, Task::Appear(place)));
    }

    /// Makes a message visible again, or gives it up after its last delivery.
    fn give_back(&mut self, message: Message) {
        if message.deliveries >= self.rules.max_deliveries.get() {
            self.dead_letter(&message);
        } else {
            self.backlog.give_back(message);
        }
    }

    /// Puts the end of a lock on the agenda if the worker is busy with the message beyond it.
    fn watch_lock(&mut self, place: u32, busy_until: SimTime) {
        let delivery = self.deliveries.get_mut(place);
        if delivery.lock == Lock::Held && delivery.locked_until < busy_until {
            delivery.lock = Lock::Watched;
            self.agenda
                .push((delivery.locked_until, Task::LockEnds(place)));
        }
    }

    /// The lock of a message in work ends: the message is visible again, its worker unaware.
    pub(super) fn lose_lock(&mut self, place: u32) {
        let delivery = self.deliveries.get_mut(place);
        delivery.lock = Lock::Lost;
        let message = delivery.message;
        self.give_back(message);
    }

    /// Puts the end of the first prefetched lock on the agenda.
    pub(super) fn watch_prefetched(&mut self) {
        let Some(first) = self.prefetched.front() else {
            return;
        };
        if !self.watches_prefetched {
            self.watches_prefetched = true;
            let ends = first.fetched.after(self.rules.lock);
            self.agenda.push((ends, Task::PrefetchedLockEnds));
        }
    }

    /// Whether the first prefetched lock ends now; if not, its end goes on the agenda instead.
    pub(super) fn loses_prefetched(&mut self, now: SimTime) -> bool {
        self.watches_prefetched = false;
        let lock = self.rules.lock;
        let first = self.prefetched.front();
        let loses = first.is_some_and(|first| first.fetched.after(lock) <= now);
        if !loses {
            self.watch_prefetched();
        }
        loses
    }

    /// Locks of prefetched messages end: the messages are visible again, and workers ignore their
    /// copies.
    pub(super) fn lose_prefetched(&mut self, now: SimTime) {
        let lock = self.rules.lock;
        while let Some(lost) = self
            .prefetched
            .pop_front_if(|first| first.fetched.after(lock) <= now)
        {
            self.give_back(lost.message);
        }
        self.watch_prefetched();
    }

    /// A worker's answer is complete: it completes the message, if it is still its own.
    pub(super) fn finish(&mut self, now: SimTime, place: u32) {
        let delivery = self.deliveries.take(place);
        let message = &delivery.message;
        if delivery.lock == Lock::Lost {
            let duplicates = &mut self.outcome.duplicates;
            return add(duplicates, &message.request, message.weight);
        }
        add(
            &mut self.outcome.completed,
            &message.request,
            message.weight,
        );
        let since = message.request.at;
        let delay = now.since(since);
        let start_delays = &mut self.outcome.start_delays;
        start_delays.add(delivery.admitted.since(since));
        self.outcome.completion_delays.add(delay);
        if self.rules.deadline.is_some_and(|deadline| delay > deadline) {
            self.miss();
        }
    }
}
