//! Formats: what the fields of a row mean.
//!
//! A format is one file and one line in [`FORMATS`]. It declares the names its fields go by
//! ([`Format::fields`]), how its rows are told from others, and a function that turns a [`Row`]
//! into a [`Fragment`]. Formats do not know whether a row came from CSV or JSON.

mod ai_hub;
mod apim_gateway;
mod apim_joined;
mod apim_llm;
mod context;
mod fault;
mod mapped;
mod row;
pub mod simulated;
mod slot;
mod vocabulary;

pub use context::PseudonymKey;
pub(crate) use context::{CachedTokens, Context};
pub use mapped::{MappedColumns, MappedSource, MappedSourceError};
pub(crate) use row::{Row, Truth, Value};
pub(crate) use slot::{Slot, SlotSet};
pub(crate) use vocabulary::{Meaning, Vocabulary};

pub(crate) use crate::diagnostic::Fault;

use super::fragment::Fragment;

/// Every format known, in the order they are tried.
static FORMATS: &[&Format] = &[
    &apim_joined::FORMAT,
    &apim_llm::FORMAT,
    &apim_gateway::FORMAT,
    &ai_hub::FORMAT,
    &simulated::FORMAT,
];

/// One kind of log row.
pub(crate) struct Format {
    /// Its name on screen.
    pub(crate) name: &'static str,
    /// Its fields, each with the names it goes by (see [`vocabulary`]).
    fields: &'static [(Slot, &'static [&'static str])],
    /// The values of `Category` or `Type` that mark its rows, lower case.
    categories: &'static [&'static str],
    /// What unmarked rows must have to be taken for this format: one of each group.
    needs: &'static [&'static [Slot]],
    /// What unmarked rows must not have.
    excludes: &'static [Slot],
    /// What charging needs of its rows: one of each group. Rows without it can be read, and then
    /// have no owner or no price.
    vital: &'static [&'static [Slot]],
    /// Turns a row into a fragment, or says what is wrong with it.
    read: for<'a> fn(&'a Row, &'a mut Context) -> Result<Fragment<'a>, Fault>,
}

/// What a row is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A row to read.
    Known(&'static Format),
    /// A row of another log, to be skipped.
    Foreign,
    /// Neither its category nor its fields are known.
    Unknown,
}

/// Tells the format of rows.
#[derive(Clone, Copy)]
pub(crate) enum Reader {
    /// By category or fields.
    Detect,
    /// The `[[source]]` of the configuration that names the file.
    Mapped,
}

impl Reader {
    /// What `row` is.
    pub(crate) fn kind(self, row: &Row) -> Kind {
        match self {
            Self::Mapped => Kind::Known(&mapped::FORMAT),
            Self::Detect => kind_by_category(row).unwrap_or_else(|| kind_by_fields(row.present())),
        }
    }

    /// Whether rows with only these columns could be read at all.
    pub(crate) fn knows(self, columns: SlotSet) -> bool {
        match self {
            Self::Mapped => true,
            Self::Detect => {
                columns.contains(Slot::Category)
                    || matches!(kind_by_fields(columns), Kind::Known(_))
            }
        }
    }
}

/// The format that the row's category names. A category of another log makes the row foreign; an
/// unknown `Type` says nothing, since many tables have such a column.
fn kind_by_category(row: &Row) -> Option<Kind> {
    for slot in [Slot::Category, Slot::Type] {
        let category = row.text(slot);
        if category.is_empty() {
            continue;
        }
        let marked = FORMATS.iter().find(|format| {
            let mut names = format.categories.iter();
            names.any(|name| name.eq_ignore_ascii_case(category))
        });
        match (marked, slot) {
            (Some(format), _) => return Some(Kind::Known(format)),
            (None, Slot::Category) if row.has(Slot::CorrelationId) => return Some(Kind::Foreign),
            (None, _) => {}
        }
    }
    None
}

fn kind_by_fields(present: SlotSet) -> Kind {
    FORMATS
        .iter()
        .find(|format| {
            let mut groups = format.needs.iter();
            groups.all(|group| present.contains_any(group))
                && !present.contains_any(format.excludes)
        })
        .map_or(Kind::Unknown, |format| Kind::Known(format))
}

/// The names of all formats, for messages.
pub(crate) fn known_names() -> String {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    names.join(", ")
}

impl Format {
    /// What rows with these fields lack for charging: the first of each group.
    pub(crate) fn lacks(&self, fields: SlotSet) -> impl Iterator<Item = &'static str> {
        let groups = self.vital.iter();
        let missing = groups.filter(move |group| !fields.contains_any(group));
        missing.filter_map(|group| Some(group.first()?.name()))
    }

    /// Turns `row` into a fragment, or says what is wrong with it.
    pub(crate) fn read<'a>(
        &self,
        row: &'a Row,
        context: &'a mut Context,
    ) -> Result<Fragment<'a>, Fault> {
        (self.read)(row, context)
    }
}
