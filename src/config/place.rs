//! Where in the file a value is written.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::chargeback::{FaultKind, Step};

/// A place in a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePlace {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1 [character].
    pub column: u64,
}

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The file, or the flag that stands for one.
    pub file: String,
    /// Where in it, where that is known.
    pub place: Option<FilePlace>,
    /// What is wrong, what was expected, what to do.
    pub text: String,
    /// The path into the configuration; empty where the text as a whole could not be read.
    pub path: Vec<Step>,
    /// What sort of fault it is.
    pub kind: FaultKind,
}

impl fmt::Display for Message {
    /// Writes `file:line:column: what is wrong`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(FilePlace { line, column }) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.text)
    }
}

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

    /// The message with its place. What a flag stands for is no file of the user's, so it has no
    /// lines.
    pub(super) fn message(&self, span: Option<Range<usize>>, message: &str) -> Message {
        let is_flag = self.path.starts_with("--");
        Message {
            file: self.path.to_owned(),
            place: span.filter(|_| !is_flag).map(|span| self.place(&span)),
            text: message.trim_end().to_owned(),
            path: Vec::new(),
            kind: FaultKind::Other,
        }
    }

    /// The start of a span as an editor counts.
    pub(super) fn place(&self, span: &Range<usize>) -> FilePlace {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |count: usize| u64::try_from(count).expect("a count of bytes in memory");
        FilePlace {
            line: count(before.matches('\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
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
                Step::Entry(at) => table.and_then(|table| entry(table, at)),
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

/// The value at a place among the keys in the order of the alphabet.
fn entry<'t, 'd>(table: &'t DeTable<'d>, at: usize) -> Option<&'t Spanned<DeValue<'d>>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by(|a, b| a.0.get_ref().cmp(b.0.get_ref()));
    entries.get(at).map(|(_, value)| *value)
}
