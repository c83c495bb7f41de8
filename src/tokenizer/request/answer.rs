//! The body of an answer.

use serde::Deserialize;

use super::content::Content;
use super::error::RequestError;
use super::item::{Call, Item, Wire};
use super::reading;
use super::text::Text;
use crate::tokenizer::count::LoggedUsage;

/// One answer: what was said and called, and what the service reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer<'a> {
    /// The model that answered, as the service names it.
    pub model: Option<Text<'a>>,
    /// What was said.
    pub contents: Vec<Content<'a>>,
    /// Which tools were called.
    pub calls: Vec<Call<'a>>,
    /// What was reported.
    pub usage: Option<LoggedUsage>,
}

impl<'a> Answer<'a> {
    /// Parses one JSON body of an answer of Chat Completions, Responses, Completions or Embeddings.
    /// Streams of events are no body. An answer without choices, output or usage is empty.
    pub fn parse(body: &'a [u8]) -> Result<Self, RequestError> {
        let body: Body<'_> = reading::read(body)?;
        Ok(body.answer())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    #[serde(borrow)]
    choices: Option<Vec<Choice<'a>>>,
    #[serde(borrow)]
    output: Option<Vec<Wire<'a>>>,
    usage: Option<Usage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice<'a> {
    #[serde(borrow)]
    message: Option<Wire<'a>>,
    #[serde(borrow)]
    text: Option<Content<'a>>,
}

/// Usage in the spelling of Chat Completions and in that of Responses.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Usage {
    prompt_tokens: Option<u64>,
    input_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    output_tokens: Option<u64>,
    prompt_tokens_details: Option<Details>,
    input_tokens_details: Option<Details>,
    completion_tokens_details: Option<Details>,
    output_tokens_details: Option<Details>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    cached_tokens: Option<u64>,
    reasoning_tokens: Option<u64>,
}

impl Usage {
    /// `None` where the prompt's tokens are not told.
    fn logged(self) -> Option<LoggedUsage> {
        let input = self.prompt_tokens_details.or(self.input_tokens_details);
        let output = self
            .completion_tokens_details
            .or(self.output_tokens_details);
        Some(LoggedUsage {
            input: self.prompt_tokens.or(self.input_tokens)?,
            cached_input: input.and_then(|details| details.cached_tokens),
            output: self.completion_tokens.or(self.output_tokens).unwrap_or(0),
            reasoning: output.and_then(|details| details.reasoning_tokens),
        })
    }
}

impl<'a> Body<'a> {
    fn answer(self) -> Answer<'a> {
        let mut answer = Answer {
            model: self.model,
            usage: self.usage.and_then(Usage::logged),
            ..Answer::default()
        };
        let mut items = Vec::new();
        for choice in self.choices.unwrap_or_default() {
            answer.contents.extend(choice.text);
            choice
                .message
                .into_iter()
                .for_each(|wire| wire.append_to(&mut items));
        }
        for wire in self.output.unwrap_or_default() {
            wire.append_to(&mut items);
        }
        for item in items {
            match item {
                Item::Message(message) => answer.contents.push(message.content),
                Item::Calls(calls) => answer.calls.extend(calls),
                _ => {}
            }
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::request::Piece;

    fn said(answer: &Answer<'_>) -> Vec<String> {
        let pieces = answer.contents.iter().flat_map(|content| &content.0);
        let text = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => text.to_string(),
            other => format!("{other:?}"),
        };
        pieces.map(text).collect()
    }

    #[test]
    fn both_spellings_are_read() {
        let usage = LoggedUsage {
            input: 10,
            cached_input: Some(4),
            output: 7,
            reasoning: Some(2),
        };
        for body in [
            r#"{"model":"m","choices":[{"message":{"role":"assistant","content":"one",
                "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}}],
                "usage":{"prompt_tokens":10,"completion_tokens":7,"total_tokens":17,
                "prompt_tokens_details":{"cached_tokens":4},
                "completion_tokens_details":{"reasoning_tokens":2}}}"#,
            r#"{"model":"m","output":[{"type":"reasoning","summary":[]},
                {"type":"message","role":"assistant","content":[{"type":"output_text","text":"one"}]},
                {"type":"function_call","name":"f","arguments":"{}","call_id":"c"}],
                "usage":{"input_tokens":10,"output_tokens":7,"input_tokens_details":{"cached_tokens":4},
                "output_tokens_details":{"reasoning_tokens":2}}}"#,
        ] {
            let answer = Answer::parse(body.as_bytes()).unwrap();
            assert_eq!(answer.model.as_deref(), Some("m"));
            assert_eq!(said(&answer), ["one"]);
            assert_eq!(answer.calls.len(), 1);
            assert_eq!(answer.usage, Some(usage));
        }
    }

    #[test]
    fn older_answers_have_text_and_embeddings_only_usage() {
        let body = br#"{"choices":[{"text":"one"},{"text":"two"}]}"#;
        assert_eq!(said(&Answer::parse(body).unwrap()), ["one", "two"]);
        let body =
            br#"{"data":[{"embedding":[0.1]}],"usage":{"prompt_tokens":3,"total_tokens":3}}"#;
        let usage = Answer::parse(body).unwrap().usage.unwrap();
        assert_eq!((usage.input, usage.output), (3, 0));
    }
}
