//! A provisioned deployment: admits requests by the fill of its bucket (reference model R0).
//!
//! The level falls with time in proportion to deployed PTU. Admission looks at the level, then
//! adds an estimate, in which the most tokens the caller allows stand for the answer; completion
//! adds the difference to what was really used. Depth, edge and the estimate of callers that
//! state no maximum are undocumented, so they are parameters (docs/MODEL.md).

mod minutes;

pub(super) use self::minutes::Minutes;

use serde::Deserialize;

use super::latency::Latency;
use super::level::{DrainRate, Level};
use super::weighing::Weighing;
use crate::time::{SimDuration, SimTime};
use crate::units::{Ptu, TokensPerMinute};
use crate::workload::Request;

/// What a provisioned deployment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedRules {
    /// Weights of its model.
    pub weighing: Weighing,
    /// Input tokens one PTU serves in a minute.
    pub tpm_per_ptu: TokensPerMinute,
    /// Deployed PTU from a time on, ascending; nothing before the first.
    pub capacity: Vec<(SimTime, Ptu)>,
    /// How requests are admitted.
    pub admission: Admission,
    /// Throughput that the bucket holds at 100 % [µs of draining].
    pub depth: SimDuration,
    /// What happens at exactly 100 %.
    pub edge: Edge,
    /// The answer that is assumed of callers that state no maximum.
    pub unstated: UnstatedMaximum,
    /// Longest prompt it can serve [token]; longer ones are refused with 400.
    pub longest_input: Option<u32>,
    /// How long serving takes.
    pub latency: Latency,
}

/// How a request is admitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Admission {
    /// While the level is within the depth, as documented; one request may overshoot.
    #[default]
    Doc,
    /// When its estimate fits within the depth, as most open tools have it.
    Fit,
}

/// What happens at exactly 100 %: documents disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Edge {
    /// "Above 100 % is refused": at 100 % is admitted.
    #[default]
    Admit,
    /// "At 100 % is refused".
    Refuse,
}

/// The answer that admission assumes where the caller states no maximum; the service's own number
/// is not published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnstatedMaximum {
    /// The answer that will come: the estimate is right.
    #[default]
    AsAnswered,
    /// This many tokens.
    Tokens(u32),
}

impl UnstatedMaximum {
    /// The answer that admission reckons with [token].
    pub fn for_request(self, request: &Request) -> u32 {
        match (request.max_tokens, self) {
            (Some(most), _) => most.get(),
            (None, Self::AsAnswered) => request.tokens.output,
            (None, Self::Tokens(most)) => most,
        }
    }
}

/// What admission reckons a request at, whatever is deployed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    /// What it adds to the level.
    pub(super) level: Level,
    /// Used minus estimated; negative for a refund [weighted token × 10⁻³].
    pub(super) correction: i64,
}

impl ProvisionedRules {
    /// What admission reckons a request at.
    pub(super) fn estimate(&self, request: &Request) -> Estimate {
        let weigh = |answer| self.weighing.weigh(&request.tokens, answer);
        let answer = self.unstated.for_request(request);
        let estimate = weigh(answer);
        let used = if answer == request.tokens.output {
            estimate
        } else {
            weigh(request.tokens.output)
        };
        Estimate {
            level: Level::of_thousandths(estimate),
            correction: used.cast_signed() - estimate.cast_signed(),
        }
    }
}

/// The answer of admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// Admitted; the estimate's difference to what will be used [weighted token × 10⁻³].
    Yes {
        /// Used minus estimated; negative for a refund.
        correction: i64,
    },
    /// Refused for being full, until at the latest so long from now; `None` with nothing deployed.
    Full(Option<SimDuration>),
    /// The prompt is too long.
    TooLong,
}

/// One minute of a provisioned deployment, or the hour that begins with it where the
/// [`Series`](super::series::Series) goes by the hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minute {
    /// Minutes since 1970.
    pub minute: u64,
    /// What drained.
    pub drained: Level,
    /// What could have drained.
    pub capacity: Level,
    /// The level at its end.
    pub end_level: Level,
    /// Requests it refused for being full.
    pub refused: u64,
}

impl Minute {
    /// The part of the throughput that was used.
    pub fn utilization(&self) -> f64 {
        self.drained.share_of(self.capacity)
    }
}

