//! Where findings are written, and how.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use clap::ValueEnum;

use super::CheckArgs;
use crate::check::{Checked, Rule, rules};
use crate::commands::chargeback::page;
use crate::commands::console::Console;
use crate::commands::outputs::write_file;
use crate::report::check::sarif::Against;
use crate::report::check::{azure, github, gitlab, json, junit, markdown, sarif, text};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// What the CI service at hand shows: github, azure, or else text.
    Auto,
    /// Text for people, as compilers write it.
    Text,
    /// JSON with a versioned schema.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// `JUnit` XML, for test reports.
    Junit,
    /// Annotations of GitHub Actions, and its job summary.
    Github,
    /// Issues of Azure Pipelines.
    Azure,
    /// Code quality of GitLab.
    Gitlab,
    /// Markdown, for a comment on a pull request.
    Markdown,
}

/// One more report: `FORMAT=PATH`.
#[derive(Clone, Debug)]
pub(super) struct Extra {
    format: Format,
    path: PathBuf,
}

impl Extra {
    /// Where it is written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl FromStr for Extra {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or("expected FORMAT=PATH, such as sarif=check.sarif")?;
        let format = Format::from_str(format, true)?;
        if format == Format::Auto {
            return Err("a file needs a format of its own, such as sarif".to_owned());
        }
        Ok(Self {
            format,
            path: PathBuf::from(path),
        })
    }
}

/// Writes the findings wherever they were asked for.
pub(super) fn write(
    args: &CheckArgs,
    checked: &Checked,
    against: Against,
    console: &mut Console,
) -> anyhow::Result<()> {
    let render = |format, console: &Console| match format {
        Format::Auto | Format::Text => text::render(checked, args.most(), page(console)),
        Format::Json => json::render(checked),
        Format::Sarif => sarif::render(checked, &rules(), against),
        Format::Junit => junit::render(checked, &rules()),
        Format::Github => github::render(checked),
        Format::Azure => azure::render(checked),
        Format::Gitlab => gitlab::render(checked),
        Format::Markdown => markdown::comment(checked),
    };
    for extra in &args.report {
        write_file(&extra.path, render(extra.format, console).as_bytes())?;
    }
    let format = args.format.resolved();
    let text = render(format, console);
    match &args.output {
        Some(path) => write_file(path, text.as_bytes())?,
        None => console.out().write_all(text.as_bytes())?,
    }
    match summary_file() {
        Some(path) if format == Format::Github => append(&path, &markdown::summary(checked)),
        _ => Ok(()),
    }
}

/// Every rule there is, judged or not.
fn rules() -> Vec<&'static Rule> {
    rules::all().collect()
}

/// Where GitHub Actions wants the summary of a step.
fn summary_file() -> Option<PathBuf> {
    std::env::var_os("GITHUB_STEP_SUMMARY")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// Adds to the summary: other steps may have written to it.
fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("cannot write the job summary {}", path.display()))
}

impl Format {
    /// The format that auto stands for here.
    fn resolved(self) -> Self {
        let is_set = |name: &str| std::env::var(name).is_ok_and(|value| is_true(&value));
        match self {
            Self::Auto if is_set("GITHUB_ACTIONS") => Self::Github,
            Self::Auto if is_set("TF_BUILD") => Self::Azure,
            Self::Auto => Self::Text,
            other => other,
        }
    }
}

fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}
