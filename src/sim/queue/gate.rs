//! The gate of a queue: holds senders back while a provisioned deployment is full.
//!
//! Above the stop line nothing is sent; sending goes on at or below the resume line. What senders
//! know of the fill differs: nobody outside the service sees the true level, so real ones go by a
//! metric of the last minute or by what answers report.

use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Fleet;
use crate::sim::level::Level;
use crate::sim::provisioned::Provisioned;
use crate::time::{SimDuration, SimTime};

/// When senders hold back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateRules {
    /// The provisioned deployment that is watched.
    pub watched: DeploymentId,
    /// Nothing is sent above this part of the depth [10⁻³].
    pub stop: u32,
    /// Once stopped, sending goes on at or below this part [10⁻³]; the stop line where there is
    /// no lower one.
    pub resume: u32,
    /// How the fill is known.
    pub signal: Signal,
}

/// How senders know the fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signal {
    /// They see the level itself, and send at the very microsecond at which it reaches the line.
    #[default]
    Level,
    /// They see a metric of the last whole minute.
    Minute {
        /// Which one.
        metric: MinuteMetric,
        /// How long after the minute's end the metric shows.
        lag: SimDuration,
    },
    /// They see the fill that the last answer of the deployment reported, whoever got it.
    Answer {
        /// When a report says nothing any more, so that they try again.
        stale_after: SimDuration,
    },
}

impl Signal {
    /// How long after its end a minute is still looked at; `None` where none is.
    pub(in crate::sim) const fn looks_back(self) -> Option<SimDuration> {
        match self {
            Self::Minute { lag, .. } => Some(lag),
            Self::Level | Self::Answer { .. } => None,
        }
    }
}

/// Metrics of a whole minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MinuteMetric {
    /// The level at its end, as a part of the depth.
    Level,
    /// The throughput that was used, as a part of all throughput.
    #[default]
    Utilization,
}

/// A gate at one moment.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    rules: GateRules,
    stopped: bool,
    heard: Option<Report>,
}

/// What an answer reported.
#[derive(Clone, Copy, Debug)]
struct Report {
    at: SimTime,
    fill: Fill,
}

/// A fill, and what would be 100 %.
#[derive(Clone, Copy, Debug)]
struct Fill {
    level: Level,
    whole: Level,
}

/// What senders know.
enum Known {
    /// Nothing yet, or nothing any more.
    Nothing,
    /// Nothing is deployed, so there is no room for anything.
    Undeployed,
    Fill(Fill),
}

impl Fill {
    fn of(deployment: &Provisioned) -> Self {
        Self {
            level: deployment.level(),
            whole: deployment.depth(),
        }
    }
}

impl Gate {
    pub(super) fn new(rules: GateRules) -> Self {
        Self {
            rules,
            stopped: false,
            heard: None,
        }
    }

    /// Whether senders may send now.
    pub(super) fn is_open(&mut self, now: SimTime, fleet: &mut Fleet) -> bool {
        let line = self.line();
        let open = match self.known(now, fleet) {
            Known::Nothing => true,
            Known::Undeployed => false,
            Known::Fill(fill) => fill.level <= fill.whole.part(line),
        };
        self.stopped = !open;
        open
    }

    /// Forgets that senders were stopped: nobody looks while there is nothing to send.
    pub(super) fn rest(&mut self) {
        self.stopped = false;
    }

    /// The line that counts now [10⁻³].
    fn line(&self) -> u32 {
        if self.stopped {
            self.rules.resume
        } else {
            self.rules.stop
        }
    }

    fn known(&self, now: SimTime, fleet: &mut Fleet) -> Known {
        let Some(deployment) = fleet.provisioned(self.rules.watched, now) else {
            return Known::Undeployed;
        };
        if deployment.rate().is_zero() {
            return Known::Undeployed;
        }
        match self.rules.signal {
            Signal::Level => Known::Fill(Fill::of(deployment)),
            Signal::Minute { metric, lag } => last_minute(deployment, metric, shown_at(now, lag)),
            Signal::Answer { stale_after } => self
                .heard
                .filter(|report| now < report.at.after(stale_after))
                .map_or(Known::Nothing, |report| Known::Fill(report.fill)),
        }
    }

    /// When stopped senders should look next, always later than now; `None` when nothing that is
    /// known today will ever open the gate.
    pub(super) fn next_look(&self, now: SimTime, fleet: &mut Fleet) -> Option<SimTime> {
        let deployment = fleet.provisioned(self.rules.watched, now)?;
        let resize = deployment.next_resize();
        if deployment.rate().is_zero() {
            return resize;
        }
        let look = match self.rules.signal {
            Signal::Level => deployment
                .time_until_part(self.line())
                .map(|span| now.after(span)),
            Signal::Minute { lag, .. } => {
                let minute = shown_at(now, lag) + 1;
                let end = SimTime::from_micros(minute * SimDuration::MINUTE.micros());
                Some(end.after(lag))
            }
            Signal::Answer { stale_after } => self.heard.map(|report| report.at.after(stale_after)),
        };
        look.into_iter().chain(resize).min()
    }

    /// Whether a fall of this deployment's level may open the gate earlier.
    pub(super) fn follows(&self, deployment: DeploymentId) -> bool {
        self.rules.watched == deployment && self.rules.signal == Signal::Level
    }

    /// Hears an answer of a deployment; whether it matters here.
    pub(super) fn hears(&mut self, now: SimTime, from: DeploymentId, fleet: &mut Fleet) -> bool {
        let listens = matches!(self.rules.signal, Signal::Answer { .. });
        if !listens || from != self.rules.watched {
            return false;
        }
        let deployment = fleet.provisioned(from, now);
        self.heard = deployment.map(|deployment| Report {
            at: now,
            fill: Fill::of(deployment),
        });
        true
    }
}

/// Number of the minute that is under way for those who see everything `lag` late.
fn shown_at(now: SimTime, lag: SimDuration) -> u64 {
    now.since(SimTime::default().after(lag)).micros() / SimDuration::MINUTE.micros()
}

/// The metric of the last minute before `shown`.
fn last_minute(deployment: &Provisioned, metric: MinuteMetric, shown: u64) -> Known {
    let number = shown.checked_sub(1);
    let Some(minute) = number.and_then(|number| deployment.minute(number)) else {
        return Known::Nothing;
    };
    if minute.capacity == Level::EMPTY {
        return Known::Undeployed;
    }
    Known::Fill(match metric {
        MinuteMetric::Level => Fill {
            level: minute.end_level,
            whole: deployment.depth(),
        },
        MinuteMetric::Utilization => Fill {
            level: minute.drained,
            whole: minute.capacity,
        },
    })
}
