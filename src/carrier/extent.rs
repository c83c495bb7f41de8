//! Where a JSON value in memory ends, and how deep it is.

use memchr::memchr2;

/// The value that a text begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Its length; that of the whole text where the value does not end [byte].
    pub(crate) length: usize,
    /// Brackets open at once, outside strings.
    pub(crate) deepest: usize,
    /// Whether it ends.
    pub(crate) is_complete: bool,
}

/// Follows a value by strings and brackets only; whether it is valid is for its reader to say.
pub(crate) fn extent(text: &[u8]) -> Extent {
    let (mut at, mut depth, mut deepest) = (0, 0_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => match string_end(text, at) {
                Some(end) => at = end,
                None => break,
            },
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ => {
                at += scalar(&text[at..]);
                if depth > 0 {
                    continue;
                }
            }
        }
        if depth == 0 {
            return Extent {
                length: at,
                deepest,
                is_complete: true,
            };
        }
    }
    Extent {
        length: text.len(),
        deepest,
        is_complete: false,
    }
}

/// Bytes up to the next string or bracket.
fn scalar(text: &[u8]) -> usize {
    let is_end = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
    text.iter().position(is_end).unwrap_or(text.len())
}

/// The end of the string whose quote is at `start`.
fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        match text[at] {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// Whether `text` is one object or array, complete, or several after each other.
pub(crate) fn is_one_value(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let is_container = matches!(text.first(), Some(b'{' | b'['));
    // Several objects on a line are JSON lines too: the line ends where a value ends.
    is_container
        && extent(text).is_complete
        && text.last().is_some_and(|byte| matches!(byte, b'}' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_their_bracket_does() {
        for (text, length, deepest, is_complete) in [
            (r#"{"a":[1]} {"b":2}"#, 9, 2, true),
            (r#"{"a":"}\"{"}x"#, 12, 1, true),
            (r#""text" 1"#, 6, 0, true),
            ("12", 2, 0, true),
            ("[[[", 3, 3, false),
            (r#"{"a":"open"#, 10, 1, false),
            (r#"{"a":"\"#, 7, 1, false),
            ("}", 1, 0, true),
            ("", 0, 0, false),
        ] {
            let expected = Extent {
                length,
                deepest,
                is_complete,
            };
            assert_eq!(extent(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_line_of_values() {
        for (text, expected) in [
            (r#" {"a":1} "#, true),
            (r#"{"a":1}{"b":2}"#, true),
            ("[1]", true),
            (r#"{"a":1"#, false),
            ("12", false),
            (r#"{"a":1} x"#, false),
            ("", false),
        ] {
            assert_eq!(is_one_value(text.as_bytes()), expected, "{text}");
        }
    }
}
