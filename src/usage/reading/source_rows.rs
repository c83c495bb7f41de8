//! The rows of one source, as far as one thread read them.

use std::collections::BTreeMap;

use super::SourceSummary;
use crate::usage::format::{Format, Row, SlotSet};

/// What was seen of one source.
#[derive(Default)]
pub(super) struct SourceRows {
    pub(super) read: u64,
    pub(super) foreign: u64,
    pub(super) headers: u64,
    /// The formats met, by name, and the fields that their rows have.
    formats: BTreeMap<&'static str, (&'static Format, SlotSet)>,
}

impl SourceRows {
    /// Takes note of a row and of its format.
    pub(super) fn see(&mut self, format: &'static Format, row: &Row) {
        let (_, fields) = self
            .formats
            .entry(format.name)
            .or_insert((format, SlotSet::default()));
        *fields = fields.with(row.present());
    }

    /// Takes over what another thread saw.
    pub(super) fn merge(&mut self, other: Self) {
        self.read += other.read;
        self.foreign += other.foreign;
        self.headers += other.headers;
        for (name, (format, seen)) in other.formats {
            let (_, fields) = self
                .formats
                .entry(name)
                .or_insert((format, SlotSet::default()));
            *fields = fields.with(seen);
        }
    }

    /// Fills in the summary.
    pub(super) fn tell(self, summary: &mut SourceSummary) {
        summary.rows = self.read;
        summary.foreign = self.foreign;
        summary.headers = self.headers;
        summary.formats = self.formats.keys().copied().collect();
        let lacking = self.formats.values();
        summary.lacking = lacking
            .flat_map(|(format, fields)| format.lacks(*fields))
            .collect();
    }
}
