//! What the two things are that are compared, and whether flags fit them.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::DiffArgs;
use crate::commands::console::Console;
use crate::report::recorded::Sort;
use crate::time::BillingPeriod;

/// How much of a file tells what it is [byte].
const HEAD: u64 = 4_096;

/// The two things that are compared.
pub(super) enum Operands {
    /// Two periods of the same inputs.
    Months([BillingPeriod; 2]),
    /// Two policies, and the period that they charge.
    Policies([PathBuf; 2], BillingPeriod),
    /// Two exports, as written, and the period of them that is charged.
    Exports([String; 2], BillingPeriod),
    /// Two statements that were written before.
    Statements([(PathBuf, Sort); 2]),
}

/// One thing.
enum Operand {
    Month(BillingPeriod),
    Policy(PathBuf),
    Export(String),
    Statement(PathBuf, Sort),
}

impl Operand {
    fn of(text: &str) -> anyhow::Result<Self> {
        if let Ok(period) = text.parse() {
            return Ok(Self::Month(period));
        }
        let path = Path::new(text);
        let is_toml = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        if is_toml {
            return Ok(Self::Policy(path.to_owned()));
        }
        if !path.is_file() {
            return Self::folder_or_glob(text);
        }
        match Sort::of(&head(path)?) {
            sort @ (Sort::Document | Sort::Lines) => Ok(Self::Statement(path.to_owned(), sort)),
            Sort::Groups => bail!(
                "{text} holds groups of a statement, which tell no quantities\n\
                 hint: write it with --lines, or with --format json"
            ),
            Sort::Other(schema) => bail!(
                "{text} is {schema}; expected a statement, {}, or a log file",
                crate::report::json::SCHEMA
            ),
            Sort::Unknown => Ok(Self::Export(text.to_owned())),
        }
    }

    /// A folder or glob of logs; what is neither was most likely meant as something else.
    fn folder_or_glob(text: &str) -> anyhow::Result<Self> {
        let path = Path::new(text);
        if path.exists() || text.contains(['*', '?', '[']) {
            return Ok(Self::Export(text.to_owned()));
        }
        std::fs::metadata(path).with_context(|| {
            format!(
                "{text} is no period such as 2026-10, and cannot be read as a policy (NAME.toml), \
                 an export or a statement"
            )
        })?;
        bail!("{text} is neither a file nor a folder")
    }

    /// With its article, for messages.
    const fn what(&self) -> &'static str {
        match self {
            Self::Month(_) => "a period",
            Self::Policy(_) => "a policy",
            Self::Export(_) => "an export",
            Self::Statement(..) => "a statement",
        }
    }
}

/// The beginning of a file as text; what is not UTF-8 is replaced.
fn head(path: &Path) -> anyhow::Result<String> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

impl Operands {
    /// What the user named; an error where the two are of different kinds, or flags do not fit.
    pub(super) fn of(args: &DiffArgs, console: &Console) -> anyhow::Result<Self> {
        let before = Operand::of(&args.before).context("A")?;
        let after = Operand::of(&args.after).context("B")?;
        let kinds = (before.what(), after.what());
        let operands = match (before, after) {
            (Operand::Month(before), Operand::Month(after)) => {
                args.without_period("the periods are A and B")?;
                Self::Months([before, after])
            }
            (Operand::Policy(before), Operand::Policy(after)) => {
                if console.config.is_some() {
                    bail!("--config has no use here: the policies are A and B; leave it out");
                }
                Self::Policies([before, after], args.needed_period("two policies")?)
            }
            (Operand::Export(before), Operand::Export(after)) => {
                args.without_inputs("the logs are A and B")?;
                Self::Exports([before, after], args.needed_period("two exports")?)
            }
            (Operand::Statement(before, sort), Operand::Statement(after, other)) => {
                args.without_period("statements have their own")?;
                args.without_inputs("statements were made before")?;
                Self::Statements([(before, sort), (after, other)])
            }
            _ => bail!(
                "A ({}) is {}, B ({}) is {}; expected two of one kind: periods, policies \
                 (NAME.toml), exports or statements",
                args.before,
                kinds.0,
                args.after,
                kinds.1
            ),
        };
        Ok(operands)
    }
}

impl DiffArgs {
    fn needed_period(&self, compared: &str) -> anyhow::Result<BillingPeriod> {
        self.period.with_context(|| {
            format!("{compared} need --period, such as --period 2026-10: which part is charged?")
        })
    }

    fn without_period(&self, why: &str) -> anyhow::Result<()> {
        if self.period.is_some() {
            bail!("--period has no use here: {why}; leave it out");
        }
        Ok(())
    }

    fn without_inputs(&self, why: &str) -> anyhow::Result<()> {
        if !self.inputs.is_empty() {
            bail!("--inputs has no use here: {why}; leave it out");
        }
        Ok(())
    }
}
