//! Texts of messages and keys, told by the names of the fields that hold them.

use std::ops::Range;

use regex::bytes::Regex;

use crate::usage::{Lie, RowTexts};

/// What a field holds that should not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// What people asked or were told.
    Message,
    /// A secret.
    Key,
}

/// Names of fields that hold messages, plain.
const MESSAGES: [&str; 8] = [
    "requestmessages",
    "responsemessages",
    "messages",
    "requestbody",
    "responsebody",
    "backendrequestbody",
    "backendresponsebody",
    "body",
];

/// Ends of the names of fields that hold keys, plain.
const KEYS: [&str; 5] = [
    "apikey",
    "subscriptionkey",
    "accesskey",
    "accountkey",
    "secretkey",
];

/// Least length of a key [byte]; what is shorter is a mask or a name.
const SHORTEST_KEY: usize = 16;

/// Finds such fields.
#[derive(Debug)]
pub(super) struct Fields {
    /// The end of such a name, its quote (or an escaped one) and the colon after it.
    json: Regex,
}

impl Fields {
    pub(super) fn new() -> Self {
        let json = r#"(?i-u)(?:essages|ody|ey)(?:_[sdg])?\\?"[ \t]*:[ \t]*"#;
        Self {
            json: Regex::new(json).expect("a test compiles the expression"),
        }
    }

    /// Shows every such field with a value to `tell`, with its place, in order of places.
    pub(super) fn find(&self, rows: &RowTexts<'_>, mut tell: impl FnMut(Holds, usize)) {
        match rows.lie {
            Lie::Csv { header, delimiter } => in_csv(rows.text, header, delimiter, &mut tell),
            Lie::Arrays(ranges, header) => in_arrays(rows.text, ranges, header, &mut tell),
            Lie::Lines | Lie::Objects(_) => self.in_json(rows.text, &mut tell),
        }
    }

    fn in_json(&self, text: &[u8], tell: &mut impl FnMut(Holds, usize)) {
        for found in self.json.find_iter(text) {
            let end = text[..found.end()].iter().rposition(|byte| *byte == b'"');
            let end = end.expect("the expression has a quote");
            let start = text[..end].iter().rposition(|byte| *byte == b'"');
            let name = &text[start.map_or(0, |at| at + 1)..end];
            if let Some(holds) = holds(name)
                && has_value(holds, &text[found.end()..])
            {
                tell(holds, found.start());
            }
        }
    }
}

