//! The terminal, as commands see it: results go to `out`, everything else to `err`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct GlobalArgs {
    /// Configuration file; looked for as tollbook.toml from here upwards if not given.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print results and errors only.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more about what is read and decided.
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Colour the output.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Show no progress bar.
    #[arg(long, global = true)]
    pub no_progress: bool,
}

/// When to colour the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How much a command says beside its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// What a user should know.
    Normal,
    /// What a user may want to know.
    Verbose,
}

/// Where a command writes, and what it knows of its surroundings.
pub struct Console {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    /// Configuration file that the user named.
    pub config: Option<PathBuf>,
    /// How much to say.
    pub verbosity: Verbosity,
    /// Whether results are coloured.
    pub color: bool,
    /// Width results are laid out for [columns].
    pub width: usize,
    /// Whether a progress bar may be drawn.
    pub progress: bool,
    /// Today, in UTC: for the age of prices, never for amounts.
    pub today: NaiveDate,
}

/// Width of results that do not go to a terminal [columns].
const WIDTH_OF_FILES: usize = 120;

impl Console {
    /// The console of the running process.
    pub fn standard(global: &GlobalArgs) -> Self {
        let terminal = io::stdout().is_terminal();
        let own_width = comfy_table::Table::new().width().map(usize::from);
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && std::env::var_os("NO_COLOR").is_none(),
        };
        Self {
            out: Box::new(BufWriter::new(io::stdout())),
            err: Box::new(io::stderr()),
            config: global.config.clone(),
            verbosity: match (global.quiet, global.verbose) {
                (true, _) => Verbosity::Quiet,
                (_, true) => Verbosity::Verbose,
                _ => Verbosity::Normal,
            },
            color,
            width: width(own_width.filter(|_| terminal)),
            progress: !global.no_progress && !global.quiet && io::stderr().is_terminal(),
            today: today(),
        }
    }

    /// Where results go.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut *self.out
    }

    /// Says `text` beside the result, unless told to be quiet.
    ///
    /// What is said must never stop the work, so a closed standard error is not an error.
    pub fn note(&mut self, text: &str) {
        if self.verbosity > Verbosity::Quiet && !text.is_empty() {
            let _ = writeln!(self.err, "{}", text.trim_end());
        }
    }

    /// Says `text` when asked to say more.
    pub fn detail(&mut self, text: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.note(text);
        }
    }

    /// Prints an error with its causes.
    pub fn error(&mut self, error: &anyhow::Error) {
        let _ = writeln!(self.err, "error: {error:#}");
    }

    /// Hands everything written so far to the operating system.
    pub fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The width results are laid out for: `COLUMNS`, else the terminal's own, else a fixed one.
fn width(of_terminal: Option<usize>) -> usize {
    let asked = std::env::var("COLUMNS").ok();
    let asked = asked.and_then(|columns| columns.parse().ok());
    asked
        .or(of_terminal)
        .unwrap_or(WIDTH_OF_FILES)
        .clamp(40, 400)
}

/// Today in UTC, the only clock of the program.
#[expect(
    clippy::disallowed_methods,
    reason = "the age of prices is told relative to today"
)]
fn today() -> NaiveDate {
    chrono::Utc::now().date_naive()
}
