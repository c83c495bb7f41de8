//! Why there is no plan.

use thiserror::Error;

use crate::chargeback::{ChargeError, prices_missing};
use crate::workload::TrafficError;

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The traffic cannot be read, or ends in an error.
    #[error(transparent)]
    Traffic(#[from] TrafficError),
    /// Tokens have no price, or cannot be told apart.
    #[error(transparent)]
    Charge(ChargeError),
    /// Nothing can be planned for this traffic or these deployments.
    #[error("{0}")]
    Unplannable(String),
}

impl From<ChargeError> for PlanError {
    /// A plan cannot leave tokens unpriced, as a charge can: their price is what sizes are compared by.
    fn from(error: ChargeError) -> Self {
        match error {
            ChargeError::Unpriced(missing) => Self::Unplannable(prices_missing(&missing)),
            other => Self::Charge(other),
        }
    }
}
