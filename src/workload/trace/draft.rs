//! From the cells of a row to a request.

use std::collections::BTreeMap;
use std::num::NonZero;

use super::cell::{Cell, Decimal, whole};
use super::columns::Field;
use super::fault::Fault;
use super::{Row, TraceOptions};
use crate::time::{SimDuration, SimTime};
use crate::workload::TrafficError;
use crate::workload::app::{App, AppId, Apps};
use crate::workload::request::{Request, RequestTokens};

/// What a count of tokens must be.
const TOKENS: &str = "a whole number of tokens from 0 to 4294967295";

/// How the rows of one file are read: its name, its options, and the apps met in it.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(super) name: String,
    pub(super) options: TraceOptions,
    callers: Callers,
}

/// A row as far as its cells have been read.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    time: Option<SimTime>,
    input: Option<u32>,
    output: Option<u32>,
    cached_input: u32,
    cache_write: u32,
    reasoning: u32,
    max_tokens: Option<NonZero<u32>>,
    latency: Option<SimDuration>,
    priority: Option<i32>,
    app: Vec<u8>,
    deployment: Vec<u8>,
}

impl Reading {
    pub(crate) fn new(name: &str, options: &TraceOptions) -> Self {
        Self {
            name: name.to_owned(),
            options: options.clone(),
            callers: Callers::default(),
        }
    }

    /// Reads one cell into `draft`; an empty one tells nothing.
    pub(crate) fn take(
        &self,
        draft: &mut Draft,
        field: Field,
        cell: Cell<'_>,
    ) -> Result<(), Fault> {
        let cell = match cell {
            Cell::Text(text) => Cell::Text(text.trim_ascii()),
            other => other,
        };
        if cell == Cell::Text(b"") {
            return Ok(());
        }
        match field {
            Field::Time => {
                draft.time = Some(self.options.time.read(cell, self.options.start)?);
            }
            Field::Input => draft.input = Some(tokens(field, cell)?),
            Field::Output => draft.output = Some(tokens(field, cell)?),
            Field::Cached => draft.cached_input = tokens(field, cell)?,
            Field::CacheWrite => draft.cache_write = tokens(field, cell)?,
            Field::Reasoning => draft.reasoning = tokens(field, cell)?,
            Field::MaxTokens => draft.max_tokens = Some(max_tokens(cell)?),
            Field::Priority => draft.priority = Some(priority(cell)?),
            Field::LatencyMs => draft.latency = Some(latency(cell)?),
            Field::App => set_text(&mut draft.app, cell),
            Field::Deployment => set_text(&mut draft.deployment, cell),
        }
        Ok(())
    }

    /// The request of `draft`, which is left empty for the next row.
    pub(crate) fn finish(
        &mut self,
        draft: &mut Draft,
        line: u64,
        apps: &mut Apps,
    ) -> Result<Row, Fault> {
        let missing = |field| Fault::Missing { field };
        let at = draft.time.ok_or_else(|| missing(Field::Time))?;
        let tokens = RequestTokens {
            input: draft.input.ok_or_else(|| missing(Field::Input))?,
            output: draft.output.ok_or_else(|| missing(Field::Output))?,
            cached_input: draft.cached_input,
            cache_write: draft.cache_write,
            reasoning: draft.reasoning,
        };
        plausible(tokens)?;
        let request = Request {
            at,
            app: self.callers.id(draft, &self.options.app, apps)?,
            tokens,
            max_tokens: draft.max_tokens,
            latency: draft.latency,
            priority: draft.priority,
        };
        draft.clear();
        Ok(Row { request, line })
    }

    /// `fault` with its place.
    pub(crate) fn refuse(&self, fault: Fault, line: u64) -> TrafficError {
        fault.at(&self.name, line, &self.options.columns)
    }
}

impl Draft {
    /// Forgets the row; memory is kept.
    pub(crate) fn clear(&mut self) {
        let mut app = std::mem::take(&mut self.app);
        let mut deployment = std::mem::take(&mut self.deployment);
        app.clear();
        deployment.clear();
        *self = Self {
            app,
            deployment,
            ..Self::default()
        };
    }
}

fn set_text(text: &mut Vec<u8>, cell: Cell<'_>) {
    text.clear();
    match cell {
        Cell::Text(bytes) => text.extend_from_slice(bytes),
        Cell::Whole(number) | Cell::Micros(number) => {
            text.extend_from_slice(number.to_string().as_bytes());
        }
    }
}

