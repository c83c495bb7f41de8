//! The `tollbook` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    tollbook::cli::main(std::env::args_os())
}
