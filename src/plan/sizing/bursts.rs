//! What a size spills when requests come at random instead of evenly.

use crate::sim::runs::BAND_SECONDS;
use crate::units::Ptu;

/// Requests that a size refuses at a rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Burst {
    /// The size [PTU].
    pub ptu: Ptu,
    /// The rate over that of the load.
    pub rate: f64,
    /// The share of requests that is refused for each depth of [`BAND_SECONDS`], from 0 to 1.
    pub refused: Vec<f64>,
}

/// Rates that are looked at: the load's own, and half as much again.
const RATES: [f64; 2] = [1.0, 1.5];

/// What a size refuses, by rate; `peak_use` is what the load uses of it, and `per_minute` how many
/// requests a minute the load has.
pub fn of(ptu: Ptu, peak_use: f64, per_minute: f64) -> Vec<Burst> {
    let at = |rate: f64| Burst {
        ptu,
        rate,
        refused: BAND_SECONDS
            .iter()
            .map(|depth| {
                let arrivals = per_minute * rate / 60.0;
                refused(arrivals, arrivals / (peak_use * rate), seconds(*depth))
            })
            .collect(),
    };
    RATES.map(at).into()
}

#[expect(clippy::cast_precision_loss, reason = "a few seconds")]
fn seconds(depth: u64) -> f64 {
    depth as f64
}

/// The share of Poisson requests with exponential weights that finds the bucket above `depth`
/// [second of throughput]: `arrivals` λ and throughput `served` μ [request/second].
///
/// With ρ = λ/μ and E = e^(−(μ−λ)·depth) it is ρ(1 − ρ)E / (1 − ρ²E), and 1/(2 + λ·depth) where ρ is
/// 1: the stationary workload of an M/M/1 queue whose arrivals are lost above a barrier. Requests
/// of even size spill less, those of very different sizes more.
pub fn refused(arrivals: f64, served: f64, depth: f64) -> f64 {
    let load = arrivals / served;
    // Where both rates are all but the same, the general form is 0/0.
    if (1.0 - load).abs() < 1e-9 {
        return 1.0 / (2.0 + arrivals * depth);
    }
    let inverse = ((served - arrivals) * depth).exp();
    load * (1.0 - load) / (inverse - load * load)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closed_form_has_its_limits() {
        for (arrivals, served, depth, expected) in [
            // No bucket: a request is refused while another is served, ρ/(1 + ρ).
            (1.0, 2.0, 0.0, 1.0 / 3.0),
            (1.0, 1.0, 0.0, 0.5),
            // Overload with a deep bucket: what is beyond capacity, 1 − 1/ρ.
            (2.0, 1.0, 1_000.0, 0.5),
            // Half load with a deep bucket: nothing.
            (1.0, 2.0, 1_000.0, 0.0),
            (10.0, 10.0, 6.0, 1.0 / 62.0),
        ] {
            let found = refused(arrivals, served, depth);
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn near_equal_rates_meet_the_limit() {
        let near = refused(10.0, 10.000_1, 6.0);
        assert!((near - 1.0 / 62.0).abs() < 1e-4, "{near}");
    }
}
