//! Move apps that can wait to Global Batch or flex: their tokens cost that tier's price, and their
//! traffic is gone from everything else.

use std::collections::BTreeSet;

use super::Lever;
use super::bench::{Bench, Words};
use super::changes::{Pass, Passing};
use crate::azure::Offer;
use crate::money::Money;
use crate::plan::answers::Choice;
use crate::plan::error::PlanError;
use crate::plan::sentence::{Figure, Sentence};
use crate::plan::stage::Stage;
use crate::settlement::queued_at;
use crate::sim::outcome::{AppOutcome, ServedBy, ServedKey};
use crate::sim::setup::{AppPattern, AppRules};
use crate::sim::{DeploymentId, Outcome, Setup};
use crate::time::{SimDuration, SimTime, Timestamp};
use crate::units::Ptu;
use crate::workload::App;

/// The levers; none where no app is known that can wait, or the tiers have no prices.
pub(super) fn levers(
    bench: &Bench<'_>,
    movable: &[String],
    stage: &mut Stage<'_>,
) -> Result<Vec<Lever>, PlanError> {
    if movable.is_empty() {
        return Ok(Vec::new());
    }
    let moved = moved(bench, movable, stage)?;
    let setup = marked(bench.candidate().built.setup.clone(), movable);
    let policy = &bench.candidate().config.policy;
    let cost = |offer| queued_at(offer, &moved, &setup, policy, &bench.facts);
    let costs = [Offer::Batch, Offer::Flex].map(|offer| (offer, cost(offer).ok()));
    if costs.iter().all(|(_, cost)| cost.is_none()) {
        return Ok(Vec::new());
    }
    let Some(rest) = rest(bench, movable, stage)? else {
        return Ok(Vec::new());
    };
    let found = costs.into_iter().filter_map(|(offer, cost)| {
        let cost = cost?;
        let mut choice = rest.clone();
        choice.cost.tokens += &cost;
        Some(bench.lever(words(bench, offer, movable, &cost), choice, None))
    });
    Ok(found.collect())
}

/// The best choice for the traffic that is left.
fn rest(
    bench: &Bench<'_>,
    movable: &[String],
    stage: &mut Stage<'_>,
) -> Result<Option<Choice>, PlanError> {
    let moved: BTreeSet<String> = movable.iter().cloned().collect();
    if bench
        .study
        .survey
        .apps
        .keys()
        .all(|app| moved.contains(app))
    {
        let mut nothing = bench.recommended().clone();
        nothing.ptu = Ptu::new(0);
        nothing.term = None;
        nothing.cost.bought = Money::zero();
        nothing.cost.tokens = Money::zero();
        return Ok(Some(nothing));
    }
    let pass = Pass::Without(moved);
    let mut stage = stage.changed(move |traffic| Box::new(Passing::new(traffic, pass.clone())));
    let found = bench.search(bench.candidate(), &mut stage)?;
    Ok(found.map(|(choice, _)| choice))
}

/// A setup that marks exactly these apps as queued, which is what [`queued_at`] prices.
fn marked(mut setup: Setup, apps: &[String]) -> Setup {
    let queued = AppRules {
        queue: Some(0),
        ..AppRules::default()
    };
    let patterns = apps.iter().map(|app| AppPattern(app.clone()));
    setup.apps = patterns.map(|pattern| (pattern, queued.clone())).collect();
    setup
}

/// All that these apps ask for as if the planned deployment served it on the day whose prices hold.
fn moved(
    bench: &Bench<'_>,
    movable: &[String],
    stage: &mut Stage<'_>,
) -> Result<Outcome, PlanError> {
    let candidate = bench.candidate();
    let midnight = Timestamp::start_of(candidate.on);
    let start = SimTime::from_timestamp(midnight).unwrap_or_default();
    let mut outcome = Outcome {
        start,
        end: start.after(SimDuration::SECOND),
        ..Outcome::default()
    };
    let place = |app: &App| movable.iter().position(|name| name == app.name());
    outcome.apps.extend(movable.iter().map(|name| AppOutcome {
        app: App::named(name),
        ..AppOutcome::default()
    }));
    let thresholds = &candidate.built.setup.thresholds;
    let usage = &mut outcome.usage;
    stage.look(|request, app| {
        let Some(app) = place(app) else { return };
        let tokens = request.tokens.counts();
        let exceeded = thresholds.iter().rev().find(|above| tokens.input > **above);
        let key = ServedKey {
            day: midnight.day_number(),
            app,
            by: ServedBy {
                deployment: DeploymentId::at(candidate.place),
                spilled_from: None,
                native: false,
            },
            input_above: exceeded.copied(),
        };
        usage.entry(key).or_default().add(&tokens, 0);
    })?;
    Ok(outcome)
}

fn words(bench: &Bench<'_>, offer: Offer, apps: &[String], cost: &Money) -> Words {
    let monthly = bench.monthly(cost);
    let (name, caution) = match offer {
        Offer::Flex => (
            "flex",
            "answers may be slow or refused for want of capacity, and flex serves few models",
        ),
        _ => (
            "global batch",
            "answers come within a day, from files, with a quota of their own",
        ),
    };
    Words {
        name,
        what: Sentence::new(
            "{} at the prices of {}, {} a month",
            [Figure::Text(apps.join(", ")), name.into(), monthly.into()],
        ),
        caution: Sentence::plain(caution),
    }
}
