//! `tollbook check`: what is wrong with usage exports, prices and policy, for CI.

mod changed;
mod explain;
mod inputs;
mod known;
mod policy;
mod reports;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Done;
use super::configuration;
use super::console::Console;
use super::facts::{KnownFacts, Reach};
use super::inputs::passed_over;
use super::usage_files::{self, CANNOT_ASSEMBLE, ResourceArgs};
use crate::check::place::{Files, locate_all};
use crate::check::settings::{Choice, unknown_units};
use crate::check::{Checked, Job, Scope, Settings};
use crate::config::check::FailOn;
use crate::config::{Config, ConfigError, SCHEMA};
use crate::report::accounting;
use crate::report::check::Most;
use crate::time::BillingPeriod;
use crate::usage::assembly;
use crate::usage::reading::{Hashing, ReadOptions};
use crate::usage::source::Source;
use inputs::Inputs;
use known::Known;
use policy::Policy;
use reports::{Extra, Format};

/// Flags of `tollbook check`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line by itself"
)]
pub struct CheckArgs {
    /// Usage exports and scenarios: files, folders or globs; `inputs` of the configuration if none
    /// is given.
    files: Vec<String>,
    /// Billing period that the exports are of: a month (2026-10), or first and last month or day.
    #[arg(long, value_name = "PERIOD")]
    period: Option<BillingPeriod>,
    /// Day of the check: what lies after it is in the future; today if not given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Judge only these rules, by id, name or family. May be repeated, or separated by commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    only: Vec<String>,
    /// How bad a rule's findings are, as in TB020=off or privacy=error. May be repeated.
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',')]
    severity: Vec<String>,
    /// The least severity that fails; error if neither this nor the configuration says.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<Least>,
    /// File of findings that are known: only new ones fail.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings to the baseline instead of failing.
    #[arg(long, conflicts_with_all = ["output", "report"])]
    update_baseline: bool,
    /// Read only files that changed since this revision of the git repository, or are not in it.
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
    /// How findings are written; auto writes what the CI service at hand shows, and text elsewhere.
    #[arg(long, value_enum, default_value_t = Format::Auto, value_name = "FORMAT")]
    format: Format,
    /// Write the findings to this file.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write them to another file too, as in sarif=check.sarif. May be repeated.
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<Extra>,
    /// Most findings that text shows; 0 for all.
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    most: usize,
    /// Let prices hold before the first day they are known for.
    #[arg(long)]
    allow_earlier_prices: bool,
    #[command(flatten)]
    resources: ResourceArgs,
    /// List all rules.
    #[arg(long, conflicts_with_all = ["files", "explain", "config_schema"])]
    list: bool,
    /// Say why a rule matters, show an example that breaks it, and how to mend it.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["files", "config_schema"])]
    explain: Option<String>,
    /// Print the JSON schema of tollbook.toml, for editors.
    #[arg(long, conflicts_with = "files")]
    config_schema: bool,
}

/// The least severity that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Least {
    /// Warnings and errors.
    Warning,
    /// Errors only.
    Error,
}

impl From<Least> for FailOn {
    fn from(least: Least) -> Self {
        match least {
            Least::Warning => Self::Warning,
            Least::Error => Self::Error,
        }
    }
}

/// Runs the command.
pub fn run(args: &CheckArgs, console: &mut Console) -> anyhow::Result<Done> {
    if args.config_schema {
        console.out().write_all(SCHEMA.as_bytes())?;
        return Ok(Done::Met);
    }
    if args.list {
        explain::list_all(args.format, console)?;
        return Ok(Done::Met);
    }
    if let Some(name) = &args.explain {
        explain::explain(name, args.format, console)?;
        return Ok(Done::Met);
    }
    args.outputs_differ()?;
    let (policy, settings) = args.policy(console)?;
    policy.must_be_told(&settings)?;
    let inputs = Inputs::find(args, &policy)?;
    console.note(&passed_over(&args.files)?);
    let baseline = Known::of(args, &policy.configuration)?;
    let checked = args.checked(&policy, &settings, &inputs, console)?;
    if args.update_baseline {
        baseline.update(&checked, &inputs, console)?;
        return Ok(Done::Met);
    }
    let mut checked = baseline.applied(checked, &inputs);
    locate(&mut checked, &policy, &inputs);
    reports::write(args, &checked, baseline.against(), console)?;
    if checked.findings.is_empty() {
        console.note(&known::told(&checked));
        console.detail(&accounting::rows(&checked.rows));
        // What is found is told with what was not looked for; silence must not hide it.
        for reason in &checked.left_out {
            console.note(&format!("note: not judged: {reason}"));
        }
    } else {
        console.note(&accounting::rows(&checked.rows));
    }
    Ok(if checked.fails() {
        Done::NotMet
    } else {
        Done::Met
    })
}

