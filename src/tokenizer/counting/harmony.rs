//! Conversations as `gpt-oss` reads them: the format that `OpenAI` publishes as `openai-harmony`.

mod function;

pub(super) use function::function;

use std::sync::LazyLock;

use super::calls::Callers;
use super::function::Function;
use super::namespace::{self, CLOSING, OPENING};
use super::tally::Tally;
use crate::facts::{self, FactError};
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::family::Rendering;
use crate::tokenizer::request::{Call, Item, Message, Output, Piece, Request};

/// What the format adds on its own.
struct Wording {
    system: String,
    tools: String,
    effort: String,
}

static WORDING: LazyLock<Wording> =
    LazyLock::new(|| wording().expect("a test reads the bundled table"));

fn wording() -> Result<Wording, FactError> {
    let rows = facts::read("harmony.csv", include_str!("../data/harmony.csv"), |fact| {
        fact.provenance()?;
        Ok((
            fact.required("part")?.to_owned(),
            fact.required("text")?.to_owned(),
        ))
    })?;
    let text = |part: &str| {
        let row = rows.iter().find(|(name, _)| name == part);
        row.map(|(_, text)| text.clone())
            .ok_or_else(|| FactError::Csv {
                file: "harmony.csv".to_owned(),
                problem: format!("there is no part `{part}`"),
            })
    };
    Ok(Wording {
        system: text("system")?,
        tools: text("tools")?,
        effort: text("effort")?,
    })
}

impl Tally<'_> {
    /// The system's message, the developer's with instructions and functions, then the others.
    /// Exact against `openai-harmony`; a service may put other words into the system's message.
    pub(super) fn harmony(&mut self, request: &Request<'_>, items: &[Item<'_>]) {
        let functions = self.functions(request);
        self.system(request, &functions);
        self.developer(items, &functions);
        self.schema(request, items);
        let callers = Callers::new(items);
        for item in items {
            match item {
                Item::Message(message) if message.is_instruction() => {}
                Item::Message(message) => self.said(message),
                Item::Calls(calls) => calls.iter().for_each(|call| self.harmony_call(call)),
                Item::Output(output) => self.harmony_output(output, &callers),
                // Thoughts are dropped; those of the same turn only the service keeps.
                Item::Reasoning => self.count.doubt(Reason::Reasoning),
                Item::Stored => self.count.doubt(Reason::StoredHistory),
                Item::Hosted => self.count.doubt(Reason::HostedTools),
                Item::Unknown => self.count.doubt(Reason::UnknownPart),
            }
        }
        self.frame(Part::Overhead, self.family.framing.priming);
        self.unseen(request);
    }

    fn system(&mut self, request: &Request<'_>, functions: &[Function<'_>]) {
        let wording = &*WORDING;
        self.frame(Part::Overhead, self.family.framing.per_message);
        self.text(Part::Overhead, "system");
        self.written(Part::Overhead, |text| {
            let effort = request.effort.as_deref().unwrap_or(&wording.effort);
            text.push_str(&wording.system.replace("{effort}", effort));
            if !functions.is_empty() {
                text.extend(["\n", &wording.tools]);
            }
        });
    }

    fn developer(&mut self, items: &[Item<'_>], functions: &[Function<'_>]) {
        let instructions = instructions(items);
        if instructions.is_empty() && functions.is_empty() {
            return;
        }
        self.frame(Part::Overhead, self.family.framing.per_message);
        self.text(Part::Overhead, "developer");
        if !instructions.is_empty() {
            self.text(Part::Overhead, "# Instructions\n\n");
            self.written(Part::Text, |text| {
                let gap = if functions.is_empty() { "" } else { "\n\n" };
                text.extend([&*instructions, gap]);
            });
        }
        if !functions.is_empty() {
            self.written(Part::Tools, |text| {
                text.extend(["# Tools\n\n## functions\n\n", OPENING]);
                namespace::write(text, functions, Rendering::Harmony);
                text.push_str(CLOSING);
            });
        }
    }

    fn said(&mut self, message: &Message<'_>) {
        let framing = self.family.framing;
        let answers = &*message.role == "assistant";
        let channel = if answers { framing.per_answer } else { 0 };
        self.frame(Part::Overhead, framing.per_message + channel);
        self.text(Part::Overhead, &message.role);
        self.content(&message.content);
    }

    fn harmony_call(&mut self, call: &Call<'_>) {
        const CHANNEL_AND_CONSTRAINT: i64 = 2;
        let frame = self.family.framing.per_message + CHANNEL_AND_CONSTRAINT;
        self.frame(Part::ToolCalls, frame);
        self.written(Part::ToolCalls, |to| {
            to.extend(["assistant to=functions.", &call.name]);
        });
        self.text(Part::ToolCalls, "commentary ");
        self.text(Part::ToolCalls, " json");
        self.text(Part::ToolCalls, &call.arguments);
    }

    fn harmony_output(&mut self, output: &Output<'_>, callers: &Callers<'_>) {
        const CHANNEL: i64 = 1;
        self.frame(Part::ToolCalls, self.family.framing.per_message + CHANNEL);
        self.written(Part::ToolCalls, |from| {
            from.extend(["functions.", callers.of(output).tool, " to=assistant"]);
        });
        self.text(Part::ToolCalls, "commentary");
        self.content(&output.content);
    }
}

/// What the system's and the developer's messages of a request say.
fn instructions(items: &[Item<'_>]) -> String {
    let messages = items.iter().filter_map(|item| match item {
        Item::Message(message) if message.is_instruction() => Some(message),
        _ => None,
    });
    let mut texts = Vec::new();
    for message in messages {
        texts.extend(message.content.0.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(&**text),
            _ => None,
        }));
    }
    texts.join("\n\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bundled_table_loads() {
        super::wording().unwrap();
    }
}
