//! Demand as a fluid: what a size spills when every clock minute stands alone.
//!
//! The bucket is left out, so this is no answer; it tells the search where answers lie, and it has
//! closed forms to be checked by: the spill of a wave, and the newsvendor's quantile.

use crate::money::Factor;

/// Demand by the minute, in any unit, ready to be asked again and again.
#[derive(Clone, Debug, Default)]
pub struct Fluid {
    /// Ascending.
    demands: Vec<u64>,
    /// What the demands from each place on add up to.
    from: Vec<u128>,
}

impl Fluid {
    /// These demands; minutes without demand count, so they are among them.
    pub fn new(mut demands: Vec<u64>) -> Self {
        demands.sort_unstable();
        let mut sum = 0;
        let mut from: Vec<u128> = demands
            .iter()
            .rev()
            .map(|demand| {
                sum += u128::from(*demand);
                sum
            })
            .collect();
        from.reverse();
        Self { demands, from }
    }

    /// All demand.
    pub fn total(&self) -> u128 {
        self.from.first().copied().unwrap_or(0)
    }

    /// What exceeds a capacity in each minute, added up.
    pub fn spilled(&self, capacity: u64) -> u128 {
        let place = self.demands.partition_point(|demand| *demand <= capacity);
        let above = self.demands.len() - place;
        let sum = self.from.get(place).copied().unwrap_or(0);
        sum - u128::from(capacity) * above as u128
    }

    /// The least capacity that spills at most a part of all demand.
    pub fn least(&self, share: &Factor) -> u64 {
        let fits = |capacity: u64| Factor::ratio(self.spilled(capacity), self.total()) <= *share;
        let (mut low, mut high) = (0, self.demands.last().copied().unwrap_or(0));
        while low < high {
            let middle = low.midpoint(high);
            if fits(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    /// The capacity that costs least when a unit of it costs `price` of what a unit of spilled demand
    /// costs: the least demand that no more than `price` of all minutes exceed. A price of 1 or more
    /// buys nothing.
    pub fn newsvendor(&self, price: &Factor) -> u64 {
        let minutes = self.demands.len() as u128;
        // Raising the capacity to the next demand pays while more minutes exceed it than that.
        let exceeded = |place: usize| Factor::ratio(minutes - place as u128, minutes.max(1));
        let mut pays = (0..self.demands.len()).rev();
        let place = pays.find(|place| exceeded(*place) > *price);
        place.map_or(0, |place| self.demands[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(text: &str) -> Factor {
        text.parse().unwrap()
    }

    fn near(found: f64, expected: f64, within: f64) {
        assert!(
            (found - expected).abs() <= within,
            "{found}, not {expected}"
        );
    }

    /// The cost of a capacity, per minute.
    #[expect(clippy::cast_precision_loss, reason = "compared with a table")]
    fn cost(fluid: &Fluid, capacity: u64, price: f64) -> f64 {
        price * capacity as f64 + fluid.spilled(capacity) as f64 / fluid.demands.len() as f64
    }

    /// T13: ten demands, capacities in steps of 5.
    #[test]
    fn ten_demands_have_the_costs_that_are_reckoned_by_hand() {
        let fluid = Fluid::new(vec![4, 8, 8, 10, 12, 14, 20, 30, 30, 64]);
        for (price, capacity, expected) in [
            (0.4, 0, 20.0),
            (0.4, 15, 14.4),
            (0.4, 20, 14.4),
            (0.85, 0, 20.0),
            (0.85, 5, 19.35),
            (0.85, 10, 19.5),
        ] {
            near(cost(&fluid, capacity, price), expected, 1e-9);
        }
        // From 14 to 20 every capacity costs the same.
        assert_eq!(fluid.newsvendor(&ratio("0.4")), 14);
        assert_eq!(fluid.newsvendor(&ratio("0.85")), 8);
        assert_eq!(fluid.newsvendor(&ratio("1")), 0);
    }

    /// T13: demands from 0 to 100, all alike, in thousandths.
    #[test]
    fn even_demands_are_bought_up_to_the_quantile() {
        let fluid = Fluid::new((0..=100_000).collect());
        for (price, quantile, expected) in [(0.4, 60_000, 32_000.0), (0.85, 15_000, 48_875.0)] {
            let found = fluid.newsvendor(&ratio(&price.to_string()));
            assert!(found.abs_diff(quantile) <= 1, "{found}");
            near(cost(&fluid, found, price), expected, 1.0);
        }
        near(cost(&fluid, 0, 0.4), 50_000.0, 1.0);
    }

    /// T13: exponential demand of mean 100, and normal demand of 100 and 20, as the quantiles of
    /// evenly spread minutes.
    #[test]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "demands are small"
    )]
    fn demands_of_known_distributions_are_bought_up_to_the_quantile() {
        let minutes = 200_000;
        let even = (0..minutes).map(|at| (f64::from(at) + 0.5) / f64::from(minutes));
        let exponential = even.map(|part| (-(1.0 - part).ln() * 100_000.0).round() as u64);
        let fluid = Fluid::new(exponential.collect());
        for (price, quantile, expected) in [(0.4, 91_629.1, 76_651.6), (0.85, 16_251.9, 98_814.1)] {
            let found = fluid.newsvendor(&ratio(&price.to_string()));
            near(found as f64, quantile, 2.0);
            near(cost(&fluid, found, price), expected, 2.0);
        }
    }

    /// T12: demand m(1 + A sin) and capacity m(1 + x).
    #[test]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "demands are small"
    )]
    fn a_wave_spills_what_its_closed_form_says() {
        let minutes = 1_440 * 50;
        let mean = 1_000_000.0;
        for (amplitude, headroom, expected) in [
            (0.5, 0.0, 0.159_155),
            (0.5, 0.25, 0.054_499),
            (0.8, 0.4, 0.087_198),
            (1.0, 0.0, std::f64::consts::FRAC_1_PI),
            (0.5, 0.5, 0.0),
        ] {
            let wave = (0..minutes).map(|minute| {
                let turn = std::f64::consts::TAU * f64::from(minute) / f64::from(minutes);
                (mean * (1.0 + amplitude * turn.sin())).round() as u64
            });
            let fluid = Fluid::new(wave.collect());
            let capacity = (mean * (1.0 + headroom)) as u64;
            let share = fluid.spilled(capacity) as f64 / fluid.total() as f64;
            near(share, expected, 1e-6);
        }
    }

    #[test]
    fn the_least_capacity_spills_no_more_than_asked() {
        let fluid = Fluid::new(vec![10, 20, 30, 40]);
        for (share, capacity) in [("0", 40), ("0.1", 30), ("0.3", 20), ("0.6", 10), ("1", 0)] {
            assert_eq!(fluid.least(&ratio(share)), capacity, "{share}");
        }
        assert_eq!(Fluid::default().least(&ratio("0")), 0);
    }
}
