//! Counts records, one after the other, on one thread.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZero;

use super::rules::{Counting, Rules};
use crate::diagnostic::Fault;
use crate::tokenizer::count::{Count, Counted, Labels, LoggedUsage, Part, Reason};
use crate::tokenizer::counting::{Counter, Scratch};
use crate::tokenizer::model::ModelError;
use crate::tokenizer::request::{self, Answer, Api, Passage, Request, RequestError};
use crate::tokenizer::source::{Origin, Prompt, Record};

/// Counts records.
pub(super) struct Records<'r> {
    rules: &'r Rules<'r>,
    /// What was looked up so far, by the names of models.
    countings: BTreeMap<String, Result<Counting, ModelError>>,
    scratch: Scratch,
}

/// Where a record is from.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) origin: &'a Origin,
    pub(super) line: u64,
}

impl<'r> Records<'r> {
    pub(super) fn new(rules: &'r Rules<'r>) -> Self {
        Self {
            rules,
            countings: BTreeMap::new(),
            scratch: Scratch::default(),
        }
    }

    /// Counts a record as each of the models asked for, or as its own; shows the counts to `take`.
    pub(super) fn count(
        &mut self,
        record: &Record<'_>,
        at: At<'_>,
        take: &mut dyn FnMut(Counted),
    ) -> Result<(), Fault> {
        let body = body(&record.prompt);
        let exchange = Exchange {
            record,
            request: parsed(record, body.as_deref())?,
            answer: answer(record),
        };
        let own;
        let models = match self.rules.models.as_slice() {
            [] => {
                own = [self.own_model(&exchange).to_owned()];
                &own
            }
            models => models,
        };
        for model in models {
            let mut counted = self.counted(&exchange, model)?;
            counted.line = at.line;
            counted.labels.file.clone_from(&at.origin.name);
            take(counted);
        }
        Ok(())
    }

    fn counted(&mut self, exchange: &Exchange<'_>, model: &str) -> Result<Counted, Fault> {
        let Exchange { record, answer, .. } = exchange;
        let counting = looked_up(&mut self.countings, self.rules, model)?;
        let text = |text: &Option<Cow<'_, str>>| text.as_deref().unwrap_or_default().to_owned();
        let labels = Labels {
            model: counting.model.name.clone(),
            app: text(&record.app),
            tag: text(&record.tag),
            file: String::new(),
        };
        let usage = record.usage.or(answer.usage);
        let Some(request) = &exchange.request else {
            return reported(labels, usage.ok_or_else(no_usage)?);
        };
        let counter = Counter::new(counting.engine, counting.family, self.rules.options);
        let mut input = counting.judged(counter.count(request, &mut self.scratch));
        if let Prompt::Messages(_) = record.prompt {
            input.doubt(Reason::MessagesOnly);
        }
        let prefix = self.scratch.prefix().to_vec();
        let says = !answer.contents.is_empty() || !answer.calls.is_empty();
        let output = usage.map(|usage| usage.output).or_else(|| {
            let count = says.then(|| counter.answer(answer, &mut self.scratch))?;
            Some(counting.judged(count).total())
        });
        Ok(Counted {
            labels,
            version: counting.version(),
            line: 0,
            input,
            output,
            max_tokens: request.max_tokens,
            usage,
            prefix,
        })
    }

    /// Counts a text, or a part of one.
    pub(super) fn text(&mut self, text: &str, take: &mut dyn FnMut(Counted)) -> Result<(), Fault> {
        let exchange = Exchange {
            record: &Record::default(),
            request: Some(of_text(text)),
            answer: Answer::default(),
        };
        let unnamed = [String::new()];
        let models = match self.rules.models.as_slice() {
            [] => &unnamed,
            models => models,
        };
        for model in models {
            take(self.counted(&exchange, model)?);
        }
        Ok(())
    }

    /// The model or deployment that a record names: in the log, in the answer, in the body, in the
    /// address. The first name that is known goes before others.
    fn own_model<'a>(&mut self, exchange: &'a Exchange<'_>) -> &'a str {
        let Exchange {
            record,
            request,
            answer,
        } = exchange;
        let request = request.as_ref();
        let names = [
            record.model.as_deref(),
            answer.model.as_deref(),
            request.and_then(|request| request.model.as_deref()),
            record.url.as_deref().and_then(deployment),
        ];
        let mut present = names.into_iter().flatten();
        let (countings, rules) = (&mut self.countings, self.rules);
        let mut is_known = |name: &&str| match looked_up(countings, rules, name) {
            Ok(counting) => counting.model.is_known(),
            Err(_) => true,
        };
        let known = present.clone().find(&mut is_known);
        known.or_else(|| present.next()).unwrap_or_default()
    }
}

