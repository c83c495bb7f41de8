//! What a simulation found.

use std::collections::BTreeMap;

use super::deployment::DeploymentId;
use super::level::Level;
use super::provisioned::Minute;
use super::queue::QueueOutcome;
use super::waits::Waits;
use crate::time::{SimDuration, SimTime};
use crate::units::{Requests, TokenCounts, Tokens};
use crate::workload::{App, AppId, RequestTokens};

/// Requests and what they weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub requests: Requests,
    /// Their tokens by class.
    pub tokens: TokenCounts,
    /// Their weight by the first deployment of their route [weighted token × 10⁻³].
    pub weighted: u64,
}

/// Who served requests, and for whom they were meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServedBy {
    /// The deployment that served.
    pub deployment: DeploymentId,
    /// The provisioned deployment that was full, or passed over.
    pub spilled_from: Option<DeploymentId>,
    /// Whether that deployment's native spillover sent it, which logs tell.
    pub native: bool,
}

/// A served request, for those who want them one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServedRequest {
    /// When it was admitted.
    pub at: SimTime,
    /// Who sent it.
    pub app: AppId,
    /// Who served.
    pub by: ServedBy,
    /// Its tokens.
    pub tokens: RequestTokens,
}

/// One key of served usage: what chargeback adds up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServedKey {
    /// UTC day since 1970.
    pub day: i32,
    /// The app's place.
    pub app: usize,
    /// Who served.
    pub by: ServedBy,
    /// The highest context threshold that each request's input exceeded.
    pub input_above: Option<Tokens>,
}

/// What one app asked for and got.
#[derive(Clone, Debug, Default)]
pub struct AppOutcome {
    /// The app.
    pub app: App,
    /// What it asked for; retries of a client are the same request.
    pub offered: Tally,
    /// What was served, by whom; a message that was executed twice is in here twice.
    pub served: BTreeMap<ServedBy, Tally>,
    /// What was given up, by the last HTTP status.
    pub lost: BTreeMap<u16, Tally>,
    /// Attempts at deployments over all its requests.
    pub attempts: u64,
    /// Waits between first asking and admission, of served requests.
    pub waits: Waits,
}

/// What one deployment did.
#[derive(Clone, Debug, Default)]
pub struct DeploymentOutcome {
    /// Attempts, served or refused.
    pub attempts: u64,
    /// Refused attempts.
    pub refused: u64,
    /// Time of service, added up over requests [µs].
    pub busy_micros: u128,
    /// Minutes of a provisioned deployment, or hours where the setup asks for them; empty for
    /// others.
    pub minutes: Vec<Minute>,
    /// Refused attempts that were answered with 429.
    pub throttled: u64,
    /// How often the gateway's health took it out, over all instances of the gateway.
    pub trips: u64,
    /// Throughput of a provisioned deployment that stood idle while every instance of the gateway
    /// kept calls away: for each such span what could have drained and did not, but at most what
    /// the calls kept away in it weigh. A share of capacity when divided by [`Self::capacity`].
    pub idle_while_tripped: Level,
}

/// One minute of the whole fleet, or the hour that begins with it where the setup asks for hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MinuteOutcome {
    /// Minutes since 1970.
    pub minute: u64,
    /// Arrivals.
    pub offered: MinuteTally,
    /// Served, by the deployment's place.
    pub served: Vec<MinuteTally>,
    /// Of these, spilled from a provisioned deployment.
    pub spilled: MinuteTally,
    /// Given up.
    pub lost: MinuteTally,
    /// Messages waiting in queues at its end.
    pub backlog: u64,
}

/// Requests of a minute and what they weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MinuteTally {
    /// How many.
    pub requests: u64,
    /// Their weight [weighted token × 10⁻³].
    pub weighted: u64,
}

