//! By what records are grouped.

use std::str::FromStr;

use crate::tokenizer::count::Labels;

/// A label that records may have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// The model.
    Model,
    /// The calling app.
    App,
    /// Any other label that the user asked for.
    Tag,
    /// The file.
    File,
}

impl Label {
    /// Every label, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Model, Self::App, Self::Tag, Self::File];

    /// The word used in options and outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::App => "app",
            Self::Tag => "tag",
            Self::File => "file",
        }
    }

    /// What a record says; empty where it does not.
    pub fn of(self, labels: &Labels) -> &str {
        match self {
            Self::Model => &labels.model,
            Self::App => &labels.app,
            Self::Tag => &labels.tag,
            Self::File => &labels.file,
        }
    }
}

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|label| label.name() == text);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("{text:?} is no label; expected one of {names}")
        })
    }
}
