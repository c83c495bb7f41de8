//! Scenarios and their traffic, as `simulate`, `calibrate` and `plan` open them: the flags they
//! share, which file is meant, and where its requests come from.

mod loading;
mod logs;
mod metrics;
mod moments;
mod shapes;
mod tables;
pub(super) mod traffic;

use std::num::NonZero;

use clap::{Args, ValueEnum};

use crate::azure::DeploymentKind;
use crate::config::Config;
use crate::sim::provisioned;
use crate::workload::transform::Factor;
pub(super) use loading::{Loaded, load};
use moments::{DepthFlag, MomentFlag};
pub(super) use shapes::ShapeFlag;
use traffic::Changes;

/// Flags about the scenario, its traffic, and what Azure does not document.
#[derive(Debug, Args)]
pub(super) struct ScenarioArgs {
    /// A scenario (.toml), trace files, or both: traces take the place of the scenario's traffic.
    files: Vec<String>,
    /// The files are gateway logs; without files, those that `inputs` of the scenario names.
    #[arg(long)]
    logs: bool,
    /// Factor of the rate of all traffic.
    #[arg(long, value_name = "FACTOR")]
    scale: Option<Factor>,
    /// What if every request stated this maximum for its answer [token].
    #[arg(long, value_name = "TOKENS")]
    max_tokens: Option<NonZero<u32>>,
    /// Throughput that the bucket of a provisioned deployment holds [s].
    #[arg(long, value_name = "S")]
    depth: Option<DepthFlag>,
    /// How provisioned deployments admit: as documented, or when the estimate fits.
    #[arg(long, value_enum, value_name = "RULE")]
    admission: Option<Admission>,
    /// Decides what is left to chance.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// First minute of the span: a day, or a time such as 2026-10-01T08:00:00Z.
    #[arg(long, value_name = "TIME")]
    from: Option<MomentFlag>,
    /// First minute after the span.
    #[arg(long, value_name = "TIME")]
    until: Option<MomentFlag>,
}

/// The word of a rule of admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Admission {
    /// While the level is within the depth.
    Doc,
    /// When the estimate fits.
    Fit,
}

impl From<Admission> for provisioned::Admission {
    fn from(word: Admission) -> Self {
        match word {
            Admission::Doc => Self::Doc,
            Admission::Fit => Self::Fit,
        }
    }
}

/// In place of a scenario: one provisioned deployment of no size yet, and an unlimited standard
/// one that takes its spillover.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    /// The model of both.
    pub(super) model: &'a str,
    /// Its version, where one is named.
    pub(super) version: Option<&'a str>,
    /// Where requests may be processed.
    pub(super) kind: DeploymentKind,
    /// Azure region.
    pub(super) region: &'a str,
    /// Its traffic, where that is made up.
    pub(super) made_up: Option<MadeUp<'a>>,
}

/// Requests of a shape at an even rate, for a day unless the span says otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct MadeUp<'a> {
    /// The shape that they are drawn from.
    pub(super) shape: &'a ShapeFlag,
    /// How many come [request/minute].
    pub(super) rpm: f64,
    /// Answer tokens, where the shape does not know them.
    pub(super) output_tokens: Option<u32>,
}

impl ScenarioArgs {
    /// What the command line changes of all traffic.
    pub(super) fn changes(&self, traces: &[String]) -> Changes {
        Changes {
            files: traces.to_vec(),
            logs: self.logs,
            scale: self.scale,
            max_tokens: self.max_tokens,
        }
    }

    /// Whether files or logs are named.
    pub(super) const fn names_traffic(&self) -> bool {
        !self.files.is_empty() || self.logs
    }

    /// Whether one of the files is a scenario.
    pub(super) fn names_scenario(&self) -> bool {
        self.files.iter().any(|file| loading::is_scenario(file))
    }

    /// Puts what the command line says in place of what the scenario does.
    pub(super) fn override_simulation(&self, config: &mut Config) -> anyhow::Result<()> {
        let simulation = &mut config.scenario.simulation;
        if let Some(depth) = self.depth {
            simulation.depth_s = Some(depth.0);
            for deployment in &mut config.scenario.deployments {
                deployment.depth = None;
            }
        }
        simulation.admission = self.admission.map_or(simulation.admission, Into::into);
        simulation.seed = self.seed.unwrap_or(simulation.seed);
        simulation.from = self.from.map(|from| from.0).or(simulation.from);
        simulation.until = self.until.map(|until| until.0).or(simulation.until);
        moments::check_span(simulation)
    }
}
