//! From a row to what is to be counted.

use std::borrow::Cow;

use super::fields::{Fields, Own, at_path_of};
use super::row::Row;
use super::slot::Slot;
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
        let prompt = prompt(row, fields)?;
        let own = |own| label(row, own, &prompt, fields);
        let (model, app, tag) = (own(Own::Model), own(Own::App), own(Own::Tag));
        let body = row.whole.is_some()
            && matches!(prompt, Prompt::Body(Cow::Borrowed(body)) if Some(body) == row.whole);
        let of_row = || row.text(Slot::Model).or_else(|| row.text(Slot::Deployment));
        Ok(Self {
            model: model.or_else(|| (!body).then(of_row).flatten()),
            answer: answer(row),
            usage: usage(row),
            url: row.text(Slot::Url),
            app: app
                .or_else(|| row.text(Slot::Subscription))
                .or_else(|| row.text(Slot::Product)),
            tag,
            prompt,
        })
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
    if let Some(body) = bodies.map(innermost).next() {
        return Ok(Prompt::Body(body));
    }
    let messages = [Slot::RequestMessages, Slot::Messages, Slot::Input];
    let mut arrays = messages.iter().filter_map(|slot| row.value(*slot)?.array());
    if let Some(messages) = arrays.next() {
        return Ok(Prompt::Messages(messages));
    }
    let texts = [Slot::Prompt, Slot::Text, Slot::Input, Slot::Messages];
    if let (None, Some(value)) = (row.whole, texts.iter().find_map(|slot| row.value(*slot))) {
        return text_or_body(value).ok_or_else(no_request);
    }
    let answered = ANSWERS.iter().any(|slot| row.value(*slot).is_some());
    if answered || usage(row).is_some() {
        return Ok(Prompt::Absent);
    }
    Err(no_request())
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

/// What the fields of a row say was used.
fn usage(row: &Row<'_>) -> Option<LoggedUsage> {
    let count = |slot| row.value(slot).and_then(Value::count);
    let (input, output) = (count(Slot::InputTokens), count(Slot::OutputTokens));
    let usage = LoggedUsage {
        input: input.unwrap_or_default(),
        output: output.unwrap_or_default(),
        cached_input: count(Slot::CachedTokens),
        reasoning: None,
    };
    // Gateways write zeros where the service told them nothing.
    Some(usage).filter(|usage| usage.input > 0)
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
