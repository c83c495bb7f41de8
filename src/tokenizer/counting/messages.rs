//! Messages and what frames them.

use super::Tally;
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::request::{Content, Item, Message, Piece};

impl Tally<'_> {
    /// The items of a conversation and the start of the answer.
    pub(super) fn conversation(&mut self, items: &[Item<'_>]) {
        for item in items {
            match item {
                Item::Message(message) => self.message(message),
                _ => self.count.doubt(Reason::UnknownPart),
            }
        }
        self.count.add(Part::Overhead, self.family.priming);
    }

    /// A message costs a frame, its role, its content and its name with one separator (`OpenAI`
    /// cookbook, "How to count tokens with tiktoken", 2023-2024).
    fn message(&mut self, message: &Message<'_>) {
        self.count.add(Part::Overhead, self.family.per_message);
        self.text(Part::Overhead, &message.role);
        if let Some(name) = &message.name {
            self.count.add(Part::Overhead, self.family.per_name);
            self.text(Part::Overhead, name);
        }
        self.content(&message.content);
    }

    fn content(&mut self, content: &Content<'_>) {
        for piece in &content.0 {
            match piece {
                Piece::Text(text) => self.text(Part::Text, text),
                _ => self.count.doubt(Reason::UnknownPart),
            }
        }
    }
}
