//! What a request weighs in a provisioned deployment's capacity.

use crate::catalog::{CapacityWeights, ProvisionedModel};
use crate::units::Tokens;
use crate::workload::RequestTokens;

/// Weights of one model, ready for requests. Results are thousandths of a weighted token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighing {
    within: ClassWeights,
    beyond: Option<(u64, ClassWeights)>,
    cached_minimum: u32,
}

/// Weights in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ClassWeights {
    input: u64,
    cached_input: u64,
    cache_write: u64,
    output: u64,
}

impl From<CapacityWeights> for ClassWeights {
    fn from(weights: CapacityWeights) -> Self {
        Self {
            input: weights.input.thousandths().into(),
            cached_input: weights.cached_input.thousandths().into(),
            cache_write: weights.cache_write.thousandths().into(),
            output: weights.output.thousandths().into(),
        }
    }
}

impl Weighing {
    /// The weighing of a model; `None` where no source gives its weights. Fewer cached tokens
    /// than `cached_minimum` weigh like any other input.
    pub fn of(model: &ProvisionedModel, cached_minimum: u32) -> Option<Self> {
        let weigh = |(above, weights): (Tokens, CapacityWeights)| (above.get(), weights.into());
        Some(Self {
            within: model.weights?.into(),
            beyond: model.long_context.map(weigh),
            cached_minimum,
        })
    }

    /// A weighing by these weights alone.
    pub fn by(weights: CapacityWeights, cached_minimum: u32) -> Self {
        Self {
            within: weights.into(),
            beyond: None,
            cached_minimum,
        }
    }

    /// What a request weighs when its answer has `output` tokens: the real answer for the weight
    /// it turns out to have, the most it may have for the estimate at admission.
    pub fn weigh(&self, tokens: &RequestTokens, output: u32) -> u64 {
        let weights = match &self.beyond {
            Some((above, long)) if u64::from(tokens.input) > *above => long,
            _ => &self.within,
        };
        let cached = if tokens.cached_input >= self.cached_minimum {
            tokens.cached_input
        } else {
            0
        };
        let uncached = tokens
            .input
            .saturating_sub(cached)
            .saturating_sub(tokens.cache_write);
        u64::from(uncached) * weights.input
            + u64::from(cached) * weights.cached_input
            + u64::from(tokens.cache_write) * weights.cache_write
            + u64::from(output) * weights.output
    }
}
