//! What was observed of a deployment, and how far a simulation is from it.

use std::collections::BTreeMap;

use crate::sim::provisioned::Minute;
use crate::time::SimTime;

/// What was observed of a deployment.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// Used part of the throughput [part of 1], by minutes since 1970.
    Utilization(BTreeMap<u64, f64>),
    /// Requests it refused with 429, by minutes since 1970; minutes that are not named had none.
    Refusals(BTreeMap<u64, u64>),
}

impl Evidence {
    /// Evidence of the times of 429s.
    pub fn of_refusals(times: impl IntoIterator<Item = SimTime>) -> Self {
        let mut refusals: BTreeMap<u64, u64> = BTreeMap::new();
        for time in times {
            *refusals.entry(time.minutes()).or_default() += 1;
        }
        Self::Refusals(refusals)
    }

    /// The root of the mean square error of the minutes simulated [part of 1, or 429 per minute];
    /// `None` where no minute can be compared.
    pub(super) fn error(&self, minutes: &[Minute]) -> Option<f64> {
        let squares: Vec<f64> = match self {
            Self::Utilization(observed) => minutes
                .iter()
                .filter_map(|minute| {
                    let observed = observed.get(&minute.minute)?;
                    Some((minute.utilization() - observed).powi(2))
                })
                .collect(),
            Self::Refusals(observed) if observed.is_empty() || meets(observed, minutes) => minutes
                .iter()
                .map(|minute| {
                    let observed = observed.get(&minute.minute).copied().unwrap_or(0);
                    float(minute.refused.abs_diff(observed)).powi(2)
                })
                .collect(),
            Self::Refusals(_) => Vec::new(),
        };
        let mean = squares.iter().sum::<f64>() / float(squares.len() as u64);
        (!squares.is_empty()).then(|| mean.sqrt())
    }
}

/// Whether any refusal lies in these minutes.
fn meets(observed: &BTreeMap<u64, u64>, minutes: &[Minute]) -> bool {
    let mut numbers = minutes.iter().map(|minute| minute.minute);
    numbers.any(|number| observed.contains_key(&number))
}

#[expect(clippy::cast_precision_loss, reason = "statistics")]
fn float(count: u64) -> f64 {
    count as f64
}
