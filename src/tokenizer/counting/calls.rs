//! Earlier calls of tools, and what the tools answered.

use std::collections::BTreeMap;

use super::tally::Tally;
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::family::Parallel;
use crate::tokenizer::request::{Call, Item, Output};

/// How the service calls several tools at once: a tool of its own (`OpenAI` community, prompts of
/// `gpt-4-1106` and later).
const TOGETHER: &str = "multi_tool_use.parallel";

impl Tally<'_> {
    /// Calls that the model made at once. Fitted to recorded usage; see data/tools.csv.
    pub(super) fn calls(&mut self, calls: &[Call<'_>]) {
        self.count.doubt(Reason::ToolCalls);
        match (self.tools.parallel, calls) {
            (Parallel::Wrapped, [_, _, ..]) => self.together(calls),
            _ => calls.iter().for_each(|call| self.call(call)),
        }
    }

    /// A call is a message of the assistant to the function, whose content are the arguments.
    fn call(&mut self, call: &Call<'_>) {
        let known = if call.is_known {
            self.tools.known_call
        } else {
            0
        };
        let frame = self.family.framing.per_message + self.tools.call + known;
        self.frame(Part::ToolCalls, frame);
        self.text(Part::ToolCalls, "assistant");
        self.written(Part::ToolCalls, |to| {
            to.extend([" to=functions.", &call.name]);
        });
        self.text(Part::ToolCalls, &call.arguments);
    }

    /// Calls made at once are one call, whose arguments list them as compact JSON.
    fn together(&mut self, calls: &[Call<'_>]) {
        self.frame(
            Part::ToolCalls,
            self.family.framing.per_message + self.tools.call,
        );
        self.text(Part::ToolCalls, "assistant");
        self.written(Part::ToolCalls, |to| to.extend([" to=", TOGETHER]));
        self.written(Part::ToolCalls, |json| write_together(json, calls));
    }

    /// What a tool answered is a message by the name of the function.
    pub(super) fn output(&mut self, output: &Output<'_>, callers: &Callers<'_>) {
        self.count.doubt(Reason::ToolCalls);
        let caller = callers.of(output);
        let wrapped = caller.is_together && self.tools.parallel == Parallel::Wrapped;
        let frame = self.family.framing.per_message + self.tools.output - i64::from(wrapped);
        self.frame(Part::ToolCalls, frame);
        self.text(Part::ToolCalls, caller.tool);
        self.content(&output.content);
    }
}

/// Who is called by each call of a conversation.
pub(super) struct Callers<'i>(BTreeMap<&'i str, Caller<'i>>);

/// Who answers a call.
#[derive(Clone, Copy, Default)]
pub(super) struct Caller<'i> {
    /// The tool; empty where nothing names it.
    pub(super) tool: &'i str,
    /// Whether other tools were called at once.
    is_together: bool,
}

impl<'i> Callers<'i> {
    pub(super) fn new(items: &'i [Item<'_>]) -> Self {
        let mut callers = BTreeMap::new();
        for item in items {
            let Item::Calls(calls) = item else { continue };
            for call in calls {
                let caller = Caller {
                    tool: &call.name,
                    is_together: calls.len() > 1,
                };
                callers.insert(&*call.id, caller);
            }
        }
        Self(callers)
    }

    /// Who gave an output, by its own word or by that of the call.
    pub(super) fn of(&self, output: &'i Output<'_>) -> Caller<'i> {
        let caller = self.0.get(&*output.call).copied().unwrap_or_default();
        Caller {
            tool: output.name.as_deref().unwrap_or(caller.tool),
            ..caller
        }
    }
}

fn write_together(json: &mut String, calls: &[Call<'_>]) {
    json.push_str(r#"{"tool_uses":["#);
    for (at, call) in calls.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        json.extend([
            comma,
            r#"{"recipient_name":"functions."#,
            &call.name,
            r#"","parameters":"#,
        ]);
        json.extend([&compact(&call.arguments), "}"]);
    }
    json.push_str("]}");
}

/// JSON without blanks; text that is no JSON stays as it is.
fn compact(json: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(json);
    value.map_or_else(|_| json.to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_made_at_once_become_one_compact_text() {
        let call = |name: &'static str, arguments: &'static str| Call {
            name: name.into(),
            arguments: arguments.into(),
            ..Call::default()
        };
        let mut json = String::new();
        let calls = [
            call("get_time", "{ }"),
            call("get_weather", r#"{"city": "Rome"}"#),
        ];
        write_together(&mut json, &calls);
        assert_eq!(
            json,
            r#"{"tool_uses":[{"recipient_name":"functions.get_time","parameters":{}},{"recipient_name":"functions.get_weather","parameters":{"city":"Rome"}}]}"#
        );
    }
}
