//! One file per subcommand: its flags (their docs are the help), then read, compute, render.
//!
//! Files, the terminal, the environment and today's date are met here and nowhere below.

pub mod calibrate;
pub mod catalog;
pub mod chargeback;
pub mod check;
pub mod completions;
pub mod configuration;
pub mod console;
pub mod demo;
pub mod diff;
pub mod facts;
pub mod inputs;
pub mod man;
pub mod outputs;
pub mod plan;
mod scenario;
pub mod simulate;
pub mod tokenise;
pub mod usage_files;

/// How a command that could run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Done, and every objective is met.
    Met,
    /// Done, but an objective or a check is not met.
    NotMet,
}
