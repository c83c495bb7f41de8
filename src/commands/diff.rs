//! `tollbook diff`: two months, policies, exports or statements, compared with causes.

mod operand;
mod sides;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Done;
use super::chargeback::charging::ChargingArgs;
use super::chargeback::page;
use super::console::Console;
use super::outputs::write_file;
use crate::diff::{self as comparing, Limit, difference};
use crate::report::diff::{self as report, Comparison, Shown};
use crate::time::BillingPeriod;
use operand::Operands;
use sides::{Loaded, Sides};

/// Flags of `tollbook diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// What is compared: a month or period (2026-09), a policy (NAME.toml), an export (log file,
    /// folder or glob), or a statement written by `tollbook chargeback` with --format json or
    /// --lines. A folder named like a month is ./2026-09.
    #[arg(value_name = "A")]
    before: String,
    /// What it is compared with; of the same kind.
    #[arg(value_name = "B")]
    after: String,
    /// Billing period of two policies or two exports: a month (2026-10), or first and last month
    /// or day (2026-10..2026-12).
    #[arg(long, value_name = "PERIOD")]
    period: Option<BillingPeriod>,
    /// Log files, folders or globs for months and policies; `inputs` of the configuration if none
    /// is given.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    inputs: Vec<String>,
    /// What the comparison has one row of.
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    by: By,
    /// Show rows that did not change, too.
    #[arg(long)]
    all: bool,
    /// End with exit code 1 if the total or any business unit changes by more, up or down: a
    /// percentage (5%) or an amount (100). Finance=5% is a limit for one business unit, in place
    /// of the others. May be repeated.
    #[arg(long, value_name = "LIMIT")]
    max_change: Vec<Limit>,
    /// How the comparison is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write the comparison to this file.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    charging: ChargingArgs,
}

/// What a comparison has one row of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Business units.
    #[value(alias = "unit")]
    BusinessUnit,
    /// Applications of each business unit.
    #[default]
    App,
    /// Models.
    Model,
    /// Models of each application.
    AppModel,
}

/// How a comparison is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for a terminal.
    #[default]
    Table,
    /// Markdown for the comment of a pull request.
    Markdown,
    /// JSON with a versioned schema.
    Json,
    /// Comma-separated values.
    Csv,
}

impl From<By> for comparing::By {
    fn from(by: By) -> Self {
        match by {
            By::BusinessUnit => Self::BusinessUnit,
            By::App => Self::App,
            By::Model => Self::Model,
            By::AppModel => Self::AppModel,
        }
    }
}

/// Runs the command.
pub fn run(args: &DiffArgs, console: &mut Console) -> anyhow::Result<Done> {
    let operands = Operands::of(args, console)?;
    let sides = match sides::load(args, operands, console)? {
        Loaded::Sides(sides) => *sides,
        Loaded::Faulty => return Ok(Done::NotMet),
    };
    let done = sides.done;
    let comparison = args.compare(sides)?;
    let text = args.render(&comparison, console);
    match &args.output {
        Some(path) => write_file(path, text.as_bytes())?,
        None => console.out().write_all(text.as_bytes())?,
    }
    for excess in report::excesses(&comparison) {
        console.note(&format!("over the limit: {excess}"));
    }
    if comparison.excesses.is_empty() {
        Ok(done)
    } else {
        Ok(Done::NotMet)
    }
}

impl DiffArgs {
    fn compare(&self, sides: Sides) -> anyhow::Result<Comparison> {
        let (before, after) = (sides.before, sides.after);
        let difference = difference(&before.statement, &after.statement, sides.traffic)?;
        Ok(Comparison {
            kind: sides.kind,
            excesses: difference.excesses(&self.max_change)?,
            difference,
            before: before.side,
            after: after.side,
            by: self.by.into(),
            shown: if self.all { Shown::All } else { Shown::Changed },
        })
    }

    fn render(&self, comparison: &Comparison, console: &Console) -> String {
        match self.format {
            Format::Table => report::table(comparison, page(console)),
            Format::Markdown => report::markdown(comparison),
            Format::Json => report::json(comparison),
            Format::Csv => report::csv(comparison),
        }
    }
}
