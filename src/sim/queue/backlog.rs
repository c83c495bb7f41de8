//! Messages that wait in a queue.

use std::collections::{BTreeMap, VecDeque};

use crate::time::{SimDuration, SimTime};
use crate::workload::Request;

/// A message: a request that can wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    /// What is asked for; `at` is when it was first enqueued.
    pub(super) request: Request,
    /// What it weighs by the outcome's yardstick [weighted token × 10⁻³].
    pub(super) weight: u64,
    /// When it was enqueued last.
    pub(super) enqueued: SimTime,
    /// Its number in the queue: what goes first.
    pub(super) sequence: u64,
    /// Deliveries since it was enqueued last.
    pub(super) deliveries: u32,
    /// How often it was enqueued anew.
    pub(super) reenqueued: u32,
}

/// Messages that nobody has locked, first in first out: one that comes back takes its old place.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog {
    fresh: VecDeque<Message>,
    returned: BTreeMap<u64, Message>,
    enqueued: u64,
}

impl Backlog {
    /// Puts a message at the end.
    pub(super) fn enqueue(&mut self, now: SimTime, message: Message) {
        self.fresh.push_back(Message {
            enqueued: now,
            sequence: self.enqueued,
            ..message
        });
        self.enqueued += 1;
    }

    /// Puts a message back where it was.
    pub(super) fn give_back(&mut self, message: Message) {
        self.returned.insert(message.sequence, message);
    }

    /// Takes the first message.
    pub(super) fn take(&mut self) -> Option<Message> {
        let returned = self.returned.first_key_value();
        let fresh = self.fresh.front();
        let goes_back =
            returned.is_some_and(|(number, _)| fresh.is_none_or(|fresh| *number < fresh.sequence));
        if goes_back {
            return self.returned.pop_first().map(|(_, message)| message);
        }
        self.fresh.pop_front()
    }

    /// Takes the first message if it was enqueued longer ago than `time_to_live`.
    pub(super) fn take_expired(
        &mut self,
        now: SimTime,
        time_to_live: SimDuration,
    ) -> Option<Message> {
        let expired = |message: &Message| message.enqueued.after(time_to_live) < now;
        let returned = self.returned.first_key_value().map(|(_, message)| message);
        if returned.is_some_and(expired) {
            return self.returned.pop_first().map(|(_, message)| message);
        }
        self.fresh.pop_front_if(|message| expired(message))
    }

    pub(super) fn len(&self) -> usize {
        self.fresh.len() + self.returned.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything left.
    pub(super) fn into_messages(self) -> impl Iterator<Item = Message> {
        self.fresh.into_iter().chain(self.returned.into_values())
    }
}
