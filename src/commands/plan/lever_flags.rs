//! Flags about what could be done beside buying.

use clap::Args;

use crate::chargeback::Facts;
use crate::config::Config;
use crate::plan::busy_hours::BusyHours;
use crate::plan::levers::Asked;

/// Flags about what could be done beside buying.
#[derive(Debug, Args)]
pub(super) struct LeverArgs {
    /// Leave out what could be done beside buying: lower limits of answers, queues, Global Batch, flex, other
    /// models and kinds, separate deployments, plain spillover.
    #[arg(long)]
    no_levers: bool,
    /// An app that can wait, for the levers; those that the scenario queues if not given. A trailing *
    /// makes it a prefix. May be repeated.
    #[arg(long, value_name = "APP", conflicts_with = "no_levers")]
    batch_app: Vec<String>,
}

impl LeverArgs {
    /// What is asked, if anything is.
    pub(super) fn asked<'f>(
        &self,
        config: &Config,
        facts: Facts<'f>,
        busy_hours: Option<BusyHours>,
    ) -> Option<Asked<'f>> {
        (!self.no_levers).then(|| Asked {
            facts,
            batch_apps: self.batch_app.clone(),
            busy_hours: busy_hours.map(|hours| hours.ahead_of_utc(offset(config))),
        })
    }
}

/// The time zone that all traffic of a scenario agrees on, ahead of UTC [min]; UTC else.
fn offset(config: &Config) -> i32 {
    let mut offsets = config.scenario.traffic.iter();
    let mut offsets = offsets.by_ref().map(|traffic| traffic.utc_offset_minutes);
    let first = offsets.next().unwrap_or(0);
    if offsets.all(|offset| offset == first) {
        first
    } else {
        0
    }
}
