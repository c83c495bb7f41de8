//! Integration tests: one binary, so that it links once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chargeback_bills;
mod chargeback_desk;
mod chargeback_laws;
mod chargeback_oracle;
mod golden;
mod reference_chargeback;
mod report_fixture;
mod report_goldens;
mod report_laws;
mod report_schema;
mod report_usage;
