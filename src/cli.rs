//! The list of subcommands and global flags, and the way from an error to an exit code.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::console::{Console, GlobalArgs};
use crate::commands::{self, Done};

/// Sizing, simulation and chargeback for Azure OpenAI shared behind a gateway.
///
/// Exit codes: 0 done, 1 ran but a check is not met, 2 could not run.
#[derive(Debug, Parser)]
#[command(name = "tollbook", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// State who pays what for a period, from gateway logs, to the cent.
    Chargeback(Box<commands::chargeback::ChargebackArgs>),
    /// Compare two months, policies, exports or statements: what changed for whom, and why.
    Diff(Box<commands::diff::DiffArgs>),
    /// Play traffic against deployments behind a gateway: spill, waits, losses, utilization, cost.
    Simulate(Box<commands::simulate::SimulateArgs>),
    /// Find what to buy: sizes and terms of provisioned throughput, what they cost and risk.
    Plan(Box<commands::plan::PlanArgs>),
    /// Find the depth of a provisioned deployment's bucket that explains what was measured.
    Calibrate(commands::calibrate::CalibrateArgs),
    /// Count the tokens of texts, prompts and request bodies, and profile them.
    #[command(visible_alias = "tokenize")]
    Tokenise(Box<commands::tokenise::TokeniseArgs>),
    /// Check usage exports, prices and policy, for CI.
    Check(Box<commands::check::CheckArgs>),
    /// List and explain models, PTU figures and prices.
    Catalog(commands::catalog::CatalogArgs),
    /// Run a month of the bundled samples and explain what it shows.
    Demo(commands::demo::DemoArgs),
    /// Print the completion script of a shell.
    Completions(commands::completions::CompletionsArgs),
    /// Print the manual page, in roff.
    Man,
}

/// The command line as clap knows it, for completions and the manual page.
pub fn command_line() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

/// Runs the program with `arguments` (the program's name first).
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are results; everything else is a usage error. A closed pipe is
            // neither, so the outcome of printing is not looked at.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let mut console = Console::standard(&cli.global);
    let outcome = run(cli.command, &mut console).and_then(|done| {
        console.finish()?;
        Ok(done)
    });
    match outcome {
        Ok(Done::Met) => ExitCode::SUCCESS,
        Ok(Done::NotMet) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::from(2)
        }
    }
}

fn run(command: Command, console: &mut Console) -> anyhow::Result<Done> {
    match command {
        Command::Chargeback(args) => commands::chargeback::run(&args, console),
        Command::Diff(args) => commands::diff::run(&args, console),
        Command::Simulate(args) => commands::simulate::run(&args, console),
        Command::Plan(args) => commands::plan::run(&args, console),
        Command::Calibrate(args) => commands::calibrate::run(&args, console),
        Command::Tokenise(args) => commands::tokenise::run(&args, console),
        Command::Check(args) => commands::check::run(&args, console),
        Command::Catalog(args) => commands::catalog::run(&args, console),
        Command::Demo(args) => commands::demo::run(&args, console),
        Command::Completions(args) => commands::completions::run(&args, command_line(), console),
        Command::Man => commands::man::run(&command_line(), console),
    }
}

/// Whether the reader of our output went away, which is no fault of ours.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command_line().debug_assert();
    }
}
