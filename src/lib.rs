//! Sizing, simulation and chargeback for Azure OpenAI shared behind an API Management gateway.
pub mod azure;
pub mod catalog;
pub mod chargeback;
pub mod cli;
pub mod commands;
pub mod config;
mod decoding;
pub mod facts;
pub mod hex;
pub mod money;
pub mod rate_card;
pub mod report;
pub mod sim;
pub mod spelling;
pub mod time;
pub mod units;
pub mod usage;
pub mod workload;
