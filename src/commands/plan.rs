//! `tollbook plan`: what to buy, and why.

mod candidates;
mod objective;
mod quick;

use std::num::NonZero;
use std::path::Path;
use std::thread;

use anyhow::bail;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Done;
use super::chargeback::page;
use super::console::Console;
use super::facts::{KnownFacts, Reach};
use super::scenario::traffic::{self, Changes, Opened};
use super::scenario::{self, Loaded, MadeUp, Pair, ScenarioArgs, ShapeFlag};
use crate::azure::{DeploymentKind, PtuTerm};
use crate::config::Config;
use crate::plan::study::Effort;
use crate::plan::{Plan, Question, stage::Stage, study};
use crate::time::SimTime;
use crate::units::Ptu;
use crate::workload::{Kept, Traffic, TrafficError};
use objective::ObjectiveArgs;
use quick::{QuickArgs, Shared};

/// Sizes up to which all are played without being told to.
const EVERY_UP_TO: u32 = 150;

/// Traffic of at most so many requests is kept in memory; more is read again in every pass.
const MOST_KEPT: usize = 2_000_000;

/// Flags of `tollbook plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Without a scenario: the model, on one provisioned and one unlimited standard deployment.
    /// With one: the model in place of the deployment's own. May be repeated: each is planned.
    #[arg(long, value_name = "MODEL")]
    model: Vec<String>,
    /// Where requests may be processed. May be repeated: each is planned.
    #[arg(long, value_name = "KIND")]
    kind: Vec<DeploymentKind>,
    /// With --model: Azure region, for its prices.
    #[arg(long, value_name = "REGION", default_value = "swedencentral")]
    region: String,
    /// The provisioned deployment to plan, where the scenario has several.
    #[arg(long, value_name = "NAME")]
    deployment: Option<String>,
    /// The terms to consider; all of them if not given. May be repeated.
    #[arg(long, value_name = "TERM")]
    term: Vec<PtuTerm>,
    /// With --model and --rpm: requests drawn from a shape that `tollbook tokenise --shapes` wrote, for
    /// a day unless --from or --until say otherwise.
    #[arg(long, value_name = "FILE[:NAME]", requires = "model", requires = "rpm")]
    shape: Option<ShapeFlag>,
    #[command(flatten)]
    objective: ObjectiveArgs,
    #[command(flatten)]
    quick: QuickArgs,
    /// The day whose prices and figures hold; today if not given.
    #[arg(long, value_name = "DAY")]
    as_of: Option<NaiveDate>,
    /// Look at sizes at least up to this many PTU.
    #[arg(long, value_name = "N")]
    largest: Option<u32>,
    /// Play every legal size, however many there are.
    #[arg(long)]
    every_size: bool,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One page for a terminal.
    #[default]
    Table,
    /// JSON with a versioned schema.
    Json,
}

/// Runs the command.
pub fn run(args: &PlanArgs, console: &mut Console) -> anyhow::Result<Done> {
    if args.shape.is_none() && args.quick.asked() {
        return args.sized(console);
    }
    let mut loaded = scenario::load(&args.scenario, args.pair(), console)?;
    let config = &mut loaded.configuration.config;
    args.scenario.override_simulation(config)?;
    let facts = KnownFacts::of(config, Reach::Earlier)?;
    let plan = planned(args, &loaded, &facts, console)?;
    let done = match plan.answers.meeting {
        Some(Err(_)) => Done::NotMet,
        _ => Done::Met,
    };
    let _ = page(console);
    let text = format!("{:#?}\n", plan.answers);
    console.out().write_all(text.as_bytes())?;
    Ok(done)
}

/// Plays the traffic on every candidate and finds the answers.
fn planned(
    args: &PlanArgs,
    loaded: &Loaded,
    facts: &KnownFacts,
    console: &mut Console,
) -> anyhow::Result<Plan> {
    let config = &loaded.configuration.config;
    let question = Question {
        candidates: candidates::of(args, config, facts, console.today)?,
        objective: args.objective.objective()?,
        facts: facts.borrowed(),
        span: stated_span(config),
        effort: args.effort(),
    };
    let traffic = Reopened::of(args, loaded);
    let mut first = traffic.open()?;
    first.tell(console);
    let kept = Kept::read(&mut first, MOST_KEPT)?;
    let source = || -> Result<Box<dyn Traffic>, TrafficError> {
        match &kept {
            Some(kept) => Ok(Box::new(kept.traffic())),
            None => Ok(Box::new(traffic.open()?)),
        }
    };
    let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let mut stage = Stage::new(Box::new(source), threads);
    Ok(study(question, &mut stage)?)
}

/// Traffic that can be opened again and again.
struct Reopened<'a> {
    config: &'a Config,
    changes: Changes,
    folder: &'a Path,
}

impl<'a> Reopened<'a> {
    fn of(args: &PlanArgs, loaded: &'a Loaded) -> Self {
        Self {
            config: &loaded.configuration.config,
            changes: args.scenario.changes(&loaded.traces),
            folder: &loaded.configuration.folder,
        }
    }

    fn open(&self) -> Result<Opened, TrafficError> {
        let opened = traffic::open(self.config, &self.changes, self.folder);
        opened.map_err(|error| TrafficError::new(format!("{error:#}")))
    }
}

/// The span that the scenario states, if it does.
fn stated_span(config: &Config) -> Option<crate::plan::Span> {
    let simulation = &config.scenario.simulation;
    let moment = |time| SimTime::from_timestamp(time);
    Some(crate::plan::Span {
        start: simulation.from.and_then(moment)?,
        end: simulation.until.and_then(moment)?,
    })
}

impl PlanArgs {
    /// What `--model` stands for where no file is a scenario.
    fn pair(&self) -> Option<Pair<'_>> {
        if self.scenario.names_scenario() {
            return None;
        }
        Some(Pair {
            model: self.model.first()?,
            kind: self.kind.first().copied().unwrap_or(DeploymentKind::Global),
            region: &self.region,
            made_up: self.made_up(),
        })
    }

    fn made_up(&self) -> Option<MadeUp<'_>> {
        Some(MadeUp {
            shape: self.shape.as_ref()?,
            rpm: self.quick.rpm()?,
            output_tokens: self.quick.output_tokens(),
        })
    }

    /// Sizes without traffic.
    fn sized(&self, console: &mut Console) -> anyhow::Result<Done> {
        if self.scenario.names_traffic() {
            bail!(
                "--rpm, --input and --output describe a mean request, and files hold real ones; \
                 leave one of them out"
            );
        }
        if !self.objective.objective()?.is_empty() {
            bail!(
                "an objective needs traffic to be met on; name a trace, logs or a scenario, or \
                 leave it out"
            );
        }
        let model = match self.model.as_slice() {
            [] => None,
            [only] => Some(only.as_str()),
            [first, ..] => bail!("a sizing without traffic is of one model; run {first} alone"),
        };
        let shared = Shared {
            model,
            terms: self.terms(),
            kinds: &self.kind,
            region: &self.region,
            on: self.as_of,
            format: self.format,
        };
        quick::run(&self.quick, &shared, console)
    }

    fn effort(&self) -> Effort {
        Effort {
            every_up_to: if self.every_size {
                u32::MAX
            } else {
                EVERY_UP_TO
            },
            largest: self.largest.map(Ptu::new),
        }
    }

    /// The terms to consider.
    fn terms(&self) -> Vec<PtuTerm> {
        if self.term.is_empty() {
            PtuTerm::ALL.to_vec()
        } else {
            self.term.clone()
        }
    }
}
