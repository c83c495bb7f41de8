//! Which findings are known: a file that is kept beside the configuration, one finding a line, so
//! that a change of it can be read in a pull request.
//!
//! A finding is known while the file has its fingerprint and no smaller count. Messages are kept for
//! readers only.

mod entry;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::finding::Finding;
use super::rule::Rule;
pub use entry::Entry;

/// The version that is written, and read.
const SCHEMA: &str = "tollbook/baseline/1";
/// What every version starts with.
const FAMILY: &str = "tollbook/baseline/";

/// Known findings by fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<String, Entry>,
}

/// What a check looked at: the rest of a baseline is neither found nor gone.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Ids of the rules that were judged.
    pub rules: BTreeSet<&'static str>,
    /// The files that were read, as findings name them; `None` for all there are. What is about no
    /// file counts as looked at if its rule was judged.
    pub files: Option<BTreeSet<String>>,
}

/// Findings apart by what a baseline knows.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Those it does not know, or knows less often; in the order they were given.
    pub new: Vec<Finding>,
    /// Those it knows; in the order they were given.
    pub known: Vec<Finding>,
    /// What it knows and was looked at and not found, in the order of the file.
    pub gone: Vec<String>,
}

/// Why a text is no baseline.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BaselineError {
    /// It is no JSON, or not of the shape.
    #[error(
        "{line}:{column}: not a baseline: {problem}; restore the file, or write it anew with --update-baseline"
    )]
    Damaged {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// It is something else.
    #[error(
        "`schema` is {found}; expected \"{SCHEMA}\": this is no baseline that `tollbook check --update-baseline` wrote"
    )]
    Other {
        /// What is there, as JSON.
        found: String,
    },
    /// It was written by a newer tollbook.
    #[error(
        "`schema` is {found:?}; this tollbook reads \"{SCHEMA}\"; use the one that wrote the file, or write it anew with --update-baseline"
    )]
    Version {
        /// The version.
        found: String,
    },
    /// One entry cannot be meant.
    #[error(
        "finding {number} ({rule} {file:?} {subject:?}): {problem}; write the file anew with --update-baseline rather than by hand"
    )]
    Entry {
        /// Its place in the list, from 1.
        number: usize,
        /// Its rule.
        rule: String,
        /// Its file.
        file: String,
        /// Its subject.
        subject: String,
        /// What is wrong.
        problem: &'static str,
    },
}

/// What every version of the file has.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema: Value,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "schema")]
    _schema: String,
    findings: Vec<Entry>,
}

impl Scope {
    /// Everything that `rules` judge.
    pub fn of(rules: &[&'static Rule]) -> Self {
        Self {
            rules: rules.iter().map(|rule| rule.id).collect(),
            files: None,
        }
    }

    /// The same in these files only.
    #[must_use]
    pub fn within(mut self, files: impl IntoIterator<Item = String>) -> Self {
        self.files = Some(files.into_iter().collect());
        self
    }

    /// Whether it was looked for an entry.
    fn has(&self, entry: &Entry) -> bool {
        let files = self.files.as_ref();
        let in_files = || files.is_none_or(|files| files.contains(&entry.file));
        self.rules.contains(entry.rule.as_str()) && (entry.file.is_empty() || in_files())
    }
}

impl Baseline {
    /// A baseline that knows `findings`, whatever their order.
    pub fn of(findings: &[Finding]) -> Self {
        let mut baseline = Self::default();
        for finding in findings {
            let entry = baseline.entries.entry(finding.fingerprint());
            entry
                .and_modify(|entry| entry.merge(finding))
                .or_insert_with(|| Entry::of(finding));
        }
        baseline
    }

    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let head: Head = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        match head.schema {
            Value::String(schema) if schema == SCHEMA => {}
            Value::String(found) if found.starts_with(FAMILY) => {
                return Err(BaselineError::Version { found });
            }
            other => {
                let found = other.to_string();
                return Err(BaselineError::Other { found });
            }
        }
        let document: Document = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        let mut entries = BTreeMap::new();
        for (number, entry) in (1..).zip(document.findings) {
            let fault = |problem| BaselineError::Entry {
                number,
                rule: entry.rule.clone(),
                file: entry.file.clone(),
                subject: entry.subject.clone(),
                problem,
            };
            entry.check().map_err(fault)?;
            if entries.contains_key(&entry.fingerprint) {
                return Err(fault("it stands in the file twice"));
            }
            entries.insert(entry.fingerprint.clone(), entry);
        }
        Ok(Self { entries })
    }

    /// The file's text: the same for the same entries, one a line.
    pub fn render(&self) -> String {
        let lines: Vec<String> = self
            .sorted()
            .map(|entry| format!("\n    {entry}"))
            .collect();
        let end = if lines.is_empty() { "" } else { "\n  " };
        format!(
            "{{\n  \"schema\": \"{SCHEMA}\",\n  \"findings\": [{}{end}]\n}}\n",
            lines.join(",")
        )
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The files that it knows findings in.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let files = self.entries.values().map(|entry| entry.file.as_str());
        files.filter(|file| !file.is_empty())
    }

    /// Whether it knows no finding.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries in the order of the file: by file, rule and subject.
    fn sorted(&self) -> impl Iterator<Item = &Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by(|a, b| a.order().cmp(&b.order()));
        entries.into_iter()
    }

    /// Which of `findings`, which are all that was found within `scope`, it knows. Findings that
    /// were met more often say by how much.
    pub fn compare(&self, findings: Vec<Finding>, scope: &Scope) -> Compared {
        let now = Self::of(&findings);
        let mut compared = Compared::default();
        for mut finding in findings {
            let fingerprint = finding.fingerprint();
            let known = self.entries.get(&fingerprint).map(|entry| entry.count);
            let more = known.map(|known| now.entries[&fingerprint].count.saturating_sub(known));
            match more {
                Some(0) => compared.known.push(finding),
                Some(more) => {
                    let message = finding.message;
                    finding.message = format!("{message}; {more} more than in the baseline");
                    compared.new.push(finding);
                }
                None => compared.new.push(finding),
            }
        }
        let gone = self
            .sorted()
            .filter(|entry| scope.has(entry) && !now.entries.contains_key(&entry.fingerprint));
        compared.gone = gone.map(Entry::title).collect();
        compared
    }

    /// What the file should say after a check that found `findings` (as they are before they are
    /// compared) within `scope`: these, and what was not looked at.
    #[must_use]
    pub fn updated(&self, findings: &[Finding], scope: &Scope) -> Self {
        let mut next = Self::of(findings);
        for (fingerprint, entry) in &self.entries {
            if !scope.has(entry) {
                let kept = next.entries.entry(fingerprint.clone());
                kept.or_insert_with(|| entry.clone());
            }
        }
        next
    }
}

fn damaged(error: &serde_json::Error) -> BaselineError {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    BaselineError::Damaged {
        line: error.line().max(1),
        column: error.column().max(1),
        problem: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
    }
}
