//! Findings about what the configuration says stand where it says so.

use crate::chargeback::Step;
use crate::check::finding::{Finding, Place};
use crate::config::Config;

impl Finding {
    /// The same at the longest part of `path` that the configuration has; at no place where it has
    /// none of it, or is no file.
    pub(super) fn written(self, config: &Config, path: &[Step]) -> Self {
        match config.place(path) {
            Some(place) => self.at(Place::text(config.file(), place.line, place.column)),
            None => self,
        }
    }
}

/// The path of a key in a table of a list.
pub(super) const fn entry(section: &'static str, at: usize, key: &'static str) -> [Step; 3] {
    [Step::Key(section), Step::At(at), Step::Key(key)]
}
