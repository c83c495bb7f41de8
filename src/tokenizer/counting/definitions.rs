//! Definitions of tools, and the choice among them.

use serde_json::Value;

use super::function::{Function, Tool, text};
use super::namespace::{self, CLOSING, OPENING};
use super::tally::Tally;
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::family::Opening;
use crate::tokenizer::request::{Item, Request};

impl Tally<'_> {
    /// Definitions become one `TypeScript` namespace. Fitted to recorded usage; see
    /// data/tools.csv.
    pub(super) fn definitions(&mut self, request: &Request<'_>, items: &[Item<'_>]) {
        let functions = self.functions(request);
        if functions.is_empty() {
            return;
        }
        self.count.doubt(Reason::Tools);
        self.namespace(&functions);
        let joined = self.tools.after_system.filter(|_| opens_with_system(items));
        self.frame(Part::Tools, joined.unwrap_or(self.tools.alone));
        if let Some(choice) = &request.tool_choice {
            self.choice(choice);
        }
    }

    /// The functions of a request; tools of the service add what nobody outside can count.
    pub(super) fn functions<'v>(&mut self, request: &'v Request<'_>) -> Vec<Function<'v>> {
        let mut functions: Vec<_> = request.functions.iter().map(Function::of).collect();
        for definition in &request.tools {
            match Tool::of(definition) {
                Tool::Function(function) => functions.push(function),
                Tool::Hosted => self.count.doubt(Reason::HostedTools),
            }
        }
        functions
    }

    fn namespace(&mut self, functions: &[Function<'_>]) {
        let rendering = self.tools.rendering;
        let split = self.tools.opening == Opening::Split;
        if split {
            self.text(Part::Tools, OPENING);
        }
        self.written(Part::Tools, |text| {
            text.push_str(if split { "" } else { OPENING });
            namespace::write(text, functions, rendering);
            text.push_str(CLOSING);
        });
    }

    /// Whether definitions join the first message, so that this ends in a line end.
    pub(super) fn definitions_join(&self, request: &Request<'_>, items: &[Item<'_>]) -> bool {
        let defines = |tool: &Value| matches!(Tool::of(tool), Tool::Function(_));
        let any = !request.functions.is_empty() || request.tools.iter().any(defines);
        any && self.tools.after_system.is_some() && opens_with_system(items)
    }

    /// `auto` and `required` cost nothing.
    fn choice(&mut self, choice: &Value) {
        let tools = self.tools;
        if choice.as_str() == Some("none") {
            return self.frame(Part::Tools, tools.choice_none);
        }
        let inside = choice.get("function").unwrap_or(choice);
        let name = text(inside, "name");
        let cost = if choice.get("type").is_some() {
            tools.choice_tool
        } else {
            tools.choice_function
        };
        if !name.is_empty() && cost > 0 {
            self.frame(Part::Tools, cost);
            self.text(Part::Tools, name);
        }
    }
}

/// Whether the first message is the system's or the developer's.
pub(super) fn opens_with_system(items: &[Item<'_>]) -> bool {
    matches!(items.first(), Some(Item::Message(first)) if first.is_instruction())
}
