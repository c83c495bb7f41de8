//! Which column holds which field, resolved once per header.

use crate::usage::format::{Meaning, Row, Slot, SlotSet, Vocabulary};
use crate::usage::timestamp::{Label, label_of};

/// The columns of a CSV file or of a query result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The header as found.
    pub(crate) header: Vec<String>,
    /// Columns that are read, and what they are, in their order.
    pub(crate) wanted: Vec<(usize, Slot)>,
    /// The column that holds further fields as JSON.
    pub(crate) properties: Option<usize>,
    /// The fields among the columns.
    pub(crate) present: SlotSet,
    /// What the time column's label says.
    pub(crate) zone: Label,
}

impl Layout {
    /// Resolves a header.
    pub(crate) fn new(header: Vec<String>, vocabulary: &Vocabulary) -> Self {
        let mut layout = Self {
            header: Vec::new(),
            wanted: Vec::new(),
            properties: None,
            present: SlotSet::default(),
            zone: Label::Offset(0),
        };
        let mut zones = Vec::new();
        for (column, title) in header.iter().enumerate() {
            let (name, label) = label_of(title);
            // A name of the configuration may itself end in brackets.
            let exact = vocabulary.meaning(title);
            let meaning = match exact {
                Meaning::Other => vocabulary.meaning(name),
                _ => exact,
            };
            match meaning {
                Meaning::Field(slot) => {
                    layout.wanted.push((column, slot));
                    layout.present.insert(slot);
                    if slot == Slot::Time {
                        zones.push(label);
                    }
                }
                Meaning::Properties => layout.properties = Some(column),
                Meaning::Envelope | Meaning::Other => {}
            }
        }
        zones.dedup();
        layout.zone = match zones.as_slice() {
            [] => Label::Offset(0),
            [zone] => *zone,
            _ => Label::Unknown,
        };
        layout.header = header;
        layout
    }

    /// Names of columns that are read and stand in the header more than once, in any case.
    pub(crate) fn repeated_columns(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .wanted
            .iter()
            .map(|(column, _)| self.header[*column].to_lowercase())
            .collect();
        names.sort_unstable();
        let twice = names.windows(2).filter(|pair| pair[0] == pair[1]);
        let mut twice: Vec<String> = twice.map(|pair| pair[0].clone()).collect();
        twice.dedup();
        twice
    }

    /// Whether a row may be the header again: its first field that is read has the column's name.
    pub(crate) fn is_repeated(&self, row: &Row) -> bool {
        self.wanted
            .first()
            .is_some_and(|(column, slot)| row.text(*slot) == self.header[*column])
    }
}