/// What a field of this name holds.
fn holds(name: &[u8]) -> Option<Holds> {
    // Longer than any such name with its separators.
    if name.len() > 64 {
        return None;
    }
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    let name = ["_s", "_d", "_g"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(&name);
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    if MESSAGES.contains(&plain.as_str()) {
        return Some(Holds::Message);
    }
    KEYS.iter()
        .any(|end| plain.ends_with(end))
        .then_some(Holds::Key)
}

/// Whether the JSON value that `text` begins with is more than nothing.
fn has_value(holds: Holds, text: &[u8]) -> bool {
    let (quote, text) = match text {
        [b'\\', b'"', rest @ ..] => (&b"\\"[..], rest),
        [b'"', rest @ ..] => (&b"\""[..], rest),
        _ => return holds == Holds::Message && is_filled_list(text),
    };
    let value = &text[..memchr::memmem::find(text, quote).unwrap_or(text.len())];
    is_filled(holds, value)
}

/// Whether the text begins with a list or an object that is not empty.
fn is_filled_list(text: &[u8]) -> bool {
    let Some((b'[' | b'{', rest)) = text.split_first() else {
        return false;
    };
    !matches!(rest.trim_ascii_start().first(), None | Some(b']' | b'}'))
}

/// Whether a value is what the field is said to hold.
fn is_filled(holds: Holds, value: &[u8]) -> bool {
    let value = value.trim_ascii();
    match holds {
        Holds::Message => !matches!(value, b"" | b"[]" | b"{}" | b"null"),
        Holds::Key => {
            value.len() >= SHORTEST_KEY
                && value.iter().all(u8::is_ascii_graphic)
                && !value.iter().all(|byte| *byte == b'*')
        }
    }
}

/// Columns that are looked into; no export has as many of the kind, and rows times columns would
/// have no bound without.
const MOST_COLUMNS: usize = 32;

/// The columns of a header that hold such things.
fn columns(header: &[String]) -> Vec<(usize, Holds)> {
    let named = header.iter().enumerate();
    named
        .filter_map(|(column, title)| Some((column, holds(title.trim().as_bytes())?)))
        .take(MOST_COLUMNS)
        .collect()
}

fn in_csv(text: &[u8], header: &[String], delimiter: u8, tell: &mut impl FnMut(Holds, usize)) {
    let columns = columns(header);
    if columns.is_empty() {
        return;
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut record = csv::ByteRecord::new();
    // Reading from memory with flexible lengths cannot fail.
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let at = record.position().map_or(0, csv::Position::byte);
        let at = usize::try_from(at).unwrap_or(text.len());
        // The position may lie before line ends that the reader has yet to pass.
        let ends = text[at..]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let at = at + ends.count();
        for (column, holds) in &columns {
            if record
                .get(*column)
                .is_some_and(|value| is_filled(*holds, value))
            {
                tell(*holds, at);
            }
        }
    }
}

fn in_arrays(
    text: &[u8],
    ranges: &[Range<usize>],
    header: &[String],
    tell: &mut impl FnMut(Holds, usize),
) {
    let columns = columns(header);
    for range in ranges {
        let row = &text[range.clone()];
        for (column, holds) in &columns {
            let value = sonic_rs::get(row, [*column]);
            let filled = value.is_ok_and(|value| has_value(*holds, value.as_raw_str().as_bytes()));
            if filled {
                tell(*holds, range.start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, lie: Lie<'_>) -> Vec<Holds> {
        let rows = RowTexts {
            source: 0,
            first: 1,
            text: text.as_bytes(),
            lie,
        };
        let mut found = Vec::new();
        Fields::new().find(&rows, |holds, _| found.push(holds));
        found
    }

    #[test]
    fn json_fields_with_a_value() {
        use Holds::{Key, Message};
        for (text, expected) in [
            (r#"{"requestMessages":"hello"}"#, vec![Message]),
            (r#"{"responseMessages_s" : "hello"}"#, vec![Message]),
            (r#"{"RequestMessages":[{"role":"user"}]}"#, vec![Message]),
            (
                r#"{"properties":"{\"requestMessages\":\"hello\"}"}"#,
                vec![Message],
            ),
            (
                r#"{"requestMessages":"","responseMessages":[],"RequestBody":null}"#,
                vec![],
            ),
            (
                r#"{"appSubscriptionKey":"0123456789abcdef0123456789abcdef"}"#,
                vec![Key],
            ),
            (r#"{"api-key":"0123456789abcdef"}"#, vec![Key]),
            (r#"{"APIKEY":"0123456789abcdef"}"#, vec![Key]),
            (
                r#"{"api-key":"****************","monkey":"0123456789abcdef"}"#,
                vec![],
            ),
            (r#"{"key":"0123456789abcdef","somebody":"x"}"#, vec![]),
        ] {
            assert_eq!(found(text, Lie::Lines), expected, "{text}");
        }
    }

    #[test]
    fn columns_with_a_value() {
        let header = ["Id", "RequestMessages", "Api Key"].map(str::to_owned);
        let lie = Lie::Csv {
            header: &header,
            delimiter: b',',
        };
        let rows = "1,,\n2,\"hello, world\",\n3,[],0123456789abcdef\n";
        assert_eq!(found(rows, lie), [Holds::Message, Holds::Key]);
        let lie = Lie::Csv {
            header: &header[..1],
            delimiter: b',',
        };
        assert_eq!(found(rows, lie), []);
        let text = r#"[1,"",null][2,"hello","0123456789abcdef"]"#;
        let ranges = [0..11, 11..text.len()];
        let lie = Lie::Arrays(&ranges, &header);
        assert_eq!(found(text, lie), [Holds::Message, Holds::Key]);
    }
}
