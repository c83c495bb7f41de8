//! Time order, or a refusal.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Row, Rows};
use crate::time::{SimDuration, SimTime};
use crate::workload::app::Apps;
use crate::workload::request::Request;
use crate::workload::{Traffic, TrafficError};

/// Puts rows into time order where they lie at most a stated span behind the latest row so far,
/// and refuses any that lie further back. Rows of one time keep their order.
///
/// Only the rows of that span are held.
#[derive(Debug)]
pub struct Ordered<R> {
    rows: R,
    within: SimDuration,
    latest: SimTime,
    /// The line of the latest row.
    line: u64,
    taken: u64,
    waiting: BinaryHeap<Reverse<Waiting>>,
    is_over: bool,
}

/// A row that a later one may still overtake.
#[derive(Debug)]
struct Waiting {
    key: (SimTime, u64),
    request: Request,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl<R: Rows> Ordered<R> {
    /// Orders `rows` that lie at most `within` back.
    pub fn new(rows: R, within: SimDuration) -> Self {
        Self {
            rows,
            within,
            latest: SimTime::default(),
            line: 0,
            taken: 0,
            waiting: BinaryHeap::new(),
            is_over: false,
        }
    }

    /// The rows as the file has them.
    pub fn rows(&self) -> &R {
        &self.rows
    }

    /// Takes note of a row's time, or says how far it went back.
    fn check(&mut self, row: Row) -> Result<(), TrafficError> {
        let at = row.request.at;
        if at >= self.latest {
            (self.latest, self.line) = (at, row.line);
            return Ok(());
        }
        let back = self.latest.since(at);
        if back <= self.within {
            return Ok(());
        }
        let name = self.rows.name();
        Err(TrafficError::new(format!(
            "{name}:{}: the row is {} earlier than {name}:{}; expected rows to go back by at most \
             {}\nhint: sort the file by time, or let rows go back further with `reorder_within`",
            row.line,
            seconds(back),
            self.line,
            seconds(self.within)
        )))
    }

    /// The waiting row that no later one can overtake any more.
    fn ready(&mut self) -> Option<Request> {
        let Reverse(first) = self.waiting.peek()?;
        let can_be_overtaken = first.key.0.after(self.within) > self.latest;
        if can_be_overtaken && !self.is_over {
            return None;
        }
        self.waiting.pop().map(|Reverse(first)| first.request)
    }
}

fn seconds(span: SimDuration) -> String {
    let (whole, micros) = (span.micros() / 1_000_000, span.micros() % 1_000_000);
    let text = format!("{whole}.{micros:06}");
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

impl<R: Rows> Traffic for Ordered<R> {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        loop {
            if let Some(request) = self.ready() {
                return Some(Ok(request));
            }
            if self.is_over {
                return None;
            }
            let Some(row) = self.rows.next_row(apps) else {
                self.is_over = true;
                continue;
            };
            let row = match row.and_then(|row| self.check(row).map(|()| row)) {
                Ok(row) => row,
                Err(error) => {
                    self.is_over = true;
                    self.waiting.clear();
                    return Some(Err(error));
                }
            };
            if self.within.is_zero() {
                return Some(Ok(row.request));
            }
            self.taken += 1;
            self.waiting.push(Reverse(Waiting {
                key: (row.request.at, self.taken),
                request: row.request,
            }));
        }
    }
}
