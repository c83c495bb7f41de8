//! `tollbook calibrate`: which depth of the bucket explains what was measured.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::DateTime;
use clap::Args;

use super::chargeback::page;
use super::console::Console;
use super::facts::{KnownFacts, Reach};
use super::scenario::traffic::{self, Changes};
use super::{Done, configuration};
use crate::config::Config;
use crate::config::scenario::Sizes;
use crate::report::simulation::calibration;
use crate::sim::DeploymentId;
use crate::sim::calibration::{Evidence, Search, fit};
use crate::time::{SimTime, Timestamp};
use crate::workload::{Traffic, TrafficError};

/// Flags of `tollbook calibrate`.
#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// The scenario whose traffic was measured.
    scenario: PathBuf,
    /// Measured utilization by the minute: CSV with `time` and `utilization_percent`, such
    /// as `tollbook simulate --series` writes; of a column `deployment` its own rows.
    #[arg(long, value_name = "FILE", required_unless_present = "refusals")]
    utilization: Option<PathBuf>,
    /// Refused requests: CSV with the `time` of each 429.
    #[arg(long, value_name = "FILE", conflicts_with = "utilization")]
    refusals: Option<PathBuf>,
    /// The deployment that was measured; the only provisioned one if not given.
    #[arg(long, value_name = "NAME")]
    deployment: Option<String>,
    /// Throughputs to try as well, in percent of what is documented, as in 90,95,100,105.
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "100"
    )]
    throughput: Vec<Throughput>,
    /// Let provisioned deployments have sizes that cannot be bought.
    #[arg(long)]
    allow_illegal_size: bool,
}

/// One of `--throughput` [10⁻³ of what is documented].
#[derive(Clone, Copy, Debug)]
struct Throughput(u32);

impl std::str::FromStr for Throughput {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || format!("{text:?} is no throughput from 1 to 1000 %; expected e.g. 95.5");
        let (whole, tenth) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || tenth.len() != 1 || !digits(whole) || !digits(tenth) {
            return Err(refusal());
        }
        let mille: u32 = format!("{whole}{tenth}").parse().map_err(|_| refusal())?;
        if !(10..=10_000).contains(&mille) {
            return Err(refusal());
        }
        Ok(Self(mille))
    }
}

/// Runs the command.
pub fn run(args: &CalibrateArgs, console: &mut Console) -> anyhow::Result<Done> {
    let loaded = configuration::load_file(&args.scenario)?;
    let config = &loaded.config;
    let place = place(config, args.deployment.as_deref())?;
    let name = &config.policy.deployments[place].name;
    let evidence = args.evidence(name)?;
    let changes = Changes::default();
    let first = {
        let opened = traffic::open(config, &changes, &loaded.folder)?;
        opened.tell(console);
        opened.first()
    };
    let day = first.at.timestamp().day().unwrap_or(console.today);
    let facts = KnownFacts::of(config, Reach::Earlier)?;
    let sizes = if args.allow_illegal_size {
        Sizes::Any
    } else {
        Sizes::Legal
    };
    let setup = config.setup(&facts.catalog, day, sizes)?.setup;
    let search = Search {
        leaks: args.leaks(),
        ..Search::of(DeploymentId::at(place))
    };
    let mut open = || -> Result<Box<dyn Traffic>, TrafficError> {
        traffic::open(config, &changes, &loaded.folder)
            .map(|opened| Box::new(opened) as Box<dyn Traffic>)
            .map_err(|error| TrafficError::new(format!("{error:#}")))
    };
    let Some(found) = fit(&setup, &search, &evidence, &mut open)? else {
        bail!("no minute of the measurements lies in the traffic; check their times and zones");
    };
    let text = calibration::render(name, &evidence, &found, page(console));
    console.out().write_all(text.as_bytes())?;
    Ok(Done::Met)
}

