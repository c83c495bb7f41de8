//! A difference grouped for reading: sums of its finest rows, the largest change first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::change::Change;
use super::{Difference, LeafKey};

/// What a table of differences has one row of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Business units.
    BusinessUnit,
    /// Applications of each business unit.
    #[default]
    App,
    /// Models, whoever uses them.
    Model,
    /// Models of each application.
    AppModel,
}

/// A part of what a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The business unit.
    BusinessUnit,
    /// The application.
    App,
    /// The model.
    Model,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One text for each of [`By::keys`].
    pub keys: Vec<String>,
    /// What changed.
    pub change: Change,
}

impl By {
    /// The name used in options and outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BusinessUnit => "business-unit",
            Self::App => "app",
            Self::Model => "model",
            Self::AppModel => "app-model",
        }
    }

    /// What its rows are about.
    pub const fn keys(self) -> &'static [Key] {
        match self {
            Self::BusinessUnit => &[Key::BusinessUnit],
            Self::App => &[Key::BusinessUnit, Key::App],
            Self::Model => &[Key::Model],
            Self::AppModel => &[Key::BusinessUnit, Key::App, Key::Model],
        }
    }

    /// What names a row at the finest.
    fn texts(self, leaf: &LeafKey) -> Vec<String> {
        let text = |key: &Key| match key {
            Key::BusinessUnit => leaf.business_unit.clone(),
            Key::App => leaf.app.clone(),
            Key::Model => leaf.model.clone(),
        };
        self.keys().iter().map(text).collect()
    }
}

impl Difference {
    /// The rows of a grouping. Those of the first key (the business unit, mostly) stay together;
    /// whichever changed most, up or down, comes first, ties by name.
    pub fn rows(&self, by: By) -> Vec<Row> {
        let mut changes: BTreeMap<Vec<String>, Change> = BTreeMap::new();
        let mut of_first: BTreeMap<String, Change> = BTreeMap::new();
        for (leaf, change) in &self.leaves {
            let keys = by.texts(leaf);
            of_first.entry(keys[0].clone()).or_default().add(change);
            changes.entry(keys).or_default().add(change);
        }
        let mut rows: Vec<Row> = changes
            .into_iter()
            .map(|(keys, change)| Row { keys, change })
            .collect();
        // The sort is stable, and rows come in the order of their names.
        rows.sort_by_cached_key(|row| {
            let first = &row.keys[0];
            let size = |change: &Change| Reverse(change.amount().0.unsigned_abs());
            (size(&of_first[first]), first.clone(), size(&row.change))
        });
        rows
    }
}
