//! One value of a row: JSON as it is written, or a text.

use std::borrow::Cow;

/// A value; JSON is not read before it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// JSON, as written.
    Json(Cow<'a, str>),
    /// A text, such as a cell of CSV, which may itself be JSON.
    Text(Cow<'a, str>),
}

/// JSON in a text in a text, and so on, that is read.
const DEEPEST_NESTED: usize = 3;

impl<'a> Value<'a> {
    /// The same, borrowing nothing.
    pub(super) fn into_owned<'b>(self) -> Value<'b> {
        match self {
            Self::Json(json) => Value::Json(Cow::Owned(json.into_owned())),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// Whether there is something: neither `null` nor an empty text.
    pub(super) fn is_there(&self) -> bool {
        match self {
            Self::Json(json) => !matches!(&**json, "null" | "\"\""),
            Self::Text(text) => !text.is_empty(),
        }
    }

    /// A text, or a number as it is written; `None` for anything else, and for nothing.
    pub(super) fn text(&self) -> Option<Cow<'a, str>> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Json(json) => match json.as_bytes().first()? {
                b'"' => unquoted(json)?,
                b'0'..=b'9' | b'-' => json.clone(),
                _ => return None,
            },
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// A count of tokens, however it is written: 12, "12", 12.0.
    pub(super) fn count(&self) -> Option<u64> {
        let text = self.text()?;
        let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let is_whole = fraction.bytes().all(|digit| digit == b'0');
        is_whole.then(|| whole.parse().ok()).flatten()
    }

    /// An object, also one in a text.
    pub(super) fn object(&self) -> Option<Cow<'a, str>> {
        self.nested(b'{')
    }

    /// An array, also one in a text.
    pub(super) fn array(&self) -> Option<Cow<'a, str>> {
        self.nested(b'[')
    }

    fn nested(&self, bracket: u8) -> Option<Cow<'a, str>> {
        let (Self::Json(text) | Self::Text(text)) = self;
        let mut text = text.clone();
        for _ in 0..=DEEPEST_NESTED {
            let first = *text.trim_start().as_bytes().first()?;
            if first == bracket {
                return Some(text);
            }
            if first != b'"' {
                return None;
            }
            text = unquoted(&text)?;
        }
        None
    }
}

/// The text of a JSON string; borrowed where nothing in it is escaped.
fn unquoted<'a>(json: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    let inside = |json: &str| {
        json.trim()
            .strip_prefix('"')?
            .strip_suffix('"')
            .map(str::len)
    };
    if memchr::memchr(b'\\', json.as_bytes()).is_some() {
        return sonic_rs::from_str::<String>(json).ok().map(Cow::Owned);
    }
    let length = inside(json)?;
    let start = json.find('"')? + 1;
    Some(match json {
        Cow::Borrowed(json) => Cow::Borrowed(&json[start..start + length]),
        Cow::Owned(json) => Cow::Owned(json[start..start + length].to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value<'_> {
        Value::Json(text.into())
    }

    #[test]
    fn texts_and_counts() {
        assert_eq!(json(r#""a\n""#).text().as_deref(), Some("a\n"));
        assert!(matches!(
            json(r#""plain""#).text(),
            Some(Cow::Borrowed("plain"))
        ));
        assert_eq!(json("12").text().as_deref(), Some("12"));
        for nothing in ["null", "\"\"", "[]", "{}", "true"] {
            assert_eq!(json(nothing).text(), None, "{nothing}");
        }
        for (written, count) in [
            ("12", Some(12)),
            ("\"12\"", Some(12)),
            ("12.0", Some(12)),
            ("12.5", None),
            ("-1", None),
        ] {
            assert_eq!(json(written).count(), count, "{written}");
        }
    }

    #[test]
    fn objects_are_found_in_texts_too() {
        for written in [r#"{"a":1}"#, r#""{\"a\":1}""#, r#""\"{\\\"a\\\":1}\"""#] {
            assert_eq!(
                json(written).object().as_deref(),
                Some(r#"{"a":1}"#),
                "{written}"
            );
        }
        assert_eq!(json(r#""a {""#).object(), None);
        assert_eq!(json("[1]").object(), None);
        assert_eq!(json("[1]").array().as_deref(), Some("[1]"));
        assert_eq!(Value::Text(" {} ".into()).object().as_deref(), Some(" {} "));
    }
}
