//! The integration tests: one binary, which links once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod golden;
mod reading_files;
mod reference_carriers;
mod reference_prices;
mod report_fixture;
mod report_goldens;
mod samples;
