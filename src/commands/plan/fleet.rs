//! `tollbook plan --fleet`: several deployments that share reservations and quota.

use clap::Args;

use super::{Format, PlanArgs, candidates, staged};
use crate::commands::Done;
use crate::commands::chargeback::page;
use crate::commands::console::Console;
use crate::commands::facts::KnownFacts;
use crate::commands::scenario::Loaded;
use crate::plan::fleet::{self, Quota};
use crate::report::plan::fleet as told;

/// Flags about several deployments.
#[derive(Debug, Args)]
pub(super) struct FleetArgs {
    /// Plan every provisioned deployment of the scenario together: they share reservations and quota.
    #[arg(long, conflicts_with_all = [
        "model", "kind", "deployment", "html", "explain", "growth", "rounds", "batch_app",
        "busy_hours", "thorough",
    ])]
    fleet: bool,
    /// With --fleet: the most PTU that may be deployed of a kind in a region, as in
    /// global:swedencentral=500. May be repeated.
    #[arg(long, value_name = "KIND:REGION=PTU", requires = "fleet")]
    quota: Vec<Quota>,
}

impl FleetArgs {
    /// Whether several deployments are planned together.
    pub(super) const fn asked(&self) -> bool {
        self.fleet
    }
}

/// Plans and tells.
pub(super) fn run(
    args: &PlanArgs,
    loaded: Loaded,
    facts: &KnownFacts,
    console: &mut Console,
) -> anyhow::Result<Done> {
    let config = &loaded.configuration.config;
    let candidates = candidates::fleet(args, config, facts, console.today)?;
    let question = args.question(candidates, config, facts)?;
    let quotas = &args.fleet.quota;
    let plan = staged(args, &loaded, console, |stage, _| {
        Ok(fleet::plan(&question, quotas, stage)?)
    })?;
    let met = plan
        .members
        .iter()
        .all(|member| question.objective.holds(&member.point));
    let report = told::Report {
        name: loaded.name,
        plan,
    };
    let text = match args.format {
        Format::Table => told::table(&report, page(console)),
        Format::Csv => told::csv(&report),
        Format::Json => told::json(&report),
        Format::Markdown => told::markdown(&report),
    };
    console.out().write_all(text.as_bytes())?;
    Ok(if met { Done::Met } else { Done::NotMet })
}
