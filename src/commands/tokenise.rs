//! `tollbook tokenise`: what texts and requests weigh in tokens.

mod opening;
mod profile;
mod single;
mod target;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::PathBuf;

use anyhow::bail;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Done;
use super::configuration::{self, Configuration};
use super::console::Console;
use super::facts::{KnownFacts, Reach};
use crate::azure::DeploymentKind;
use crate::spelling::any_of;
use crate::tokenizer::counting::{ImageSize, Options};
use crate::tokenizer::engine::{Engines, Load, SpecialTokens};
use crate::tokenizer::pipeline::{Approximate, Rules};
use crate::tokenizer::profile::Label;
use crate::tokenizer::source::{Fields, Kind, Reading};
use crate::tokenizer::{EncodingName, Model, Ratio};
use single::Single;
use target::Target;

/// Flags of `tollbook tokenise`.
#[derive(Debug, Args)]
pub struct TokeniseArgs {
    /// Files, folders, globs, `-` for standard input, or a text.
    ///
    /// An argument is a text if it has whitespace, or looks like no path, glob or name of a file.
    #[arg(value_name = "INPUT")]
    inputs: Vec<String>,
    /// A text, whatever it looks like. May be repeated.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    text: Vec<String>,
    #[command(flatten)]
    counting: CountingArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    report: ReportArgs,
    /// Fail when any record has faults or an unknown model.
    #[arg(long)]
    strict: bool,
    /// Count so many records again with the port of OpenAI's own tokenizer, and fail when any
    /// count differs.
    #[arg(long, value_name = "N")]
    verify: Option<NonZero<usize>>,
    /// Threads to count with; all cores if not given.
    #[arg(long, value_name = "N")]
    threads: Option<NonZero<usize>>,
}

/// What records are counted as.
#[derive(Debug, Args)]
#[command(next_help_heading = "Counting")]
struct CountingArgs {
    /// Count every record as this model's, or this deployment's of the configuration.
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Count every record in this encoding: `o200k_base`, `o200k_harmony`, `cl100k_base`,
    /// `p50k_base` or `r50k_base`.
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<EncodingName>,
    /// Count every record as each of these models, side by side.
    #[arg(long, value_name = "MODELS", value_delimiter = ',', conflicts_with_all = ["model", "encoding"])]
    compare: Vec<String>,
    /// Whether text that spells a special token, such as <|endoftext|>, is that token.
    #[arg(long, value_enum, default_value_t, value_name = "READING")]
    special: Special,
    /// Count models without a public tokenizer with another one, scaled by the ratio known for
    /// them, or by this one.
    #[arg(
        long,
        value_name = "RATIO",
        value_parser = approximate,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = KNOWN_RATIO
    )]
    approximate: Option<Approximate>,
    /// Size of images that do not tell theirs, e.g. 1024x768 [pixel].
    #[arg(long, value_name = "WxH")]
    image_size: Option<ImageSize>,
}

/// How inputs are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
struct ReadingArgs {
    /// What the inputs are; told by ending and content if not given.
    #[arg(long = "as", value_enum, default_value_t, value_name = "KIND")]
    form: As,
    /// Column, or dotted path into JSON, that holds the text or request body to count.
    #[arg(long, value_name = "FIELD")]
    column: Option<String>,
    /// Column, or dotted path, that holds the model or deployment.
    #[arg(long, value_name = "FIELD")]
    model_column: Option<String>,
    /// Column, or dotted path, that holds the calling app, e.g. metadata.app.
    #[arg(long, value_name = "FIELD")]
    app: Option<String>,
    /// Column, or dotted path, that holds any other label.
    #[arg(long, value_name = "FIELD")]
    tag: Option<String>,
}

/// What is reported.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
struct ReportArgs {
    /// Labels that the profile has one row for each of: model, app, tag, file.
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    by: Vec<Label>,
    /// Show the pieces of one text and the ids of their tokens.
    #[arg(long, conflicts_with_all = ["compare", "by", "shapes", "records", "verify"])]
    show: bool,
    /// Fail when any record has more tokens than this, and name the largest.
    #[arg(long, value_name = "TOKENS")]
    budget: Option<u64>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write the shapes of the requests to this file, as scenarios take them.
    #[arg(long, value_name = "FILE")]
    shapes: Option<PathBuf>,
    /// Write one row for each record to this file, as CSV.
    #[arg(long, value_name = "FILE")]
    records: Option<PathBuf>,
    /// For prices: where requests may be processed.
    #[arg(long, value_name = "KIND", default_value = "global")]
    kind: DeploymentKind,
    /// For prices: Azure region.
    #[arg(long, value_name = "REGION", default_value = "swedencentral")]
    region: String,
    /// For prices: the day; today if not given.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
}

