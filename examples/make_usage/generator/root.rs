//! Makes gateway logs: the month of a landing zone in every carrier, flat files for benches, and
//! prompts to count.
//!
//! Everything follows from a seed in integer arithmetic, so every platform writes the same bytes.

pub(crate) mod call;
pub(crate) mod carriers;
pub(crate) mod contoso;
pub(crate) mod estate;
pub(crate) mod expected;
pub(crate) mod flat;
pub(crate) mod month;
pub(crate) mod prompts;
pub(crate) mod rng;
