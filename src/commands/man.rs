//! `tollbook man`: the manual page.

use super::Done;
use super::console::Console;

/// Prints the manual page of `line` and of each of its subcommands, in roff.
pub fn run(line: &clap::Command, console: &mut Console) -> anyhow::Result<Done> {
    let mut pages = Vec::new();
    clap_mangen::Man::new(line.clone()).render(&mut pages)?;
    for subcommand in line
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        clap_mangen::Man::new(subcommand.clone()).render(&mut pages)?;
    }
    console.out().write_all(&pages)?;
    Ok(Done::Met)
}