/// What the inputs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum As {
    /// What ending and content say.
    #[default]
    Auto,
    /// Request bodies or batch files in JSON, one a line or in an array.
    Jsonl,
    /// CSV with a column of texts or bodies.
    Csv,
    /// Parquet with a column of texts or bodies.
    Parquet,
    /// Each file is one text.
    Text,
    /// Gateway logs with bodies, in JSON or CSV.
    Logs,
}

/// Whether text is read as special tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Special {
    /// It is text, as the service reads what users send.
    #[default]
    Text,
    /// It is the token that it spells, as in prompts that were rendered already.
    Recognise,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for a terminal; of a single text its bare count.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON with a versioned schema.
    Json,
}

/// The value of `--approximate` without one.
const KNOWN_RATIO: &str = "known";

fn approximate(text: &str) -> Result<Approximate, String> {
    if text == KNOWN_RATIO {
        return Ok(Approximate::ByKnown);
    }
    let ratio: Result<Ratio, _> = text.parse();
    let ratio = ratio.map_err(|error| error.to_string())?;
    Ok(Approximate::By(ratio))
}

/// Runs the command.
pub fn run(args: &TokeniseArgs, console: &mut Console) -> anyhow::Result<Done> {
    let targets = args.targets()?;
    let single = Single::of(args, &targets)?;
    if single.is_some() {
        // Tables take longest to build, so that begins while facts are read; nobody waits for it.
        let likely = args.counting.encoding.unwrap_or(Model::UNKNOWN);
        drop(args.engines(Load::Single).preload(vec![likely]));
    }
    let configuration = configuration::load(console)?;
    let facts = KnownFacts::of(&configuration.config, Reach::Earlier)?;
    match single {
        Some(single) => {
            let rules = args.rules(Load::Single, &configuration, &facts)?;
            single.run(args, &rules, console)
        }
        None => profile::run(args, &targets, &configuration, &facts, console),
    }
}

impl TokeniseArgs {
    fn targets(&self) -> anyhow::Result<Vec<Target>> {
        let texts = self.text.iter().cloned().map(Target::Text);
        let named = self.inputs.iter().map(|argument| Target::of(argument));
        let targets: Vec<Target> = texts.chain(named).collect();
        if targets.is_empty() {
            bail!(
                "nothing to count: name files, folders or globs, `-` for standard input, or a text\n\
                 hint: tollbook tokenise \"some text\" --model gpt-4.1"
            );
        }
        Ok(targets)
    }

    fn engines(&self, load: Load) -> Engines {
        let special = match self.counting.special {
            Special::Text => SpecialTokens::Text,
            Special::Recognise => SpecialTokens::Recognised,
        };
        Engines::new(load, special)
    }

    /// What records are counted as; models that the user names must be known.
    fn rules<'r>(
        &self,
        load: Load,
        configuration: &Configuration,
        facts: &'r KnownFacts,
    ) -> anyhow::Result<Rules<'r>> {
        let counting = &self.counting;
        let models = counting.model.iter().chain(&counting.compare);
        let rules = Rules {
            engines: self.engines(load),
            catalog: &facts.catalog,
            deployments: deployments(configuration),
            encoding: counting.encoding,
            models: models.cloned().collect(),
            approximate: counting.approximate.unwrap_or_default(),
            options: Options {
                image_size: counting.image_size,
            },
        };
        for name in &rules.models {
            let model = rules.resolve(name)?;
            if !model.is_known() && counting.encoding.is_none() {
                let nearest = facts.catalog.nearest(name);
                let hint = match nearest.as_slice() {
                    [] => String::new(),
                    names => format!("; did you mean {}?", any_of(names)),
                };
                bail!(
                    "no model {name:?} is known{hint}\n\
                     hint: name its encoding with --encoding, or add it with [[model]] in \
                     tollbook.toml"
                );
            }
        }
        Ok(rules)
    }

    fn reading(&self) -> Reading {
        let reading = &self.reading;
        Reading {
            kind: match reading.form {
                As::Auto => Kind::Auto,
                As::Jsonl => Kind::Jsonl,
                As::Csv => Kind::Csv,
                As::Parquet => Kind::Parquet,
                As::Text => Kind::Text,
                As::Logs => Kind::Logs,
            },
            fields: Fields {
                column: reading.column.clone(),
                model: reading.model_column.clone(),
                app: reading.app.clone(),
                tag: reading.tag.clone(),
            },
        }
    }
}

/// Models by the names of deployments in the configuration, lower case.
fn deployments(configuration: &Configuration) -> BTreeMap<String, String> {
    let deployments = configuration.config.policy.deployments.iter();
    let with_model = deployments.filter(|deployment| !deployment.model.is_empty());
    with_model
        .flat_map(|deployment| {
            let names = std::iter::once(&deployment.name).chain(&deployment.logged_as);
            names.map(|name| (name.to_lowercase(), deployment.model.clone()))
        })
        .collect()
}