/// What a simulation found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// When it starts: the first arrival, or a stated time.
    pub start: SimTime,
    /// When it ends: when nothing is pending any more, or a stated time.
    pub end: SimTime,
    /// Every app, in the order of meeting.
    pub apps: Vec<AppOutcome>,
    /// Every deployment, in its place.
    pub deployments: Vec<DeploymentOutcome>,
    /// Every queue, in its place.
    pub queues: Vec<QueueOutcome>,
    /// Every minute or hour with something in it, in order.
    pub minutes: Vec<MinuteOutcome>,
    /// What was served, as chargeback adds it up.
    pub usage: BTreeMap<ServedKey, Tally>,
}

impl Tally {
    /// Adds one request.
    pub fn add(&mut self, tokens: &TokenCounts, weight: u64) {
        self.requests += Requests::new(1);
        self.tokens += *tokens;
        self.weighted += weight;
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.tokens += other.tokens;
        self.weighted += other.weighted;
    }
}

impl MinuteTally {
    pub(super) fn add(&mut self, weight: u64) {
        self.requests += 1;
        self.weighted += weight;
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.requests += other.requests;
        self.weighted += other.weighted;
    }
}

impl AppOutcome {
    /// Everything served.
    pub fn served_in_all(&self) -> Tally {
        sum(self.served.values())
    }

    /// What was served after a provisioned deployment was full or passed over.
    pub fn spilled(&self) -> Tally {
        let spilled = self.served.iter();
        sum(spilled
            .filter(|(by, _)| by.spilled_from.is_some())
            .map(|(_, tally)| tally))
    }

    /// Everything given up.
    pub fn lost_in_all(&self) -> Tally {
        sum(self.lost.values())
    }
}

impl DeploymentOutcome {
    /// What could have drained in all minutes; empty for deployments that are not provisioned.
    pub fn capacity(&self) -> Level {
        let minutes = self.minutes.iter();
        minutes.fold(Level::EMPTY, |sum, minute| sum.plus(minute.capacity))
    }

    /// What drained in all minutes.
    pub fn drained(&self) -> Level {
        let minutes = self.minutes.iter();
        minutes.fold(Level::EMPTY, |sum, minute| sum.plus(minute.drained))
    }
}

impl Outcome {
    /// What all apps asked for.
    pub fn offered(&self) -> Tally {
        sum(self.apps.iter().map(|app| &app.offered))
    }

    /// What was served in all.
    pub fn served(&self) -> Tally {
        self.total(AppOutcome::served_in_all)
    }

    /// What spilled in all.
    pub fn spilled(&self) -> Tally {
        self.total(AppOutcome::spilled)
    }

    /// What was lost in all.
    pub fn lost(&self) -> Tally {
        self.total(AppOutcome::lost_in_all)
    }

    fn total(&self, of: impl Fn(&AppOutcome) -> Tally) -> Tally {
        let parts: Vec<Tally> = self.apps.iter().map(of).collect();
        sum(&parts)
    }

    /// Whether every request is accounted for: offered = served + lost + dead-lettered + expired
    /// + still waiting, where a message that was executed again counts once.
    pub fn conserved(&self) -> bool {
        let queued = |of: fn(&QueueOutcome) -> &Tally| sum(self.queues.iter().map(of));
        let mut ended = sum([&self.served(), &self.lost()]);
        ended.merge(&queued(|queue| &queue.dead_lettered));
        ended.merge(&queued(|queue| &queue.expired));
        ended.merge(&queued(|queue| &queue.waiting));
        let mut offered = self.offered();
        offered.merge(&queued(|queue| &queue.duplicates));
        ended == offered && self.queues.iter().all(QueueOutcome::conserved)
    }

    /// The length of the simulated span.
    pub fn span(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

fn sum<'t>(tallies: impl IntoIterator<Item = &'t Tally>) -> Tally {
    tallies
        .into_iter()
        .fold(Tally::default(), |mut sum, tally| {
            sum.merge(tally);
            sum
        })
}