/// A request and its answer.
struct Exchange<'a> {
    record: &'a Record<'a>,
    /// What was asked; `None` where it was not kept.
    request: Option<Request<'a>>,
    /// What was answered; empty where it was not kept.
    answer: Answer<'a>,
}

/// What the service reported, in place of a count.
fn reported(labels: Labels, usage: LoggedUsage) -> Result<Counted, Fault> {
    let mut input = Count::default();
    input.add(
        Part::Text,
        i64::try_from(usage.input).map_err(|_| no_usage())?,
    );
    Ok(Counted {
        labels,
        input,
        output: Some(usage.output),
        ..Counted::default()
    })
}

/// What a model's records are counted with, looked up once for each name.
fn looked_up<'c>(
    countings: &'c mut BTreeMap<String, Result<Counting, ModelError>>,
    rules: &Rules<'_>,
    model: &str,
) -> Result<&'c Counting, Fault> {
    if !countings.contains_key(model) {
        countings.insert(model.to_owned(), rules.counting(model));
    }
    countings[model].as_ref().map_err(no_tokenizer)
}

/// The JSON body of a prompt, where it has one.
fn body<'a>(prompt: &'a Prompt<'_>) -> Option<Cow<'a, str>> {
    match prompt {
        Prompt::Body(body) | Prompt::Either(body) => Some(Cow::Borrowed(body)),
        Prompt::Messages(messages) => Some(Cow::Owned(format!("{{\"messages\":{messages}}}"))),
        Prompt::Text(_) | Prompt::Absent => None,
    }
}

/// The request that a record asks to count; `None` where it was not kept.
fn parsed<'a>(record: &'a Record<'_>, body: Option<&'a str>) -> Result<Option<Request<'a>>, Fault> {
    let api = record.url.as_deref().and_then(Api::of_path);
    let request = match (&record.prompt, body) {
        (Prompt::Absent, _) => return Ok(None),
        (Prompt::Text(text), _) => of_text(text),
        (Prompt::Messages(_), Some(body)) => parse(body, Some(Api::Chat))?,
        (Prompt::Either(text), Some(body)) => parse(body, api).unwrap_or_else(|_| of_text(text)),
        (_, body) => parse(body.unwrap_or_default(), api)?,
    };
    Ok(Some(request))
}

fn parse(body: &str, api: Option<Api>) -> Result<Request<'_>, Fault> {
    Request::parse(body.as_bytes(), api).map_err(|error| no_request(&error))
}

/// A text on its own costs its tokens and nothing else.
fn of_text(text: &str) -> Request<'_> {
    Request {
        api: Api::Completions,
        model: None,
        prompt: request::Prompt::Passages(vec![Passage::Text(text.into())]),
        tools: Vec::new(),
        functions: Vec::new(),
        tool_choice: None,
        format: None,
        effort: None,
        stored: Vec::new(),
        hosted: Vec::new(),
        max_tokens: None,
        answers: NonZero::<u32>::MIN,
    }
}

/// The answer that a record holds; a stream of events holds none that is read.
fn answer<'a>(record: &'a Record<'_>) -> Answer<'a> {
    let Some(body) = record.answer.as_deref() else {
        return Answer::default();
    };
    Answer::parse(body.as_bytes()).unwrap_or_default()
}

/// The deployment in an address such as `/openai/deployments/chat/chat/completions`.
fn deployment(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("/deployments/")?;
    rest.split(['/', '?'])
        .next()
        .filter(|name| !name.is_empty())
}

/// Why a body is no request, as a fault of its row.
#[cold]
fn no_request(error: &RequestError) -> Fault {
    let remedy = "correct the row; it is not counted";
    match error {
        RequestError::Json { .. } => Fault::new("row is not valid JSON", remedy),
        other => Fault::new(other.to_string(), remedy),
    }
}

#[cold]
fn no_usage() -> Fault {
    Fault::new(
        "row holds neither a request nor the tokens used",
        "nothing can be counted: log requests, or usage",
    )
}

/// Why a model cannot be counted, as a fault of its rows.
#[cold]
fn no_tokenizer(error: &ModelError) -> Fault {
    let text = error.to_string();
    let (what, remedy) = text.split_once("\nhint: ").unwrap_or((&text, ""));
    Fault::new(what, remedy)
}
