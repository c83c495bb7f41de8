//! Requests that others may still overtake.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::request::Request;
use crate::time::SimTime;

/// Requests that leave in the order of their times; those of one time as they came.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    heap: BinaryHeap<Reverse<Entry>>,
    pushed: u64,
}

#[derive(Debug)]
struct Entry {
    key: (SimTime, u64),
    request: Request,
}

impl Waiting {
    /// Takes one more.
    pub(super) fn push(&mut self, request: Request) {
        self.pushed += 1;
        let key = (request.at, self.pushed);
        self.heap.push(Reverse(Entry { key, request }));
    }

    /// The first, if its time is at most `until`.
    pub(super) fn pop_until(&mut self, until: SimTime) -> Option<Request> {
        let Reverse(first) = self.heap.peek()?;
        if first.key.0 > until {
            return None;
        }
        self.pop()
    }

    /// The first.
    pub(super) fn pop(&mut self) -> Option<Request> {
        self.heap.pop().map(|Reverse(entry)| entry.request)
    }

    /// Drops all.
    pub(super) fn clear(&mut self) {
        self.heap.clear();
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}
