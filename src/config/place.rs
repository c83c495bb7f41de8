//! Where in the file a value is written.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::chargeback::Step;

/// A file's name and text, to find places in.
pub(super) struct Places<'t> {
    text: &'t str,
    path: &'t str,
}

impl<'t> Places<'t> {
    /// The places of `text`, which messages call `path`.
    pub(super) fn new(text: &'t str, path: &'t str) -> Self {
        Self { text, path }
    }

    /// The message with its place: `file:line:column: message`. What a flag stands for is no file
    /// of the user's, so it has no lines.
    pub(super) fn message(&self, span: Option<Range<usize>>, message: &str) -> String {
        let message = message.trim_end();
        let is_flag = self.path.starts_with("--");
        let Some(span) = span.filter(|_| !is_flag) else {
            return format!("{}: {message}", self.path);
        };
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        format!("{}:{line}:{column}: {message}", self.path)
    }

    /// Where the longest existing part of a path is written.
    pub(super) fn of(&self, path: &[Step]) -> Option<Range<usize>> {
        let document = DeTable::parse(self.text).ok()?;
        let mut span = None;
        let mut table = Some(document.get_ref());
        let mut list: Option<&toml::de::DeArray<'_>> = None;
        for step in path {
            let value = match *step {
                Step::Key(key) => table.and_then(|table| table.get(key)),
                Step::At(at) => list.and_then(|list| list.get(at)),
            };
            let Some(value) = value else { break };
            span = Some(value.span());
            (table, list) = match value.get_ref() {
                DeValue::Table(inner) => (Some(inner), None),
                DeValue::Array(inner) => (None, Some(inner)),
                _ => (None, None),
            };
        }
        span
    }

    /// Where a top-level key's value is written.
    pub(super) fn of_key(&self, key: &'static str) -> Option<Range<usize>> {
        self.of(&[Step::Key(key)])
    }
}
