//! Rules: what is looked for, how bad it is, why it matters, and how to mend it.

use std::fmt;

use crate::config::check::FailOn;

/// One rule. Its id never changes its meaning; names may be used wherever ids may.
#[derive(Debug)]
pub struct Rule {
    /// `TB` and three digits.
    pub id: &'static str,
    /// Its name, in words with hyphens.
    pub name: &'static str,
    /// What it is about.
    pub family: Family,
    /// How bad a finding is, unless the configuration says otherwise.
    pub severity: Severity,
    /// What a finding means, in one line.
    pub summary: &'static str,
    /// Why it matters, and how it is judged.
    pub why: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

/// What rules are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Whether files can be read at all.
    Format,
    /// Whether single rows can be true.
    Records,
    /// Whether rows are missing.
    Completeness,
    /// Whether everything has an owner.
    Attribution,
    /// Whether everything has a price.
    Prices,
    /// Whether money goes where it should.
    Money,
    /// Whether the configuration and scenarios hold.
    Policy,
    /// Whether something is in the files that should not be.
    Privacy,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Somebody should look at it.
    Warning,
    /// It must be mended.
    Error,
}

impl Family {
    /// Every family, in the order of ids.
    pub const ALL: [Self; 8] = [
        Self::Format,
        Self::Records,
        Self::Completeness,
        Self::Attribution,
        Self::Prices,
        Self::Money,
        Self::Policy,
        Self::Privacy,
    ];

    /// The name used in every output, and wherever rules are chosen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Records => "records",
            Self::Completeness => "completeness",
            Self::Attribution => "attribution",
            Self::Prices => "prices",
            Self::Money => "money",
            Self::Policy => "policy",
            Self::Privacy => "privacy",
        }
    }
}

impl Family {
    /// A rule of the family; the texts are its summary, why it matters, and how to mend it.
    pub(super) const fn rule(
        self,
        id: &'static str,
        name: &'static str,
        severity: Severity,
        texts: [&'static str; 3],
    ) -> Rule {
        let [summary, why, fix] = texts;
        Rule {
            id,
            name,
            family: self,
            severity,
            summary,
            why,
            fix,
        }
    }
}

impl Severity {
    /// The name used in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl From<FailOn> for Severity {
    /// The least severity that fails.
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
        }
    }
}

impl Rule {
    /// Whether `text` means this rule: by id, by name, or by family; never minding case.
    pub fn is_meant_by(&self, text: &str) -> bool {
        [self.id, self.name, self.family.name()]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Rule {
    /// Writes the id and the name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.name)
    }
}
