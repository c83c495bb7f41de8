//! Utilization lines: where a provisioned deployment stops getting calls, and where it gets them
//! again.

use serde::Deserialize;

use crate::sim::provisioned::{Minute, Provisioned};
use crate::sim::seconds::Seconds;
use crate::time::{SimDuration, SimTime};

/// `utilization = { … }` of a member's conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// Calls go elsewhere when utilization is above this [%].
    pub stop_percent: u32,
    /// They come back when it is at or below this [%]; left out: the same line.
    pub resume_percent: Option<u32>,
    /// What is read.
    #[serde(default)]
    pub reading: Reading,
    /// How long after the end of a minute its average is known [s]; for `last-minute`.
    #[serde(default)]
    pub lag_s: Seconds,
    /// The least time between two readings [s]; calls in between see the last one.
    #[serde(default)]
    pub sample_s: Seconds,
}

/// Which utilization is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// The fill of the bucket, at this moment: what own events can tell.
    #[default]
    Level,
    /// The average of the last whole minute that is known: what Azure Monitor tells.
    LastMinute,
}

/// Thousandths in a percent.
const PER_MILLE: u32 = 10;

/// A deployment as these lines see it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gauge {
    stopped: bool,
    next: SimTime,
}

impl Gauge {
    /// Whether calls go elsewhere at `now`.
    pub(super) fn is_stopped(
        &mut self,
        now: SimTime,
        lines: &Lines,
        deployment: &Provisioned,
    ) -> bool {
        if now >= self.next {
            self.next = now.after(lines.sample_s.span());
            let above = |percent| lines.is_above(now, percent, deployment);
            let line = if self.stopped {
                lines.resume_percent.unwrap_or(lines.stop_percent)
            } else {
                lines.stop_percent
            };
            self.stopped = above(line);
        }
        self.stopped
    }
}

impl Lines {
    /// Whether what is read is above so many percent; nothing is above while nothing is known.
    fn is_above(&self, now: SimTime, percent: u32, deployment: &Provisioned) -> bool {
        let part = percent * PER_MILLE;
        match self.reading {
            Reading::Level => deployment.level() > deployment.depth().part(part),
            Reading::LastMinute => self
                .last_minute(now, deployment)
                .is_some_and(|minute| minute.drained > minute.capacity.part(part)),
        }
    }

    /// How long after its end a minute is still looked at; `None` where none is.
    pub(super) fn looks_back(&self) -> Option<SimDuration> {
        (self.reading == Reading::LastMinute).then(|| self.lag_s.span())
    }

    /// The last minute whose average is known at `now`.
    fn last_minute<'d>(&self, now: SimTime, deployment: &'d Provisioned) -> Option<&'d Minute> {
        let known = now.micros().checked_sub(self.lag_s.span().micros())?;
        let number = (known / SimDuration::MINUTE.micros()).checked_sub(1)?;
        deployment.minute(number)
    }
}
