//! Messages and what frames them.

use super::calls::Callers;
use super::tally::Tally;
use crate::tokenizer::count::{Part, Reason};
use crate::tokenizer::family::Style;
use crate::tokenizer::request::{Api, Content, Item, Message, Piece, Request};

impl Tally<'_> {
    /// The items of a conversation, and the start of the answer.
    pub(super) fn conversation(&mut self, request: &Request<'_>, items: &[Item<'_>]) {
        let joined = self.definitions_join(request, items);
        let callers = Callers::new(items);
        let is_users = |item: &Item<'_>| matches!(item, Item::Message(m) if &*m.role == "user");
        let asked = items.iter().rposition(is_users).unwrap_or(0);
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Message(_) if is_nothing(request.api, items, at) => {}
                Item::Message(message) if self.is_free(message) => {}
                Item::Message(message) if joined && at == 0 => self.opening(message),
                Item::Message(message) => {
                    self.head(message);
                    self.content(&message.content);
                }
                Item::Calls(calls) => self.calls(calls),
                Item::Output(output) => self.output(output, &callers),
                // Thoughts are dropped before the next message of the user; until then they are
                // billed again, and only the service can read them (`openai-harmony`).
                Item::Reasoning if at < asked => {}
                Item::Reasoning => self.count.doubt(Reason::Reasoning),
                Item::Stored => self.count.doubt(Reason::StoredHistory),
                Item::Hosted => self.count.doubt(Reason::HostedTools),
                Item::Unknown => self.count.doubt(Reason::UnknownPart),
            }
        }
        self.frame(Part::Overhead, self.family.framing.priming);
    }

    /// A message costs a frame, its role, its content and its name with one separator (`OpenAI`
    /// cookbook, "How to count tokens with tiktoken"); an answer of a newer model its channel too.
    fn head(&mut self, message: &Message<'_>) {
        let framing = self.family.framing;
        let answers = &*message.role == "assistant";
        let channel = if answers { framing.per_answer } else { 0 };
        self.frame(Part::Overhead, framing.per_message + channel);
        self.text(Part::Overhead, &message.role);
        if let Some(name) = &message.name {
            self.text(Part::Overhead, name);
            self.frame(Part::Overhead, framing.per_name);
        }
    }

    /// Models that search bill what the user asks and not what the system says (recorded usage).
    fn is_free(&self, message: &Message<'_>) -> bool {
        self.family.framing.style == Style::Search && message.is_instruction()
    }

    /// The first message, when definitions join it: its text then ends in a line end.
    fn opening(&mut self, message: &Message<'_>) {
        self.head(message);
        match &message.content.0[..] {
            [Piece::Text(text)] => self.written(Part::Text, |line| {
                line.extend([&**text, "\n"]);
            }),
            _ => self.content(&message.content),
        }
    }

    /// What a message says: its texts cost their tokens, their `type` nothing.
    pub(super) fn content(&mut self, content: &Content<'_>) {
        for piece in &content.0 {
            match piece {
                Piece::Text(text) => self.text(Part::Text, text),
                Piece::Image(image) => self.image(image),
                Piece::Audio(audio) => self.audio(audio),
                Piece::File(file) => self.file(file),
                Piece::Unknown(_) => self.count.doubt(Reason::UnknownPart),
            }
        }
    }

    /// What the service adds from its own keeping.
    pub(super) fn unseen(&mut self, request: &Request<'_>) {
        if !request.stored.is_empty() {
            self.count.doubt(Reason::StoredHistory);
        }
        if !request.hosted.is_empty() {
            self.count.doubt(Reason::HostedTools);
        }
    }
}

/// Whether the message at `at` says nothing because it only carries calls of tools: Chat
/// Completions does not render it (recorded usage); Responses does.
fn is_nothing(api: Api, items: &[Item<'_>], at: usize) -> bool {
    let calls = matches!(items.get(at + 1), Some(Item::Calls(_)));
    let silent = matches!(&items[at], Item::Message(message) if !message.content.says_something());
    api == Api::Chat && calls && silent
}
