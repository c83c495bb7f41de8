//! From a row to what is to be counted.

use std::borrow::Cow;

use super::fields::{Fields, Own, at_path_of};
use super::row::Row;
use super::slot::Slot;
use super::usage;
use super::value::Value;
use crate::diagnostic::Fault;
use crate::tokenizer::LoggedUsage;

/// One record, cut out but not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    /// What is asked.
    pub(crate) prompt: Prompt<'a>,
    /// The answer: a JSON body, or the events of a stream.
    pub(crate) answer: Option<Cow<'a, str>>,
    /// What the row itself says was used.
    pub(crate) usage: Option<LoggedUsage>,
    /// The model or deployment that the row names, apart from the body.
    pub(crate) model: Option<Cow<'a, str>>,
    /// Where the request was sent.
    pub(crate) url: Option<Cow<'a, str>>,
    /// The calling app.
    pub(crate) app: Option<Cow<'a, str>>,
    /// Any other label.
    pub(crate) tag: Option<Cow<'a, str>>,
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prompt<'a> {
    /// Nothing that was kept.
    #[default]
    Absent,
    /// The JSON body of a request.
    Body(Cow<'a, str>),
    /// Messages of a request, of which nothing else was kept: a JSON array.
    Messages(Cow<'a, str>),
    /// A text.
    Text(Cow<'a, str>),
    /// The JSON body of a request, or a text that looks like one.
    Either(Cow<'a, str>),
}

/// Where bodies of requests are looked for, in this order.
const BODIES: [Slot; 5] = [
    Slot::RequestBody,
    Slot::BackendRequestBody,
    Slot::Request,
    Slot::Body,
    Slot::Input,
];

/// Where answers are looked for, in this order.
const ANSWERS: [Slot; 3] = [
    Slot::ResponseBody,
    Slot::BackendResponseBody,
    Slot::Response,
];

impl<'a> Record<'a> {
    /// What a row asks to count.
    pub(super) fn of(row: &Row<'a>, fields: &Fields) -> Result<Self, Fault> {
        Ok(Self::around(prompt(row, fields)?, row, fields))
    }

    /// What a row says about this prompt.
    pub(super) fn around(prompt: Prompt<'a>, row: &Row<'a>, fields: &Fields) -> Self {
        let own = |own| label(row, own, &prompt, fields);
        let of_gateway = || {
            [Slot::Subscription, Slot::Product]
                .into_iter()
                .find_map(|slot| row.text(slot))
        };
        let of_row = || {
            [Slot::Model, Slot::Deployment]
                .into_iter()
                .find_map(|slot| row.text(slot))
        };
        Self {
            model: own(Own::Model).or_else(of_row),
            answer: answer(row),
            usage: usage::of_row(row),
            url: row.text(Slot::Url),
            app: own(Own::App).or_else(of_gateway),
            tag: own(Own::Tag),
            prompt,
        }
    }

    /// The same, borrowing nothing.
    pub(super) fn into_owned(self) -> Record<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Record {
            prompt: self.prompt.into_owned(),
            answer: self.answer.map(own),
            usage: self.usage,
            model: self.model.map(own),
            url: self.url.map(own),
            app: self.app.map(own),
            tag: self.tag.map(own),
        }
    }

    /// Takes over what this record does not say yet.
    pub(super) fn complete(&mut self, other: Self) {
        if self.prompt == Prompt::Absent {
            self.prompt = other.prompt;
        }
        self.usage = self.usage.or(other.usage);
        let pairs = [
            (&mut self.answer, other.answer),
            (&mut self.model, other.model),
            (&mut self.url, other.url),
            (&mut self.app, other.app),
            (&mut self.tag, other.tag),
        ];
        for (own, other) in pairs {
            *own = own.take().or(other);
        }
    }

    /// The size of its bodies [byte].
    pub(super) fn bytes(&self) -> usize {
        let prompt = match &self.prompt {
            Prompt::Absent => 0,
            Prompt::Body(text)
            | Prompt::Messages(text)
            | Prompt::Text(text)
            | Prompt::Either(text) => text.len(),
        };
        prompt + self.answer.as_ref().map_or(0, |answer| answer.len())
    }
}

impl Prompt<'_> {
    fn into_owned(self) -> Prompt<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Absent => Prompt::Absent,
            Self::Body(text) => Prompt::Body(own(text)),
            Self::Messages(text) => Prompt::Messages(own(text)),
            Self::Text(text) => Prompt::Text(own(text)),
            Self::Either(text) => Prompt::Either(own(text)),
        }
    }
}

