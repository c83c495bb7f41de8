//! What else could be done: each priced on the same traffic as the sizes.
//!
//! Every lever changes the traffic or the deployments, looks for sizes anew within bounds
//! ([`bench`](self)), and is compared with the recommended choice. A lever that does not apply
//! says nothing.

mod apps;
mod bench;
mod changes;
mod hourly;
mod max_tokens;
mod pooling;
mod queueing;
mod routing;
mod switching;
mod tiers;

#[cfg(test)]
mod tests;

use super::answers::Choice;
use super::busy_hours::BusyHours;
use super::error::PlanError;
use super::sentence::Sentence;
use super::stage::Stage;
use super::study::Study;
use crate::chargeback::Facts;
use crate::money::Money;
use bench::Bench;

/// What could be done beside buying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lever {
    /// A short name, e.g. `lower max_tokens`.
    pub name: &'static str,
    /// What would be changed, with figures.
    pub what: Sentence,
    /// What would then be bought; the curve is that of the recommended choice, unless the lever is
    /// another one.
    pub choice: Choice,
    /// What it costs less than the recommended choice, over the span; negative where it costs more.
    pub saving: Money,
    /// What it takes, or what is given up.
    pub caution: Sentence,
}

/// What only the user can tell of levers.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Prices and models.
    pub facts: Facts<'a>,
    /// Apps that can wait, by the names they are shown by; those that the scenario queues if empty.
    pub batch_apps: Vec<String>,
    /// Hours for which throughput could be added by the hour.
    pub busy_hours: Option<BusyHours>,
}

/// Every lever that applies, the greatest saving first.
pub fn weigh(
    study: &Study,
    asked: &Asked<'_>,
    stage: &mut Stage<'_>,
) -> Result<Vec<Lever>, PlanError> {
    let bench = Bench::of(study, asked.facts);
    let movable = apps::movable(study, &asked.batch_apps)?;
    let mut levers = switching::levers(&bench);
    levers.extend(max_tokens::lever(&bench, stage)?);
    levers.extend(queueing::lever(&bench, &movable, stage)?);
    levers.extend(tiers::levers(&bench, &movable, stage)?);
    levers.extend(pooling::lever(&bench, stage)?);
    levers.extend(routing::lever(&bench, stage)?);
    if let Some(hours) = &asked.busy_hours {
        levers.extend(hourly::lever(&bench, hours, stage)?);
    }
    levers.retain(|lever| !lever.saving.is_zero());
    levers.sort_by(|one, other| other.saving.cmp(&one.saving));
    Ok(levers)
}
