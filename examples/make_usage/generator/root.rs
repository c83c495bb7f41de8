//! Makes gateway logs: the month of a landing zone in every carrier, and flat files for benches.
//!
//! Everything follows from a seed in integer arithmetic, so every platform writes the same bytes.

pub(crate) mod call;
pub(crate) mod carriers;
pub(crate) mod contoso;
pub(crate) mod estate;
pub(crate) mod expected;
pub(crate) mod flat;
pub(crate) mod month;
pub(crate) mod rng;
