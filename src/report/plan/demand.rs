//! The traffic of every minute as what it would keep busy, for a chart.

use serde_json::{Value, json};

use super::Report;
use crate::time::SimDuration;

/// Values of a series at most.
const MOST: u64 = 2_000;

/// Minutes that a series covers at most: a century.
const LONGEST: u64 = 100 * 366 * 1_440;

/// The series: each value is the greatest minute of its stretch [PTU of the first candidate].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Demand {
    /// The first minute, since 1970.
    pub(super) start: u64,
    /// Minutes that a value stands for.
    pub(super) step: u64,
    /// The values.
    pub(super) values: Vec<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "heights of a chart")]
pub(super) fn series(report: &Report) -> Demand {
    let (plan, candidate) = (&report.plan, &report.plan.study.curves[0].candidate);
    let start = plan.study.span.start.minutes();
    let end = plan.study.span.end.minutes().max(start) + 1;
    let minutes = (end - start).min(LONGEST);
    let step = minutes.div_ceil(MOST).max(1);
    let count = usize::try_from(minutes.div_ceil(step)).unwrap_or(usize::MAX);
    let mut values = vec![0.0_f64; count];
    let per_ptu = candidate.tpm_per_ptu().get() as f64 * 1_000.0;
    for (minute, demand) in plan.study.survey.minutes.range(start..end) {
        let place = usize::try_from((minute - start) / step).unwrap_or(usize::MAX);
        if let Some(value) = values.get_mut(place) {
            *value = value.max(demand.weighted as f64 / per_ptu.max(1.0));
        }
    }
    Demand {
        start,
        step,
        values,
    }
}

impl Demand {
    /// The series for the page's own script: times in seconds since 1970, values to a thousandth.
    pub(super) fn value(&self) -> Value {
        let seconds = SimDuration::MINUTE.seconds_up();
        let rounded = self
            .values
            .iter()
            .map(|value| (value * 1_000.0).round() / 1_000.0);
        json!({
            "start": self.start * seconds,
            "step": self.step * seconds,
            "values": rounded.collect::<Vec<f64>>(),
        })
    }
}
