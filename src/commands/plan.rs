//! `tollbook plan`: what to buy, and why.

mod candidates;
mod doubts;
mod fleet;
mod lever_flags;
mod objective;
mod quick;
mod sizes_flag;
mod staging;

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Done;
use super::chargeback::page;
use super::console::Console;
use super::facts::{KnownFacts, Reach};
use super::outputs::NewFile;
use super::scenario::{self, Loaded, MadeUp, Pair, ScenarioArgs, ShapeFlag};
use crate::azure::{DeploymentKind, PtuTerm};
use crate::chargeback::Facts;
use crate::config::Config;
use crate::plan::busy_hours::BusyHours;
use crate::plan::sizes::Wanted;
use crate::plan::stage::Stage;
use crate::plan::study::Effort;
use crate::plan::uncertainty::{Uncertainty, doubt};
use crate::plan::{
    Advice, Candidate, Lever, Plan, PlanError, Question, Study, findings, levers, study,
};
use crate::report::plan;
use crate::time::SimTime;
use doubts::DoubtArgs;
use fleet::FleetArgs;
use lever_flags::LeverArgs;
use objective::ObjectiveArgs;
use quick::{QuickArgs, Shared};
use sizes_flag::SizesFlag;
use staging::{MOST_KEPT, staged};

/// The region of prices that are asked for without one.
const REGION: &str = "swedencentral";

/// Sizes up to which all are played without being told to.
const EVERY_UP_TO: u32 = 150;

/// Flags of `tollbook plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Without a scenario: the model, on one provisioned and one unlimited standard deployment.
    /// With one: the model in place of the deployment's own. May be repeated: each is planned.
    #[arg(long, value_name = "MODEL")]
    model: Vec<String>,
    /// The model's version, where its figures or prices depend on it.
    #[arg(long, value_name = "VERSION", requires = "model")]
    model_version: Option<String>,
    /// Where requests may be processed. May be repeated: each is planned.
    #[arg(long, value_name = "KIND")]
    kind: Vec<DeploymentKind>,
    /// With --model: Azure region, for its prices; swedencentral if not given.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The provisioned deployment to plan, where the scenario has several.
    #[arg(long, value_name = "NAME")]
    deployment: Option<String>,
    /// The terms to consider; all of them if not given. May be repeated.
    #[arg(long, value_name = "TERM", value_parser = term)]
    term: Vec<PtuTerm>,
    /// With --model and --rpm: requests drawn from a shape that `tollbook tokenise --shapes` wrote, for
    /// a day unless --from or --until say otherwise.
    #[arg(long, value_name = "FILE[:NAME]", requires = "model", requires = "rpm")]
    shape: Option<ShapeFlag>,
    #[command(flatten)]
    objective: ObjectiveArgs,
    #[command(flatten)]
    doubts: DoubtArgs,
    #[command(flatten)]
    levers: LeverArgs,
    #[command(flatten)]
    fleet: FleetArgs,
    /// Hours in which PTU could be added by the hour, or in which all requests of a month come, such as
    /// 8-18 or 8-18,mon-fri, in the time zone of the scenario's traffic.
    #[arg(long, value_name = "HOURS")]
    busy_hours: Option<BusyHours>,
    /// Look at uncertainty and levers also for traffic of more than 2 million requests.
    #[arg(long)]
    thorough: bool,
    #[command(flatten)]
    quick: QuickArgs,
    /// The day whose prices and figures hold; today if not given.
    #[arg(long, value_name = "DAY")]
    as_of: Option<NaiveDate>,
    /// The sizes to look at, as in 50..400 or 50,100,200; those that the traffic can use if not given.
    #[arg(long, value_name = "SIZES")]
    sizes: Option<SizesFlag>,
    /// Play every legal size, however many there are.
    #[arg(long)]
    every_size: bool,
    /// Write a page for a browser to this file: complete in itself, nothing is fetched.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Show how the recommended cost came about: hours, prices and rules, with their sources.
    #[arg(long, conflicts_with = "format")]
    explain: bool,
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
    /// Every played size on every term as CSV.
    Csv,
    /// JSON with a versioned schema.
    Json,
    /// Markdown.
    Markdown,
}

/// `--term`, with a word on the term that other reservations of Azure have and PTU have not.
fn term(text: &str) -> Result<PtuTerm, String> {
    text.parse().map_err(|error| {
        let hint = if text.starts_with('3') {
            "; Azure sells no PTU for 3 years"
        } else {
            ""
        };
        format!("{error}{hint}")
    })
}

