//! A thread that counts the records of batches.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::rules::{Counting, Rules};
use crate::diagnostic::Fault;
use crate::tokenizer::count::{Count, Counted, Labels, Part, Reason};
use crate::tokenizer::counting::{Counter, Options, Scratch};
use crate::tokenizer::request::{Api, Request, RequestError};
use crate::tokenizer::source::{
    Batch, Content, Origin, Place, Prompt, Record, RowKeys, TextPart, each_record,
};

/// What was found in a batch.
pub(super) struct BatchCounts {
    /// The batch's place among all batches.
    pub(super) number: u64,
    pub(super) origin: Arc<Origin>,
    /// In the order of the batch.
    pub(super) found: Vec<Found>,
}

/// One record, or something wrong.
pub(super) enum Found {
    /// A record.
    Counted(Box<Counted>),
    /// A part of a text, which ends a record or not.
    Part(Box<Counted>, Place),
    /// A record that cannot be counted, at this line.
    Faulty(u64, Fault),
    /// Something wrong that is no record.
    Note(u64, Fault),
}

/// Counts records; one for each thread.
pub(super) struct Worker<'w> {
    rules: &'w Rules,
    keys: RowKeys,
    counting: CountingState<'w>,
}

/// What counting needs between records.
struct CountingState<'w> {
    rules: &'w Rules,
    models: BTreeMap<String, Counting>,
    scratch: Scratch,
    ids: Vec<u32>,
}

impl<'w> Worker<'w> {
    pub(super) fn new(rules: &'w Rules) -> Self {
        Self {
            rules,
            keys: RowKeys::default(),
            counting: CountingState {
                rules,
                models: BTreeMap::new(),
                scratch: Scratch::default(),
                ids: Vec::new(),
            },
        }
    }

    /// Counts the records of a batch.
    pub(super) fn count(&mut self, batch: &Batch) -> BatchCounts {
        let mut found = Vec::new();
        match &batch.content {
            Content::Text(part) => self.text(part, &batch.origin, &mut found),
            Content::Rows(_) => {
                let counting = &mut self.counting;
                each_record(batch, &mut self.keys, &mut |line, record| {
                    let counted =
                        record.and_then(|record| counting.record(&record, line, &batch.origin));
                    found.push(match counted {
                        Ok(counted) => Found::Counted(Box::new(counted)),
                        Err(fault) => Found::Faulty(line, fault),
                    });
                });
            }
        }
        BatchCounts {
            number: batch.number,
            origin: Arc::clone(&batch.origin),
            found,
        }
    }

    fn text(&mut self, part: &TextPart, origin: &Origin, found: &mut Vec<Found>) {
        let text = String::from_utf8_lossy(&part.bytes);
        let model = self.rules.model.clone().unwrap_or_default();
        let mut input = self.counting.text(&text, &model);
        if let Cow::Owned(_) = text {
            input.doubt(Reason::InvalidText);
            found.push(Found::Note(invalid_line(part), not_utf8()));
        }
        if part.place == Place::Torn {
            input.doubt(Reason::CutText);
        }
        let counted = Counted {
            labels: Labels {
                model,
                file: origin.name.clone(),
                ..Labels::default()
            },
            line: part.line,
            input,
            ..Counted::default()
        };
        found.push(Found::Part(Box::new(counted), part.place));
    }
}

impl CountingState<'_> {
    /// What a model's requests are counted with, looked up once for each name.
    fn of(&mut self, model: &str) -> Counting {
        if let Some(counting) = self.models.get(model) {
            return *counting;
        }
        let counting = self.rules.counting(model);
        self.models.insert(model.to_owned(), counting);
        counting
    }

    fn text(&mut self, text: &str, model: &str) -> Count {
        let tokens = self.of(model).engine.count(text, &mut self.ids);
        let mut count = Count::default();
        count.add(
            Part::Text,
            i64::try_from(tokens).expect("fewer tokens than bytes in memory"),
        );
        count
    }

    fn record(
        &mut self,
        record: &Record<'_>,
        line: u64,
        origin: &Origin,
    ) -> Result<Counted, Fault> {
        let named = record.model.as_deref();
        let labels = |model: String| Labels {
            model,
            app: record.app.as_deref().unwrap_or_default().to_owned(),
            tag: record.tag.as_deref().unwrap_or_default().to_owned(),
            file: origin.name.clone(),
        };
        let api = record.url.as_deref().and_then(Api::of_path);
        let (model, input, max_tokens) = match &record.prompt {
            Prompt::Absent => (self.model(named, None), Count::default(), None),
            Prompt::Text(text) => {
                let model = self.model(named, None);
                let input = self.text(text, &model);
                (model, input, None)
            }
            Prompt::Body(body) => self.body(body, api, named).map_err(|error| fault(&error))?,
            Prompt::Messages(messages) => {
                let body = format!("{{\"messages\":{messages}}}");
                self.body(&body, Some(Api::Chat), named)
                    .map_err(|error| fault(&error))?
            }
            Prompt::Either(text) => self.body(text, api, named).unwrap_or_else(|_| {
                let model = self.model(named, None);
                let input = self.text(text, &model);
                (model, input, None)
            }),
        };
        Ok(Counted {
            labels: labels(model),
            line,
            input,
            output: record.usage.map(|usage| usage.output),
            max_tokens,
            usage: record.usage,
            prefix: Vec::new(),
        })
    }

    fn body(
        &mut self,
        body: &str,
        api: Option<Api>,
        named: Option<&str>,
    ) -> Result<(String, Count, Option<std::num::NonZero<u32>>), RequestError> {
        let request = Request::parse(body.as_bytes(), api)?;
        let model = self.model(named, request.model.as_deref());
        let counting = self.of(&model);
        let counter = Counter::new(counting.engine, counting.family, Options::default());
        let input = counter.count(&request, &mut self.scratch);
        Ok((model, input, request.max_tokens))
    }

    /// The name of the model that a record is counted as.
    fn model(&self, named: Option<&str>, of_body: Option<&str>) -> String {
        let model = self.rules.model.as_deref().or(named).or(of_body);
        model.unwrap_or_default().to_owned()
    }
}

/// The line of the first byte that is no text.
fn invalid_line(part: &TextPart) -> u64 {
    let valid = std::str::from_utf8(&part.bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let lines = memchr::memchr_iter(b'\n', &part.bytes[..valid]).count();
    part.line + u64::try_from(lines).expect("fewer lines than bytes")
}

#[cold]
fn not_utf8() -> Fault {
    Fault::new(
        "text is not UTF-8; bytes that are no text count as replacement characters",
        "save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    )
}

/// Why a body is no request, as a fault of its row.
#[cold]
fn fault(error: &RequestError) -> Fault {
    let remedy = "correct the row; it is not counted";
    match error {
        RequestError::Json { .. } => Fault::new("row is not valid JSON", remedy),
        other => Fault::new(other.to_string(), remedy),
    }
}
