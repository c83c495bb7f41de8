//! demo placeholder
use super::Done;
use super::console::Console;
use clap::Args;
/// Flags.
#[derive(Debug, Args)]
pub struct DemoArgs {}
/// Runs.
pub fn run(_: &DemoArgs, _: &mut Console) -> anyhow::Result<Done> { Ok(Done::Met) }
