//! How models are named: in the catalog, in logs, and in one's own configuration.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::ModelName;
use crate::facts::Provenance;

/// How a model's tokens are encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Name of the encoding, e.g. `o200k_base`; empty where no source names one.
    pub name: String,
    /// `published`, `assumed` or `unknown`.
    pub basis: String,
}

/// What is known about one version of a model apart from its throughput.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFacts {
    /// The model.
    pub name: ModelName,
    /// Whether it chooses another model, on whose price its own is a fee.
    pub router: bool,
    /// How its tokens are encoded.
    pub encoding: Encoding,
    /// Where this is from and when it holds; `None` for models of the configuration.
    pub provenance: Option<Provenance>,
}

impl ModelFacts {
    /// A model of which only the name is known.
    pub(super) fn named(name: ModelName) -> Self {
        Self {
            name,
            router: false,
            encoding: Encoding {
                name: String::new(),
                basis: "unknown".to_owned(),
            },
            provenance: None,
        }
    }
}

/// Another name for a model, or for one version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alias {
    pub(super) alias: String,
    pub(super) name: ModelName,
}

/// The name of a model in the user's logs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// Lower case; a trailing `*` matches any rest.
    text: String,
    name: ModelName,
}

impl Pattern {
    fn matches(&self, logged: &str) -> bool {
        self.text
            .strip_suffix('*')
            .map_or(self.text == logged, |start| logged.starts_with(start))
    }
}

/// Every known name.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    models: Vec<ModelFacts>,
    /// Catalog spelling by lower case.
    spellings: BTreeMap<String, String>,
    aliases: BTreeMap<String, ModelName>,
    own: Vec<Pattern>,
}

impl Names {
    pub(super) fn new(models: Vec<ModelFacts>, aliases: Vec<Alias>) -> Self {
        let mut names = Self::default();
        for facts in models {
            names.add(facts);
        }
        let lower = |alias: Alias| (alias.alias.to_lowercase(), alias.name);
        names.aliases = aliases.into_iter().map(lower).collect();
        names
    }

    pub(super) fn add(&mut self, facts: ModelFacts) {
        let model = &facts.name.model;
        self.spellings.insert(model.to_lowercase(), model.clone());
        if !self.models.iter().any(|known| known.name == facts.name) {
            self.models.push(facts);
        }
    }

    /// Adds a model of the configuration and how logs call it.
    pub(super) fn add_own(&mut self, name: &ModelName, logged_as: &[String]) {
        let known = self
            .models
            .iter()
            .find(|facts| facts.name.model == name.model);
        let known = known.map(|facts| facts.encoding.clone());
        let mut facts = ModelFacts::named(name.clone());
        facts.encoding = known.unwrap_or(facts.encoding);
        self.add(facts);
        self.own.extend(logged_as.iter().map(|pattern| Pattern {
            text: pattern.to_lowercase(),
            name: name.clone(),
        }));
    }

    pub(super) fn models(&self) -> impl Iterator<Item = &ModelFacts> {
        self.models.iter()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.spellings.values().map(String::as_str)
    }

    pub(super) fn as_of(&self) -> impl Iterator<Item = NaiveDate> {
        let sources = self
            .models
            .iter()
            .filter_map(|facts| facts.provenance.as_ref());
        sources.map(|provenance| provenance.as_of)
    }

    /// Own patterns first, then the name as written, then without its date.
    pub(super) fn resolve(&self, logged: &str) -> Option<ModelName> {
        let logged = logged.trim().to_lowercase();
        if let Some(own) = self.own.iter().find(|pattern| pattern.matches(&logged)) {
            return Some(own.name.clone());
        }
        if let Some(name) = self.exact(&logged) {
            return Some(name);
        }
        let (start, date) = split_date(&logged)?;
        let mut name = self.exact(start)?;
        if name.version.is_none() && self.knows(&name.model, &date) {
            name.version = Some(date);
        }
        Some(name)
    }

    fn exact(&self, lower: &str) -> Option<ModelName> {
        if let Some(name) = self.aliases.get(lower) {
            return Some(name.clone());
        }
        let model = self.spellings.get(lower)?.clone();
        Some(ModelName {
            model,
            version: None,
        })
    }

    fn knows(&self, model: &str, version: &str) -> bool {
        self.models.iter().any(|facts| {
            facts.name.model == model && facts.name.version.as_deref() == Some(version)
        })
    }
}

/// A name that ends in a date, split: `gpt-4o-2024-11-20` and `gpt-4o-20241120` both give
/// `gpt-4o` and `2024-11-20`.
fn split_date(name: &str) -> Option<(&str, String)> {
    let dashed = name.len().checked_sub("-2024-11-20".len());
    let plain = name.len().checked_sub("-20241120".len());
    for (at, format) in [(dashed, "-%Y-%m-%d"), (plain, "-%Y%m%d")] {
        let Some((start, end)) = at.and_then(|at| name.split_at_checked(at)) else {
            continue;
        };
        if let Ok(date) = NaiveDate::parse_from_str(end, format) {
            return Some((start, date.to_string()));
        }
    }
    None
}
