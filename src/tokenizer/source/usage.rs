//! What a row says was used, in the words of any API or gateway.

use super::fields::at_path;
use super::row::Row;
use super::slot::Slot;
use super::value::Value;
use crate::tokenizer::LoggedUsage;

/// Prompt tokens of a `usage` object.
const INPUT: [&str; 3] = ["prompt_tokens", "input_tokens", "input"];

/// Answer tokens of a `usage` object.
const OUTPUT: [&str; 3] = ["completion_tokens", "output_tokens", "output"];

/// Prompt tokens from the cache.
const CACHED: [&str; 3] = [
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "cache_read_input_tokens",
];

/// Thoughts.
const REASONING: [&str; 2] = [
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
];

/// What the fields of a row say was used: a `usage` object, else counts of their own.
pub(super) fn of_row(row: &Row<'_>) -> Option<LoggedUsage> {
    let object = row.value(Slot::Usage).and_then(Value::object);
    if let Some(usage) = object.and_then(|object| of_object(&object)) {
        return Some(usage);
    }
    let count = |slot| row.value(slot).and_then(Value::count);
    let usage = LoggedUsage {
        input: count(Slot::InputTokens).unwrap_or_default(),
        output: count(Slot::OutputTokens).unwrap_or_default(),
        cached_input: count(Slot::CachedTokens),
        reasoning: None,
    };
    stated(usage)
}

/// What a `usage` object says was used.
pub(super) fn of_object(object: &str) -> Option<LoggedUsage> {
    let count = |paths: &[&str]| {
        let mut counts = paths
            .iter()
            .filter_map(|path| at_path(object, path)?.count());
        counts.next()
    };
    stated(LoggedUsage {
        input: count(&INPUT)?,
        output: count(&OUTPUT).unwrap_or_default(),
        cached_input: count(&CACHED),
        reasoning: count(&REASONING),
    })
}

/// Gateways write zeros where the service told them nothing.
fn stated(usage: LoggedUsage) -> Option<LoggedUsage> {
    Some(usage).filter(|usage| usage.input > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_of_both_apis() {
        let chat = r#"{"prompt_tokens":10,"completion_tokens":5,
            "prompt_tokens_details":{"cached_tokens":4}}"#;
        let responses = r#"{"input_tokens":10,"output_tokens":5,
            "input_tokens_details":{"cached_tokens":4}}"#;
        let expected = LoggedUsage {
            input: 10,
            output: 5,
            cached_input: Some(4),
            reasoning: None,
        };
        assert_eq!(of_object(chat), Some(expected));
        assert_eq!(of_object(responses), Some(expected));
        assert_eq!(of_object(r#"{"prompt_tokens":0}"#), None);
        assert_eq!(of_object("{}"), None);
    }
}
