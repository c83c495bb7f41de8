//! The baseline: findings that are known, and do not fail.

use std::io;
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::CheckArgs;
use super::inputs::Inputs;
use crate::check::baseline::{Baseline, Scope};
use crate::check::{Checked, Extent, rules};
use crate::commands::configuration::Configuration;
use crate::commands::console::Console;
use crate::commands::outputs::write_file;
use crate::report::check::sarif::Against;

/// Known findings, and the file that they stand in.
pub(super) struct Known {
    /// The file; `None` where there is no baseline.
    path: Option<PathBuf>,
    baseline: Baseline,
}

impl Known {
    /// The findings of the file that is named by the flag, else by the configuration. A file that is
    /// to be written need not be there.
    pub(super) fn of(args: &CheckArgs, configuration: &Configuration) -> anyhow::Result<Self> {
        let configured = configuration.config.check.baseline.as_ref();
        let configured = configured.map(|name| configuration.folder.join(name));
        let Some(path) = args.baseline.clone().or(configured) else {
            return Ok(Self {
                path: None,
                baseline: Baseline::default(),
            });
        };
        let shown = path.display();
        let baseline = match std::fs::read_to_string(&path) {
            Ok(text) => Baseline::parse(&text).with_context(|| shown.to_string())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && args.update_baseline => {
                Baseline::default()
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                "there is no baseline {shown}; write it with --update-baseline, or leave --baseline out"
            ),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read the baseline {shown}"));
            }
        };
        Ok(Self {
            path: Some(path),
            baseline,
        })
    }

    /// What findings are held against.
    pub(super) const fn against(&self) -> Against {
        match self.path {
            Some(_) => Against::Baseline,
            None => Against::Nothing,
        }
    }

    /// Tells new findings from known ones.
    pub(super) fn applied(&self, mut checked: Checked, inputs: &Inputs) -> Checked {
        if self.path.is_none() {
            return checked;
        }
        let findings = std::mem::take(&mut checked.findings);
        let compared = self
            .baseline
            .compare(findings, &self.scope(&checked, inputs));
        checked.findings = compared.new;
        checked.known = compared.known;
        checked.gone = compared.gone;
        checked
    }

    /// Writes what was found to the file.
    pub(super) fn update(
        &self,
        checked: &Checked,
        inputs: &Inputs,
        console: &mut Console,
    ) -> anyhow::Result<()> {
        let Some(path) = &self.path else {
            bail!("--update-baseline needs --baseline FILE, the file to write");
        };
        let next = self
            .baseline
            .updated(&checked.findings, &self.scope(checked, inputs));
        write_file(path, next.render().as_bytes())?;
        console.note(&format!(
            "{} findings are known in {}",
            next.len(),
            path.display()
        ));
        Ok(())
    }
}

impl Known {
    /// What was looked at: with files named one by one, or those that changed, these only, and what
    /// the named folders held.
    fn scope(&self, checked: &Checked, inputs: &Inputs) -> Scope {
        let mut scope = Scope::of(&checked.rules);
        if !inputs.scenarios.is_empty() {
            // Scenarios are looked at whatever else is left out.
            scope
                .rules
                .extend(rules::find("scenario-error").map(|rule| rule.id));
        }
        if inputs.extent == Extent::Whole && inputs.asked.is_empty() {
            return scope;
        }
        let is_below = |file: &&str| {
            let mut folders = inputs.asked.iter();
            inputs.extent == Extent::Whole
                && folders.any(|folder| {
                    let folder = folder.trim_start_matches("./").trim_end_matches('/');
                    file.strip_prefix(folder)
                        .is_some_and(|rest| rest.starts_with('/'))
                })
        };
        let gone = self.baseline.files().filter(is_below).map(str::to_owned);
        scope.within(inputs.names().chain(gone))
    }
}

/// What the baseline says of a check that found nothing new; empty where it says nothing.
pub(super) fn told(checked: &Checked) -> String {
    let (known, gone) = (checked.known.len(), checked.gone.len());
    match (known, gone) {
        (0, 0) => String::new(),
        (known, 0) => format!("note: {known} findings of the baseline are known"),
        (known, gone) => format!(
            "note: of the baseline, {known} findings are known and {gone} gone; --update-baseline \
             lets it shrink"
        ),
    }
}
