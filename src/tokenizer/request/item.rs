//! One item of a conversation, as Chat Completions and Responses write it.

use serde::Deserialize;
use serde_json::Value;

use super::content::{Content, Piece};
use super::text::Text;

/// One item of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// A message.
    Message(Message<'a>),
    /// Calls of tools that the model made at once.
    Calls(Vec<Call<'a>>),
    /// What a tool answered.
    Output(Output<'a>),
    /// Thoughts of an earlier answer.
    Reasoning,
    /// Something that the service keeps.
    Stored,
    /// A call, or the result, of a tool that the service hosts.
    Hosted,
    /// An item of another kind.
    Unknown,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// Who speaks.
    pub role: Text<'a>,
    /// The name of the speaker, where given.
    pub name: Option<Text<'a>>,
    /// What is said.
    pub content: Content<'a>,
}

impl Message<'_> {
    /// Whether the system or the developer speaks.
    pub fn is_instruction(&self) -> bool {
        matches!(&*self.role, "system" | "developer")
    }
}

/// One call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call<'a> {
    /// Its id, which the output repeats.
    pub id: Text<'a>,
    /// The tool.
    pub name: Text<'a>,
    /// What the tool gets, as the model wrote it.
    pub arguments: Text<'a>,
    /// Whether the request also gives the id under which the service keeps the call.
    pub is_known: bool,
}

/// What a tool answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output<'a> {
    /// The id of the call.
    pub call: Text<'a>,
    /// The tool, where the item names it.
    pub name: Option<Text<'a>>,
    /// The answer.
    pub content: Content<'a>,
}

/// An item as JSON has it, of either API.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    role: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    content: Option<Content<'a>>,
    #[serde(borrow)]
    refusal: Option<Text<'a>>,
    #[serde(borrow)]
    tool_calls: Option<Vec<WireCall<'a>>>,
    #[serde(borrow)]
    function_call: Option<WireFunction<'a>>,
    #[serde(borrow)]
    tool_call_id: Option<Text<'a>>,
    #[serde(borrow)]
    call_id: Option<Text<'a>>,
    arguments: Option<Value>,
    #[serde(borrow)]
    output: Option<Content<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireCall<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    function: Option<WireFunction<'a>>,
    #[serde(borrow)]
    custom: Option<WireFunction<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireFunction<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, alias = "input")]
    arguments: Option<Text<'a>>,
}

impl<'a> WireFunction<'a> {
    fn call(self, id: Option<Text<'a>>) -> Call<'a> {
        Call {
            id: id.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            arguments: self.arguments.unwrap_or_default(),
            is_known: false,
        }
    }
}

impl<'a> WireCall<'a> {
    fn call(self) -> Call<'a> {
        let function = self.function.or(self.custom).unwrap_or_default();
        function.call(self.id)
    }
}

impl<'a> Wire<'a> {
    /// Appends what this item says, in the order in which the service renders it.
    pub(super) fn append_to(self, items: &mut Vec<Item<'a>>) {
        let kind = self.kind.clone().unwrap_or_else(|| "message".into());
        match &*kind {
            "message" => self.append_message(items),
            "function_call" | "custom_tool_call" => append_call(self.into_call(), items),
            "function_call_output" | "custom_tool_call_output" => {
                items.push(Item::Output(Output {
                    call: self.call_id.unwrap_or_default(),
                    name: self.name,
                    content: self.output.unwrap_or_default(),
                }));
            }
            "reasoning" => items.push(Item::Reasoning),
            "item_reference" | "compaction" => items.push(Item::Stored),
            "additional_tools" | "tool_search_output" => items.push(Item::Hosted),
            kind if kind.ends_with("_call") || kind.starts_with("mcp_") => {
                items.push(Item::Hosted);
            }
            _ => items.push(Item::Unknown),
        }
    }

    fn append_message(mut self, items: &mut Vec<Item<'a>>) {
        let role = self.role.unwrap_or_else(|| "user".into());
        let mut content = self.content.unwrap_or_default();
        content.0.extend(self.refusal.map(Piece::Text));
        if matches!(&*role, "tool" | "function") {
            items.push(Item::Output(Output {
                call: self.tool_call_id.unwrap_or_default(),
                name: self.name,
                content,
            }));
            return;
        }
        let calls = self.tool_calls.take().unwrap_or_default();
        let mut calls: Vec<Call<'a>> = calls.into_iter().map(WireCall::call).collect();
        calls.extend(self.function_call.take().map(|call| call.call(None)));
        if calls.is_empty() || !content.0.is_empty() {
            items.push(Item::Message(Message {
                role,
                name: self.name,
                content,
            }));
        }
        if !calls.is_empty() {
            items.push(Item::Calls(calls));
        }
    }

    fn into_call(self) -> Call<'a> {
        let arguments = match self.arguments {
            Some(Value::String(text)) => text.into(),
            _ => Text::default(),
        };
        Call {
            id: self.call_id.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            arguments,
            is_known: self.id.is_some(),
        }
    }
}

/// Calls that follow each other were made at once.
fn append_call<'a>(call: Call<'a>, items: &mut Vec<Item<'a>>) {
    if let Some(Item::Calls(calls)) = items.last_mut() {
        calls.push(call);
    } else {
        items.push(Item::Calls(vec![call]));
    }
}
