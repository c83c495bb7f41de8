//! What is to be checked: log files, and configurations or scenarios beside them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use chrono::NaiveDate;

use super::CheckArgs;
use super::changed;
use super::policy::Policy;
use crate::catalog::Catalog;
use crate::check::rules::scenario;
use crate::check::{Extent, Finding, Standing};
use crate::commands::inputs::{InputFile, find};

/// The files of a check.
pub(super) struct Inputs {
    /// Log files.
    pub(super) logs: Vec<InputFile>,
    /// Configurations and scenarios, which are named one by one.
    pub(super) scenarios: Vec<InputFile>,
    /// How much of the usage the logs are.
    pub(super) extent: Extent,
    /// The texts of the scenarios, by name.
    pub(super) texts: BTreeMap<String, String>,
    /// Files, folders and globs as they were given; none where the configuration names them.
    pub(super) asked: Vec<String>,
}

impl Inputs {
    /// The files that are named, or else those of the configuration; with `--since`, those of them
    /// that changed. No log at all is no fault where there is a configuration: then that is checked.
    /// An error where there is neither.
    pub(super) fn find(args: &CheckArgs, policy: &Policy) -> anyhow::Result<Self> {
        let configuration = &policy.configuration;
        let (scenarios, logs): (Vec<String>, Vec<String>) =
            args.files.iter().cloned().partition(|name| is_toml(name));
        let mut scenarios = named(&scenarios, Path::new(""))?;
        scenarios.retain(|file| !is_file(&file.path, policy.name()));
        let globs = &configuration.config.inputs;
        let logs = match (logs.as_slice(), scenarios.as_slice()) {
            ([], []) => {
                named(globs, &configuration.folder).context("`inputs` of the configuration")?
            }
            (logs, _) => named(logs, Path::new(""))?,
        };
        if logs.is_empty() && args.files.is_empty() && policy.standing == Standing::Absent {
            bail!(
                "nothing to check: name usage exports, or set `inputs` in a tollbook.toml here or above"
            );
        }
        let whole = Self {
            extent: match logs.as_slice() {
                [] => Extent::Nothing,
                _ => Extent::Whole,
            },
            logs: logs.into_iter().map(shown_from_here).collect(),
            scenarios,
            texts: BTreeMap::new(),
            asked: args.files.clone(),
        };
        let mut inputs = match &args.since {
            None => whole,
            Some(revision) => whole.changed_since(revision)?,
        };
        inputs.texts = texts(&inputs.scenarios)?;
        Ok(inputs)
    }

    /// The names of all files.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let files = self.logs.iter().chain(&self.scenarios);
        files.map(|file| file.name.clone())
    }

    /// What is wrong with the configurations and scenarios among them.
    pub(super) fn scenario_findings(&self, catalog: &Catalog, as_of: NaiveDate) -> Vec<Finding> {
        let texts = self.texts.iter();
        texts
            .flat_map(|(name, text)| scenario(name, text, catalog, as_of))
            .collect()
    }

    fn changed_since(mut self, revision: &str) -> anyhow::Result<Self> {
        let changed = changed::since(revision)?;
        let before = (self.logs.len(), self.scenarios.len());
        for files in [&mut self.logs, &mut self.scenarios] {
            files.retain(|file| changed.contains(&file.path));
        }
        self.extent = match (self.logs.len(), self.scenarios.len()) {
            (0, _) => Extent::Nothing,
            left if left != before => Extent::Part,
            _ => Extent::Whole,
        };
        Ok(self)
    }
}

fn texts(files: &[InputFile]) -> anyhow::Result<BTreeMap<String, String>> {
    let read = |file: &InputFile| {
        let text = std::fs::read_to_string(&file.path);
        let text = text.with_context(|| format!("cannot read {}", file.name))?;
        Ok((file.name.clone(), text))
    };
    files.iter().map(read).collect()
}

fn named(patterns: &[String], base: &Path) -> anyhow::Result<Vec<InputFile>> {
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    find(patterns, base)
}

/// The file under a name relative to the working directory, where it is below that: reports name
/// files so, and a baseline knows them by it, however they were given.
fn shown_from_here(file: InputFile) -> InputFile {
    let here = std::env::current_dir().unwrap_or_default();
    let inside = file.path.strip_prefix(&here).ok().map(Path::to_owned);
    match inside {
        Some(inside) if file.path.is_absolute() => InputFile {
            name: inside.to_string_lossy().replace('\\', "/"),
            ..file
        },
        _ => file,
    }
}

/// Whether both are one file.
fn is_file(path: &Path, other: &str) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    !other.is_empty() && real(path) == real(Path::new(other)) && real(path).is_some()
}

/// Whether a file is a configuration or a scenario.
pub(super) fn is_toml(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}
