//! What an answer weighs, where no usage was logged.

use super::tally::Tally;
use super::{Counter, Scratch};
use crate::tokenizer::count::{Count, Part};
use crate::tokenizer::request::{Answer, Api};

impl Counter<'_> {
    /// The tokens of what an answer says and calls: at least what is billed, since thoughts and
    /// the ends of messages are billed too and not seen.
    pub fn answer(&self, answer: &Answer<'_>, scratch: &mut Scratch) -> Count {
        let mut tally = Tally::new(self, Api::Chat, scratch);
        for content in &answer.contents {
            tally.content(content);
        }
        for call in &answer.calls {
            tally.text(Part::ToolCalls, &call.name);
            tally.text(Part::ToolCalls, &call.arguments);
        }
        tally.count
    }
}