/// What a row asks.
fn prompt<'a>(row: &Row<'a>, fields: &Fields) -> Result<Prompt<'a>, Fault> {
    if let Some(column) = &fields.column {
        let value = row.own(Own::Column).ok_or_else(|| no_text(column))?;
        return text_or_body(value).ok_or_else(|| no_text(column));
    }
    if let Some(whole) = row.whole.filter(|_| is_body(row)) {
        return Ok(Prompt::Body(Cow::Borrowed(whole)));
    }
    let bodies = BODIES.iter().filter_map(|slot| row.value(*slot)?.object());
    if let Some(body) = bodies.map(innermost).find(|body| !is_empty(body)) {
        return Ok(Prompt::Body(body));
    }
    let messages = [Slot::RequestMessages, Slot::Messages, Slot::Input];
    let mut arrays = messages.iter().filter_map(|slot| row.value(*slot)?.array());
    if let Some(messages) = arrays.find(|messages| !is_empty(messages)) {
        return Ok(Prompt::Messages(messages));
    }
    let texts = [Slot::Prompt, Slot::Text, Slot::Input, Slot::Messages];
    if let (None, Some(value)) = (row.whole, texts.iter().find_map(|slot| row.value(*slot))) {
        return text_or_body(value).ok_or_else(no_request);
    }
    let answered = ANSWERS.iter().any(|slot| row.value(*slot).is_some());
    if answered || usage::of_row(row).is_some() {
        return Ok(Prompt::Absent);
    }
    Err(no_request())
}

/// Whether an object or array has nothing in it: some gateways write these for "not kept".
fn is_empty(json: &str) -> bool {
    let json = json.trim();
    json.len() < 2 || json[1..json.len() - 1].trim().is_empty()
}

/// Whether a JSON object is itself the body of a request.
fn is_body(row: &Row<'_>) -> bool {
    let starts = |slot, firsts: &[u8]| {
        let Some(Value::Json(json)) = row.value(slot) else {
            return false;
        };
        json.as_bytes()
            .first()
            .is_some_and(|first| firsts.contains(first))
    };
    starts(Slot::Messages, b"[") || starts(Slot::Input, b"[\"") || starts(Slot::Prompt, b"[\"{")
}

/// A text, which may be the body of a request.
fn text_or_body<'a>(value: &Value<'a>) -> Option<Prompt<'a>> {
    if let Value::Json(_) = value
        && let Some(body) = value.object()
    {
        return Some(Prompt::Body(body));
    }
    let text = value.text().or_else(|| value.array())?;
    let looks_like_one = text.trim_start().starts_with('{');
    Some(if looks_like_one {
        Prompt::Either(text)
    } else {
        Prompt::Text(text)
    })
}

/// The object in `body` of an object, which gateways write around bodies, else the object.
fn innermost(object: Cow<'_, str>) -> Cow<'_, str> {
    let inner = at_path_of(&object, "body").and_then(|value| value.object());
    inner.unwrap_or(object)
}

fn answer<'a>(row: &Row<'a>) -> Option<Cow<'a, str>> {
    let value = ANSWERS.iter().find_map(|slot| row.value(*slot))?;
    value.object().map(innermost).or_else(|| value.text())
}

/// What a field that the user names holds: in the row, else in the body.
fn label<'a>(
    row: &Row<'a>,
    own: Own,
    prompt: &Prompt<'a>,
    fields: &Fields,
) -> Option<Cow<'a, str>> {
    if let Some(value) = row.own(own) {
        return value.text();
    }
    match prompt {
        Prompt::Body(body) => at_path_of(body, fields.name(own)?)?.text(),
        _ => None,
    }
}

fn no_text(column: &str) -> Fault {
    Fault::new(
        format!("`{column}` holds no text"),
        "name the column or field with --column, or leave --column out",
    )
}

fn no_request() -> Fault {
    Fault::new(
        "row holds no request",
        "expected `messages`, `input`, `prompt`, or a body in `body` or `request`; name another \
         field with --column",
    )
}
