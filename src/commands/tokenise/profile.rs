//! Many records: counted, profiled, and reported.

use std::num::NonZero;
use std::path::Path;
use std::thread;

use anyhow::{Context, bail};
use chrono::NaiveDate;

use super::opening::{Inputs, open};
use super::target::Target;
use super::{Format, TokeniseArgs};
use crate::azure::region_name;
use crate::commands::Done;
use crate::commands::chargeback::page;
use crate::commands::configuration::Configuration;
use crate::commands::console::Console;
use crate::commands::facts::KnownFacts;
use crate::commands::outputs::{NewFile, write_file};
use crate::commands::usage_files::bytes_bar;
use crate::report::tokens::records::Records;
use crate::report::tokens::{self, Priced, Report, Run};
use crate::report::{accounting, figure};
use crate::tokenizer::engine::Load;
use crate::tokenizer::pipeline::{Outcome, Pipeline, Rules, Sample, Sampling};
use crate::tokenizer::profile::{CacheRules, Profiled, Settings, Terms, context_thresholds};
use crate::tokenizer::{Counted, Profile};

/// Kinds of requests that the shape of a group has at most.
const CELLS: usize = 200;

/// Records that are named of those over budget, or that differ.
const NAMED: usize = 5;

/// Decides which records are counted again.
const SEED: u64 = 1;

/// Counts every record of the targets and reports what they add up to.
pub(super) fn run(
    args: &TokeniseArgs,
    targets: &[Target],
    configuration: &Configuration,
    facts: &KnownFacts,
    console: &mut Console,
) -> anyhow::Result<Done> {
    let inputs = open(targets)?;
    let load = match args.verify {
        // What the engine of reference counts would be compared with itself.
        Some(_) => Load::Bulk,
        None => inputs.load,
    };
    if args.verify.is_some() && inputs.has_stdin {
        bail!("--verify reads inputs twice; name files in place of `-`");
    }
    let rules = args.rules(load, configuration, facts)?;
    let mut tally = Tally::new(args, facts, rules.models.len().max(1))?;
    let outcome = counted(args, &inputs, &rules, &mut tally, console)?;
    if !is_usable(args, &outcome, console)? {
        console.note(&accounted(&outcome));
        return Ok(Done::NotMet);
    }
    let profiled = tally.finish()?;
    if let Some(path) = &args.report.shapes {
        let shapes = profiled[0].shapes().map_err(anyhow::Error::msg)?;
        write_file(path, shapes.to_toml().as_bytes())?;
    }
    let is_one_text = outcome.texts == 1 && outcome.rows.read == 1;
    let text = if is_one_text && matches!(targets, [Target::Stdin]) && args.is_plain() {
        format!("{}\n", profiled[0].total.input.sum())
    } else {
        let report = Report {
            name: inputs.title(),
            ..args.report(&profiled, &rules, facts, console.today)
        };
        args.rendered(&report, console)
    };
    console.out().write_all(text.as_bytes())?;
    console.note(&accounted(&outcome));
    Ok(over_budget(&profiled, console))
}

/// Where counts go.
struct Tally {
    /// One for each model that records are counted as.
    profiles: Vec<Profile>,
    /// The file with one row a record.
    records: Option<Records<NewFile>>,
}

impl Tally {
    fn new(args: &TokeniseArgs, facts: &KnownFacts, models: usize) -> anyhow::Result<Self> {
        let settings = Settings {
            by: args.report.by.clone(),
            thresholds: context_thresholds(&facts.rates, &facts.catalog),
            cache: CacheRules::of(&facts.catalog),
            budget: args.report.budget,
            cells: if args.report.shapes.is_some() {
                CELLS
            } else {
                0
            },
            ..Settings::default()
        };
        let records = args.report.records.as_deref();
        Ok(Self {
            profiles: (0..models)
                .map(|_| Profile::new(settings.clone()))
                .collect(),
            records: records.map(new_records).transpose()?,
        })
    }

