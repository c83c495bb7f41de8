//! The event calendar.

use crate::time::SimTime;

/// Who goes first at one instant. At equal times completions go before calls, and calls before
/// the senders of queues, so that batch work never takes what interactive work could have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The end of a request: its estimate is corrected.
    Completion = 0,
    /// A call that comes back after a wait; before the calls that arrive just now.
    Call = 1,
    /// Work of a queue.
    Queue = 2,
}

/// Bits of a key that tell the rank.
const RANK_BITS: u32 = 2;

/// Number of buckets: one for the present, one for each bit of a key.
const BUCKETS: usize = 65;

/// The event calendar. Events leave in the order of time and rank; ties leave in the order they
/// were scheduled, so equal seeds give equal runs. Arrivals are drawn one at a time elsewhere:
/// only work in flight is pending.
///
/// Inside is a radix queue: since time never goes back, an event lies in the bucket of the
/// highest bit in which its key differs from the present, and moves down at most once a bit. Equal
/// keys always share a bucket, and buckets keep their order, which is why ties need no number.
/// It was chosen by measurement (docs/PERFORMANCE.md); the contract is what callers rely on.
#[derive(Debug)]
pub struct Calendar<E> {
    buckets: Vec<Vec<(u64, E)>>,
    /// Events of the present, from `at` on.
    present: Vec<E>,
    at: usize,
    last: u64,
    /// The least key that is pending.
    next: u64,
    pending: usize,
}

impl<E: Copy> Default for Calendar<E> {
    fn default() -> Self {
        Self {
            buckets: (1..BUCKETS).map(|_| Vec::new()).collect(),
            present: Vec::new(),
            at: 0,
            last: 0,
            next: u64::MAX,
            pending: 0,
        }
    }
}

impl<E: Copy> Calendar<E> {
    /// Schedules an event. One for an instant that has begun leaves in this instant, after what
    /// was scheduled before it.
    pub fn schedule(&mut self, time: SimTime, rank: Rank, event: E) {
        let key = key(time, rank).max(self.last);
        self.pending += 1;
        self.next = self.next.min(key);
        match bucket(key, self.last) {
            None => self.present.push(event),
            Some(bucket) => self.buckets[bucket].push((key, event)),
        }
    }

    /// The next event, if it is due before the calls that arrive at `time`.
    pub fn advance_before_arrival(&mut self, time: SimTime) -> Option<(SimTime, E)> {
        (self.next < key(time, Rank::Queue)).then(|| self.pop())
    }

    /// The next event.
    pub fn advance(&mut self) -> Option<(SimTime, E)> {
        (self.pending > 0).then(|| self.pop())
    }

    /// How many events are pending.
    pub const fn pending(&self) -> usize {
        self.pending
    }

    fn pop(&mut self) -> (SimTime, E) {
        if self.at == self.present.len() {
            self.refill();
        }
        let event = self.present[self.at];
        self.at += 1;
        self.pending -= 1;
        let now = SimTime::from_micros(self.last >> RANK_BITS);
        if self.at == self.present.len() {
            self.present.clear();
            self.at = 0;
            self.next = self.least();
        }
        (now, event)
    }

    /// The least key outside the present.
    fn least(&self) -> u64 {
        let first = self.buckets.iter().find(|bucket| !bucket.is_empty());
        let keys = first.into_iter().flatten().map(|(key, _)| *key);
        keys.min().unwrap_or(u64::MAX)
    }

    /// Makes the least key the present, and moves the events of its bucket down, in their order.
    fn refill(&mut self) {
        let from =
            bucket(self.next, self.last).expect("the present is empty, so the least key is later");
        self.last = self.next;
        let mut events = std::mem::take(&mut self.buckets[from]);
        for (key, event) in events.drain(..) {
            match bucket(key, self.last) {
                None => self.present.push(event),
                Some(bucket) => self.buckets[bucket].push((key, event)),
            }
        }
        self.buckets[from] = events;
    }
}

fn key(time: SimTime, rank: Rank) -> u64 {
    (time.micros() << RANK_BITS) | rank as u64
}

/// The bucket of a key that is not the present.
fn bucket(key: u64, last: u64) -> Option<usize> {
    (key ^ last).checked_ilog2().map(|bit| bit as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn at_one_instant_completions_go_first_and_ties_keep_their_order() {
        let mut calendar = Calendar::default();
        let at = SimTime::from_micros(5);
        for (rank, event) in [
            (Rank::Queue, 1),
            (Rank::Call, 2),
            (Rank::Completion, 3),
            (Rank::Call, 4),
        ] {
            calendar.schedule(at, rank, event);
        }
        let before = calendar.advance_before_arrival(at);
        assert_eq!(before, Some((at, 3)));
        let order: Vec<_> = std::iter::from_fn(|| calendar.advance())
            .map(|(_, event)| event)
            .collect();
        assert_eq!(order, [2, 4, 1]);
    }

    proptest! {
        /// The contract against a sorted list: events are scheduled between advances, never in
        /// the past.
        #[test]
        fn events_leave_sorted_and_stable(steps in prop::collection::vec((0_u64..50, 0_u8..3, 0_u8..3), 1..200)) {
            let mut calendar = Calendar::default();
            let mut model: Vec<(u64, usize)> = Vec::new();
            let mut now = 0;
            for (number, (ahead, rank, takes)) in steps.into_iter().enumerate() {
                let rank = [Rank::Completion, Rank::Call, Rank::Queue][usize::from(rank)];
                let time = SimTime::from_micros((now >> RANK_BITS) + ahead);
                calendar.schedule(time, rank, number);
                model.push((key(time, rank).max(now), number));
                for _ in 0..takes {
                    model.sort_by_key(|(key, _)| *key);
                    let expected = (!model.is_empty()).then(|| model.remove(0));
                    let found = calendar.advance().map(|(_, event)| event);
                    prop_assert_eq!(found, expected.map(|(_, number)| number));
                    now = expected.map_or(now, |(key, _)| key);
                }
                prop_assert_eq!(calendar.pending(), model.len());
            }
        }
    }
}
