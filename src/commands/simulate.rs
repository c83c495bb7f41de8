//! `tollbook simulate`: plays traffic against deployments behind a gateway.

mod files;
mod playing;
mod policies;
mod variations;

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::Done;
use super::chargeback::page;
use super::console::Console;
use super::facts::{KnownFacts, Reach};
use super::outputs::NewFile;
use super::scenario::{self, Loaded, MadeUp, Pair, ScenarioArgs, ShapeFlag, traffic};
use crate::azure::{DeploymentKind, Offer};
use crate::config::Config;
use crate::config::scenario::{Built, Sizes};
use crate::money::Money;
use crate::report::simulation::records::Records;
use crate::report::simulation::{self, Grouping, Run};
use crate::settlement::{queued_at, settle};
use crate::sim::outcome::ServedRequest;
use crate::sim::peers::Peers;
use crate::sim::setup::DeploymentRules;
use crate::sim::{Outcome, Setup};
use crate::time::SimDuration;
use crate::units::Ptu;
use crate::workload::{App, Request, Traffic};
use variations::{Compared, PtuFlag, Variation, variations};

/// Flags of `tollbook simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Without a scenario: the model, on one provisioned and one unlimited standard deployment.
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// With --model: where requests may be processed.
    #[arg(long, value_name = "KIND", default_value = "global")]
    kind: DeploymentKind,
    /// With --model: Azure region, for its prices.
    #[arg(long, value_name = "REGION", default_value = "swedencentral")]
    region: String,
    #[command(flatten)]
    shaped: ShapedArgs,
    /// Deployed PTU, of the deployment NAME where there are several. May be repeated: each size
    /// is played.
    #[arg(long, value_name = "[NAME=]N")]
    ptu: Vec<PtuFlag>,
    /// A gateway preset in place of the scenario's policy. May be repeated: each is played.
    #[arg(long, value_name = "PRESET")]
    policy: Vec<String>,
    /// PTU counts and presets in one list, as in 15,30,60 or ai-gateway,litellm: short for --ptu and
    /// --policy of each.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    compare: Vec<Compared>,
    #[command(flatten)]
    presets: PresetArgs,
    /// Leave out the band over the depth.
    #[arg(long)]
    no_band: bool,
    /// Let provisioned deployments have sizes that cannot be bought.
    #[arg(long)]
    allow_illegal_size: bool,
    /// Write the minute series to this file: Parquet where it ends in .parquet, else CSV.
    #[arg(long, value_name = "FILE")]
    series: Option<PathBuf>,
    /// Write the served requests to this file, as CSV that `tollbook chargeback` reads.
    #[arg(long, value_name = "FILE")]
    records: Option<PathBuf>,
    /// Show the figures, prices and rules behind the result, with their sources.
    #[arg(long, conflicts_with = "format")]
    explain: bool,
    /// What the result has one row of.
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    by: Grouping,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Flags about made-up traffic, in place of files.
#[derive(Debug, Args)]
struct ShapedArgs {
    /// With --model: requests drawn from a shape that `tollbook tokenise --shapes` wrote, for a day
    /// unless --from or --until say otherwise.
    #[arg(long, value_name = "FILE[:NAME]", requires = "model", requires = "rpm")]
    shape: Option<ShapeFlag>,
    /// With --shape: how many requests a minute there are.
    #[arg(long, value_name = "N", requires = "shape")]
    rpm: Option<NonZero<u32>>,
    /// With --shape: answer tokens, where the shape does not know them.
    #[arg(long, value_name = "TOKENS", requires = "shape")]
    output_tokens: Option<u32>,
}

/// Flags about presets, in place of a simulation.
#[derive(Debug, Args)]
struct PresetArgs {
    /// List the gateway presets and where they are from.
    #[arg(long)]
    list_policies: bool,
    /// Print a gateway preset as a scenario would write it.
    #[arg(long, value_name = "PRESET")]
    show_policy: Option<String>,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for a terminal.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON with a versioned schema.
    Json,
    /// Markdown tables.
    Markdown,
}

/// Everything needed to play one variation and tell its result.
struct Prepared {
    variation: Variation,
    built: Built,
    facts: KnownFacts,
}

