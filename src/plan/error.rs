//! Why there is no plan.

use thiserror::Error;

use crate::chargeback::ChargeError;
use crate::workload::TrafficError;

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The traffic cannot be read, or ends in an error.
    #[error(transparent)]
    Traffic(#[from] TrafficError),
    /// Tokens have no price, or cannot be told apart.
    #[error(transparent)]
    Charge(#[from] ChargeError),
    /// Nothing can be planned for this traffic or these deployments.
    #[error("{0}")]
    Unplannable(String),
}