/// A provisioned deployment at one moment.
#[derive(Clone, Debug)]
pub struct Provisioned {
    rules: ProvisionedRules,
    rate: DrainRate,
    depth: Level,
    level: Level,
    now: SimTime,
    /// The next minute's start, resize or return of calls, whichever is first.
    boundary: SimTime,
    resized: usize,
    stretch: Stretch,
    minute: Minute,
    minutes: Minutes,
    away: Away,
}

/// A stretch of time in which only the level changes, so that an event costs little: what could
/// have drained in it is known at its end.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    start: SimTime,
    drained: Level,
}

/// A gateway's keeping calls away, and what that wasted.
#[derive(Clone, Copy, Debug, Default)]
struct Away {
    /// When the span ends; the past when none is open.
    until: SimTime,
    /// What could have drained in it and did not.
    idle: Level,
    /// What the calls that were kept away in it weigh.
    refused: Level,
    /// Waste of the spans before.
    wasted: Level,
}

impl Away {
    fn close(&mut self) {
        self.wasted = self.wasted.plus(self.idle.min(self.refused));
        self.idle = Level::EMPTY;
        self.refused = Level::EMPTY;
    }
}

impl Provisioned {
    /// An empty deployment at `start`.
    pub fn new(rules: ProvisionedRules, start: SimTime) -> Self {
        let mut deployment = Self {
            rules,
            rate: DrainRate::default(),
            depth: Level::EMPTY,
            level: Level::EMPTY,
            now: start,
            boundary: start,
            resized: 0,
            stretch: Stretch {
                start,
                ..Stretch::default()
            },
            minute: Minute {
                minute: start.minutes(),
                ..Minute::default()
            },
            minutes: Minutes::default(),
            away: Away::default(),
        };
        deployment.pass_boundary();
        deployment
    }

    /// The deployment with its minutes kept in `minutes`.
    #[must_use]
    pub(super) fn keeping(mut self, minutes: Minutes) -> Self {
        self.minutes = minutes;
        self
    }

    /// What it is.
    pub fn rules(&self) -> &ProvisionedRules {
        &self.rules
    }

    /// Lets time pass until `now`.
    pub fn advance(&mut self, now: SimTime) {
        while now >= self.boundary {
            self.drain_until(self.boundary);
            self.pass_boundary();
        }
        self.drain_until(now);
    }

    fn drain_until(&mut self, time: SimTime) {
        let level = self.level.drained(self.rate, time.since(self.now));
        let drained = self.level.beyond(level);
        self.stretch.drained = self.stretch.drained.plus(drained);
        self.level = level;
        self.now = self.now.max(time);
    }

    /// Ends the stretch, and begins another.
    fn close_stretch(&mut self) {
        let capacity = self.rate.over(self.now.since(self.stretch.start));
        let drained = self.stretch.drained;
        self.minute.drained = self.minute.drained.plus(drained);
        self.minute.capacity = self.minute.capacity.plus(capacity);
        if self.stretch.start < self.away.until {
            self.away.idle = self.away.idle.plus(capacity.beyond(drained));
        }
        self.stretch = Stretch {
            start: self.now,
            drained: Level::EMPTY,
        };
    }

    /// Closes the minute, resizes, ends a span without calls: whatever is due now.
    fn pass_boundary(&mut self) {
        self.close_stretch();
        if self.away.until <= self.now {
            self.away.close();
        }
        let minute = self.now.minutes();
        if minute > self.minute.minute {
            self.close_minute();
            self.minute = Minute {
                minute,
                ..Minute::default()
            };
        }
        let steps = &self.rules.capacity;
        while let Some((_, ptu)) = steps
            .get(self.resized)
            .filter(|(from, _)| *from <= self.now)
        {
            self.rate = DrainRate::of(*ptu, self.rules.tpm_per_ptu);
            self.depth = self.rate.over(self.rules.depth);
            self.resized += 1;
        }
        let next_minute = SimTime::from_micros((minute + 1) * SimDuration::MINUTE.micros());
        let resize = self.next_resize();
        let back = Some(self.away.until).filter(|until| *until > self.now);
        let next = [Some(next_minute), resize, back]
            .into_iter()
            .flatten()
            .min();
        self.boundary = next.unwrap_or(next_minute);
    }

    /// Notes that a gateway keeps calls away from now until `until`, or longer than it said.
    pub fn keep_away(&mut self, now: SimTime, until: SimTime) {
        self.advance(now);
        self.close_stretch();
        if until > now {
            self.away.until = self.away.until.max(until);
            self.boundary = self.boundary.min(until);
        }
    }

