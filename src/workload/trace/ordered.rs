//! Time order, or a refusal.

use super::{Row, Rows};
use crate::time::{SimDuration, SimTime};
use crate::workload::app::Apps;
use crate::workload::request::Request;
use crate::workload::waiting::Waiting;
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
    waiting: Waiting,
    is_over: bool,
}

impl<R: Rows> Ordered<R> {
    /// Orders `rows` that lie at most `within` back.
    pub fn new(rows: R, within: SimDuration) -> Self {
        Self {
            rows,
            within,
            latest: SimTime::default(),
            line: 0,
            waiting: Waiting::default(),
            is_over: false,
        }
    }

    /// Takes note of a row's time, or says how far it went back.
    fn check(&mut self, row: Row) -> Result<Request, TrafficError> {
        let at = row.request.at;
        let back = self.latest.since(at);
        if at >= self.latest {
            (self.latest, self.line) = (at, row.line);
        }
        if back <= self.within {
            return Ok(row.request);
        }
        let name = self.rows.name();
        Err(TrafficError::new(format!(
            "{name}:{}: the row is {} earlier than {name}:{}; expected rows to go back by at most \
             {}\nhint: sort the file by time, or let rows go back further with `reorder_within_s`",
            row.line,
            seconds(back),
            self.line,
            seconds(self.within)
        )))
    }

    /// The waiting request that no later row can overtake any more.
    fn ready(&mut self) -> Option<Request> {
        if self.is_over {
            return self.waiting.pop();
        }
        let micros = self.latest.micros().saturating_sub(self.within.micros());
        self.waiting.pop_until(SimTime::from_micros(micros))
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
            match row.and_then(|row| self.check(row)) {
                Ok(request) if self.within.is_zero() => return Some(Ok(request)),
                Ok(request) => self.waiting.push(request),
                Err(error) => {
                    self.is_over = true;
                    self.waiting.clear();
                    return Some(Err(error));
                }
            }
        }
    }
}
