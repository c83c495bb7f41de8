//! What one size does with the traffic.

use std::collections::BTreeMap;

use super::candidate::Candidate;
use crate::chargeback::statement::Component;
use crate::chargeback::{ChargeError, Charges, Detail, Facts, charge};
use crate::money::{Factor, Money};
use crate::rate_card::TokenPrice;
use crate::settlement::{period, usage};
use crate::sim::level::Level;
use crate::sim::outcome::{AppOutcome, Tally};
use crate::sim::provisioned::Minute;
use crate::sim::queue::QueueOutcome;
use crate::sim::waits::Waits;
use crate::sim::{DeploymentId, Outcome};
use crate::time::SimDuration;
use crate::units::Ptu;
use chrono::NaiveDate;

/// Requests of one app, or of all, and what became of them.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    /// What was asked for.
    pub offered: Tally,
    /// What the planned deployment served.
    pub provisioned: Tally,
    /// What another one served because a provisioned one was full or passed over.
    pub spilled: Tally,
    /// What nobody served: given up, dead-lettered, expired or still waiting at the end.
    pub lost: Tally,
    /// Waits of what was served.
    pub waits: Waits,
}

/// What one size does with the traffic.
#[derive(Clone, Debug)]
pub struct Point {
    /// The deployed size.
    pub ptu: Ptu,
    /// All requests.
    pub all: Fate,
    /// Those of each app, by the name it is shown by.
    pub apps: BTreeMap<String, Fate>,
    /// What drained of the planned deployment.
    pub drained: Level,
    /// What could have drained.
    pub capacity: Level,
    /// The busiest clock hour of the planned deployment, as a part of its throughput.
    pub busiest_hour: f64,
    /// What tokens cost over the span that are paid per token [USD, exact].
    pub tokens: Money,
    /// The same by UTC day.
    pub tokens_by_day: BTreeMap<NaiveDate, Money>,
    /// The token prices that were applied.
    pub prices: Vec<TokenPrice>,
}

impl Fate {
    /// The spilled part of weighted tokens, from 0 to 1.
    pub fn spill(&self) -> Factor {
        Factor::ratio(self.spilled.weighted.into(), self.offered.weighted.into())
    }

    /// The lost part of requests, from 0 to 1.
    pub fn loss(&self) -> Factor {
        Factor::ratio(
            self.lost.requests.get().into(),
            self.offered.requests.get().into(),
        )
    }

    /// The part of weighted tokens that the planned deployment serves, from 0 to 1.
    pub fn coverage(&self) -> Factor {
        Factor::ratio(
            self.provisioned.weighted.into(),
            self.offered.weighted.into(),
        )
    }

    /// The wait that 95 of 100 served requests do not exceed.
    pub fn p95_wait(&self) -> SimDuration {
        self.waits.percentile(950)
    }

    fn of(app: &AppOutcome, place: DeploymentId) -> Self {
        let mut fate = Self {
            offered: app.offered,
            spilled: app.spilled(),
            lost: app.lost_in_all(),
            waits: app.waits.clone(),
            ..Self::default()
        };
        for (by, tally) in &app.served {
            if by.deployment == place {
                fate.provisioned.merge(tally);
            }
        }
        fate
    }

    fn merge(&mut self, other: &Self) {
        self.offered.merge(&other.offered);
        self.provisioned.merge(&other.provisioned);
        self.spilled.merge(&other.spilled);
        self.lost.merge(&other.lost);
        self.waits.merge(&other.waits);
    }
}

impl Point {
    /// What an outcome of a size comes to; tokens are priced by the rules of a chargeback.
    pub fn of(
        ptu: Ptu,
        outcome: &Outcome,
        candidate: &Candidate,
        facts: &Facts<'_>,
    ) -> Result<Self, ChargeError> {
        let place = DeploymentId::at(candidate.place);
        let (mut all, mut apps) = (Fate::default(), BTreeMap::<String, Fate>::new());
        for app in &outcome.apps {
            let fate = Fate::of(app, place);
            all.merge(&fate);
            apps.entry(app.app.name().to_owned())
                .or_default()
                .merge(&fate);
        }
        for queue in &outcome.queues {
            for lost in unserved(queue) {
                all.lost.merge(lost);
            }
        }
        let deployment = &outcome.deployments[candidate.place];
        let charges = token_charges(outcome, candidate, facts)?;
        let tokens_by_day = by_day(&charges);
        Ok(Self {
            ptu,
            all,
            apps,
            drained: deployment.drained(),
            capacity: deployment.capacity(),
            busiest_hour: busiest_hour(&deployment.minutes),
            tokens: tokens_by_day.values().sum(),
            tokens_by_day,
            prices: charges.prices,
        })
    }

    /// The used part of the deployed throughput, from 0 to 1.
    pub fn utilization(&self) -> f64 {
        self.drained.share_of(self.capacity)
    }
}

/// Messages that left a queue, or stayed in it, unserved.
fn unserved(queue: &QueueOutcome) -> [&Tally; 3] {
    [&queue.dead_lettered, &queue.expired, &queue.waiting]
}

fn busiest_hour(minutes: &[Minute]) -> f64 {
    let mut hours: BTreeMap<u64, (Level, Level)> = BTreeMap::new();
    for minute in minutes {
        let (drained, capacity) = hours.entry(minute.minute / 60).or_default();
        *drained = drained.plus(minute.drained);
        *capacity = capacity.plus(minute.capacity);
    }
    let shares = hours.values();
    shares
        .map(|(drained, capacity)| drained.share_of(*capacity))
        .fold(0.0, f64::max)
}

/// What the outcome's tokens cost under the rules of a chargeback.
fn token_charges(
    outcome: &Outcome,
    candidate: &Candidate,
    facts: &Facts<'_>,
) -> Result<Charges, ChargeError> {
    let policy = candidate.tokens_only();
    let usage = usage(outcome, &policy.deployments);
    charge(&usage, &policy, facts, period(outcome), Detail::Day)
}

fn by_day(charges: &Charges) -> BTreeMap<NaiveDate, Money> {
    let mut days = BTreeMap::new();
    for line in &charges.statement.lines {
        if let (Some(day), Component::Tokens { .. }) = (line.day, line.component) {
            *days.entry(day).or_insert_with(Money::zero) += &line.exact;
        }
    }
    days
}
