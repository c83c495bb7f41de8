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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::counting::Options;
    use crate::tokenizer::engine::Engine;
    use crate::tokenizer::family::Family;

    struct Letters;

    impl Engine for Letters {
        fn encode_into(&self, text: &str, ids: &mut Vec<u32>) {
            ids.extend(text.chars().map(u32::from));
        }

        fn bytes_of(&self, _: u32) -> Option<Vec<u8>> {
            None
        }
    }

    #[test]
    fn an_answer_weighs_what_it_says_and_calls() {
        let body = br#"{"choices":[{"message":{"content":"abc","tool_calls":[
            {"function":{"name":"fg","arguments":"{}"}}]}},{"message":{"content":"d"}}]}"#;
        let answer = Answer::parse(body).unwrap();
        let counter = Counter::new(&Letters, Family::of("gpt-4o"), Options::default());
        let count = counter.answer(&answer, &mut Scratch::default());
        assert_eq!(
            (count.part(Part::Text), count.part(Part::ToolCalls)),
            (4, 4)
        );
    }
}
