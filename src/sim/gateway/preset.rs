//! Policies of public gateways, by name.

use chrono::NaiveDate;
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::{Policy, PolicyError};
use crate::sim::preset_files::PresetFiles;

static POLICIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/sim/data/policies");
const FILES: PresetFiles = PresetFiles(&POLICIES);

/// A policy of a public gateway: one file of `src/sim/data/policies`.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Its name: the file's, without `.toml`.
    pub name: &'static str,
    /// What it does, in one line.
    pub description: String,
    /// Where it was read: repository and commit, or document.
    pub source: String,
    /// When it was read.
    pub as_of: NaiveDate,
    /// What of the source it leaves out or assumes; empty where nothing.
    pub limits: String,
    /// The policy, as a scenario would write it.
    pub policy: Policy,
    /// The text of the file.
    pub text: &'static str,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PresetFile {
    description: String,
    source: String,
    as_of: NaiveDate,
    #[serde(default)]
    limits: String,
    gateway: Policy,
}

impl Preset {
    /// Every preset, in the order of their names.
    pub fn all() -> Vec<Self> {
        let files = FILES.all().into_iter();
        files
            .map(|(name, text)| {
                Self::read(name, text).expect("every preset is read by a test of this module")
            })
            .collect()
    }

    /// The preset of this name.
    pub fn named(name: &str) -> Result<Self, PolicyError> {
        let (name, text) = FILES.named(name).map_err(|hint| PolicyError::Preset {
            found: name.to_owned(),
            hint,
        })?;
        Self::read(name, text)
    }

    fn read(name: &'static str, text: &'static str) -> Result<Self, PolicyError> {
        let file: PresetFile = toml::from_str(text).map_err(|error| PolicyError::PresetFile {
            name: name.to_owned(),
            problem: error.to_string(),
        })?;
        Ok(Self {
            name,
            description: file.description,
            source: file.source,
            as_of: file.as_of,
            limits: file.limits,
            policy: file.gateway,
            text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_loads_and_says_where_it_is_from() {
        let mut count = 0;
        for (name, text) in FILES.all() {
            let preset = Preset::read(name, text).unwrap_or_else(|error| panic!("{error}"));
            assert!(!preset.description.is_empty(), "{name}: description");
            assert!(!preset.source.is_empty(), "{name}: source");
            count += 1;
        }
        assert!(count >= 30, "{count} presets");
    }

    #[test]
    fn a_name_that_is_not_known_is_hinted_at() {
        let error = Preset::named("openai-apim").err().unwrap().to_string();
        assert!(
            error.starts_with(
                "there is no gateway preset \"openai-apim\"; did you mean openai-apim-lb"
            ),
            "{error}"
        );
    }
}
