//! Reads usage from files, with a progress bar on a terminal.

use std::fs::File;
use std::io::Read;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::console::Console;
use super::inputs::InputFile;
use crate::units::Tokens;
use crate::usage::assembly;
use crate::usage::collection::{Usage, collect};
use crate::usage::reading::{ReadOptions, SourceError, SourceSummary};
use crate::usage::source::Source;

/// How much work may be done at once, and where.
#[derive(Clone, Debug)]
pub struct Resources {
    /// Threads at each step.
    pub threads: NonZero<usize>,
    /// Rows kept in memory before they go to spill files [byte].
    pub memory: usize,
    /// Where spill files are made.
    pub spill: PathBuf,
}

/// Flags on what reading may use.
#[derive(Debug, Args)]
pub struct ResourceArgs {
    /// Memory for rows before they go to temporary files [MiB].
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    memory: usize,
    /// Threads to read with; all cores if not given.
    #[arg(long, value_name = "N")]
    threads: Option<NonZero<usize>>,
    /// Folder for temporary files.
    #[arg(long, value_name = "FOLDER")]
    spill: Option<PathBuf>,
}

impl ResourceArgs {
    /// What the work may use.
    pub fn resources(&self) -> Resources {
        let mut resources = Resources::standard();
        resources.memory = self.memory.saturating_mul(1 << 20);
        resources.threads = self.threads.unwrap_or(resources.threads);
        if let Some(folder) = &self.spill {
            resources.spill.clone_from(folder);
        }
        resources
    }
}

impl Resources {
    /// All cores, the default memory budget, and the system's folder for temporary files.
    pub fn standard() -> Self {
        Self {
            threads: thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
            memory: assembly::Options::MEMORY,
            spill: std::env::temp_dir(),
        }
    }
}

/// The sources of these files, in their order.
pub fn sources(files: &[InputFile]) -> Vec<Source> {
    files
        .iter()
        .map(|file| file_source(&file.name, &file.path))
        .collect()
}

fn file_source(name: &str, path: &Path) -> Source {
    let path = path.to_owned();
    Source::new(name, move || {
        let file: Box<dyn Read + Send> = Box::new(File::open(&path)?);
        Ok(file)
    })
}

/// Reads and adds up all `sources`; an error names every source that cannot be read to its end,
/// because a statement of a part of the usage would look like one of the whole.
pub fn read(
    sources: &[Source],
    options: ReadOptions<'_>,
    thresholds: &[Tokens],
    resources: &Resources,
    bar: &ProgressBar,
) -> anyhow::Result<Usage> {
    let advance = |bytes: u64| bar.set_position(bytes);
    let options = ReadOptions {
        progress: Some(&advance),
        ..options
    };
    let assembling = assembly::Options {
        memory: resources.memory,
        ..assembly::Options::new(&resources.spill)
    };
    let usage = collect(sources, &options, assembling, thresholds, resources.threads);
    bar.finish_and_clear();
    let usage = usage.context(CANNOT_ASSEMBLE)?;
    whole(&usage.errors)?;
    Ok(usage)
}

/// What failed when spill files did.
pub const CANNOT_ASSEMBLE: &str = "cannot bring the rows of each request together";

/// An error that names every source that could not be read to its end.
pub fn whole(errors: &[SourceError]) -> anyhow::Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    bail!("{}", messages.join("\nerror: "))
}

/// Names the sources that hold no row: an export that failed often leaves an empty file.
pub fn without_rows(sources: &[SourceSummary]) -> String {
    let empty = sources.iter().filter(|source| source.rows == 0);
    let names: Vec<&str> = empty.map(|source| source.name.as_str()).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        "warning: no rows in {}\nhint: fine where nothing was called; else export again",
        names.join(", ")
    )
}

/// A bar over the bytes of `files`, shown when the reading takes a while and the console allows.
pub fn progress_bar(files: &[InputFile], console: &Console) -> ProgressBar {
    let size = |file: &InputFile| std::fs::metadata(&file.path).map_or(0, |data| data.len());
    bytes_bar(files.iter().map(size).sum(), "reading", console)
}

/// A bar over so many bytes, or over what there is where that is not known; `message` says what
/// is done.
pub fn bytes_bar(bytes: u64, message: &'static str, console: &Console) -> ProgressBar {
    if !console.progress {
        return ProgressBar::hidden();
    }
    if bytes == 0 {
        let style = ProgressStyle::with_template("{msg} {bytes} {bytes_per_sec}");
        let bar = ProgressBar::no_length();
        return styled(bar, style, message);
    }
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template(
        "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left",
    );
    styled(bar, style, message)
}

/// A count of what is done, where nobody knows how much there is to do.
pub fn counts_bar(message: &'static str, console: &Console) -> ProgressBar {
    if !console.progress {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{human_pos} {msg}, {per_sec}");
    styled(ProgressBar::no_length(), style, message)
}

fn styled(
    bar: ProgressBar,
    style: Result<ProgressStyle, indicatif::style::TemplateError>,
    message: &'static str,
) -> ProgressBar {
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(message);
    bar
}
