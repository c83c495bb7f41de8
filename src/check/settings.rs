//! Which rules apply, how bad their findings are, and the limits that are judged by.
//!
//! What decides goes from general to particular: a rule's own severity, `[check.severity]`, each
//! `[[check.override]]` that matches in the order of the file, the command line; the last that says
//! something wins. Within one table, the id or name of a rule goes before its family.

mod budgets;
mod choice;
mod levels;
mod limits;
mod part;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::finding::Finding;
use super::rule::{Rule, Severity};
use super::rules;
use crate::chargeback::statement::{IDLE, UNATTRIBUTED};
use crate::chargeback::{Fault, Policy, Step};
use crate::config::check::{BudgetSection, CheckSection, FailOn, Level};
use crate::money::Money;
use crate::spelling::hint;
pub use choice::{Choice, ChoiceError};
use levels::{Levels, Rules};
pub use limits::{LimitKey, Limits, Reach};
use part::Part;

/// What the configuration and the command line say of rules.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    choice: Choice,
    general: Levels,
    parts: Vec<Part>,
    limits: Limits,
    /// Limits of the business units that an override names.
    units: BTreeMap<String, Limits>,
    budgets: Vec<BudgetSection>,
    fail_on: FailOn,
}

impl Settings {
    /// What `section` says, and then `choice`; or everything that is wrong with the section, in its
    /// order ([`Config::refusal`](crate::config::Config::refusal) adds the places).
    pub fn of(section: &CheckSection, choice: Choice) -> Result<Self, Vec<Fault>> {
        Self::among(&rules::all().collect::<Vec<_>>(), section, choice)
    }

    /// The same where `rules` are all there are.
    fn among(rules: &Rules, section: &CheckSection, choice: Choice) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let path = [Step::Key("check"), Step::Key("severity")];
        let general = levels::written(rules, &section.severity, &path, &mut faults);
        let path = [Step::Key("check"), Step::Key("limits")];
        limits::check(&section.limits, &path, &mut faults);
        let parts = section.overrides.iter().enumerate();
        let parts: Vec<Part> = parts
            .map(|(at, written)| Part::of(rules, written, at, &mut faults))
            .collect();
        budgets::check(&section.budget, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let limits = Limits::default().with(&section.limits);
        Ok(Self {
            units: limits_of_units(&limits, &parts),
            general,
            parts,
            limits,
            budgets: section.budget.clone(),
            fail_on: choice.fail_on.or(section.fail_on).unwrap_or_default(),
            choice,
        })
    }