fn place(config: &Config, name: Option<&str>) -> anyhow::Result<usize> {
    let deployments = config.policy.deployments.iter().enumerate();
    let provisioned = deployments.filter(|(_, deployment)| deployment.is_provisioned());
    let provisioned: Vec<_> = provisioned.collect();
    let names: Vec<&str> = provisioned
        .iter()
        .map(|(_, one)| one.name.as_str())
        .collect();
    match (name, provisioned.as_slice()) {
        (None, [(only, _)]) => Ok(*only),
        (None, _) => bail!(
            "name the measured deployment with --deployment: {}",
            names.join(", ")
        ),
        (Some(name), _) => provisioned
            .iter()
            .find(|(_, deployment)| deployment.name == name)
            .map(|(at, _)| *at)
            .with_context(|| {
                format!(
                    "no provisioned deployment {name:?}; there is {}",
                    names.join(", ")
                )
            }),
    }
}

impl CalibrateArgs {
    /// The throughputs to try, each once [10⁻³ of what is documented].
    fn leaks(&self) -> Vec<u32> {
        let leaks: BTreeSet<u32> = self.throughput.iter().map(|one| one.0).collect();
        leaks.into_iter().collect()
    }

    /// What was measured of the deployment of this name.
    fn evidence(&self, name: &str) -> anyhow::Result<Evidence> {
        if let Some(path) = &self.utilization {
            let rows = columns(path, &["time", "utilization_percent"], name)?;
            let used = rows.iter().map(|(line, cells)| {
                let percent: f64 = cells[1]
                    .trim()
                    .parse()
                    .ok()
                    .filter(|p| *p >= 0.0)
                    .with_context(|| {
                        format!("{}:{line}: {:?} is no percentage", path.display(), cells[1])
                    })?;
                Ok((time(path, *line, &cells[0])?.minutes(), percent / 100.0))
            });
            return Ok(Evidence::Utilization(
                used.collect::<anyhow::Result<BTreeMap<_, _>>>()?,
            ));
        }
        let path = self
            .refusals
            .as_ref()
            .context("one of both files is given")?;
        let rows = columns(path, &["time"], name)?;
        let times = rows
            .iter()
            .map(|(line, cells)| time(path, *line, &cells[0]));
        Ok(Evidence::of_refusals(
            times.collect::<anyhow::Result<Vec<_>>>()?,
        ))
    }
}

/// Cells of a row, and its line.
type Row = (u64, Vec<String>);

/// The columns of these names, each row with its line. Where there is a column `deployment`, only
/// the rows of this one count.
fn columns(path: &Path, names: &[&str], deployment: &str) -> anyhow::Result<Vec<Row>> {
    let cannot = || format!("cannot read {}", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(cannot)?;
    let headers = reader.headers().with_context(cannot)?.clone();
    let places = names.iter().map(|name| {
        let found = headers
            .iter()
            .position(|header| header.trim().eq_ignore_ascii_case(name));
        found.with_context(|| {
            let all: Vec<&str> = headers.iter().collect();
            format!(
                "{}: no column `{name}`; there is {}",
                path.display(),
                all.join(", ")
            )
        })
    });
    let places: Vec<usize> = places.collect::<anyhow::Result<_>>()?;
    let place = headers
        .iter()
        .position(|header| header.trim() == "deployment");
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.with_context(cannot)?;
        if place.is_some_and(|at| record[at] != *deployment) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cells = places.iter().map(|&at| record[at].to_owned());
        rows.push((line, cells.collect()));
    }
    Ok(rows)
}

fn time(path: &Path, line: u64, text: &str) -> anyhow::Result<SimTime> {
    let moment = DateTime::parse_from_rfc3339(text.trim()).ok();
    let moment = moment.map(|moment| Timestamp::from_micros(moment.timestamp_micros()));
    moment.and_then(SimTime::from_timestamp).with_context(|| {
        format!(
            "{}:{line}: {text:?} is no time; expected e.g. 2026-10-01T08:30:00Z",
            path.display()
        )
    })
}
