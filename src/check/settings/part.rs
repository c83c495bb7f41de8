//! `[[check.override]]`: severities and limits of some files or business units.

use std::collections::BTreeSet;

use glob::Pattern;

use super::levels::{self, Levels, Rules};
use super::limits::{self, Reach};
use crate::chargeback::{Fault, Step};
use crate::config::check::{LimitsSection, OverrideSection};

/// One override, ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Any file if there are none.
    files: Vec<Pattern>,
    /// Any business unit, or none, if there are none.
    units: BTreeSet<String>,
    /// What it says of rules.
    pub(super) levels: Levels,
    /// What it says of limits.
    pub(super) limits: LimitsSection,
}

/// The path of a key of an override.
pub(super) fn path(at: usize, key: &'static str) -> Vec<Step> {
    vec![
        Step::Key("check"),
        Step::Key("override"),
        Step::At(at),
        Step::Key(key),
    ]
}

impl Part {
    /// The override as it is written at a place of the list; adds what is wrong with it.
    pub(super) fn of(
        rules: &Rules,
        written: &OverrideSection,
        at: usize,
        faults: &mut Vec<Fault>,
    ) -> Self {
        check_subject(written, at, faults);
        let files = patterns(&written.paths, at, faults);
        let levels = levels::written(rules, &written.severity, &path(at, "severity"), faults);
        limits::check(&written.limits, &path(at, "limits"), faults);
        check_reach(written, at, faults);
        Self {
            files,
            units: written.business_units.iter().cloned().collect(),
            levels,
            limits: written.limits.clone(),
        }
    }

    /// Whether it holds for a file (empty: no file) and a business unit: all that it names must
    /// match.
    pub(super) fn holds_for(&self, file: &str, unit: Option<&str>) -> bool {
        let is_unit = || unit.is_some_and(|unit| self.units.contains(unit));
        (self.files.is_empty() || self.has_file(file)) && (self.units.is_empty() || is_unit())
    }

    /// The business units that it holds for whatever the file.
    pub(super) fn whole_units(&self) -> impl Iterator<Item = &String> {
        self.units.iter().filter(|_| self.files.is_empty())
    }

    /// Whether a pattern matches the file's name, or all of its path with forward slashes.
    fn has_file(&self, file: &str) -> bool {
        let path = file.replace('\\', "/");
        let path = path.strip_prefix("./").unwrap_or(&path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut files = self.files.iter();
        !file.is_empty() && files.any(|pattern| pattern.matches(name) || pattern.matches(path))
    }
}

/// An override is for something, and says something.
fn check_subject(written: &OverrideSection, at: usize, faults: &mut Vec<Fault>) {
    let mut fault = |message: &str| {
        let mut path = path(at, "");
        path.pop();
        faults.push(Fault::of(path, message.to_owned()));
    };
    if written.paths.is_empty() && written.business_units.is_empty() {
        fault(
            "the override is for nothing; name `paths` or `business_units`, or use \
             [check.severity] and [check.limits], which hold for everything",
        );
    }
    if written.severity.is_empty() && limits::set(&written.limits).is_empty() {
        fault("the override changes nothing; give it `severity` or `limits`, or remove it");
    }
    for (nth, unit) in written.business_units.iter().enumerate() {
        if unit.is_empty() {
            let mut path = path(at, "business_units");
            path.push(Step::At(nth));
            let message = "a business unit has a name; found \"\"".to_owned();
            faults.push(Fault::of(path, message));
        }
    }
}

/// The patterns of paths.
fn patterns(paths: &[String], at: usize, faults: &mut Vec<Fault>) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for (nth, text) in paths.iter().enumerate() {
        let problem = match Pattern::new(text.strip_prefix("./").unwrap_or(text)) {
            Ok(pattern) if !text.is_empty() => {
                patterns.push(pattern);
                continue;
            }
            Ok(_) => "it is empty",
            Err(error) => error.msg,
        };
        let mut path = path(at, "paths");
        path.push(Step::At(nth));
        let message =
            format!("{text:?} is no pattern of files: {problem}; expected one such as \"*.csv\"");
        faults.push(Fault::of(path, message));
    }
    patterns
}

/// A limit is overridden where it is judged, and nowhere else.
fn check_reach(written: &OverrideSection, at: usize, faults: &mut Vec<Fault>) {
    let (files, units) = (
        !written.paths.is_empty(),
        !written.business_units.is_empty(),
    );
    for key in limits::set(&written.limits) {
        let (fits, wanted) = match key.reach {
            Reach::Files => (!units, "an override of it names `paths` and nothing else"),
            Reach::Units => (
                !files,
                "an override of it names `business_units` and nothing else",
            ),
            Reach::Everything => (
                !files && !units,
                "it is judged for everything at once; set it in [check.limits]",
            ),
        };
        if !fits {
            let mut path = path(at, "limits");
            path.push(Step::Key(key.name));
            let message = format!("`{}` has no effect here: {wanted}", key.name);
            faults.push(Fault::of(path, message));
        }
    }
}
