//! `tollbook demo`: a month of the bundled samples, explained.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use include_dir::{Dir, File, include_dir};
use indicatif::ProgressBar;

use super::Done;
use super::chargeback::charging::{Request, compute};
use super::chargeback::page;
use super::configuration::{self, Configuration};
use super::console::Console;
use super::facts::{KnownFacts, Reach};
use super::usage_files::Resources;
use crate::chargeback::Detail;
use crate::report::{Grouping, Report, View, accounting, explain, table};
use crate::usage::reading::Hashing;
use crate::usage::source::Source;

/// The sample month, as it is in the repository.
static SAMPLES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/samples/contoso");

/// The month of the samples.
const PERIOD: &str = "2026-10";

/// The business unit whose amount is explained.
const EXPLAINED: &str = "Finance";

/// Flags of `tollbook demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {}

/// Runs the command.
pub fn run(_args: &DemoArgs, console: &mut Console) -> anyhow::Result<Done> {
    let configuration = bundled_configuration()?;
    let facts = KnownFacts::of(&configuration.config, Reach::Known)?;
    let sources = bundled_sources(&configuration)?;
    let request = Request {
        period: PERIOD.parse()?,
        detail: Detail::Period,
        resources: Resources::standard(),
        hashing: Hashing::None,
    };
    let outcome = compute(
        &sources,
        &configuration,
        &facts,
        &request,
        &ProgressBar::hidden(),
    )?;
    let story = Story {
        report: &outcome.charged.report,
        files: sources.len(),
        console,
    };
    let text = story.told(&accounting::rows(&outcome.usage.rows));
    console.out().write_all(text.as_bytes())?;
    Ok(Done::Met)
}

fn bundled_configuration() -> anyhow::Result<Configuration> {
    let file = SAMPLES
        .get_file("tollbook.toml")
        .context("the samples have a configuration")?;
    let text = file
        .contents_utf8()
        .context("the sample configuration is text")?;
    configuration::parse(text, "samples/contoso/tollbook.toml", PathBuf::new(), None)
}

/// The sample files that `inputs` of the sample configuration names, by name.
fn bundled_sources(configuration: &Configuration) -> anyhow::Result<Vec<Source>> {
    let globs = configuration
        .config
        .inputs
        .iter()
        .map(|pattern| glob::Pattern::new(pattern))
        .collect::<Result<Vec<_>, _>>()?;
    let mut files = Vec::new();
    collect_files(&SAMPLES, &mut files);
    files.sort_by_key(|file| file.path());
    let named = files
        .iter()
        .filter(|file| globs.iter().any(|glob| glob.matches_path(file.path())));
    Ok(named
        .map(|file| Source::from_bytes(file.path().to_string_lossy(), file.contents()))
        .collect())
}

fn collect_files<'d>(folder: &'d Dir<'d>, files: &mut Vec<&'d File<'d>>) {
    files.extend(folder.files());
    for inner in folder.dirs() {
        collect_files(inner, files);
    }
}

/// The demo's text: what was read, the statement, how one amount came about, what to do next.
struct Story<'a> {
    report: &'a Report,
    files: usize,
    console: &'a Console,
}

impl Story<'_> {
    fn told(&self, rows: &str) -> String {
        let view = View::of(self.report, Grouping::BusinessUnit);
        let statement = table::render(self.report, &view, page(self.console));
        let explanation = explain::render(self.report, EXPLAINED).unwrap_or_default();
        format!(
            "Contoso shares one Azure OpenAI behind API Management: gpt-4.1 and gpt-4o-mini on\n\
             provisioned throughput, pay-as-you-go for the spillover, five business units. Its\n\
             gateway logs of {PERIOD} come as {} files in seven carriers, with repeats, late rows,\n\
             throttled calls, lost halves and calls of nobody. tollbook reads them, finds the\n\
             owner of every call, prices every token and every provisioned hour:\n\n\
             {rows}\n{statement}\n\
             Every line is whole cents and they add up to the total exactly. `PTU used` is what a\n\
             unit's tokens took of the provisioned capacity; `PTU idle` is capacity paid for and\n\
             not used, here shared by the capacity each unit asked for; `__idle__` holds what was\n\
             reserved and never deployed, `__unattributed__` the calls that no owner rule claims.\n\n\
             How the amount of {EXPLAINED} came about (tollbook chargeback --explain {EXPLAINED}):\n\n\
             {explanation}\n\
             Next: `tollbook chargeback LOGS… --period 2026-10` with your own exports; a\n\
             configuration to start from is samples/contoso/tollbook.toml.\n",
            self.files
        )
    }
}
