//! Reads usage and charges it: for every command that needs a statement.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use clap::Args;
use indicatif::ProgressBar;

use crate::chargeback::{Charges, Detail, Policy, charge};
use crate::commands::Done;
use crate::commands::configuration::{self, Configuration};
use crate::commands::console::Console;
use crate::commands::facts::{KnownFacts, Reach};
use crate::commands::inputs::{self, InputFile};
use crate::commands::usage_files::{self, ResourceArgs, Resources};
use crate::report::Report;
use crate::time::BillingPeriod;
use crate::usage::collection::Usage;
use crate::usage::reading::Hashing;
use crate::usage::source::Source;

/// Flags on how logs are read and priced.
#[derive(Debug, Args)]
pub struct ChargingArgs {
    /// Fail when any row could not be read or contradicts another.
    #[arg(long)]
    pub strict: bool,
    /// Let this model be without a price: its tokens are shown, at no cost. May be repeated.
    #[arg(long, value_name = "MODEL")]
    allow_unpriced: Vec<String>,
    /// Let prices hold before the first day they are known for.
    #[arg(long)]
    allow_earlier_prices: bool,
    /// What the work may use.
    #[command(flatten)]
    pub resources: ResourceArgs,
}

/// What a chargeback was asked for, made of flags or by `demo`.
pub struct Request {
    /// The billing period.
    pub period: BillingPeriod,
    /// Whether lines are kept by day.
    pub detail: Detail,
    /// What the work may use.
    pub resources: Resources,
    /// Whether inputs are hashed.
    pub hashing: Hashing,
}

/// A configuration with the facts that it works with.
pub struct Ready {
    /// The configuration, which lets the models named by flags be without a price.
    pub configuration: Configuration,
    /// Models and prices.
    pub facts: KnownFacts,
}

/// A chargeback, and the usage it was made from.
pub struct Outcome {
    /// The chargeback.
    pub charged: Charged,
    /// What was read.
    pub usage: Usage,
}

/// A chargeback.
pub struct Charged {
    /// What outputs show.
    pub report: Report,
    /// Requests of the period, priced or not.
    pub requests_in_period: u64,
}

impl ChargingArgs {
    fn reach(&self) -> Reach {
        if self.allow_earlier_prices {
            Reach::Earlier
        } else {
            Reach::Known
        }
    }

    fn unpriced(&self) -> BTreeSet<String> {
        let names = self.allow_unpriced.iter();
        names.map(|name| name.to_lowercase()).collect()
    }
}

impl Ready {
    /// The configuration with the flags applied to it.
    pub fn of(mut configuration: Configuration, args: &ChargingArgs) -> anyhow::Result<Self> {
        let facts = KnownFacts::of(&configuration.config, args.reach())?;
        configuration.config.policy.allowed_unpriced = args.unpriced();
        Ok(Self {
            configuration,
            facts,
        })
    }
}

/// The log files that are named, or else those of the configuration's `inputs`.
pub fn named_inputs(
    files: &[String],
    configuration: &Configuration,
) -> anyhow::Result<Vec<InputFile>> {
    if !files.is_empty() {
        return inputs::find(files, Path::new(""));
    }
    let globs = &configuration.config.inputs;
    if globs.is_empty() {
        bail!(
            "no log files: name files, folders or globs, or set `inputs` in tollbook.toml\n\
             hint: `tollbook demo` shows a month of bundled samples"
        );
    }
    inputs::find(globs, &configuration.folder).context("`inputs` of the configuration")
}

/// Reads and charges.
pub fn compute(
    sources: &[Source],
    configuration: &Configuration,
    facts: &KnownFacts,
    request: &Request,
    bar: &ProgressBar,
) -> anyhow::Result<Outcome> {
    let usage = read(sources, configuration, facts, request, bar)?;
    let charged = charged(&usage, configuration, facts, request)?;
    Ok(Outcome { charged, usage })
}

/// Reads the usage of all periods.
pub fn read(
    sources: &[Source],
    configuration: &Configuration,
    facts: &KnownFacts,
    request: &Request,
    bar: &ProgressBar,
) -> anyhow::Result<Usage> {
    let options = configuration::read_options(&configuration.config, request.hashing)?;
    let thresholds = facts.rates.context_thresholds();
    usage_files::read(sources, options, &thresholds, &request.resources, bar)
}

/// Charges the period's part of the usage.
pub fn charged(
    usage: &Usage,
    configuration: &Configuration,
    facts: &KnownFacts,
    request: &Request,
) -> anyhow::Result<Charged> {
    let policy: &Policy = &configuration.config.policy;
    let charges: Charges = charge(
        &usage.sums,
        policy,
        &facts.borrowed(),
        request.period,
        request.detail,
    )?;
    let requests_in_period = charges
        .requests
        .by_disposition
        .values()
        .map(|requests| requests.get())
        .sum();
    Ok(Charged {
        report: Report::of(charges, policy),
        requests_in_period,
    })
}

/// Whether the statement can be relied on: findings are shown in it, but a period without a
/// single request is most likely the wrong period.
pub fn verdict(charged: &Charged, usage: &Usage, console: &mut Console) -> Done {
    if charged.requests_in_period > 0 {
        return Done::Met;
    }
    let days = usage.sums.iter().map(|sum| sum.key.day);
    let span = days.clone().min().zip(days.max());
    let found = span.map_or_else(
        || "the inputs hold no request at all".to_owned(),
        |(first, last)| format!("the inputs hold requests from {first} to {last}"),
    );
    let period = charged.report.statement.period;
    console.note(&format!(
        "warning: no request lies in {period}; {found}\nhint: check --period and the inputs"
    ));
    Done::NotMet
}
