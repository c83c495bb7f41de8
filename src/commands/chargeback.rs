//! `tollbook chargeback`: who pays what for a period.

pub mod charging;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::Done;
use super::configuration::{self, Configuration};
use super::console::Console;
use super::facts::KnownFacts;
use super::outputs::{write_file, write_folder};
use super::usage_files;
use crate::chargeback::{Detail, Policy};
use crate::report::manifest::{InputFact, Origin};
use crate::report::table::{Ink, Page};
use crate::report::{Grouping, Report, View};
use crate::report::{accounting, csv, explain, json, manifest, markdown, split, table};
use crate::time::BillingPeriod;
use crate::usage::collection::Usage;
use crate::usage::reading::Hashing;
use charging::{ChargingArgs, Outcome, Ready, Request, compute, named_inputs, verdict};

/// Flags of `tollbook chargeback`.
#[derive(Debug, Args)]
pub struct ChargebackArgs {
    /// Log files, folders or globs; `inputs` of the configuration if none is given.
    files: Vec<String>,
    /// Billing period: a month (2026-10), or first and last month or day (2026-10..2026-12).
    #[arg(long, value_name = "PERIOD")]
    period: BillingPeriod,
    /// What the statement has one row of.
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    by: Grouping,
    /// Write every line of the statement in CSV, instead of one row for each group.
    #[arg(long)]
    lines: bool,
    /// How the statement is written; a table if not given, CSV with --lines.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write the statement to this file, or with --split-by into this folder.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write one file for each business unit into the folder given by --output.
    #[arg(long, value_enum, requires = "output", value_name = "WHAT")]
    split_by: Option<SplitBy>,
    /// Write what the statement was made from to this file (JSON).
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Show how one business unit's amount came about, from rows to cents.
    #[arg(long, value_name = "BUSINESS_UNIT", conflicts_with_all = ["split_by", "format", "lines"])]
    explain: Option<String>,
    #[command(flatten)]
    charging: ChargingArgs,
}

/// How a statement is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for a terminal.
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON with a versioned schema.
    Json,
    /// A Markdown table.
    Markdown,
}

/// What a statement is split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SplitBy {
    /// One file for each business unit.
    BusinessUnit,
}

/// Runs the command.
pub fn run(args: &ChargebackArgs, console: &mut Console) -> anyhow::Result<Done> {
    args.check_lines()?;
    let configuration = configuration::load(console)?;
    let files = named_inputs(&args.files, &configuration)?;
    let request = args.request();
    let ready = Ready::of(configuration, &args.charging)?;
    let sources = usage_files::sources(&files);
    let bar = usage_files::progress_bar(&files, console);
    let outcome = compute(&sources, &ready.configuration, &ready.facts, &request, &bar)?;
    console.note(&accounting::diagnostics(&outcome.usage.diagnostics));
    console.note(&usage_files::without_rows(&outcome.usage.sources));
    if args.charging.strict && !outcome.usage.diagnostics.is_empty() {
        console.note(&accounting::rows(&outcome.usage.rows));
        console.note("error: --strict: the input has faults, so no statement is written");
        return Ok(Done::NotMet);
    }
    args.write(&outcome, console)?;
    if let Some(path) = &args.manifest {
        let origin = origin(&outcome.usage, &ready.configuration, &ready.facts);
        write_file(
            path,
            manifest::render(&outcome.charged.report, &origin).as_bytes(),
        )?;
    }
    console.note(&accounting::rows(&outcome.usage.rows));
    Ok(verdict(&outcome.charged, &outcome.usage, console))
}

impl ChargebackArgs {
    fn request(&self) -> Request {
        Request {
            period: self.period,
            detail: match self.by {
                Grouping::Day => Detail::Day,
                _ => Detail::Period,
            },
            resources: self.charging.resources.resources(),
            hashing: match self.manifest {
                Some(_) => Hashing::Sha256,
                None => Hashing::None,
            },
        }
    }

    /// An error if lines are asked for in a format that has none of its own.
    fn check_lines(&self) -> anyhow::Result<()> {
        if self.lines && self.format() != Format::Csv {
            bail!("--lines writes CSV; leave --format out, or leave --lines out");
        }
        Ok(())
    }

    /// The format asked for, or the one that fits.
    fn format(&self) -> Format {
        let fitting = if self.lines {
            Format::Csv
        } else {
            Format::Table
        };
        self.format.unwrap_or(fitting)
    }

    /// Writes the statement where it was asked for.
    fn write(&self, outcome: &Outcome, console: &mut Console) -> anyhow::Result<()> {
        let report = &outcome.charged.report;
        if let Some(folder) = self.output.as_deref().filter(|_| self.split_by.is_some()) {
            let files = split::by_business_unit(report, self.format().ending(), |part| {
                self.render(part, console)
            });
            let files: Vec<_> = files
                .into_iter()
                .map(|(name, text)| (name, text.into_bytes()))
                .collect();
            return write_folder(folder, &files);
        }
        let text = match &self.explain {
            Some(unit) => explained(report, unit)?,
            None => self.render(report, console),
        };
        match &self.output {
            Some(path) => write_file(path, text.as_bytes()),
            None => Ok(console.out().write_all(text.as_bytes())?),
        }
    }

    fn render(&self, report: &Report, console: &Console) -> String {
        let view = View::of(report, self.by);
        match self.format() {
            Format::Table => table::render(report, &view, page(console)),
            Format::Csv if self.lines => csv::lines(report),
            Format::Csv => csv::groups(report, &view),
            Format::Json => json::render(report, &view),
            Format::Markdown => markdown::render(report, &view),
        }
    }
}

/// The page that a table is laid out on.
pub fn page(console: &Console) -> Page {
    Page {
        width: u16::try_from(console.width).unwrap_or(u16::MAX),
        ink: if console.color { Ink::Ansi } else { Ink::Plain },
    }
}

fn explained(report: &Report, unit: &str) -> anyhow::Result<String> {
    explain::render(report, unit).with_context(|| {
        let units = report.business_units().join(", ");
        format!("no business unit {unit:?} in this statement; it has {units}")
    })
}

impl Format {
    /// Ending of files in this format.
    const fn ending(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Markdown => "md",
        }
    }
}

/// What the manifest says of the statement's making.
fn origin(usage: &Usage, configuration: &Configuration, facts: &KnownFacts) -> Origin {
    let input = |source: &crate::usage::reading::SourceSummary| InputFact {
        name: source.name.clone(),
        bytes: source.bytes,
        rows: source.rows,
        sha256: source.sha256.clone().unwrap_or_default(),
        carrier: source.carrier.clone(),
        format: source.formats.join(", "),
    };
    Origin {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: usage.sources.iter().map(input).collect(),
        configuration_sha256: configuration.sha256.clone(),
        rate_card: facts.rates.version().to_owned(),
        catalog: facts.catalog.version().to_owned(),
        policy: policy_words(&configuration.config.policy),
        rows: usage.rows,
        faults: usage.diagnostics.count(),
    }
}

fn policy_words(policy: &Policy) -> BTreeMap<String, String> {
    let allocation = &policy.allocation;
    let priced: Vec<&str> = policy
        .priced
        .iter()
        .map(|disposition| disposition.name())
        .collect();
    [
        ("used", allocation.used.name().to_owned()),
        ("idle", allocation.idle.name().to_owned()),
        (
            "unused-reservation",
            allocation.unused_reservation.name().to_owned(),
        ),
        ("priced", priced.join(", ")),
    ]
    .map(|(name, word)| (name.to_owned(), word))
    .into()
}
