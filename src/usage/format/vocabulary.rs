//! Which field a column or key is, whatever its spelling.

use std::collections::BTreeMap;

use super::{FORMATS, Slot};
use crate::carrier::ENVELOPES;

/// What a key of a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing that is read.
    Other,
    /// A field.
    Field(Slot),
    /// An object, or a text holding one, whose keys are fields of the row.
    Properties,
    /// Where it holds an array, the rows are inside.
    Envelope,
}

/// Names and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vocabulary {
    names: BTreeMap<String, Meaning>,
}

impl Vocabulary {
    /// The names of all known formats.
    pub(crate) fn of_formats() -> Self {
        let marks = [(Slot::Category, "category"), (Slot::Type, "type")];
        let fields = FORMATS.iter().flat_map(|format| {
            let fields = format.fields.iter();
            fields.flat_map(|(slot, names)| names.iter().map(|name| (*slot, *name)))
        });
        Self::new(marks.into_iter().chain(fields))
    }

    /// These names, and those of envelopes.
    pub(crate) fn new<'a>(fields: impl Iterator<Item = (Slot, &'a str)>) -> Self {
        let mut names = BTreeMap::new();
        for name in ENVELOPES {
            names.insert(name.to_owned(), Meaning::Envelope);
        }
        names.insert("properties".to_owned(), Meaning::Properties);
        for (slot, name) in fields {
            names.insert(plain(name), Meaning::Field(slot));
        }
        Self { names }
    }

    /// What the column or key `name` means.
    pub(crate) fn meaning(&self, name: &str) -> Meaning {
        let found = self.names.get(&plain(name));
        found.copied().unwrap_or(Meaning::Other)
    }
}

/// A name without what exporters add or change: case, blanks, `_`, type suffixes, zone labels.
fn plain(name: &str) -> String {
    let name = name.trim();
    let name = name.strip_suffix(" [UTC]").unwrap_or(name);
    let stem = ["_s", "_d", "_b", "_g", "_t"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name);
    stem.chars()
        .filter(|character| !matches!(character, ' ' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_field() {
        let vocabulary = Vocabulary::of_formats();
        for (name, slot) in [
            ("TimeGenerated [UTC]", Slot::Time),
            ("timegenerated", Slot::Time),
            ("time", Slot::Time),
            ("CorrelationId", Slot::CorrelationId),
            ("correlationId_g", Slot::CorrelationId),
            ("Correlation Id", Slot::CorrelationId),
            ("correlation_id", Slot::CorrelationId),
            ("promptTokens_d", Slot::Input),
            ("PromptTokens", Slot::Input),
            ("prompt_tokens", Slot::Input),
            ("promptTokents", Slot::Input),
            ("modelName_s", Slot::Model),
            ("isStreamCompletion_b", Slot::Streamed),
            ("apimSubscriptionId_s", Slot::Subscription),
            ("Category", Slot::Category),
        ] {
            assert_eq!(vocabulary.meaning(name), Meaning::Field(slot), "{name}");
        }
        for name in [
            "_s",
            "",
            "CallerIpAddress",
            "Url",
            "RequestMessages",
            "promptTokens_x",
        ] {
            assert_eq!(vocabulary.meaning(name), Meaning::Other, "{name}");
        }
        assert_eq!(vocabulary.meaning("properties_s"), Meaning::Properties);
        assert_eq!(vocabulary.meaning("records"), Meaning::Envelope);
    }

    #[test]
    fn no_name_means_two_fields() {
        let mut seen = BTreeMap::new();
        for format in FORMATS {
            for (slot, names) in format.fields {
                for name in *names {
                    let first = *seen.entry(plain(name)).or_insert(*slot);
                    assert_eq!(first, *slot, "{name} of {}", format.name);
                }
            }
        }
    }
}