/// Looks up where findings are in their files.
fn locate(checked: &mut Checked, policy: &Policy, inputs: &Inputs) {
    let sources = usage_files::sources(&inputs.logs);
    locate_in(checked, policy, &sources, inputs.texts.clone());
}

/// The same in `sources` and `texts`.
fn locate_in(
    checked: &mut Checked,
    policy: &Policy,
    sources: &[Source],
    mut texts: BTreeMap<String, String>,
) {
    texts.extend(policy.text.clone());
    let files = Files {
        sources,
        mapped: &policy.config().sources,
        texts: &texts,
    };
    locate_all(checked, &files);
}

impl CheckArgs {
    /// How many findings a text shows.
    const fn most(&self) -> Most {
        match self.most {
            0 => Most {
                total: usize::MAX,
                of_rule: usize::MAX,
            },
            most => Most::of(most),
        }
    }

    /// Models and prices, those of the configuration included.
    fn facts(&self, policy: &Policy) -> anyhow::Result<KnownFacts> {
        policy.facts(if self.allow_earlier_prices {
            Reach::Earlier
        } else {
            Reach::Known
        })
    }

    /// The configuration, and what it and the flags say of rules. Faults of `[check]` are findings,
    /// as those of other sections are; those of flags are errors.
    fn policy(&self, console: &mut Console) -> anyhow::Result<(Policy, Settings)> {
        let policy = Policy::load(&self.files, console)?;
        match self.settings(policy.config()) {
            Ok(settings) => Ok((policy, settings)),
            Err(error) => {
                let refused = error.downcast::<ConfigError>()?;
                let policy = policy.without_settings(&refused)?;
                let settings = self.settings(policy.config())?;
                Ok((policy, settings))
            }
        }
    }

    /// Which rules apply, and how.
    fn settings(&self, config: &Config) -> anyhow::Result<Settings> {
        let mut choice = Choice::of(&self.only, &self.severity)?;
        choice.fail_on = self.fail_on.map(FailOn::from);
        let settings = Settings::of(&config.check, choice);
        let settings = settings.map_err(|faults| config.refusal(&faults))?;
        let unknown = unknown_units(&config.check, &config.policy);
        if !unknown.is_empty() {
            return Err(config.refusal(&unknown).into());
        }
        Ok(settings)
    }

    /// An error where two reports would be written to one file.
    fn outputs_differ(&self) -> anyhow::Result<()> {
        let mut paths: Vec<&Path> = self.report.iter().map(Extra::path).collect();
        paths.extend(self.output.as_deref());
        paths.sort_unstable();
        match paths.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => bail!("{} is named for two reports", pair[0].display()),
            None => Ok(()),
        }
    }

    /// Reads and judges.
    fn checked(
        &self,
        policy: &Policy,
        settings: &Settings,
        inputs: &Inputs,
        console: &Console,
    ) -> anyhow::Result<Checked> {
        let facts = self.facts(policy)?;
        let resources = self.resources.resources();
        let sources = usage_files::sources(&inputs.logs);
        let bar = usage_files::progress_bar(&inputs.logs, console);
        let advance = |bytes: u64| bar.set_position(bytes);
        let as_of = self.as_of.unwrap_or(console.today);
        let mut beforehand = policy.findings.clone();
        beforehand.extend(inputs.scenario_findings(&facts.catalog, as_of));
        let job = Job {
            sources: &sources,
            config: policy.config(),
            facts: facts.borrowed(),
            settings,
            as_of,
            period: self.period,
            scope: Scope {
                usage: inputs.extent,
                policy: policy.standing,
            },
            reading: ReadOptions {
                progress: Some(&advance),
                ..configuration::read_options(policy.config(), Hashing::None)?
            },
            assembling: assembly::Options {
                memory: resources.memory,
                ..assembly::Options::new(&resources.spill)
            },
            threads: resources.threads,
            beforehand,
        };
        let checked = job.check().context(CANNOT_ASSEMBLE);
        bar.finish_and_clear();
        checked
    }
}
