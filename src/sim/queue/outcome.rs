//! What became of a queue's messages.

use crate::sim::outcome::Tally;
use crate::sim::waits::Waits;
use crate::time::SimTime;

/// What became of a queue's messages. Each message ends in exactly one of `completed`,
/// `dead_lettered`, `expired` and `waiting`, so these add up to `offered`.
#[derive(Clone, Debug, Default)]
pub struct QueueOutcome {
    /// The queue's name.
    pub name: String,
    /// Everything that was enqueued; a copy for later is the same message.
    pub offered: Tally,
    /// Executed once with success; of several executions the one that counts.
    pub completed: Tally,
    /// Given up after too many deliveries, or after being enqueued anew too often.
    pub dead_lettered: Tally,
    /// Waited longer than their time to live.
    pub expired: Tally,
    /// Still there when nothing could happen any more.
    pub waiting: Tally,
    /// Executions whose lock had been lost when they ended: served and billed, yet the message
    /// was delivered again. They are part of what apps were served.
    pub duplicates: Tally,
    /// Times that a message was handed out.
    pub deliveries: u64,
    /// Times that a message was enqueued anew for later.
    pub reenqueued: u64,
    /// From first enqueueing to the admission that completed it, of completed messages.
    pub start_delays: Waits,
    /// From first enqueueing to the end of the answer, of completed messages.
    pub completion_delays: Waits,
    /// Messages not completed within the deadline.
    pub deadline_misses: u64,
    /// When the first message was served.
    pub first_sent: Option<SimTime>,
    /// When the last one was.
    pub last_sent: Option<SimTime>,
    /// How many were served at the instant of the first.
    pub sent_at_first: u64,
    /// Most messages that waited at once.
    pub longest_backlog: u64,
}

impl QueueOutcome {
    /// Whether every message is accounted for.
    pub fn conserved(&self) -> bool {
        let mut ends = self.completed;
        for tally in [&self.dead_lettered, &self.expired, &self.waiting] {
            ends.merge(tally);
        }
        ends == self.offered
    }

    /// Notes that a message was served.
    pub(super) fn sent(&mut self, now: SimTime) {
        let first = *self.first_sent.get_or_insert(now);
        self.sent_at_first += u64::from(first == now);
        self.last_sent = Some(now);
    }
}
