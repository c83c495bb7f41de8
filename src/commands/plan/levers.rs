//! Flags about what could be done beside buying.

use clap::Args;

use crate::chargeback::Facts;
use crate::config::Config;
use crate::plan::busy_hours::BusyHours;
use crate::plan::levers::Asked;

/// Flags about what could be done beside buying.
#[derive(Debug, Args)]
pub(super) struct LeverArgs {
    /// Price what could be done beside buying: lower limits of answers, queues, Global Batch, flex, other
    /// models and kinds, separate deployments, plain spillover.
    #[arg(long)]
    pub(super) levers: bool,
    /// With --levers: an app that can wait; those that the scenario queues if not given. A trailing
    /// * makes it a prefix. May be repeated.
    #[arg(long, value_name = "APP", requires = "levers")]
    batch_app: Vec<String>,
    /// With --levers: hours for which PTU could be added by the hour, as 8-18 or 8-18,mon-fri, in the
    /// time zone of the scenario's traffic.
    #[arg(long, value_name = "HOURS", requires = "levers")]
    busy_hours: Option<BusyHours>,
}

impl LeverArgs {
    /// What is asked, if anything is.
    pub(super) fn asked<'f>(&self, config: &Config, facts: Facts<'f>) -> Option<Asked<'f>> {
        let busy = |hours: &BusyHours| hours.ahead_of_utc(offset(config));
        self.levers.then(|| Asked {
            facts,
            batch_apps: self.batch_app.clone(),
            busy_hours: self.busy_hours.as_ref().map(busy),
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
