//! What a size must do to be good enough.

use super::point::{Fate, Point};
use crate::money::Factor;
use crate::time::SimDuration;

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// At most this part of weighted tokens spills.
    Spill(Factor),
    /// At most this part of requests is lost.
    Lost(Factor),
    /// 95 of 100 served requests wait no longer.
    P95Wait(SimDuration),
    /// The planned deployment is used no more than this in its busiest hour [part of throughput].
    Utilization(Factor),
}

/// A condition, and whom it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The app, by the name it is shown by; all requests together if not given.
    pub app: Option<String>,
    /// What must hold.
    pub limit: Limit,
}

/// What a size must do to be good enough: all of it. Without conditions every size is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objective {
    /// The conditions.
    pub conditions: Vec<Condition>,
}

impl Condition {
    /// By how much a size misses the limit: points of a share or time, in millionths.
    fn miss(&self, point: &Point) -> u64 {
        let fate = match &self.app {
            None => Some(&point.all),
            Some(app) => point.apps.get(app),
        };
        let Some(fate) = fate else { return 0 };
        let beyond =
            |share: &Factor, most: &Factor| millionths(share).saturating_sub(millionths(most));
        match &self.limit {
            Limit::Spill(most) => beyond(&fate.spill(), most),
            Limit::Lost(most) => beyond(&fate.loss(), most),
            Limit::P95Wait(most) => fate.p95_wait().beyond(*most).micros(),
            Limit::Utilization(most) => {
                let used: u64 = format!("{:.0}", point.busiest_hour * 1e6)
                    .parse()
                    .unwrap_or(0);
                used.saturating_sub(millionths(most))
            }
        }
    }

    /// Whether a size does what is asked.
    pub fn holds(&self, point: &Point) -> bool {
        match (&self.app, &self.limit) {
            (_, Limit::Utilization(most)) => {
                let most: f64 = most.to_trimmed(9).parse().unwrap_or(1.0);
                point.busiest_hour <= most
            }
            (None, limit) => met(&point.all, limit),
            (Some(app), limit) => point.apps.get(app).is_none_or(|fate| met(fate, limit)),
        }
    }
}

impl Objective {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether a size does all that is asked.
    pub fn holds(&self, point: &Point) -> bool {
        self.conditions.iter().all(|one| one.holds(point))
    }

    /// By how much a size misses all conditions together: one second of wait counts like the whole
    /// of a share. It only ranks sizes none of which is good enough.
    pub fn miss(&self, point: &Point) -> u64 {
        let all = self.conditions.iter().map(|one| one.miss(point));
        all.fold(0, u64::saturating_add)
    }

    /// The conditions that a size does not meet.
    pub fn broken<'o>(&'o self, point: &'o Point) -> impl Iterator<Item = &'o Condition> {
        self.conditions.iter().filter(|one| !one.holds(point))
    }
}

/// A share in millionths, rounded.
fn millionths(share: &Factor) -> u64 {
    let whole = share.times(&Factor::ratio(1_000_000, 1)).to_trimmed(0);
    whole.parse().unwrap_or(0)
}

fn met(fate: &Fate, limit: &Limit) -> bool {
    match limit {
        Limit::Spill(most) => fate.spill() <= *most,
        Limit::Lost(most) => fate.loss() <= *most,
        Limit::P95Wait(most) => fate.p95_wait() <= *most,
        Limit::Utilization(_) => true,
    }
}
