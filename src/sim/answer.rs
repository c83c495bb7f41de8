//! Answers that are not a model's.

use crate::time::SimDuration;

/// An answer that is not the model's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// What the answer says of when to come back.
    pub retry_after: Option<SimDuration>,
}