/// Runs the command.
pub fn run(args: &SimulateArgs, console: &mut Console) -> anyhow::Result<Done> {
    if let Some(text) = policies::asked(args)? {
        console.out().write_all(text.as_bytes())?;
        return Ok(Done::Met);
    }
    args.refuse_contradictions()?;
    let loaded = scenario::load(&args.scenario, args.pair(), console)?;
    let text = simulated(args, &loaded, console)?;
    console.out().write_all(text.as_bytes())?;
    Ok(Done::Met)
}

fn simulated(
    args: &SimulateArgs,
    loaded: &Loaded,
    console: &mut Console,
) -> anyhow::Result<String> {
    let variations = variations(&loaded.configuration.config, args)?;
    let changes = args.scenario.changes(&loaded.traces);
    let folder = &loaded.configuration.folder;
    let mut traffic = traffic::open(&variations[0].config, &changes, folder)?;
    traffic.tell(console);
    let day = traffic
        .first()
        .at
        .timestamp()
        .day()
        .unwrap_or(console.today);
    let prepared: Vec<Prepared> = variations
        .into_iter()
        .map(|variation| prepare(variation, day, args))
        .collect::<anyhow::Result<_>>()?;
    let report = played(args, &prepared, &mut traffic)?;
    let report = simulation::Report {
        name: loaded.name.clone(),
        ..report
    };
    if let Some(path) = &args.series {
        files::write_series(path, report.base())?;
    }
    Ok(args.render(&report, console))
}

/// Plays every variation, and the first one with every depth of the band.
fn played(
    args: &SimulateArgs,
    prepared: &[Prepared],
    traffic: &mut dyn Traffic,
) -> anyhow::Result<simulation::Report> {
    let base = &prepared[0];
    let depths = band_depths(&base.variation.config, args);
    let mut setups: Vec<Setup> = prepared.iter().map(|one| one.built.setup.clone()).collect();
    setups.extend(
        depths
            .iter()
            .map(|depth| base.built.setup.clone().with_depth(*depth)),
    );
    let mut peers = peers(prepared);
    let mut each = |requests: &[Request]| {
        if let Some(peers) = &mut peers {
            for request in requests {
                peers.add(request);
            }
        }
    };
    let mut outcomes = match &args.records {
        None => playing::play(traffic, &setups, &mut each)?,
        Some(path) => recorded(path, base, traffic, &setups, &mut each)?,
    };
    let band: Vec<Outcome> = outcomes.split_off(prepared.len());
    let runs = prepared.iter().zip(&outcomes);
    let runs = runs.map(|(one, outcome)| one.told(outcome));
    let band = depths.iter().zip(&band);
    let band = band.map(|(depth, outcome)| Ok((*depth, base.told(outcome)?)));
    Ok(simulation::Report {
        name: String::new(),
        peers: peers.and_then(Peers::finish),
        elsewhere: base.elsewhere(&outcomes[0]),
        runs: runs.collect::<anyhow::Result<_>>()?,
        band: band.collect::<anyhow::Result<_>>()?,
    })
}

/// What other tools' formulas are asked of the sizes that are compared; nothing where there is not
/// exactly one provisioned deployment of constant size.
fn peers(prepared: &[Prepared]) -> Option<Peers> {
    let only = |one: &Prepared| {
        let rules = one.built.setup.deployments.iter();
        let mut provisioned = rules.filter_map(|deployment| match &deployment.rules {
            DeploymentRules::Provisioned(rules) => Some(rules.as_ref().clone()),
            DeploymentRules::Standard(_) => None,
        });
        let first = provisioned.next()?;
        let [(_, ptu)] = *first.capacity.as_slice() else {
            return None;
        };
        provisioned.next().is_none().then_some((first, ptu))
    };
    let sizes: Vec<_> = prepared.iter().map(only).collect::<Option<_>>()?;
    let (rules, _) = sizes.first()?;
    let mut sizes: Vec<Ptu> = sizes.iter().map(|(_, ptu)| *ptu).collect();
    let mut seen = BTreeSet::new();
    sizes.retain(|ptu| seen.insert(*ptu));
    Some(Peers::new(
        rules.weighing.clone(),
        rules.tpm_per_ptu,
        &sizes,
    ))
}

