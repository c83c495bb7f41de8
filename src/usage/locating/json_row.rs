//! Fields of a JSON row in the text it is written with.

use std::ops::Range;

use sonic_rs::{JsonValueTrait, LazyValue};

use crate::usage::carrier::{DEEPEST_NESTED, Layout, is_shallow};
use crate::usage::format::{Meaning, Slot, Vocabulary};

/// A field in the text of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Where its value is written, without quotes [byte].
    pub(super) span: Range<usize>,
    /// What the file calls it.
    pub(super) title: String,
    /// What it reads; empty where it has no value.
    pub(super) value: String,
}

/// Looks for the value that a reader takes for one field: the first of them that is not empty.
pub(super) struct Search<'v> {
    vocabulary: &'v Vocabulary,
    wanted: Slot,
    best: Option<Mark>,
    /// JSON inside texts, and where the texts are written.
    nested: Vec<(String, Range<usize>)>,
}

impl<'v> Search<'v> {
    /// Nothing found yet.
    pub(super) const fn new(vocabulary: &'v Vocabulary, wanted: Slot) -> Self {
        Self {
            vocabulary,
            wanted,
            best: None,
            nested: Vec::new(),
        }
    }

    /// Looks through an object.
    pub(super) fn object(mut self, text: &str) -> Option<Mark> {
        if !is_shallow(text.as_bytes()) {
            return None;
        }
        self.fields(text, text, None);
        self.finish()
    }

    /// Looks through an array in the order of `layout`.
    pub(super) fn array(mut self, text: &str, layout: &Layout) -> Option<Mark> {
        if !is_shallow(text.as_bytes()) {
            return None;
        }
        // Text that is no JSON ends the search.
        let values = sonic_rs::to_array_iter(text).map_while(Result::ok);
        for (column, value) in values.enumerate() {
            let known = layout.wanted.iter().find(|(at, _)| *at == column);
            if known.is_some_and(|(_, slot)| *slot == self.wanted) {
                let title = layout.header.get(column)?.trim();
                self.value(text, &value, title);
            } else if layout.properties == Some(column) {
                self.properties(text, &value, None);
            }
        }
        self.finish()
    }

    /// Takes a field; one with a value goes before one without, an earlier one before a later.
    pub(super) fn offer(&mut self, mark: Mark) {
        let is_better = |best: &Mark| best.value.is_empty() && !mark.value.is_empty();
        if self.best.as_ref().is_none_or(is_better) {
            self.best = Some(mark);
        }
    }

    /// Notes that a text, written at `span`, holds further fields as JSON.
    pub(super) fn inside(&mut self, text: &str, span: &Range<usize>) {
        self.nested.push((text.trim().to_owned(), span.clone()));
    }

    /// What was found, after the JSON inside of texts was looked through too.
    pub(super) fn finish(mut self) -> Option<Mark> {
        for _ in 0..DEEPEST_NESTED {
            for (text, span) in std::mem::take(&mut self.nested) {
                if is_shallow(text.as_bytes()) {
                    self.fields(&text, &text, Some(&span));
                }
            }
        }
        self.best
    }

    /// Looks through the object that a part of `row` is; what stands inside of a text is where
    /// that text is (`span`).
    fn fields(&mut self, row: &str, part: &str, span: Option<&Range<usize>>) {
        // Text that is no JSON ends the search.
        let fields = sonic_rs::to_object_iter(part).map_while(Result::ok);
        for (key, value) in fields {
            match self.vocabulary.meaning(&key) {
                Meaning::Field(slot) if slot == self.wanted => match span {
                    None => self.value(row, &value, &key),
                    Some(span) => self.offer(Mark {
                        span: span.clone(),
                        title: key.to_string(),
                        value: plain(&value),
                    }),
                },
                Meaning::Properties => self.properties(row, &value, span),
                Meaning::Field(_) | Meaning::Envelope | Meaning::Other => {}
            }
        }
    }

    fn properties(&mut self, row: &str, value: &LazyValue<'_>, span: Option<&Range<usize>>) {
        let raw = value.as_raw_str();
        if raw.starts_with('{') {
            let Some(at) = place_in(row, raw) else { return };
            self.fields(row, &row[at], span);
        } else if let Some(text) = value.as_str() {
            let own = || place_in(row, raw).map(inner);
            if let Some(span) = span.cloned().or_else(own) {
                self.inside(text, &span);
            }
        }
    }

    fn value(&mut self, row: &str, value: &LazyValue<'_>, title: &str) {
        let raw = value.as_raw_str();
        let Some(mut span) = place_in(row, raw) else {
            return;
        };
        if raw.starts_with('"') {
            span = inner(span);
        }
        self.offer(Mark {
            span,
            title: title.trim().to_owned(),
            value: plain(value),
        });
    }
}

/// A value as a reader takes it; empty for what it does not take.
fn plain(value: &LazyValue<'_>) -> String {
    match value.as_raw_str().as_bytes().first() {
        Some(b'"') => value.as_str().unwrap_or_default().trim_ascii().to_owned(),
        Some(b'{' | b'[' | b'n') | None => String::new(),
        Some(_) => value.as_raw_str().trim().to_owned(),
    }
}

/// Where `part`, which is borrowed from `whole`, stands in it.
fn place_in(whole: &str, part: &str) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let place = start..start.checked_add(part.len())?;
    (whole.get(place.clone())? == part).then_some(place)
}

/// A text in quotes without them.
const fn inner(text: Range<usize>) -> Range<usize> {
    if text.end - text.start < 2 {
        return text;
    }
    text.start + 1..text.end - 1
}