    /// Notes that a call of this weight [weighted token × 10⁻³] was kept away; it counts while
    /// every instance of the gateway does so.
    pub fn turn_away(&mut self, now: SimTime, weight: u64) {
        if now < self.away.until {
            let weight = Level::of_thousandths(weight);
            self.away.refused = self.away.refused.plus(weight);
        }
    }

    /// Throughput that stood idle up to now while a gateway kept calls away: for each such span
    /// what could have drained and did not, but at most what the calls kept away in it weigh.
    pub fn idle_while_away(&mut self) -> Level {
        self.close_stretch();
        let mut away = self.away;
        away.close();
        away.wasted
    }

    fn close_minute(&mut self) {
        self.minute.end_level = self.level;
        self.minutes.push(self.minute);
    }

    /// Offers a request; an admitted one raises the level by its estimate.
    pub fn offer(&mut self, now: SimTime, request: &Request) -> Admitted {
        let longest = self.rules.longest_input;
        if longest.is_some_and(|longest| request.tokens.input > longest) {
            return Admitted::TooLong;
        }
        let Estimate { level, correction } = self.rules.estimate(request);
        match self.admit(now, level) {
            Ok(()) => Admitted::Yes { correction },
            Err(excess) => Admitted::Full(self.time_until_admission(excess)),
        }
    }

    /// Admits what is estimated at this, or says how far the level is too high for it.
    pub(super) fn admit(&mut self, now: SimTime, estimate: Level) -> Result<(), Level> {
        self.advance(now);
        if let Some(excess) = self.excess(estimate) {
            self.minute.refused += 1;
            return Err(excess);
        }
        self.level = self.level.plus(estimate);
        Ok(())
    }

    /// How far the level is too high to admit; `None` when it is not.
    fn excess(&self, estimate: Level) -> Option<Level> {
        let compared = match self.rules.admission {
            Admission::Doc => self.level,
            Admission::Fit => self.level.plus(estimate),
        };
        let full = match self.rules.edge {
            Edge::Admit => compared > self.depth,
            Edge::Refuse => compared >= self.depth,
        };
        (full || self.rate.is_zero()).then(|| compared.beyond(self.depth))
    }

    /// The time that draining the excess takes: what `retry-after-ms` promises. It is an upper
    /// bound, because refunds are not known yet.
    fn time_until_admission(&self, excess: Level) -> Option<SimDuration> {
        let least = match self.rules.edge {
            Edge::Admit => SimDuration::ZERO,
            Edge::Refuse => SimDuration::from_micros(1),
        };
        excess.time_to_drain(self.rate).map(|span| span.max(least))
    }

    /// Corrects an estimate at completion [weighted token × 10⁻³]; the level never falls below
    /// empty.
    pub fn correct(&mut self, now: SimTime, correction: i64) {
        self.advance(now);
        let change = Level::of_thousandths(correction.unsigned_abs());
        self.level = if correction < 0 {
            self.level.beyond(change)
        } else {
            self.level.plus(change)
        };
    }

    /// The level at the moment last looked at.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// The level at 100 %.
    pub const fn depth(&self) -> Level {
        self.depth
    }

    /// What it drains now.
    pub const fn rate(&self) -> DrainRate {
        self.rate
    }

    /// How long until the level is at most `part` thousandths of the depth, if nothing is added;
    /// `None` when it never is.
    pub fn time_until_part(&self, part: u32) -> Option<SimDuration> {
        let excess = self.level.beyond(self.depth.part(part));
        excess.time_to_drain(self.rate)
    }

    /// When the deployed PTU change next; `None` when they never do.
    pub fn next_resize(&self) -> Option<SimTime> {
        let next = self.rules.capacity.get(self.resized);
        next.map(|(from, _)| *from)
    }

    /// A whole minute, by its number since 1970; `None` where it is not over, or longer ago than
    /// anything that was made known as watching the deployment looks back.
    pub fn minute(&self, number: u64) -> Option<&Minute> {
        self.minutes.get(number)
    }

    /// Ends at `end` and yields its series; the last minute is perhaps cut short.
    pub fn finish(mut self, end: SimTime) -> Vec<Minute> {
        self.advance(end);
        self.close_stretch();
        if self.minute.capacity > Level::EMPTY {
            self.close_minute();
        }
        self.minutes.finish()
    }
}
