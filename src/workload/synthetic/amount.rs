//! Drawn token counts.

use rand::RngExt;
use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution, LogNormal};

use crate::workload::seed::Stream;

/// A number of tokens, drawn for each request.
#[derive(Clone, Debug)]
pub enum Amount {
    /// Always the same [token].
    Constant(u32),
    /// Any whole number of a range alike.
    Uniform {
        /// The least [token].
        least: u32,
        /// The most [token].
        most: u32,
    },
    /// Log-normal, rounded to whole tokens; draws of 0 and beyond `most` are drawn again.
    LogNormal {
        /// The mean before that [token].
        mean: f64,
        /// Standard deviation in means.
        cv: f64,
        /// The most, e.g. the model's context [token]; at least the mean.
        most: u32,
    },
    /// As counted elsewhere.
    Histogram(Histogram),
}

/// A part of the prompt, drawn for each request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Share {
    /// Nothing.
    #[default]
    None,
    /// Always the same, from 0 to 1.
    Constant(f64),
    /// Any number of a range alike, from 0 to 1.
    Uniform {
        /// The least.
        least: f64,
        /// The most.
        most: f64,
    },
}

/// Values and how often they occur; a draw takes constant time (Vose's alias method).
#[derive(Clone, Debug)]
pub struct Histogram<Value = u32> {
    values: Vec<Value>,
    places: WeightedAliasIndex<f64>,
}

impl<Value: Copy> Histogram<Value> {
    /// The values with their weights, which need not add up to 1; or what is wrong with them.
    pub fn new(bins: impl IntoIterator<Item = (Value, f64)>) -> Result<Self, String> {
        let (values, weights): (Vec<_>, Vec<_>) = bins.into_iter().unzip();
        let places = WeightedAliasIndex::new(weights).map_err(|error| {
            format!("a histogram's weights are refused ({error}); expected numbers, not negative, one above 0")
        })?;
        Ok(Self { values, places })
    }

    /// One value.
    pub(in crate::workload) fn draw(&self, stream: &mut Stream) -> Value {
        self.values[self.places.sample(stream)]
    }

    /// Every value there is.
    pub(super) fn values(&self) -> &[Value] {
        &self.values
    }
}

/// An [`Amount`] whose numbers are right, ready to be drawn.
#[derive(Clone, Debug)]
pub(super) enum Draw {
    Constant(u32),
    Uniform(u32, u32),
    LogNormal(LogNormal<f64>, u32),
    Histogram(Histogram),
}

impl Draw {
    pub(super) fn of(amount: &Amount) -> Result<Self, String> {
        Ok(match amount {
            Amount::Constant(count) => Self::Constant(*count),
            Amount::Uniform { least, most } if least <= most => Self::Uniform(*least, *most),
            Amount::Uniform { least, most } => {
                return Err(format!(
                    "tokens are drawn from {least} to {most}; expected the least first"
                ));
            }
            Amount::LogNormal { mean, cv, most } => Self::log_normal(*mean, *cv, *most)?,
            Amount::Histogram(histogram) => Self::Histogram(histogram.clone()),
        })
    }

    /// The median of a log-normal draw lies below its mean and so below `most`: at least every
    /// second draw is taken, and drawing ends.
    fn log_normal(mean: f64, cv: f64, most: u32) -> Result<Self, String> {
        if !(mean >= 1.0 && mean <= f64::from(most) && cv > 0.0 && cv <= 100.0) {
            return Err(format!(
                "log-normal tokens have mean {mean}, coefficient of variation {cv} and at most \
                 {most}; expected a mean from 1 to the most, and a variation above 0 up to 100"
            ));
        }
        LogNormal::from_mean_cv(mean, cv)
            .map(|draw| Self::LogNormal(draw, most))
            .map_err(|error| format!("log-normal tokens are refused: {error}"))
    }

    /// The least that is ever drawn.
    pub(super) fn least(&self) -> u32 {
        match self {
            Self::Constant(count) => *count,
            Self::Uniform(least, _) => *least,
            Self::LogNormal(..) => 1,
            Self::Histogram(histogram) => histogram.values().iter().copied().min().unwrap_or(0),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only draws from 1 to a 32-bit number are taken"
    )]
    pub(super) fn draw(&self, stream: &mut Stream) -> u32 {
        match self {
            Self::Constant(count) => *count,
            Self::Uniform(least, most) => stream.random_range(*least..=*most),
            Self::LogNormal(draw, most) => loop {
                let count = draw.sample(stream).round();
                if count >= 1.0 && count <= f64::from(*most) {
                    return count as u32;
                }
            },
            Self::Histogram(histogram) => histogram.draw(stream),
        }
    }
}

impl Share {
    /// What is wrong with the numbers, if anything.
    pub(super) fn check(self) -> Result<(), String> {
        let (least, most) = match self {
            Self::None => return Ok(()),
            Self::Constant(share) => (share, share),
            Self::Uniform { least, most } => (least, most),
        };
        if 0.0 <= least && least <= most && most <= 1.0 {
            return Ok(());
        }
        Err(format!(
            "the cached share is from {least} to {most}; expected numbers from 0 to 1, the least \
             first"
        ))
    }

    /// The part of `whole` that is drawn, rounded down.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a 32-bit number"
    )]
    pub(super) fn draw(self, whole: u32, stream: &mut Stream) -> u32 {
        let share = match self {
            Self::None => return 0,
            Self::Constant(share) => share,
            Self::Uniform { least, most } => stream.random_range(least..=most),
        };
        (f64::from(whole) * share) as u32
    }
}
