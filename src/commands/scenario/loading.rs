//! Finds the scenario: a file, the nearest configuration, or a few flags.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{MadeUp, Pair, ScenarioArgs};
use crate::commands::configuration::{self, Configuration};
use crate::commands::console::Console;
use crate::config::scenario::{AmountText, Kind, Scenario, TrafficSection};
use crate::time::{SimDuration, SimTime};
use crate::workload::synthetic::Amount;

/// A scenario and the traces to play in place of its own traffic.
pub(in crate::commands) struct Loaded {
    /// The scenario.
    pub(in crate::commands) configuration: Configuration,
    /// What it is called in titles.
    pub(in crate::commands) name: String,
    /// Trace files of the command line.
    pub(in crate::commands) traces: Vec<String>,
}

/// Loads the scenario that the arguments mean; `pair` is played where they name none.
pub(in crate::commands) fn load(
    args: &ScenarioArgs,
    pair: Option<Pair<'_>>,
    console: &mut Console,
) -> anyhow::Result<Loaded> {
    let (scenarios, traces): (Vec<_>, Vec<_>) = args
        .files
        .iter()
        .cloned()
        .partition(|file| is_scenario(file));
    refuse_contradictions(args, pair, &scenarios)?;
    let configuration = match (scenarios.as_slice(), pair) {
        ([], Some(pair)) => of_pair(args, pair)?,
        ([], None) => nearest(console)?,
        ([file], _) => configuration::load_file(Path::new(file))?,
        ([first, second, ..], _) => bail!("{first} and {second} are both scenarios; name one"),
    };
    let shape = pair
        .and_then(|pair| pair.made_up)
        .map(|made_up| &made_up.shape.0.file);
    let name = scenarios.first().or(traces.first()).or(shape).cloned();
    Ok(Loaded {
        configuration,
        name: name.unwrap_or_else(|| "tollbook.toml".to_owned()),
        traces,
    })
}

fn refuse_contradictions(
    args: &ScenarioArgs,
    pair: Option<Pair<'_>>,
    scenarios: &[String],
) -> anyhow::Result<()> {
    if let (Some(_), Some(scenario)) = (pair, scenarios.first()) {
        bail!(
            "--model is for runs without a scenario, and {scenario} is one; leave one of them out"
        );
    }
    let made_up = pair.and_then(|pair| pair.made_up);
    if let (Some(MadeUp { shape, .. }), Some(file)) = (made_up, args.files.first()) {
        bail!(
            "--shape makes requests up from {}, and {file} has some of its own; leave one of them \
             out",
            shape.0.file
        );
    }
    Ok(())
}

/// The nearest configuration, which must say to what calls go.
fn nearest(console: &mut Console) -> anyhow::Result<Configuration> {
    let found = configuration::load(console)?;
    if found.config.policy.deployments.is_empty() {
        bail!(
            "no scenario: nothing says which deployments are called\n\
             hint: name a scenario (samples/scenarios has some to start from), or play a trace \
             with --model"
        );
    }
    Ok(found)
}

pub(super) fn is_scenario(file: &str) -> bool {
    let ending = Path::new(file).extension();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

/// The scenario of a pair: one provisioned deployment that spills over to an unlimited standard one.
fn of_pair(args: &ScenarioArgs, pair: Pair<'_>) -> anyhow::Result<Configuration> {
    let Pair { model, region, .. } = pair;
    let kind = pair.kind.name();
    let version = pair
        .version
        .map(|version| format!("version = {version:?}\n"));
    let version = version.unwrap_or_default();
    let deployment = |name: &str, offer: &str, rest: &str| {
        format!(
            "[[deployment]]\nname = {name:?}\nmodel = {model:?}\noffer = {offer:?}\n\
             kind = {kind:?}\nregion = {region:?}\n{version}{rest}\n"
        )
    };
    let text = deployment("ptu", "provisioned", "ptu = 0")
        + &deployment("standard", "standard", "spillover_from = \"ptu\"");
    let mut quick = configuration::parse(&text, "--model", PathBuf::new(), None)?;
    if let Some(made_up) = pair.made_up {
        make_up(&mut quick.config.scenario, made_up, args)?;
    }
    Ok(quick)
}

/// A day of requests of a shape at an even rate.
fn make_up(
    scenario: &mut Scenario,
    made_up: MadeUp<'_>,
    args: &ScenarioArgs,
) -> anyhow::Result<()> {
    const DAY: SimDuration = SimDuration::from_seconds(24 * 3_600);
    let shape = &made_up.shape.0;
    let section = TrafficSection {
        app: shape.name.clone().unwrap_or_else(|| "app".to_owned()),
        shape: Some(shape.clone()),
        requests_per_minute: Some(made_up.rpm),
        output: made_up
            .output_tokens
            .map(|tokens| AmountText(Amount::Constant(tokens))),
        ..TrafficSection::of_file(Kind::Synthetic)
    };
    let from = match args.from {
        Some(from) => SimTime::from_timestamp(from.0).context("--from lies before 1970")?,
        None => section.start(),
    };
    scenario.simulation.from = Some(from.timestamp());
    scenario.simulation.until = Some(from.after(DAY).timestamp());
    scenario.traffic.push(section);
    Ok(())
}
