//! How requests follow each other: gaps of mean 1, to be stretched by the rate.

mod gamma_function;

use rand::RngExt;
use rand_distr::{Distribution, Exp1, Gamma};

use super::seed::Stream;
use gamma_function::gamma;

/// How requests follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Arrivals {
    /// At even distances, the first at the very start.
    Constant,
    /// Independent of each other.
    #[default]
    Poisson,
    /// Gamma-distributed gaps: in bursts where the coefficient of variation is above 1, more
    /// even than Poisson below it.
    Gamma {
        /// Standard deviation of the gaps in means.
        cv: f64,
    },
    /// Weibull-distributed gaps.
    Weibull {
        /// Below 1 in bursts, 1 is Poisson.
        shape: f64,
    },
}

/// What numbers may be, so that draws neither vanish nor overflow.
const CV: std::ops::RangeInclusive<f64> = 0.000_1..=100.0;
const WEIBULL: std::ops::RangeInclusive<f64> = 0.05..=10_000.0;

/// Gaps of mean 1, ready to be drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gaps(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Constant,
    Exponential,
    /// Gaps, and gaps drawn in proportion to their length.
    Gamma(Gamma<f64>, Gamma<f64>),
    /// `(scale, 1 / shape)`, and the gaps in proportion to their length before both.
    Weibull(f64, f64, Gamma<f64>),
}

impl Gaps {
    /// The gaps of `arrivals`, or what is wrong with their numbers.
    pub(super) fn of(arrivals: Arrivals) -> Result<Self, String> {
        let kind = match arrivals {
            Arrivals::Constant => Kind::Constant,
            Arrivals::Poisson => Kind::Exponential,
            Arrivals::Gamma { cv } if CV.contains(&cv) => {
                let (shape, scale) = (1.0 / (cv * cv), cv * cv);
                Kind::Gamma(gamma_gaps(shape, scale), gamma_gaps(shape + 1.0, scale))
            }
            Arrivals::Gamma { cv } => {
                return Err(format!(
                    "the coefficient of variation is {cv}; expected a number from {} to {}",
                    CV.start(),
                    CV.end()
                ));
            }
            Arrivals::Weibull { shape } if WEIBULL.contains(&shape) => {
                let scale = 1.0 / gamma(1.0 + 1.0 / shape);
                let biased = gamma_gaps(1.0 + 1.0 / shape, 1.0);
                Kind::Weibull(scale, 1.0 / shape, biased)
            }
            Arrivals::Weibull { shape } => {
                return Err(format!(
                    "the Weibull shape is {shape}; expected a number from {} to {}",
                    WEIBULL.start(),
                    WEIBULL.end()
                ));
            }
        };
        Ok(Self(kind))
    }

    /// The gap to the next request.
    pub(super) fn next(&self, stream: &mut Stream) -> f64 {
        match &self.0 {
            Kind::Constant => 1.0,
            Kind::Exponential => Exp1.sample(stream),
            Kind::Gamma(gaps, _) => gaps.sample(stream),
            Kind::Weibull(scale, power, _) => {
                let exponential: f64 = Exp1.sample(stream);
                scale * exponential.powf(*power)
            }
        }
    }

    /// The gap to the first request of a process that has been running for ever, so that the
    /// mean rate holds from the start: a gap drawn in proportion to its length, cut at a uniform
    /// place (the stationary excess of renewal theory; Cox, Renewal Theory, 1962, 5.3). A constant
    /// process starts with a request.
    pub(super) fn first(&self, stream: &mut Stream) -> f64 {
        let whole: f64 = match &self.0 {
            Kind::Constant => return 0.0,
            Kind::Exponential => return Exp1.sample(stream),
            Kind::Gamma(_, biased) => biased.sample(stream),
            Kind::Weibull(scale, power, biased) => scale * biased.sample(stream).powf(*power),
        };
        whole * stream.random::<f64>()
    }
}

fn gamma_gaps(shape: f64, scale: f64) -> Gamma<f64> {
    Gamma::new(shape, scale).expect("shape and scale are positive and finite")
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "statistics of a few draws")]
mod tests {
    use super::*;
    use crate::workload::seed::Seed;

    const DRAWS: usize = 400_000;

    /// Mean and coefficient of variation of gaps, and the mean of first gaps.
    fn moments(arrivals: Arrivals) -> (f64, f64, f64) {
        let gaps = Gaps::of(arrivals).unwrap();
        let mut stream = Seed::new(7).stream("test", "");
        let drawn: Vec<f64> = (0..DRAWS).map(|_| gaps.next(&mut stream)).collect();
        let mean = drawn.iter().sum::<f64>() / DRAWS as f64;
        let square = drawn.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / DRAWS as f64;
        let first: f64 = (0..DRAWS).map(|_| gaps.first(&mut stream)).sum();
        (mean, square.sqrt() / mean, first / DRAWS as f64)
    }

    fn near(found: f64, expected: f64, tolerance: f64) {
        let off = (found - expected).abs();
        assert!(off <= tolerance * expected, "{found} is not {expected}");
    }

    /// The mean first gap is (1 + cv²) / 2.
    #[test]
    fn gaps_have_mean_one_and_the_stated_spread() {
        for (arrivals, cv) in [
            (Arrivals::Poisson, 1.0),
            (Arrivals::Gamma { cv: 0.5 }, 0.5),
            (Arrivals::Gamma { cv: 3.0 }, 3.0),
            (Arrivals::Weibull { shape: 1.0 }, 1.0),
            // √(Γ(5) / Γ(3)² − 1) = √5.
            (Arrivals::Weibull { shape: 0.5 }, 5.0_f64.sqrt()),
        ] {
            let (mean, spread, first) = moments(arrivals);
            near(mean, 1.0, 0.02);
            near(spread, cv, 0.03);
            near(first, f64::midpoint(1.0, cv * cv), 0.05);
        }
    }

    #[test]
    fn impossible_numbers_are_refused() {
        for arrivals in [
            Arrivals::Gamma { cv: 0.0 },
            Arrivals::Gamma { cv: -1.0 },
            Arrivals::Gamma { cv: f64::NAN },
            Arrivals::Weibull { shape: 0.0 },
            Arrivals::Weibull {
                shape: f64::INFINITY,
            },
        ] {
            assert!(Gaps::of(arrivals).is_err(), "{arrivals:?}");
        }
    }
}
