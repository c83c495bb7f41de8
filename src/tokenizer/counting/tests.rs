//! Each rule on examples that can be checked by hand: a word is a token.

use super::*;
use crate::tokenizer::count::{Certainty, Part};

/// One token for each word, so that a reader can count.
struct Words;

impl Engine for Words {
    fn encode_into(&self, text: &str, ids: &mut Vec<u32>) {
        ids.extend(text.split_whitespace().map(|_| 0));
    }

    fn bytes_of(&self, _: u32) -> Option<Vec<u8>> {
        None
    }
}

fn counted(model: &str, body: &str) -> Count {
    let request = Request::parse(body.as_bytes(), None).unwrap();
    let family = Family::of(model);
    let counter = Counter::new(&Words, family, Options::default());
    counter.count(&request, &mut Scratch::default())
}

#[test]
fn messages_have_a_frame_and_the_answer_a_start() {
    let two = r#"{"messages":[{"role":"system","content":"be brief"},
        {"role":"user","name":"ann","content":[{"type":"text","text":"one two three"}]}]}"#;
    for (model, text, overhead) in [
        // Each message 3 + role 1; a name 1 + 1; the start 3, or 2.
        ("gpt-4o", 5, 2 * 4 + 2 + 3),
        ("gpt-5", 5, 2 * 4 + 2 + 2),
        ("gpt-3.5-turbo-0301", 5, 2 * 5 + 3),
    ] {
        let count = counted(model, two);
        assert_eq!(count.part(Part::Text), text, "{model}");
        assert_eq!(count.part(Part::Overhead), overhead, "{model}");
        assert_eq!(count.certainty(), Certainty::Exact, "{model}");
    }
}

#[test]
fn passages_cost_their_text_only() {
    for (body, tokens) in [
        (r#"{"model":"text-embedding-3-small","input":"one two"}"#, 2),
        (
            r#"{"model":"text-embedding-3-small","input":["one two","three"]}"#,
            3,
        ),
        (r#"{"model":"text-embedding-3-small","input":[1,2,3,4]}"#, 4),
        (
            r#"{"model":"text-embedding-3-small","input":[[1,2],[3]]}"#,
            3,
        ),
        (r#"{"prompt":"one two three"}"#, 3),
    ] {
        assert_eq!(counted("gpt-35-turbo", body).total(), tokens, "{body}");
    }
}
