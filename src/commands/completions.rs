//! `tollbook completions`: shell completion scripts.

use clap::Args;
use clap_complete::Shell;

use super::Done;
use super::console::Console;

/// Flags of `tollbook completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell to complete in.
    shell: Shell,
}

/// Prints the completion script of `line` for the shell asked for.
pub fn run(
    args: &CompletionsArgs,
    mut line: clap::Command,
    console: &mut Console,
) -> anyhow::Result<Done> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut line, "tollbook", &mut script);
    console.out().write_all(&script)?;
    Ok(Done::Met)
}
