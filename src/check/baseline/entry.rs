//! One known finding.

use std::fmt;

use serde::Deserialize;

use super::super::finding::{Finding, fingerprint};

/// A finding as a baseline keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What tells it from every other: that of the finding.
    pub(super) fingerprint: String,
    /// Id of the rule.
    pub(super) rule: String,
    /// The file it is about; empty where it is about none.
    pub(super) file: String,
    /// What tells it from other findings of the rule in the same file.
    pub(super) subject: String,
    /// How often it was met.
    pub(super) count: u64,
    /// What was found when it was written.
    pub(super) message: String,
}

impl Entry {
    /// A finding to be known.
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            fingerprint: finding.fingerprint(),
            rule: finding.rule.id.to_owned(),
            file: finding.file().to_owned(),
            subject: finding.subject.clone(),
            count: finding.count,
            message: finding.message.clone(),
        }
    }

    /// Takes in a finding with the same fingerprint; the order does not show.
    pub(super) fn merge(&mut self, finding: &Finding) {
        self.count = self.count.saturating_add(finding.count);
        if finding.message < self.message {
            self.message.clone_from(&finding.message);
        }
    }

    /// By what entries are sorted.
    pub(super) fn order(&self) -> (&str, &str, &str, &str) {
        (&self.file, &self.rule, &self.subject, &self.fingerprint)
    }

    /// Whether a file may have it; what is wrong if not.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.count == 0 {
            return Err("`count` is 0; expected how often it was met");
        }
        if self.fingerprint != fingerprint(&self.rule, &self.file, &self.subject) {
            return Err("`fingerprint` is not that of its rule, file and subject");
        }
        Ok(())
    }

    /// What it is, in one line.
    pub(super) fn title(&self) -> String {
        let Self {
            rule,
            file,
            message,
            ..
        } = self;
        if file.is_empty() {
            format!("{rule}: {message}")
        } else {
            format!("{rule} in {file}: {message}")
        }
    }
}

impl fmt::Display for Entry {
    /// Writes one line of JSON, with blanks between fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |value: &str| serde_json::to_string(value).map_err(|_| fmt::Error);
        write!(f, "{{ \"fingerprint\": {}", value(&self.fingerprint)?)?;
        write!(f, ", \"rule\": {}", value(&self.rule)?)?;
        write!(f, ", \"file\": {}", value(&self.file)?)?;
        write!(f, ", \"subject\": {}", value(&self.subject)?)?;
        write!(f, ", \"count\": {}", self.count)?;
        write!(f, ", \"message\": {} }}", value(&self.message)?)
    }
}
