//! Brings the rows of one call together.
//!
//! API Management logs a call as several rows with one `CorrelationId`: the counts and the model
//! in one, the messages of request and answer in others, in chunks of 32 KB (Microsoft Learn, "Log
//! entry size limit", 2025-05-13), the caller and at most 8,192 bytes of each body in a row of
//! another log. They come in any order, some twice. A call is done when no row of it has come for
//! a while: when the calls that are open hold more than [`MOST_BYTES`], the one whose last row is
//! the longest ago is done, so memory does not grow with the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::batch::Origin;
use super::call::Call;
use super::row::Row;
use super::slot::Slot;
use crate::diagnostic::Fault;

/// What open calls may hold [byte].
const MOST_BYTES: usize = 128 << 20;

/// Calls that are remembered after they are done, so that late rows are not taken for new calls.
const REMEMBERED: usize = 1 << 20;

/// Kinds and tables of the rows of calls, lower case.
const CATEGORIES: [&str; 4] = [
    "gatewayllmlogs",
    "gatewaylogs",
    "apimanagementgatewayllmlog",
    "apimanagementgatewaylogs",
];

/// Whether a row is one of several of a call.
pub(super) fn is_of_call(row: &Row<'_>) -> bool {
    let has = |slot| row.value(slot).is_some();
    let is_of_category = |slot| {
        let category = row.text(slot).unwrap_or_default().to_lowercase();
        CATEGORIES.contains(&&*category)
    };
    let parts = [
        Slot::SequenceNumber,
        Slot::RequestMessages,
        Slot::ResponseMessages,
        Slot::Subscription,
    ];
    has(Slot::CorrelationId)
        && (parts.into_iter().any(has)
            || is_of_category(Slot::Category)
            || is_of_category(Slot::Type))
}

/// Calls whose rows may still come.
#[derive(Default)]
pub(super) struct Calls {
    open: BTreeMap<String, Open>,
    /// Names of open calls by the number of their last row.
    by_age: BTreeMap<u64, String>,
    /// Rows read so far.
    rows: u64,
    /// What open calls hold [byte].
    bytes: usize,
    done: Done,
}

struct Open {
    call: Call,
    last_row: u64,
}

impl Calls {
    /// Takes a row, which is one of a call; gives the calls that are done by that.
    pub(super) fn add(
        &mut self,
        row: &Row<'_>,
        line: u64,
        origin: &Arc<Origin>,
    ) -> Result<Vec<Call>, Fault> {
        let Some(id) = row.text(Slot::CorrelationId) else {
            return Err(Fault::new(
                "`CorrelationId` is empty",
                "the row belongs to no call",
            ));
        };
        if self.done.contains(&id) {
            return Err(late());
        }
        self.rows += 1;
        let open = self
            .open
            .entry(id.clone().into_owned())
            .or_insert_with(|| Open {
                call: Call::new(self.rows, line, Arc::clone(origin)),
                last_row: 0,
            });
        self.by_age.remove(&open.last_row);
        open.last_row = self.rows;
        self.by_age.insert(self.rows, id.into_owned());
        let before = if open.call.rows == 0 {
            0
        } else {
            open.call.bytes()
        };
        open.call.add(row);
        self.bytes = self.bytes + open.call.bytes() - before;
        Ok(self.oldest())
    }

    /// Ends the calls that have waited longest, until the rest fits.
    fn oldest(&mut self) -> Vec<Call> {
        let mut done = Vec::new();
        while self.bytes > MOST_BYTES
            && let Some((_, id)) = self.by_age.pop_first()
        {
            let open = self.open.remove(&id).expect("every open call has an age");
            self.bytes -= open.call.bytes();
            self.done.insert(&id);
            done.push(open.call);
        }
        done
    }

    /// Every call that is open, in the order of their first rows.
    pub(super) fn finish(&mut self) -> Vec<Call> {
        let open = std::mem::take(&mut self.open);
        let mut calls: Vec<Call> = open.into_values().map(|open| open.call).collect();
        calls.sort_by_key(Call::first_row);
        *self = Self::default();
        calls
    }
}

/// Ids of calls that are done: the newest half of what is remembered, and the half before.
#[derive(Default)]
struct Done {
    newest: BTreeSet<u64>,
    before: BTreeSet<u64>,
}

impl Done {
    fn contains(&self, id: &str) -> bool {
        if self.newest.is_empty() {
            return false;
        }
        let hash = xxh3_64(id.as_bytes());
        self.newest.contains(&hash) || self.before.contains(&hash)
    }

    fn insert(&mut self, id: &str) {
        self.newest.insert(xxh3_64(id.as_bytes()));
        if self.newest.len() > REMEMBERED / 2 {
            self.before = std::mem::take(&mut self.newest);
        }
    }
}

#[cold]
fn late() -> Fault {
    Fault::new(
        "a row comes long after the others of its call",
        "the call was counted without it: sort the log by time, or read less at once",
    )
}
