//! Puts the logged chunks of messages together.

use serde_json::{Map, Value};

use crate::carrier::extent;

/// Chunks from this size on may end within a message: they are cut at 32 KB, by the gateway's own
/// measure of it [byte].
const FULL_CHUNK: usize = 30_000;

/// One array of all messages, in the order of their sequence numbers, then as they came.
///
/// Chunks are arrays by themselves, or pieces of one text. Of two arrays, the first of which is as
/// long as chunks get, the last and the first message are one if they have the same role.
pub(super) fn joined(mut chunks: Vec<(u64, String)>) -> String {
    chunks.sort_by_key(|(number, _)| *number);
    let is_array = |text: &str| text.starts_with('[') && extent(text.as_bytes()).is_complete;
    if !chunks.iter().all(|(_, text)| is_array(text.trim())) {
        return chunks.into_iter().map(|(_, text)| text).collect();
    }
    if let [(_, only)] = chunks.as_mut_slice() {
        return std::mem::take(only);
    }
    let arrays: Option<Vec<(usize, Vec<Value>)>> = chunks
        .iter()
        .map(|(_, text)| Some((text.len(), serde_json::from_str(text).ok()?)))
        .collect();
    arrays.map_or_else(String::new, |arrays| {
        Value::Array(merged(arrays)).to_string()
    })
}

fn merged(arrays: Vec<(usize, Vec<Value>)>) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut before = 0;
    for (length, messages) in arrays {
        let mut messages = messages.into_iter();
        if before >= FULL_CHUNK
            && let Some(first) = messages.next()
            && let Err(other) = continued(all.last_mut(), first)
        {
            all.push(other);
        }
        all.extend(messages);
        before = length;
    }
    all
}

/// Appends the text of a message to that of the one before, if it goes on there; else gives it
/// back.
fn continued(before: Option<&mut Value>, message: Value) -> Result<(), Value> {
    let role = |message: &Map<String, Value>| message.get("role").cloned();
    let (Some(Value::Object(before)), Value::Object(after)) = (before, &message) else {
        return Err(message);
    };
    if role(before) != role(after) {
        return Err(message);
    }
    match (before.get_mut("content"), after.get("content")) {
        (Some(Value::String(text)), Some(Value::String(more))) => {
            text.push_str(more);
            Ok(())
        }
        _ => Err(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> String {
        format!(r#"[{{"role":"user","content":"{text}"}}]"#)
    }

    #[test]
    fn chunks_are_sorted_and_joined() {
        let chunks = vec![(2, user("b")), (1, user("a"))];
        assert_eq!(
            joined(chunks),
            r#"[{"role":"user","content":"a"},{"role":"user","content":"b"}]"#
        );
    }

    #[test]
    fn a_message_goes_on_after_a_full_chunk() {
        let long = "a".repeat(FULL_CHUNK);
        let chunks = vec![(1, user(&long)), (1, user("b"))];
        assert_eq!(joined(chunks), user(&(long.clone() + "b")));
        let answer = r#"[{"role":"assistant","content":"b"}]"#.to_owned();
        let chunks = joined(vec![(1, user(&long)), (1, answer)]);
        assert_eq!(chunks.matches("role").count(), 2);
    }

    #[test]
    fn pieces_of_one_text_are_put_end_to_end() {
        let chunks = vec![
            (1, r#"[{"role":"us"#.to_owned()),
            (2, r#"er"}]"#.to_owned()),
        ];
        assert_eq!(joined(chunks), r#"[{"role":"user"}]"#);
    }
}
