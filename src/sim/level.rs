//! The fill of a provisioned deployment's bucket, and how fast it drains.

use crate::time::SimDuration;
use crate::units::{Ptu, TokensPerMinute, WeightedTokens};

/// Microseconds of a minute: what makes a minute's throughput whole per microsecond.
const MICROS_PER_MINUTE: u128 = 60_000_000;
/// Thousandths of a weighted token.
const THOUSANDTHS: u64 = 1_000;

/// Fill of a provisioned deployment's bucket [weighted token × 10⁻³ × 60·10⁶].
///
/// In this unit one microsecond drains exactly `ptu × tokens_per_minute_per_ptu × 1000`, a whole
/// number, so no capacity is lost to rounding however often the level is read (reference case
/// T20 in docs/MODEL.md).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(u128);

/// What a deployment drains [unit of [`Level`] per µs].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DrainRate(u64);

impl DrainRate {
    /// The rate of `ptu` of a model; zero when nothing is deployed.
    pub fn of(ptu: Ptu, per_ptu: TokensPerMinute) -> Self {
        let rate = u64::from(ptu.get())
            .checked_mul(per_ptu.get())
            .and_then(|tokens| tokens.checked_mul(THOUSANDTHS));
        Self(rate.expect("throughput of a deployment stays below 2^64 / 1000 token/minute"))
    }

    /// Whether nothing drains, so nothing can be served.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What drains in `span`: also the depth of a bucket that holds `span` of throughput.
    pub fn over(self, span: SimDuration) -> Level {
        Level(u128::from(self.0) * u128::from(span.micros()))
    }
}

impl Level {
    /// An empty bucket.
    pub const EMPTY: Self = Self(0);

    /// The level that requests of this weight bring to an empty bucket.
    pub fn of(weighted: WeightedTokens) -> Self {
        Self(weighted.get() * MICROS_PER_MINUTE)
    }

    /// The level that a request of `thousandths` of weighted tokens brings to an empty bucket.
    pub fn of_thousandths(thousandths: u64) -> Self {
        Self(u128::from(thousandths) * MICROS_PER_MINUTE)
    }

    /// The level after `span` of draining; never below empty.
    #[must_use]
    pub fn drained(self, rate: DrainRate, span: SimDuration) -> Self {
        Self(self.0.saturating_sub(rate.over(span).0))
    }

    /// The level with `other` on top.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// The part above `other`; empty when `other` is higher.
    #[must_use]
    pub fn beyond(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// How long it takes to drain this level [µs, rounded up]; `None` when nothing drains.
    pub fn time_to_drain(self, rate: DrainRate) -> Option<SimDuration> {
        let rate = u128::from(rate.0);
        (rate > 0).then(|| {
            let micros = self.0.div_ceil(rate);
            SimDuration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
        })
    }

    /// `thousandths` of this level, rounded down: stop and resume lines as parts of the depth.
    #[must_use]
    pub fn part(self, thousandths: u32) -> Self {
        Self(self.0 * u128::from(thousandths) / u128::from(THOUSANDTHS))
    }

    /// This level as a share of `whole`, for display and statistics only; 0 where `whole` is 0.
    #[expect(clippy::cast_precision_loss, reason = "a share for display")]
    pub fn share_of(self, whole: Self) -> f64 {
        if whole.0 == 0 {
            return 0.0;
        }
        self.0 as f64 / whole.0 as f64
    }

    /// Whole thousandths of weighted tokens in this level, rounded down.
    pub fn weighted(self) -> WeightedTokens {
        WeightedTokens::new(self.0 / MICROS_PER_MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draining_step_by_step_loses_nothing() {
        let rate = DrainRate::of(Ptu::new(15), TokensPerMinute::new(3000));
        let start = Level::of(WeightedTokens::new(750_000));
        let step = SimDuration::from_micros(7);
        let stepwise = (0..1000).fold(start, |level, _| level.drained(rate, step));
        assert_eq!(stepwise, start.drained(rate, step.times(1000)));
        assert_eq!(start.time_to_drain(rate), Some(SimDuration::SECOND));
        assert_eq!(start.drained(rate, SimDuration::SECOND), Level::EMPTY);
    }

    #[test]
    fn without_throughput_nothing_drains() {
        let level = Level::of(WeightedTokens::new(1));
        assert_eq!(level.time_to_drain(DrainRate::default()), None);
    }
}
