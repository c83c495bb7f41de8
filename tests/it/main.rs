//! Integration tests: one binary, so that it links once.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chargeback_bills;
mod chargeback_desk;
mod chargeback_laws;
mod chargeback_oracle;
mod reference_chargeback;