    fn add(&mut self, model: usize, counted: &Counted) -> anyhow::Result<()> {
        self.profiles[model].add(counted)?;
        if let Some(records) = &mut self.records {
            records.add(counted)?;
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<Vec<Profiled>> {
        if let Some(records) = self.records {
            records.finish()?.finish()?;
        }
        Ok(self.profiles.into_iter().map(Profile::finish).collect())
    }
}

fn new_records(path: &Path) -> anyhow::Result<Records<NewFile>> {
    let records = Records::new(NewFile::create(path)?);
    records.with_context(|| format!("cannot write {}", path.display()))
}

fn counted(
    args: &TokeniseArgs,
    inputs: &Inputs,
    rules: &Rules<'_>,
    tally: &mut Tally,
    console: &mut Console,
) -> anyhow::Result<Outcome> {
    rules.preload();
    let bar = bytes_bar(inputs.bytes, "counting", console);
    let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let pipeline = Pipeline {
        inputs: &inputs.all,
        reading: &args.reading(),
        rules,
        threads: args.threads.unwrap_or_else(cores),
        progress: &|bytes| bar.set_position(bytes),
        sampling: args.verify.map(|size| Sampling {
            size: size.get(),
            seed: SEED,
        }),
    };
    let outcome = pipeline.run(&mut |model, counted| tally.add(model, counted));
    bar.finish_and_clear();
    let outcome = outcome?;
    if args.verify.is_some() && outcome.errors.is_empty() {
        verify(&pipeline, &outcome.sample, console)?;
    }
    Ok(outcome)
}

/// Counts a sample again with the engine of reference; any difference is an error.
fn verify(pipeline: &Pipeline<'_>, sample: &Sample, console: &mut Console) -> anyhow::Result<()> {
    let rules = Rules {
        engines: pipeline.rules.engines.reference(),
        ..pipeline.rules.clone()
    };
    let reference = Pipeline {
        rules: &rules,
        ..*pipeline
    };
    let again = reference.again(sample);
    let differences: Vec<String> = sample
        .differences(&again)
        .take(NAMED)
        .map(|(counted, again)| difference(counted, again))
        .collect();
    if differences.is_empty() {
        console.note(&format!(
            "verified: {} counted again, no difference",
            figure::whole(sample.len() as u64)
        ));
        return Ok(());
    }
    bail!(
        "--verify: the two engines differ\n{}\nhint: count with the engine of reference (inputs \
         below 1 MiB use it), and report the text",
        differences.join("\n")
    )
}

fn difference(counted: &Counted, again: Option<&Counted>) -> String {
    let place = format!("{}:{}", counted.labels.file, counted.line);
    let tokens = figure::whole(counted.input.total());
    let again = again.map_or_else(
        || "not found again: has the file changed?".to_owned(),
        |again| format!("{} again", figure::whole(again.input.total())),
    );
    format!("{place}: {tokens} tokens, {again}")
}

/// Says what was wrong, and whether there is a result all the same.
fn is_usable(
    args: &TokeniseArgs,
    outcome: &Outcome,
    console: &mut Console,
) -> anyhow::Result<bool> {
    console.note(&accounting::diagnostics(&outcome.diagnostics));
    if !outcome.empty.is_empty() {
        console.note(&format!("warning: nothing in {}", outcome.empty.join(", ")));
    }
    if !outcome.errors.is_empty() {
        let messages: Vec<String> = outcome.errors.iter().map(ToString::to_string).collect();
        bail!("{}", messages.join("\nerror: "));
    }
    if args.strict && !outcome.diagnostics.is_empty() {
        console.note("error: --strict: the input has faults, so no result is written");
        return Ok(false);
    }
    if outcome.rows.counted + outcome.rows.reported == 0 {
        console.note("warning: nothing was counted\nhint: check the inputs, --as and --column");
        return Ok(false);
    }
    Ok(true)
}

/// Where every row ended.
fn accounted(outcome: &Outcome) -> String {
    let rows = &outcome.rows;
    let parts = [
        ("counted", rows.counted),
        ("reported by the service", rows.reported),
        ("merged", rows.merged),
        ("ignored", rows.ignored),
        ("faulty", rows.faulty),
    ];
    if rows.read == 0 {
        return "rows read 0".to_owned();
    }
    accounting::sum("rows read", &parts)
}

/// Names the largest records over budget, and by how much they are.
fn over_budget(profiled: &[Profiled], console: &mut Console) -> Done {
    let mut done = Done::Met;
    for profiled in profiled {
        let largest = &profiled.largest;
        let Some(budget) = largest.budget().filter(|_| largest.over_budget() > 0) else {
            continue;
        };
        done = Done::NotMet;
        let over = largest
            .records()
            .iter()
            .filter(|record| record.input > budget);
        for record in over.take(NAMED) {
            console.note(&format!(
                "over budget: {}:{}: {} tokens, {} over {}",
                record.labels.file,
                record.line,
                figure::whole(record.input),
                figure::whole(record.input - budget),
                figure::whole(budget)
            ));
        }
        let more = largest.over_budget().saturating_sub(NAMED as u64);
        if more > 0 {
            console.note(&format!("over budget: … and {} more", figure::whole(more)));
        }
    }
    done
}

impl TokeniseArgs {
    /// Whether nothing but a count was asked for.
    fn is_plain(&self) -> bool {
        let report = &self.report;
        report.format == Format::Table && report.by.is_empty() && self.counting.compare.is_empty()
    }

    fn report(
        &self,
        profiled: &[Profiled],
        rules: &Rules<'_>,
        facts: &KnownFacts,
        today: NaiveDate,
    ) -> Report {
        let priced = Priced {
            kind: self.report.kind,
            region: region_name(&self.report.region),
            on: self.report.on.unwrap_or(today),
        };
        let terms = Terms {
            rates: &facts.rates,
            catalog: &facts.catalog,
            kind: priced.kind,
            region: &priced.region,
            on: priced.on,
        };
        let label = |place: usize| rules.models.get(place).cloned().unwrap_or_default();
        let runs = profiled.iter().enumerate();
        Report {
            name: String::new(),
            runs: runs
                .map(|(place, profiled)| Run::of(label(place), profiled.clone(), &terms))
                .collect(),
            priced,
        }
    }

    fn rendered(&self, report: &Report, console: &Console) -> String {
        match self.report.format {
            Format::Table => tokens::table(report, page(console)),
            Format::Csv => tokens::csv(report),
            Format::Json => tokens::json(report),
        }
    }
}
