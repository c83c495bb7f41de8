//! The top level of a body.

use std::num::NonZero;

use serde::Deserialize;
use serde_json::Value;

use super::content::{Content, Piece};
use super::error::RequestError;
use super::input::{Element, Input};
use super::item::{Item, Message, Wire};
use super::text::Text;
use super::{Api, Passage, Prompt, Request, reading};

/// Every key of every API that matters to counting.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    #[serde(borrow)]
    messages: Option<Vec<Wire<'a>>>,
    #[serde(borrow)]
    input: Option<Input<'a>>,
    #[serde(borrow)]
    prompt: Option<Input<'a>>,
    #[serde(borrow)]
    instructions: Option<Content<'a>>,
    tools: Option<Vec<Value>>,
    functions: Option<Vec<Value>>,
    tool_choice: Option<Value>,
    function_call: Option<Value>,
    response_format: Option<Value>,
    text: Option<Value>,
    #[serde(borrow)]
    reasoning_effort: Option<Text<'a>>,
    #[serde(borrow)]
    reasoning: Option<Reasoning<'a>>,
    max_tokens: Option<u32>,
    max_completion_tokens: Option<u32>,
    max_output_tokens: Option<u32>,
    n: Option<NonZero<u32>>,
    previous_response_id: Option<Value>,
    conversation: Option<Value>,
    web_search_options: Option<Value>,
    data_sources: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reasoning<'a> {
    #[serde(borrow)]
    effort: Option<Text<'a>>,
    /// Where it is set, the service thinks with prompts of its own.
    mode: Option<Value>,
}

pub(super) fn parse(bytes: &[u8], api: Option<Api>) -> Result<Request<'_>, RequestError> {
    let body: Body<'_> = reading::read(bytes)?;
    let api = api.map_or_else(|| body.api(), Ok)?;
    body.request(api)
}

impl<'a> Body<'a> {
    /// The API that the keys tell.
    fn api(&self) -> Result<Api, RequestError> {
        let embeds = |model: &Text<'_>| model.contains("embedding");
        match (&self.messages, &self.input, &self.prompt) {
            (Some(_), ..) => Ok(Api::Chat),
            (_, Some(_), _) if self.model.as_ref().is_some_and(embeds) => Ok(Api::Embeddings),
            (_, Some(_), _) => Ok(Api::Responses),
            (_, _, Some(Input(prompt))) if matches!(prompt[..], [Element::Item(_)]) => {
                Ok(Api::Responses)
            }
            (_, _, Some(_)) => Ok(Api::Completions),
            _ => Err(RequestError::Missing {
                expected: "`messages`, `input` or `prompt`",
            }),
        }
    }

    fn request(mut self, api: Api) -> Result<Request<'a>, RequestError> {
        let (hosted, stored) = (self.hosted(), self.stored(api));
        let prompt = self.take_prompt(api)?;
        let format = match api {
            Api::Responses => self.text.as_mut().and_then(|text| text.get_mut("format")),
            _ => self.response_format.as_mut(),
        };
        let most = [
            self.max_completion_tokens,
            self.max_output_tokens,
            self.max_tokens,
        ];
        let reasoning = self.reasoning.unwrap_or_default();
        Ok(Request {
            api,
            prompt,
            format: format.map(Value::take),
            tools: self.tools.unwrap_or_default(),
            functions: self.functions.unwrap_or_default(),
            tool_choice: self.tool_choice.or(self.function_call),
            effort: self.reasoning_effort.or(reasoning.effort),
            stored,
            hosted,
            max_tokens: most.into_iter().flatten().find_map(NonZero::new),
            answers: self.n.unwrap_or(NonZero::<u32>::MIN),
            model: self.model,
        })
    }

    /// Keys that let the service work on its own. Empty instructions beside tools are one: such
    /// requests were billed 216 tokens more than their like (recorded usage).
    fn hosted(&self) -> Vec<&'static str> {
        let mode = self
            .reasoning
            .as_ref()
            .and_then(|reasoning| reasoning.mode.clone());
        let mut hosted = present(&[
            ("web_search_options", &self.web_search_options),
            ("data_sources", &self.data_sources),
            ("reasoning.mode", &mode),
        ]);
        let silent = self
            .instructions
            .as_ref()
            .is_some_and(Content::is_empty_text);
        if silent && self.tools.as_ref().is_some_and(|tools| !tools.is_empty()) {
            hosted.push("instructions");
        }
        hosted
    }

    /// Keys that name what the service keeps; `prompt` is a template in Responses.
    fn stored(&self, api: Api) -> Vec<&'static str> {
        let mut stored = present(&[
            ("previous_response_id", &self.previous_response_id),
            ("conversation", &self.conversation),
        ]);
        let template = self
            .prompt
            .as_ref()
            .is_some_and(|prompt| !prompt.0.is_empty());
        if api == Api::Responses && template {
            stored.push("prompt");
        }
        stored
    }

    fn take_prompt(&mut self, api: Api) -> Result<Prompt<'a>, RequestError> {
        let missing = |expected| RequestError::Missing { expected };
        match api {
            Api::Chat => {
                let messages = self.messages.take().ok_or(missing("`messages`"))?;
                Ok(Prompt::Items(items(messages)))
            }
            Api::Embeddings => passages(self.input.take().ok_or(missing("`input`"))?),
            Api::Completions => passages(self.prompt.take().ok_or(missing("`prompt`"))?),
            Api::Responses => {
                let mut items = Vec::new();
                let instructions = self.instructions.take().unwrap_or_default();
                if instructions.says_something() {
                    items.push(said("system", instructions));
                }
                for element in self.input.take().unwrap_or_default().0 {
                    append(element, &mut items);
                }
                Ok(Prompt::Items(items))
            }
        }
    }
}

fn items(wires: Vec<Wire<'_>>) -> Vec<Item<'_>> {
    let mut items = Vec::with_capacity(wires.len());
    for wire in wires {
        wire.append_to(&mut items);
    }
    items
}

fn said<'a>(role: &'a str, content: Content<'a>) -> Item<'a> {
    Item::Message(Message {
        role: role.into(),
        name: None,
        content,
    })
}

fn append<'a>(element: Element<'a>, items: &mut Vec<Item<'a>>) {
    match element {
        Element::Text(text) => items.push(said("user", Content(vec![Piece::Text(text)]))),
        Element::Item(wire) => wire.append_to(items),
        Element::Tokens(_) => items.push(Item::Unknown),
    }
}

fn passages(input: Input<'_>) -> Result<Prompt<'_>, RequestError> {
    let passages = input.0.into_iter().map(|element| match element {
        Element::Text(text) => Ok(Passage::Text(text)),
        Element::Tokens(ids) => Ok(Passage::Tokens(ids)),
        Element::Item(_) => Err(RequestError::Missing {
            expected: "text or token ids in `input` or `prompt`",
        }),
    });
    passages.collect::<Result<_, _>>().map(Prompt::Passages)
}

/// The keys that hold more than nothing.
fn present(keys: &[(&'static str, &Option<Value>)]) -> Vec<&'static str> {
    let held = keys.iter().filter(|(_, value)| {
        let value = value.as_ref();
        value.is_some_and(|value| !value.is_null())
    });
    held.map(|(key, _)| *key).collect()
}
