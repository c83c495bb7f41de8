//! catalog placeholder
use super::Done;
use super::console::Console;
use clap::Args;
/// Flags.
#[derive(Debug, Args)]
pub struct CatalogArgs {}
/// Runs.
pub fn run(_: &CatalogArgs, _: &mut Console) -> anyhow::Result<Done> {
    Ok(Done::Met)
}
