//! What the command line says of rules.

use std::collections::BTreeSet;

use thiserror::Error;

use super::super::rule::Rule;
use super::super::rules;
use super::levels::{Levels, Meaning, Rules, Table, meaning};
use crate::config::check::{FailOn, Level};

/// What the command line chooses; by default nothing, so that the configuration decides.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Ids of the rules that are judged; `None` for all.
    only: Option<BTreeSet<&'static str>>,
    /// Levels that go before those of the configuration.
    pub(super) levels: Levels,
    /// The least severity that fails; that of the configuration where it is `None`.
    pub fail_on: Option<FailOn>,
}

/// Why a choice is none.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChoiceError {
    /// A name means nothing.
    #[error("{flag}: {problem}")]
    Name {
        /// The flag.
        flag: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A severity is not written as one.
    #[error(
        "--severity: {found:?} is no severity of a rule; expected RULE=LEVEL with one of off, note, \
         warning and error, such as TB001=off"
    )]
    Severity {
        /// What was found.
        found: String,
    },
}

impl Choice {
    /// Judges `only` rules of these ids, names or families (none: all), with these severities,
    /// written as `RULE=LEVEL`.
    pub fn of(only: &[String], severity: &[String]) -> Result<Self, ChoiceError> {
        Self::among(&rules::all().collect::<Vec<_>>(), only, severity)
    }

    /// The same where `rules` are all there are.
    pub(super) fn among(
        rules: &Rules,
        only: &[String],
        severity: &[String],
    ) -> Result<Self, ChoiceError> {
        let mut chosen = BTreeSet::new();
        for name in only {
            match meaning(rules, name).map_err(|problem| name_error("--only", problem))? {
                Meaning::Rule(rule) => chosen.extend([rule.id]),
                Meaning::Family(family) => {
                    let members = rules.iter().filter(|rule| rule.family == family);
                    chosen.extend(members.map(|rule| rule.id));
                }
            }
        }
        let mut table = Table::new(rules);
        for text in severity {
            let (name, level) = pair(text).ok_or_else(|| ChoiceError::Severity {
                found: text.clone(),
            })?;
            let told = table.tell(name, level);
            told.map_err(|problem| name_error("--severity", problem))?;
        }
        Ok(Self {
            only: (!only.is_empty()).then_some(chosen),
            levels: table.levels(),
            fail_on: None,
        })
    }

    /// The same with another least severity that fails.
    #[must_use]
    pub const fn failing_on(mut self, fail_on: Option<FailOn>) -> Self {
        self.fail_on = fail_on;
        self
    }

    /// Whether a rule is chosen.
    pub(super) fn has(&self, rule: &Rule) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| only.contains(rule.id))
    }

    /// Whether some rules are not chosen.
    pub const fn is_partial(&self) -> bool {
        self.only.is_some()
    }
}

const fn name_error(flag: &'static str, problem: String) -> ChoiceError {
    ChoiceError::Name { flag, problem }
}

/// The name and the level of `RULE=LEVEL`.
fn pair(text: &str) -> Option<(&str, Level)> {
    let (name, level) = text.split_once('=')?;
    let level = match level.trim() {
        "off" => Level::Off,
        "note" => Level::Note,
        "warning" => Level::Warning,
        "error" => Level::Error,
        _ => return None,
    };
    Some((name.trim(), level))
}
