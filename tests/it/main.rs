//! The integration tests: one binary, which links once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chargeback_bills;
mod chargeback_desk;
mod chargeback_laws;
mod chargeback_oracle;
mod chargeback_refusals;
mod commands;
mod contoso_total;
mod delivery;
mod errors;
mod golden;
mod reading_desk;
mod reading_faults;
mod reading_files;
mod reference_assembly;
mod reference_carriers;
mod reference_chargeback;
mod reference_prices;
mod reference_sim;
mod reference_workload;
mod report_fixture;
mod report_goldens;
mod report_laws;
mod report_schema;
mod report_usage;
mod samples;
mod sim_closed_forms;
mod sim_desk;
mod sim_laws;
mod sim_provisioned;
mod tidy;
