//! The event calendar.

use std::collections::BTreeMap;

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

/// Bits of a key that tell places within one slot: a slot is 8.192 ms long.
const SLOT_BITS: u32 = 13 + RANK_BITS;

/// Slots of the ring, a power of two: it reaches 33 s ahead, which most answers take less than.
const SLOTS: usize = 4096;

/// The event calendar. Events leave in the order of time and rank; ties leave in the order they
/// were scheduled, so equal seeds give equal runs. Arrivals are drawn one at a time elsewhere:
/// only work in flight is pending.
///
/// Inside is a ring of short slots, as on the face of a clock: since time never goes back, an
/// event is dropped into its slot unsorted, a slot is sorted when time reaches it, and what lies
/// beyond the ring waits in an ordered map. It was chosen by measurement (docs/PERFORMANCE.md);
/// the contract is what callers rely on.
#[derive(Debug)]
pub struct Calendar<E> {
    /// Events before `end`, sorted, from `at` on.
    present: Vec<(u64, E)>,
    at: usize,
    /// The first slot that is not in the present; slots count from 1970.
    end: u64,
    ring: Vec<Vec<(u64, E)>>,
    /// One bit a slot: whether it holds events.
    filled: Vec<u64>,
    /// Events beyond the ring, by key and order of scheduling.
    beyond: BTreeMap<(u64, u64), E>,
    scheduled: u64,
    last: u64,
    pending: usize,
}

impl<E: Copy> Default for Calendar<E> {
    fn default() -> Self {
        Self {
            present: Vec::new(),
            at: 0,
            end: 0,
            ring: (0..SLOTS).map(|_| Vec::new()).collect(),
            filled: vec![0; SLOTS / 64],
            beyond: BTreeMap::new(),
            scheduled: 0,
            last: 0,
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
        let slot = slot(key);
        if slot < self.end {
            let place =
                self.at + self.present[self.at..].partition_point(|(other, _)| *other <= key);
            self.present.insert(place, (key, event));
        } else if slot < self.end + SLOTS as u64 {
            self.drop_into_ring(key, event);
        } else {
            self.scheduled += 1;
            self.beyond.insert((key, self.scheduled), event);
        }
    }

    /// The next event, if it is due before the calls that arrive at `time`.
    pub fn advance_before_arrival(&mut self, time: SimTime) -> Option<(SimTime, E)> {
        if self.pending == 0 {
            return None;
        }
        let arrival = key(time, Rank::Queue);
        if self.at == self.present.len() {
            // Slots are opened when time reaches them, so that the present stays short.
            let next = self.next_slot();
            if slot(arrival) < next {
                return None;
            }
            self.open(next);
        }
        (self.present[self.at].0 < arrival).then(|| self.take())
    }

    /// The next event.
    pub fn advance(&mut self) -> Option<(SimTime, E)> {
        if self.pending == 0 {
            return None;
        }
        if self.at == self.present.len() {
            self.open(self.next_slot());
        }
        Some(self.take())
    }

    /// How many events are pending.
    pub const fn pending(&self) -> usize {
        self.pending
    }

    fn take(&mut self) -> (SimTime, E) {
        let (key, event) = self.present[self.at];
        self.at += 1;
        self.pending -= 1;
        self.last = key;
        (SimTime::from_micros(key >> RANK_BITS), event)
    }

    fn drop_into_ring(&mut self, key: u64, event: E) {
        let place = place(slot(key));
        self.ring[place].push((key, event));
        self.filled[place / 64] |= 1 << (place % 64);
    }

    /// The first slot that holds events, while the present holds none.
    fn next_slot(&self) -> u64 {
        if let Some(ahead) = self.next_filled() {
            return self.end + ahead;
        }
        let first = self.beyond.first_key_value();
        let ((key, _), _) = first.expect("something is pending, and the ring is empty");
        slot(*key)
    }

    /// Makes a slot the present. Sorting is stable, and slots are filled in the order of
    /// scheduling, so ties keep it.
    fn open(&mut self, slot: u64) {
        self.end = slot;
        self.take_from_beyond();
        self.present.clear();
        self.at = 0;
        let place = place(slot);
        std::mem::swap(&mut self.present, &mut self.ring[place]);
        self.filled[place / 64] &= !(1 << (place % 64));
        self.present.sort_by_key(|(key, _)| *key);
        self.end += 1;
        self.take_from_beyond();
    }

    /// How many slots ahead of the present's end the first filled one lies.
    fn next_filled(&self) -> Option<u64> {
        let start = place(self.end);
        let words = self.filled.len();
        (0..=words).find_map(|step| {
            let at = (start / 64 + step) % words;
            let mut word = self.filled[at];
            if step == 0 {
                word &= u64::MAX << (start % 64);
            }
            let found = (word != 0).then(|| at * 64 + word.trailing_zeros() as usize)?;
            Some(((found + SLOTS - start) % SLOTS) as u64)
        })
    }

    /// Moves what the ring now reaches into it, before anything is dropped there directly.
    fn take_from_beyond(&mut self) {
        let reach = self.end + SLOTS as u64;
        while let Some(first) = self.beyond.first_entry() {
            if slot(first.key().0) >= reach {
                return;
            }
            let ((key, _), event) = first.remove_entry();
            self.drop_into_ring(key, event);
        }
    }
}

fn key(time: SimTime, rank: Rank) -> u64 {
    (time.micros() << RANK_BITS) | rank as u64
}

fn slot(key: u64) -> u64 {
    key >> SLOT_BITS
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the remainder is below the number of slots"
)]
fn place(slot: u64) -> usize {
    (slot % SLOTS as u64) as usize
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

    /// Spans within a slot, within the ring, and beyond it.
    fn ahead() -> impl Strategy<Value = u64> {
        prop_oneof![0_u64..50, 0_u64..100_000, 0_u64..120_000_000]
    }

    proptest! {
        /// The contract against a sorted list: events are scheduled between advances, never in
        /// the past.
        #[test]
        fn events_leave_sorted_and_stable(steps in prop::collection::vec((ahead(), 0_u8..3, 0_u8..3), 1..200)) {
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
