//! Totals as they are read, each once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::quantity::Quantity;
use crate::time::{SimDuration, SimTime};

/// One series of totals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Series {
    /// The deployment, else the resource; empty where the source names neither.
    pub(super) deployment: String,
    /// What is counted.
    pub(super) quantity: Quantity,
    /// The metric or column.
    pub(super) metric: String,
    /// The HTTP status of counted requests, where they are split by it.
    pub(super) status: String,
    /// Everything else that tells series apart.
    pub(super) others: String,
}

/// Totals by series and start of their span.
#[derive(Debug, Default)]
pub(super) struct Points {
    series: BTreeMap<Series, BTreeMap<SimTime, u64>>,
    grain: Option<SimDuration>,
    repeats: u64,
}

impl Points {
    /// How long the spans are; `None` before the first.
    pub(super) const fn grain(&self) -> Option<SimDuration> {
        self.grain
    }

    /// Totals that were delivered again, unchanged.
    pub(super) const fn repeats(&self) -> u64 {
        self.repeats
    }

    /// Every series.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Series, &BTreeMap<SimTime, u64>)> {
        self.series.iter()
    }

    /// The totals that follow are of spans of `grain`: the same as all before.
    pub(super) fn spans_of(&mut self, grain: SimDuration) -> Result<(), String> {
        let known = *self.grain.get_or_insert(grain);
        if known == grain {
            return Ok(());
        }
        Err(format!(
            "totals of {} s follow totals of {} s; expected one grain, best PT1M",
            grain.seconds_up(),
            known.seconds_up()
        ))
    }

    /// Adds a total; the same one again is counted, another one for the same span is refused.
    pub(super) fn add(&mut self, series: &Series, at: SimTime, total: u64) -> Result<(), String> {
        let points = match self.series.get_mut(series) {
            Some(points) => points,
            None => self.series.entry(series.clone()).or_default(),
        };
        match points.entry(at) {
            Entry::Vacant(free) => {
                free.insert(total);
            }
            Entry::Occupied(taken) if *taken.get() == total => self.repeats += 1,
            Entry::Occupied(taken) => {
                return Err(format!(
                    "{} is {total}, and was {} for the same span before; expected one total",
                    series.metric,
                    taken.get()
                ));
            }
        }
        Ok(())
    }
}