    /// The limits for rows of a file.
    pub fn limits_of_file(&self, file: &str) -> Cow<'_, Limits> {
        let parts = self.parts.iter();
        let parts = parts.filter(|part| part.holds_for(file, None));
        parts.fold(Cow::Borrowed(&self.limits), |limits, part| {
            Cow::Owned(limits.with(&part.limits))
        })
    }

    /// The limits for a business unit.
    pub fn limits_of_unit(&self, unit: &str) -> &Limits {
        self.units.get(unit).unwrap_or(&self.limits)
    }

    /// The limits for what is about no file and no business unit.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What was said of a rule for a file (empty: no file) and a business unit.
    fn level(&self, rule: &Rule, file: &str, unit: Option<&str>) -> Option<Level> {
        let parts = self.parts.iter().rev();
        let mut parts = parts.filter(|part| part.holds_for(file, unit));
        let chosen = self.choice.levels.get(rule.id);
        let part = || parts.find_map(|part| part.levels.get(rule.id));
        let general = || self.general.get(rule.id);
        chosen.or_else(part).or_else(general).copied()
    }

    /// How bad findings of a rule are in a file (empty: in no file) and of a business unit; `None`
    /// where they are not reported.
    pub fn severity(&self, rule: &Rule, file: &str, unit: Option<&str>) -> Option<Severity> {
        if !self.choice.has(rule) {
            return None;
        }
        match self.level(rule, file, unit) {
            None => Some(rule.severity),
            Some(level) => severity(level),
        }
    }

    /// Whether a rule need be judged at all: it is chosen, and not off everywhere.
    pub fn judges(&self, rule: &Rule) -> bool {
        let is_on = |level: &Level| *level != Level::Off;
        if !self.choice.has(rule) {
            return false;
        }
        if let Some(level) = self.choice.levels.get(rule.id) {
            return is_on(level);
        }
        let mut parts = self.parts.iter();
        self.general.get(rule.id).is_none_or(is_on)
            || parts.any(|part| part.levels.get(rule.id).is_some_and(is_on))
    }

    /// The rules that need be judged, in the order of ids.
    pub fn judged(&self) -> Vec<&'static Rule> {
        rules::all().filter(|rule| self.judges(rule)).collect()
    }

    /// The findings that are reported, with their severities, sorted by file, place and rule. Where
    /// nothing was said of a rule, a finding keeps the severity it has.
    pub fn apply(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let reported = findings.into_iter().filter_map(|mut finding| {
            if !self.choice.has(finding.rule) {
                return None;
            }
            let level = self.level(finding.rule, finding.file(), finding.unit.as_deref());
            if let Some(level) = level {
                finding.severity = severity(level)?;
            }
            Some(finding)
        });
        let mut reported: Vec<_> = reported.collect();
        reported.sort_by(|a, b| {
            let order = a.order().cmp(&b.order());
            order.then_with(|| (&a.unit, &a.message).cmp(&(&b.unit, &b.message)))
        });
        reported
    }

    /// The least severity that fails.
    pub const fn fail_on(&self) -> FailOn {
        self.fail_on
    }

    /// The budgets, as they are written; no two of a business unit hold on one day.
    pub fn budgets(&self) -> &[BudgetSection] {
        &self.budgets
    }

    /// The most that a business unit may cost in the calendar month of a day; `None` where there is
    /// no budget.
    pub fn budget_on(&self, unit: &str, day: NaiveDate) -> Option<&Money> {
        let mut budgets = self.budgets.iter();
        let budget = budgets.find(|one| one.business_unit == unit && budgets::holds_on(one, day));
        budget.map(|budget| &budget.amount)
    }
}

/// The limits of every business unit that an override names.
fn limits_of_units(limits: &Limits, parts: &[Part]) -> BTreeMap<String, Limits> {
    let mut units = BTreeMap::new();
    for part in parts {
        for unit in part.whole_units() {
            let own = units.entry(unit.clone()).or_insert_with(|| limits.clone());
            *own = own.with(&part.limits);
        }
    }
    units
}

/// The severity of a level; `None` for off.
const fn severity(level: Level) -> Option<Severity> {
    match level {
        Level::Off => None,
        Level::Note => Some(Severity::Note),
        Level::Warning => Some(Severity::Warning),
        Level::Error => Some(Severity::Error),
    }
}

/// Business units that `section` names and nobody can be: no owner rule of `policy` leads to them,
/// so that an override or a budget of theirs would never do anything.
pub fn unknown_units(section: &CheckSection, policy: &Policy) -> Vec<Fault> {
    let owners = policy.owners.iter().flat_map(|rule| {
        let split = rule.split.iter().map(|share| share.business_unit.as_str());
        rule.business_unit.as_deref().into_iter().chain(split)
    });
    let known: BTreeSet<&str> = owners.chain([IDLE, UNATTRIBUTED]).collect();
    let mut faults = Vec::new();
    let mut look = |unit: &str, path: Vec<Step>| {
        if !known.contains(unit) {
            let nearest = hint(unit, known.iter().copied());
            let message = format!("no [[owner]] leads to business unit {unit:?}{nearest}");
            faults.push(Fault::of(path, message));
        }
    };
    for (at, part) in section.overrides.iter().enumerate() {
        for (nth, unit) in part.business_units.iter().enumerate() {
            let mut path = part::path(at, "business_units");
            path.push(Step::At(nth));
            look(unit, path);
        }
    }
    for (at, budget) in section.budget.iter().enumerate() {
        look(&budget.business_unit, budgets::path(at, "business_unit"));
    }
    faults
}