/// Refuses counts that no request can have.
pub(super) fn plausible(tokens: RequestTokens) -> Result<(), Fault> {
    let RequestTokens {
        input,
        cached_input,
        cache_write,
        output,
        reasoning,
    } = tokens;
    let refused = |message: String| Err(Fault::Row(message));
    if input == 0 && output == 0 {
        return refused("the request has no tokens; expected input, output or both".to_owned());
    }
    if u64::from(cached_input) + u64::from(cache_write) > u64::from(input) {
        return refused(format!(
            "cached input ({cached_input}) and cache writes ({cache_write}) exceed the input \
             ({input}) they are part of"
        ));
    }
    if reasoning > output {
        return refused(format!(
            "reasoning ({reasoning}) exceeds the output ({output}) it is part of"
        ));
    }
    Ok(())
}

fn tokens(field: Field, cell: Cell<'_>) -> Result<u32, Fault> {
    whole(cell)
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| refused(field, cell, TOKENS))
}

fn max_tokens(cell: Cell<'_>) -> Result<NonZero<u32>, Fault> {
    let expected = "a whole number of tokens from 1 to 4294967295";
    whole(cell)
        .and_then(|number| NonZero::new(u32::try_from(number).ok()?))
        .ok_or_else(|| refused(Field::MaxTokens, cell, expected))
}

fn priority(cell: Cell<'_>) -> Result<i32, Fault> {
    let number = match cell {
        Cell::Text(text) => std::str::from_utf8(text)
            .ok()
            .and_then(|text| text.parse().ok()),
        Cell::Whole(number) => i32::try_from(number).ok(),
        Cell::Micros(_) => None,
    };
    number.ok_or_else(|| refused(Field::Priority, cell, "a whole number of 32 bits"))
}

/// Fractions of a millisecond count, those of a microsecond do not.
fn latency(cell: Cell<'_>) -> Result<SimDuration, Fault> {
    let micros = match cell {
        Cell::Text(text) => Decimal::read(text).and_then(|number| number.scaled(3)),
        Cell::Whole(number) => u64::try_from(number)
            .ok()
            .and_then(|millis| millis.checked_mul(1_000)),
        Cell::Micros(_) => None,
    };
    micros
        .filter(|micros| *micros <= LONGEST_LATENCY)
        .map(SimDuration::from_micros)
        .ok_or_else(|| {
            let expected = "milliseconds from 0 to a day";
            refused(Field::LatencyMs, cell, expected)
        })
}

/// No request is served for longer than a day [µs].
const LONGEST_LATENCY: u64 = 86_400_000_000;

fn refused(field: Field, cell: Cell<'_>, expected: &'static str) -> Fault {
    let mut found = Vec::new();
    set_text(&mut found, cell);
    Fault::cell(field, &found, expected)
}

/// The apps of a file by the texts of its rows; a look-up copies nothing to keep.
#[derive(Debug, Default)]
struct Callers {
    known: BTreeMap<Vec<u8>, AppId>,
    /// The texts of the row at hand, and of the row before, whose app is `last`.
    texts: Vec<u8>,
    last_texts: Vec<u8>,
    last: Option<AppId>,
}

/// Between the texts of a caller; no UTF-8 text holds this byte.
const BETWEEN: u8 = 0xFF;

impl Callers {
    fn id(&mut self, draft: &Draft, default: &App, apps: &mut Apps) -> Result<AppId, Fault> {
        self.texts.clear();
        self.texts.extend_from_slice(&draft.app);
        self.texts.push(BETWEEN);
        self.texts.extend_from_slice(&draft.deployment);
        if let Some(id) = self.last
            && self.texts == self.last_texts
        {
            return Ok(id);
        }
        let id = match self.known.get(&self.texts) {
            Some(id) => *id,
            None => self.meet(draft, default, apps)?,
        };
        std::mem::swap(&mut self.texts, &mut self.last_texts);
        self.last = Some(id);
        Ok(id)
    }

    fn meet(&mut self, draft: &Draft, default: &App, apps: &mut Apps) -> Result<AppId, Fault> {
        let mut app = match utf8(Field::App, &draft.app)? {
            "" => default.clone(),
            name => App::named(name),
        };
        match utf8(Field::Deployment, &draft.deployment)? {
            "" => {}
            deployment => deployment.clone_into(&mut app.deployment),
        }
        let id = apps.id(app);
        self.known.insert(self.texts.clone(), id);
        Ok(id)
    }
}

fn utf8(field: Field, bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::cell(field, bytes, "text in UTF-8"))
}
