//! The configuration that is checked, and checked by: with faults, it is a finding and not the end.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::check::rules::{from_config_error, own_facts};
use crate::check::{Finding, Settings, Standing};
use crate::commands::configuration::{self, Configuration, FILE_NAME};
use crate::commands::console::Console;
use crate::commands::facts::{KnownFacts, Reach};
use crate::config::{Config, ConfigError};
use crate::rate_card::RateCard;

/// The configuration, or what is wrong with it.
pub(super) struct Policy {
    /// The user's; an empty one where that cannot be used.
    pub(super) configuration: Configuration,
    /// What is wrong with the user's.
    pub(super) findings: Vec<Finding>,
    /// Whether there is one to judge by.
    pub(super) standing: Standing,
    /// The name and the text of the user's, to show places in.
    pub(super) text: Option<(String, String)>,
}

impl Policy {
    /// Loads the configuration: that of `--config`, else a tollbook.toml among `files`, else the
    /// nearest. Errors only where a file that is named cannot be read.
    pub(super) fn load(files: &[String], console: &mut Console) -> anyhow::Result<Self> {
        let is_policy = |name: &&String| Path::new(name).file_name() == Some(FILE_NAME.as_ref());
        match files.iter().find(is_policy) {
            Some(named) if console.config.is_none() => {
                Self::of(configuration::load_file(Path::new(named)))
            }
            _ => Self::of(configuration::load(console)),
        }
    }

    /// What `settings` are made of cannot be used either: that is a finding too.
    pub(super) fn without_settings(self, refused: &ConfigError) -> anyhow::Result<Self> {
        let file = self.configuration.config.file().to_owned();
        Self::refused(&file, from_config_error(refused))
    }

    /// The configuration of a text that is no file of the user's, or that there is none.
    pub(super) fn of_text(name: &str, text: Option<&str>) -> anyhow::Result<Self> {
        let hash = text.map(|text| configuration::sha256(text.as_bytes()));
        let loaded = configuration::parse(text.unwrap_or(""), name, PathBuf::new(), hash);
        Ok(Self {
            text: text.map(|text| (name.to_owned(), text.to_owned())),
            ..Self::of(loaded)?
        })
    }

    fn of(loaded: anyhow::Result<Configuration>) -> anyhow::Result<Self> {
        let configuration = match loaded {
            Ok(configuration) => configuration,
            Err(error) => {
                let refused = error.downcast::<ConfigError>()?;
                let file = refused.messages.first().map(|one| one.file.as_str());
                return Self::refused(file.unwrap_or_default(), from_config_error(&refused));
            }
        };
        let findings = own_facts(&configuration.config, RateCard::bundled().regions());
        if !findings.is_empty() {
            return Self::refused(configuration.config.file(), findings);
        }
        Ok(Self {
            standing: match configuration.sha256 {
                Some(_) => Standing::Known,
                None => Standing::Absent,
            },
            text: text(configuration.config.file()),
            configuration,
            findings,
        })
    }

    fn refused(file: &str, findings: Vec<Finding>) -> anyhow::Result<Self> {
        Ok(Self {
            configuration: configuration::parse("", "", PathBuf::new(), None)?,
            findings,
            standing: Standing::Refused,
            text: text(file),
        })
    }

    /// An error where the configuration cannot be used and `settings` leave out what is wrong with it:
    /// nothing can be judged by it then, and passing would look like being right.
    pub(super) fn must_be_told(&self, settings: &Settings) -> anyhow::Result<()> {
        let is_told = |finding: &&Finding| settings.severity(finding.rule, "", None).is_some();
        if self.standing != Standing::Refused || self.findings.iter().all(|one| is_told(&one)) {
            return Ok(());
        }
        let told = self.findings.iter().map(Finding::to_string);
        bail!("{}", told.collect::<Vec<_>>().join("\nerror: "))
    }

    /// The name of the user's file; empty where there is none.
    pub(super) fn name(&self) -> &str {
        self.text.as_ref().map_or("", |(name, _)| name.as_str())
    }

    /// What the configuration says.
    pub(super) const fn config(&self) -> &Config {
        &self.configuration.config
    }

    /// Models and prices, its own included.
    pub(super) fn facts(&self, reach: Reach) -> anyhow::Result<KnownFacts> {
        KnownFacts::of(self.config(), reach)
    }
}

/// A file's name and text; none where it is made up, or gone since it was read.
fn text(file: &str) -> Option<(String, String)> {
    let text = std::fs::read_to_string(file).ok()?;
    Some((file.to_owned(), text))
}