/// Plays, and writes what the first run served to a file.
fn recorded(
    path: &Path,
    base: &Prepared,
    traffic: &mut dyn Traffic,
    setups: &[Setup],
    each: &mut dyn FnMut(&[Request]),
) -> anyhow::Result<Vec<Outcome>> {
    let deployments = base.variation.config.policy.deployments.clone();
    let mut records = Records::new(NewFile::create(path)?, deployments)?;
    let mut journal = |apps: &[App], served: &[ServedRequest]| -> anyhow::Result<()> {
        for request in served {
            records.add(&apps[request.app.place()], request)?;
        }
        Ok(())
    };
    let outcomes = playing::record(traffic, setups, each, &mut journal)?;
    records.finish()?.finish()?;
    Ok(outcomes)
}

impl ShapedArgs {
    fn made_up(&self) -> Option<MadeUp<'_>> {
        Some(MadeUp {
            shape: self.shape.as_ref()?,
            rpm: self.rpm?.get().into(),
            output_tokens: self.output_tokens,
        })
    }
}

impl SimulateArgs {
    /// What `--model` stands for.
    fn pair(&self) -> Option<Pair<'_>> {
        let model = self.model.as_deref()?;
        Some(Pair {
            model,
            version: None,
            kind: self.kind,
            region: &self.region,
            made_up: self.shaped.made_up(),
        })
    }

    fn refuse_contradictions(&self) -> anyhow::Result<()> {
        if let (Some(series), Some(records)) = (&self.series, &self.records)
            && series == records
        {
            bail!(
                "--series and --records both write {}; name two files",
                series.display()
            );
        }
        match &self.model {
            Some(model) if self.ptu.is_empty() && !self.scenario.names_scenario() => {
                bail!("--model needs --ptu as well: how many PTU of {model} are deployed")
            }
            _ => Ok(()),
        }
    }

    fn render(&self, report: &simulation::Report, console: &Console) -> String {
        if self.explain {
            return simulation::explain::render(report);
        }
        match self.format {
            Format::Table => simulation::table(report, self.by, page(console)),
            Format::Csv => simulation::csv(report, self.by),
            Format::Json => simulation::json(report),
            Format::Markdown => simulation::markdown(report, self.by),
        }
    }
}

fn prepare(
    variation: Variation,
    day: chrono::NaiveDate,
    args: &SimulateArgs,
) -> anyhow::Result<Prepared> {
    let facts = KnownFacts::of(&variation.config, Reach::Earlier)?;
    let sizes = if args.allow_illegal_size {
        Sizes::Any
    } else {
        Sizes::Legal
    };
    let mut built = variation.config.setup(&facts.catalog, day, sizes)?;
    built.setup.thresholds = facts.rates.context_thresholds();
    Ok(Prepared {
        variation,
        built,
        facts,
    })
}

impl Prepared {
    /// What queued work would have cost without waiting in a queue of one's own.
    fn elsewhere(&self, outcome: &Outcome) -> Vec<(Offer, Result<Money, String>)> {
        if outcome.queues.is_empty() {
            return Vec::new();
        }
        let policy = &self.variation.config.policy;
        let (setup, facts) = (&self.built.setup, self.facts.borrowed());
        let cost = |offer| (offer, queued_at(offer, outcome, setup, policy, &facts));
        [Offer::Batch, Offer::Flex].map(cost).into()
    }

    /// The outcome with its cost.
    fn told(&self, outcome: &Outcome) -> anyhow::Result<Run> {
        let policy = &self.variation.config.policy;
        let charges = settle(outcome, &self.built.setup, policy, &self.facts.borrowed())?;
        Ok(Run::of(
            self.variation.label.clone(),
            &self.built,
            outcome.clone(),
            charges,
            policy,
        ))
    }
}

/// The depths of the band, without the one that is played anyway where that is the only one.
fn band_depths(config: &Config, args: &SimulateArgs) -> Vec<SimDuration> {
    if args.no_band {
        return Vec::new();
    }
    let depths = &config.scenario.simulation.band_depths_s;
    depths.iter().map(|depth| depth.0).collect()
}
