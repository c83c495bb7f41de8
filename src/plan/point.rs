//! What one size does with the traffic.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::candidate::Candidate;
use crate::chargeback::{ChargeError, Detail, Facts, charge};
use crate::money::{Factor, Money};
use crate::rate_card::TokenPrice;
use crate::settlement::usage;
use crate::sim::level::Level;
use crate::sim::outcome::{AppOutcome, Tally};
use crate::sim::provisioned::Minute;
use crate::sim::queue::QueueOutcome;
use crate::sim::waits::Waits;
use crate::sim::{DeploymentId, Outcome};
use crate::time::{BillingPeriod, SimDuration};
use crate::units::Ptu;
use crate::usage::UsageSum;

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
        let (tokens_by_day, prices) = tokens_by_day(outcome, candidate, facts)?;
        Ok(Self {
            ptu,
            all,
            apps,
            drained: deployment.drained(),
            capacity: deployment.capacity(),
            busiest_hour: busiest_hour(&deployment.minutes),
            tokens: tokens_by_day.values().sum(),
            tokens_by_day,
            prices,
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

/// What tokens cost by day, all days at the prices of the day of the plan, and these prices.
type Charged = (BTreeMap<NaiveDate, Money>, Vec<TokenPrice>);

fn tokens_by_day(
    outcome: &Outcome,
    candidate: &Candidate,
    facts: &Facts<'_>,
) -> Result<Charged, ChargeError> {
    let policy = candidate.tokens_only();
    let on = candidate.on;
    let next = on.succ_opt().expect("a day after the plan's exists");
    let period = BillingPeriod::new(on, next).expect("a day ends after it starts");
    let mut days: BTreeMap<NaiveDate, Vec<UsageSum>> = BTreeMap::new();
    for mut sum in usage(outcome, &policy.deployments) {
        let day = std::mem::replace(&mut sum.key.day, on);
        days.entry(day).or_default().push(sum);
    }
    let (mut costs, mut prices) = (BTreeMap::new(), Vec::new());
    for (day, usage) in days {
        let charges = charge(&usage, &policy, facts, period, Detail::Period)?;
        costs.insert(day, charges.cost.tokens);
        for price in charges.prices {
            if !prices.contains(&price) {
                prices.push(price);
            }
        }
    }
    Ok((costs, prices))
}
