//! Makes gateway logs to try tollbook on, and to measure it with.
//!
//! ```text
//! cargo run --release --example make_usage -- --output samples/contoso
//! cargo run --release --example make_usage -- --prompts --output samples/tokens
//! cargo run --release --example make_usage -- --rows 1000000 --carrier csv --output target/bench/csv
//! ```

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use clap::Parser;

use self::generator::contoso::{self, Files};
use self::generator::flat::{self, Form, config};
use self::generator::prompts;

// A path, here and in tests/it/samples.rs, makes both find the modules in that folder.
#[path = "generator/root.rs"]
mod generator;

/// Writes one month (October 2026) of an invented landing zone's gateway logs.
#[derive(Parser)]
struct Arguments {
    /// Folder to write to.
    #[arg(long)]
    output: PathBuf,
    /// The same seed writes the same bytes.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// Calls through the hub's gateway, in several carriers.
    #[arg(long, default_value_t = 850, conflicts_with = "rows")]
    requests: u32,
    /// Write request bodies and prompts instead.
    #[arg(long, conflicts_with_all = ["rows", "requests"])]
    prompts: bool,
    /// Write one flat file of this many rows, with a tollbook.toml beside it.
    #[arg(long, requires = "carrier")]
    rows: Option<u64>,
    /// Form of the flat file.
    #[arg(long, requires = "rows")]
    carrier: Option<Form>,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    fs::create_dir_all(&arguments.output)?;
    match arguments.rows.zip(arguments.carrier) {
        Some((rows, form)) => write_flat(&arguments.output, arguments.seed, form, rows),
        None if arguments.prompts => write(&arguments.output, prompts::files(arguments.seed)),
        None => write(
            &arguments.output,
            contoso::files(arguments.seed, arguments.requests),
        ),
    }
}

fn write(folder: &Path, files: Files) -> io::Result<()> {
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

fn write_flat(folder: &Path, seed: u64, form: Form, rows: u64) -> io::Result<()> {
    let name = match form {
        Form::Csv | Form::ApimCsv => "usage.csv",
        Form::Jsonl | Form::ApimJsonl => "usage.jsonl",
    };
    fs::write(folder.join("tollbook.toml"), config::tollbook_toml(form))?;
    fs::write(folder.join("owners.csv"), config::owners_csv())?;
    fs::write(folder.join("prices.csv"), config::prices_csv())?;
    flat::write(&mut File::create(folder.join(name))?, seed, form, rows)
}
