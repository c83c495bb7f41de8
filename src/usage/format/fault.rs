//! Why a row cannot be used.

use super::Slot;
use crate::usage::diagnostic::Problem;

/// What is wrong with a row, and the value that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) problem: Problem,
    /// Shortened; empty where showing it could give away more than a count or a time.
    pub(crate) found: String,
}

/// Characters of a value that are shown.
const SHOWN: usize = 40;

impl Fault {
    /// A fault without a value to show.
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            problem: Problem {
                what: what.into(),
                remedy: remedy.into(),
            },
            found: String::new(),
        }
    }

    /// The same, showing the start of `found`.
    #[must_use]
    pub(crate) fn showing(mut self, found: &str) -> Self {
        self.found = found.chars().take(SHOWN).collect();
        self
    }

    /// A field that must have a value has none.
    pub(crate) fn missing(slot: Slot) -> Self {
        Self::new(
            format!("`{}` is empty", slot.name()),
            "every row needs it: export the column, or correct the row",
        )
    }
}
