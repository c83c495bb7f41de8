//! What the name of a model says about its tokens.

mod encodings;
mod ratio;

use thiserror::Error;

use super::{EncodingName, Reason};
use crate::catalog::{Catalog, ModelName};

pub use ratio::{Approximation, Ratio, RatioError};

/// A model, as far as counting goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The name to show: the catalog's where it knows the model, else as it was given.
    pub name: String,
    /// The name in the catalog and, where the given name told it, the version.
    pub known: Option<ModelName>,
    /// The name by which tables are searched for the longest prefix: lower case, without provider
    /// and fine-tuning, e.g. `gpt-4o-2024-11-20`.
    pub family: String,
    /// How its text is encoded.
    pub encoding: EncodingName,
    /// Why counts are not exact, as far as the encoding goes.
    pub reason: Option<Reason>,
    /// How another model's encoding stands in for one that is not there.
    pub approximation: Option<Approximation>,
}

/// A model cannot be counted.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// Its tokenizer is not public, or is not one that the program has.
    #[error(
        "{}, so tokens of model {model:?} cannot be counted exactly\nhint: --approximate counts \
         them with {} and scales by the ratio known for the model; --approximate=RATIO by yours",
        .tokenizer.as_ref().map_or_else(
            || "its tokenizer is not public or not known".to_owned(),
            |tokenizer| format!("the tokenizer {tokenizer} is not embedded"),
        ),
        Model::UNKNOWN
    )]
    NoTokenizer {
        /// The model, as it was given.
        model: String,
        /// The name of its tokenizer, where a source gives one.
        tokenizer: Option<String>,
    },
}

/// What tables say about a model's encoding.
enum Found {
    Embedded(EncodingName, Option<Reason>),
    Missing(Option<String>),
}

impl Model {
    /// The encoding of models that nobody knows: that of every chat model since gpt-4o.
    pub const UNKNOWN: EncodingName = EncodingName::O200kBase;

    /// The model that `name` means: a name, alias or own pattern of the catalog, with or without
    /// its provider (`azure/…`), its fine-tuning (`ft:…:…`) and its date; else the longest prefix
    /// with a known encoding. Other names are counted with [`Self::UNKNOWN`], and say so.
    pub fn resolve(catalog: &Catalog, name: &str) -> Result<Self, ModelError> {
        let model = Self::named(catalog, name);
        match model.find(catalog) {
            Found::Embedded(encoding, reason) => Ok(Self {
                encoding,
                reason,
                ..model
            }),
            Found::Missing(tokenizer) => Err(ModelError::NoTokenizer {
                model: model.name,
                tokenizer,
            }),
        }
    }

    /// As [`Self::resolve`]; a model without a public tokenizer is counted with another's encoding
    /// and scaled by `ratio`, or where none is given by the one known for it.
    pub fn approximate(catalog: &Catalog, name: &str, ratio: Option<Ratio>) -> Self {
        Self::resolve(catalog, name).unwrap_or_else(|_| {
            let model = Self::named(catalog, name);
            let known = || Approximation::known(&model.family);
            Self {
                reason: Some(Reason::Approximated),
                approximation: Some(ratio.map_or_else(known, Approximation::given)),
                ..model
            }
        })
    }

    /// Whether some source knows the name.
    pub fn is_known(&self) -> bool {
        self.reason != Some(Reason::UnknownModel)
    }

    fn named(catalog: &Catalog, name: &str) -> Self {
        let known = names(name).iter().find_map(|name| catalog.resolve(name));
        let shown = known.as_ref().map_or(name.trim(), |known| &known.model);
        let [.., family] = names(shown);
        Self {
            name: shown.to_owned(),
            family: family.to_lowercase(),
            encoding: Self::UNKNOWN,
            reason: Some(Reason::UnknownModel),
            approximation: None,
            known,
        }
    }

    /// The encoding in the catalog, else by the longest prefix.
    fn find(&self, catalog: &Catalog) -> Found {
        let known = self.known.as_ref();
        let facts = known.and_then(|known| catalog.facts(&known.model));
        let stated = facts.map(|facts| &facts.encoding);
        if let Some(stated) = stated.filter(|stated| !stated.name.is_empty()) {
            let assumed = stated.basis == "assumed";
            return embedded(&stated.name, assumed.then_some(Reason::AssumedEncoding));
        }
        match (encodings::longest_prefix(&self.family), facts) {
            (Some(row), _) => embedded(&row.encoding, row.reason),
            (None, Some(facts)) if facts.provenance.is_some() => Found::Missing(None),
            (None, Some(_)) => Found::Embedded(Self::UNKNOWN, Some(Reason::AssumedEncoding)),
            (None, None) => Found::Embedded(Self::UNKNOWN, Some(Reason::UnknownModel)),
        }
    }
}

fn embedded(encoding: &str, reason: Option<Reason>) -> Found {
    match encoding.parse() {
        Ok(name) => Found::Embedded(name, reason),
        Err(_) => Found::Missing(Some(encoding.to_owned()).filter(|name| !name.is_empty())),
    }
}

/// A name as given, without its provider, and without its fine-tuning: `ft:gpt-4o:org::id` as
/// OpenAI writes it, `gpt-4o.ft-id` as Azure does, `davinci:ft-org` as both did once.
fn names(name: &str) -> [&str; 3] {
    let given = name.trim();
    let model = given.rsplit('/').next().unwrap_or(given);
    let tuned = model
        .strip_prefix("ft:")
        .and_then(|rest| rest.split(':').next());
    let base = tuned.unwrap_or(model);
    let before = |mark| base.split(mark).next().unwrap_or(base);
    let base = [".ft-", ":ft-"]
        .map(before)
        .into_iter()
        .min_by_key(|base| base.len());
    [given, model, base.unwrap_or(model)]
}

#[cfg(test)]
mod tests;
