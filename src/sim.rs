//! The simulator: plays a workload against deployments behind a gateway policy, event by event.
//!
//! [`Simulation`] takes requests in time order and plays what happens between them. A call goes
//! from its [`client`] through the [`gateway`] to the [`fleet`]: a [`provisioned`] deployment admits
//! it by the fill of its bucket ([`level`]), a [`standard`] one by its rate limits. What is served
//! is known at admission, so the [`calendar`] holds only corrections at completion, retries and
//! the work of a [`queue`]. [`outcome`] adds up who was served by whom, what waited and what was lost;
//! what was served leaves as usage, which the chargeback prices like any other. A [`setup`] says what
//! a run needs; variations are changed copies of it, which [`runs`] plays over one stream, [`abreast`]
//! where they differ in little more than a size.

mod abreast;
pub mod answer;
pub mod calendar;
pub mod calibration;
pub mod call;
mod chance;
pub mod client;
pub mod codes;
pub mod deployment;
pub mod fleet;
pub mod gateway;
pub mod latency;
pub mod level;
pub mod outcome;
pub mod peers;
mod preset_files;
pub mod provisioned;
pub mod queue;
pub mod runs;
pub mod seconds;
pub mod series;
pub mod setup;
pub mod simulation;
mod slots;
pub mod standard;
mod tallies;
pub mod waits;
pub mod weighing;

pub use call::Call;
pub use deployment::DeploymentId;
pub use fleet::{Attempt, Deployment, Fleet, Refusal, Service};
pub use gateway::{GatewayRules, Policy, Preset};
pub use outcome::Outcome;
pub use setup::Setup;
pub use simulation::Simulation;