/// Runs the command.
pub fn run(args: &PlanArgs, console: &mut Console) -> anyhow::Result<Done> {
    if args.shape.is_none() && args.quick.asked() {
        return args.sized(console);
    }
    if let (Some(region), true) = (&args.region, args.scenario.names_scenario()) {
        bail!(
            "--region {region} is for plans without a scenario, whose deployments name their own"
        );
    }
    let mut loaded = scenario::load(&args.scenario, args.pair(), console)?;
    let config = &mut loaded.configuration.config;
    args.scenario.override_simulation(config)?;
    let facts = KnownFacts::of(config, Reach::Earlier)?;
    if args.fleet.asked() {
        return fleet::run(args, loaded, &facts, console);
    }
    let plan = planned(args, &loaded, &facts, console)?;
    let done = match plan.study.answers.meeting {
        Some(Err(_)) => Done::NotMet,
        _ => Done::Met,
    };
    let report = plan::Report {
        name: loaded.name,
        notes: args.notes(&plan),
        plan,
    };
    if let Some(path) = &args.html {
        let mut file = NewFile::create(path)?;
        file.write_all(plan::html(&report).as_bytes())?;
        file.finish()?;
    }
    let text = args.render(&report, console);
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
    let candidates = candidates::of(args, config, facts, console.today)?;
    let question = args.question(candidates, config, facts)?;
    staged(args, loaded, console, |stage, kept| {
        let study = study(question, stage)?;
        let facts = facts.borrowed();
        let (uncertainty, levers) = if kept || args.thorough {
            args.beyond(&study, config, &facts, stage)?
        } else {
            (None, Vec::new())
        };
        Ok(Plan {
            advice: Advice::of(&study, uncertainty.as_ref(), &facts),
            study,
            uncertainty,
            levers,
        })
    })
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
    fn region(&self) -> &str {
        self.region.as_deref().unwrap_or(REGION)
    }

    /// What `--model` stands for where no file is a scenario.
    fn pair(&self) -> Option<Pair<'_>> {
        if self.scenario.names_scenario() {
            return None;
        }
        Some(Pair {
            model: self.model.first()?,
            version: self.model_version.as_deref(),
            kind: self.kind.first().copied().unwrap_or(DeploymentKind::Global),
            region: self.region(),
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

    /// How far the answers can be trusted, and what else could be done.
    fn beyond(
        &self,
        study: &Study,
        config: &Config,
        facts: &Facts<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<(Option<Uncertainty>, Vec<Lever>), PlanError> {
        let doubts = self.doubts.doubts(config.scenario.simulation.seed);
        let uncertainty = doubts.map(|doubts| doubt(study, facts, &doubts, stage));
        let asked = self.levers.asked(config, *facts, self.busy_hours);
        let uncertainty = uncertainty.transpose()?;
        let levers = asked.map(|asked| levers::weigh(study, &asked, stage));
        Ok((uncertainty, levers.transpose()?.unwrap_or_default()))
    }

    /// What a reader must know beside the figures.
    fn notes(&self, plan: &Plan) -> Vec<String> {
        let findings = findings::of(&plan.study).into_iter();
        let mut notes: Vec<String> = findings.map(|finding| finding.to_string()).collect();
        if plan.study.survey.all.requests.get() > MOST_KEPT as u64 && !self.thorough {
            notes.push(
                "Uncertainty and levers were not looked at, because they take many more passes over \
                 so many requests; --thorough does."
                    .to_owned(),
            );
        }
        notes
    }

    fn render(&self, report: &plan::Report, console: &Console) -> String {
        if self.explain {
            return plan::explain(report, page(console));
        }
        match self.format {
            Format::Table => plan::table(report, page(console)),
            Format::Csv => plan::csv(report),
            Format::Json => plan::json(report),
            Format::Markdown => plan::markdown(report),
        }
    }

    /// Refuses flags that a sizing without traffic would pass over.
    fn refuse_flags_of_traffic(&self) -> anyhow::Result<()> {
        let given = [
            ("--html", self.html.is_some()),
            ("--explain", self.explain),
            ("--fleet", self.fleet.asked()),
            ("--sizes", self.sizes.is_some()),
            ("--every-size", self.every_size),
            ("--deployment", self.deployment.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((flag, _)) => bail!(
                "{flag} needs traffic; name a trace, logs or a scenario in place of --rpm, --input \
                 and --output, or leave it out"
            ),
            None => Ok(()),
        }
    }

    /// Sizes without traffic.
    fn sized(&self, console: &mut Console) -> anyhow::Result<Done> {
        self.refuse_flags_of_traffic()?;
        if self.scenario.names_traffic() {
            bail!(
                "--rpm, --input and --output describe a mean request, and files hold real ones; \
                 leave one of them out"
            );
        }
        if !self.objective.objective()?.is_empty() {
            bail!(
                "an objective needs traffic to be met on; name a trace, logs or a scenario, or leave \
                 it out"
            );
        }
        let model = match self.model.as_slice() {
            [] => None,
            [only] => Some(only.as_str()),
            [first, ..] => bail!("a sizing without traffic is of one model; run {first} alone"),
        };
        let shared = Shared {
            model,
            version: self.model_version.as_deref(),
            terms: self.terms(),
            kinds: &self.kind,
            region: self.region(),
            on: self.as_of,
            format: self.format,
            busy_hours: self.busy_hours,
        };
        quick::run(&self.quick, &shared, console)
    }

    /// What the study is asked of these candidates.
    fn question<'f>(
        &self,
        candidates: Vec<Candidate>,
        config: &Config,
        facts: &'f KnownFacts,
    ) -> anyhow::Result<Question<'f>> {
        Ok(Question {
            candidates,
            objective: self.objective.objective()?,
            facts: facts.borrowed(),
            span: stated_span(config),
            effort: self.effort(),
        })
    }

    fn effort(&self) -> Effort {
        Effort {
            every_up_to: if self.every_size {
                u32::MAX
            } else {
                EVERY_UP_TO
            },
            sizes: self.sizes.clone().map_or(Wanted::Useful, |sizes| sizes.0),
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
