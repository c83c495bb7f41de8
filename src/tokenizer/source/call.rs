//! One call, whose rows come one by one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::batch::Origin;
use super::messages::joined;
use super::record::{Prompt, Record};
use super::row::Row;
use super::slot::Slot;
use super::value::Value;
use crate::carrier::{LONGEST_ROW, extent, too_long};
use crate::diagnostic::Fault;

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    /// Where its first row is from.
    pub(crate) origin: Arc<Origin>,
    /// Line or number of its first row.
    pub(crate) line: u64,
    /// How many rows it has.
    pub(crate) rows: u64,
    /// The number of its first row among all rows.
    first_row: u64,
    /// Hashes of its rows: gateways deliver some twice.
    seen: BTreeSet<u64>,
    /// All but the messages; the prompt is the body, where one was logged.
    record: Record<'static>,
    asked: Chunks,
    answered: Chunks,
    /// What it holds [byte].
    bytes: usize,
    /// Whether some row is of the log of messages and counts.
    is_of_model: bool,
}

/// What a call without messages holds, about [byte].
const FRAME: usize = 512;

/// Sequence numbers and messages, as they came.
type Chunks = Vec<(u64, String)>;

/// Where bodies of requests are found.
const BODIES: [Slot; 2] = [Slot::RequestBody, Slot::BackendRequestBody];

/// Fields that only rows of the log of messages and counts have.
const OF_MODEL: [Slot; 5] = [
    Slot::SequenceNumber,
    Slot::RequestMessages,
    Slot::ResponseMessages,
    Slot::InputTokens,
    Slot::Model,
];

impl Call {
    /// A call without rows, the first of which is at this place.
    pub(super) fn new(first_row: u64, line: u64, origin: Arc<Origin>) -> Self {
        Self {
            origin,
            line,
            rows: 0,
            first_row,
            seen: BTreeSet::new(),
            record: Record::default(),
            asked: Chunks::new(),
            answered: Chunks::new(),
            bytes: FRAME,
            is_of_model: false,
        }
    }

    /// The number of its first row among all rows.
    pub(super) const fn first_row(&self) -> u64 {
        self.first_row
    }

    /// What it holds [byte].
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes a row; messages that were there before are not taken again.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        self.rows += 1;
        let number = row.value(Slot::SequenceNumber).and_then(Value::count);
        let number = number.unwrap_or_default();
        let chunk = |slot| row.value(slot).and_then(chunk).map(|text| (number, text));
        let mut texts = [chunk(Slot::RequestMessages), chunk(Slot::ResponseMessages)];
        if !self.seen.insert(hash(&texts)) {
            texts = [None, None];
        }
        let [asked, answered] = texts;
        let body = BODIES.iter().find_map(|slot| row.text(*slot));
        let prompt = body.map_or(Prompt::Absent, Prompt::Body);
        let record = Record::around(prompt, row, &self.origin.fields).into_owned();
        let texts = [&asked, &answered].into_iter().flatten();
        self.bytes += texts.map(|(_, text)| text.len()).sum::<usize>() + record.bytes();
        self.is_of_model |= OF_MODEL.iter().any(|slot| row.value(*slot).is_some());
        self.record.complete(record);
        self.asked.extend(asked);
        self.answered.extend(answered);
        if self.bytes > LONGEST_ROW {
            self.forget();
        }
    }

    /// Drops what is too long for any request, and keeps its size.
    fn forget(&mut self) {
        self.asked.clear();
        self.answered.clear();
        self.record = Record::default();
    }

    /// What the call asks; `None` where it called no model.
    pub(crate) fn record(mut self) -> Result<Option<Record<'static>>, Fault> {
        if self.bytes > LONGEST_ROW {
            return Err(too_long());
        }
        let is_whole = |body: &str| extent(body.trim_start().as_bytes()).is_complete;
        match &self.record.prompt {
            Prompt::Body(body) if is_whole(body) => {}
            _ if !self.asked.is_empty() => {
                self.record.prompt = Prompt::Messages(Cow::Owned(joined(self.asked)));
            }
            Prompt::Body(_) => return Err(cut_off()),
            // What was used is known, though not what was asked.
            _ if self.record.usage.is_some() => {}
            _ if self.is_of_model => return Err(no_messages()),
            _ => return Ok(None),
        }
        if self.record.answer.is_none() && !self.answered.is_empty() {
            let output = format!("{{\"output\":{}}}", joined(self.answered));
            self.record.answer = Some(Cow::Owned(output));
        }
        Ok(Some(self.record))
    }
}

/// An array of messages, or a piece of one.
fn chunk(value: &Value<'_>) -> Option<String> {
    let text = value.array().or_else(|| value.text())?;
    Some(text.into_owned()).filter(|text| text != "[]")
}

fn hash(chunks: &[Option<(u64, String)>]) -> u64 {
    let mut bytes = Vec::new();
    for chunk in chunks {
        let (number, text) = chunk
            .as_ref()
            .map_or((0, ""), |(number, text)| (*number, text));
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&xxh3_64(text.as_bytes()).to_le_bytes());
    }
    xxh3_64(&bytes)
}

#[cold]
fn cut_off() -> Fault {
    Fault::new(
        "the logged request body is cut off",
        "API Management keeps at most 8,192 bytes of a body: log messages of language models \
         instead",
    )
}

#[cold]
fn no_messages() -> Fault {
    Fault::new(
        "no messages of this call were logged",
        "switch on `Log prompts` in the Azure Monitor settings of the API",
    )
}
