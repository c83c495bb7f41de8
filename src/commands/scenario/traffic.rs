//! Opens the traffic of a scenario: files, made-up apps, or both at once.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::num::NonZero;
use std::path::Path;

use anyhow::{Context, bail};

use super::logs::Logs;
use super::metrics;
use super::shapes::{self, NamedShape};
use super::tables::Tables;
use crate::commands::console::Console;
use crate::commands::inputs::{self, InputFile};
use crate::config::Config;
use crate::config::scenario::{Kind, Scenario, SimulationSection, TrafficSection};
use crate::decoding::decompressed;
use crate::time::{SimDuration, SimTime, Timestamp};
use crate::workload::trace::{self, Bytes};
use crate::workload::transform::{
    Cut, Factor, Limited, Merge, Repeat, Rounds, Scale, Scaling, Shift, Shifted, TokenLimits,
};
use crate::workload::{App, Apps, PrefixCache, Request, Seed, Traffic, TrafficError};

/// Traffic whose first request is known.
pub(in crate::commands) struct Opened {
    first: Option<Request>,
    rest: Box<dyn Traffic>,
    /// What there is to say about the files.
    notes: Vec<String>,
    /// Apps met on opening, until they are made known.
    met: Vec<App>,
}

impl Opened {
    /// Reads the first request; traffic without any is an error.
    fn of(mut rest: Box<dyn Traffic>, notes: Vec<String>) -> anyhow::Result<Self> {
        let mut apps = Apps::default();
        let first = rest.next(&mut apps).transpose()?;
        if first.is_none() {
            let mut message =
                "the traffic holds no request; check the files, and `from` and `until`".to_owned();
            for note in &notes {
                message = format!("{message}\n{}", note.trim_end());
            }
            bail!("{}", message.trim_end());
        }
        Ok(Self {
            first,
            rest,
            notes,
            met: apps.all().to_vec(),
        })
    }

    /// Says what there is to say about the files.
    pub(in crate::commands) fn tell(&self, console: &mut Console) {
        for note in &self.notes {
            console.note(note);
        }
    }

    /// The first request.
    pub(in crate::commands) fn first(&self) -> Request {
        self.first
            .expect("it is read on opening and not taken since")
    }
}

impl Traffic for Opened {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        for app in self.met.drain(..) {
            apps.id(app);
        }
        match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => self.rest.next(apps),
        }
    }
}

/// What the command line changes of all traffic.
#[derive(Clone, Debug, Default)]
pub(in crate::commands) struct Changes {
    /// Trace files in place of the scenario's traffic.
    pub(in crate::commands) files: Vec<String>,
    /// Whether these files, or the configuration's `inputs` where there are none, are gateway logs.
    pub(in crate::commands) logs: bool,
    /// Factor of the rate.
    pub(in crate::commands) scale: Option<Factor>,
    /// What if every request stated this maximum [token].
    pub(in crate::commands) max_tokens: Option<NonZero<u32>>,
}

/// Opens the traffic of the command line, else the scenario's own: every source with its
/// transforms, all merged, cut to the span, limited.
pub(in crate::commands) fn open(
    config: &Config,
    changes: &Changes,
    folder: &Path,
) -> anyhow::Result<Opened> {
    let mut notes = Vec::new();
    let sources = if changes.logs {
        vec![of_logs(config, &changes.files, folder, &mut notes)?]
    } else if changes.files.is_empty() {
        of_scenario(config, folder, &mut notes)?
    } else {
        of_traces(&config.scenario, &changes.files, &mut notes)?
    };
    if sources.is_empty() {
        bail!(
            "no traffic: name trace files, or describe it in [[traffic]] of the scenario\n\
             hint: samples/scenarios holds scenarios to start from"
        );
    }
    let traffic = limited(merged(sources), &config.scenario, changes);
    Opened::of(traffic, notes)
}

fn of_scenario(
    config: &Config,
    folder: &Path,
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<Box<dyn Traffic>>> {
    let sections = config.scenario.traffic.iter().enumerate();
    let opened = sections.map(|(at, section)| {
        let source = Source::of(section, config, folder)?;
        let opened = source.transformed(&format!("traffic {}", at + 1), notes);
        opened.map_err(|error| in_section(&error, at))
    });
    opened.collect()
}

/// The logs that `files` name, else those of `inputs`, in place of the scenario's traffic.
fn of_logs(
    config: &Config,
    files: &[String],
    folder: &Path,
    notes: &mut Vec<String>,
) -> anyhow::Result<Box<dyn Traffic>> {
    let section = TrafficSection {
        files: files.to_vec(),
        ..TrafficSection::of_file(Kind::Logs)
    };
    let base = if files.is_empty() {
        folder
    } else {
        Path::new("")
    };
    Ok(Source::of(&section, config, base)?.transformed("logs", notes)?)
}

fn of_traces(
    scenario: &Scenario,
    files: &[String],
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<Box<dyn Traffic>>> {
    let (mut metrics, mut traces) = (Vec::new(), Vec::new());
    for file in inputs::find(files, Path::new(""))? {
        match kind_of(&file)? {
            Kind::Metrics => metrics.push(file),
            kind => traces.push((kind, Origin::Files(vec![file]))),
        }
    }
    if !metrics.is_empty() {
        traces.push((Kind::Metrics, Origin::Metrics(metrics)));
    }
    let opened = traces.into_iter().map(|(kind, origin)| {
        let source = Source {
            section: TrafficSection::of_file(kind),
            origin,
            simulation: scenario.simulation.clone(),
        };
        Ok(source.transformed("trace", notes)?)
    });
    opened.collect()
}

fn in_section(error: &TrafficError, at: usize) -> anyhow::Error {
    anyhow::anyhow!("[[traffic]] number {}: {error}", at + 1)
}

fn merged(mut sources: Vec<Box<dyn Traffic>>) -> Box<dyn Traffic> {
    match sources.len() {
        1 => sources.pop().expect("there is one"),
        _ => Box::new(Merge::new(sources)),
    }
}

/// What holds for all traffic together.
fn limited(
    mut traffic: Box<dyn Traffic>,
    scenario: &Scenario,
    changes: &Changes,
) -> Box<dyn Traffic> {
    let simulation = &scenario.simulation;
    if let Some(factor) = changes.scale {
        let scaling = Scaling {
            factor,
            jitter: SimDuration::SECOND,
            seed: Seed::new(simulation.seed),
            name: "--scale".to_owned(),
        };
        traffic = Box::new(Scale::new(traffic, &scaling));
    }
    let bound = |time: Option<Timestamp>| time.and_then(SimTime::from_timestamp);
    let (from, until) = (bound(simulation.from), bound(simulation.until));
    if from.or(until).is_some() {
        traffic = Box::new(Cut::new(traffic, from, until));
    }
    let every = TokenLimits {
        instead: changes.max_tokens,
        ..TokenLimits::default()
    };
    let named = scenario.apps.iter().map(|app| {
        let limits = TokenLimits {
            instead: changes.max_tokens,
            ..app.token_limits()
        };
        (app.name.clone(), limits)
    });
    let named: BTreeMap<String, TokenLimits> = named.collect();
    let none = TokenLimits::default();
    if every == none && named.values().all(|limits| *limits == none) {
        return traffic;
    }
    Box::new(Limited::new(traffic, every, named))
}

/// One `[[traffic]]`, ready to be opened again and again.
struct Source {
    section: TrafficSection,
    origin: Origin,
    simulation: SimulationSection,
}

/// Where the requests of a source are.
enum Origin {
    /// Nowhere: they are made up, some after a shape.
    Nothing(Option<NamedShape>),
    /// In trace files, each of which has its own order.
    Files(Vec<InputFile>),
    /// In totals of metrics, of which several files may tell of one deployment.
    Metrics(Vec<InputFile>),
    /// In gateway logs, whose rows belong together across files.
    Logs(Box<Logs>),
    /// In tables that they are drawn from.
    Tables(Tables),
}

impl Source {
    fn of(section: &TrafficSection, config: &Config, folder: &Path) -> anyhow::Result<Self> {
        let origin = match section.kind {
            Kind::Synthetic => Origin::Nothing(shapes::of_section(section, config, folder)?),
            Kind::Logs => Origin::Logs(Box::new(logs(section, config, folder)?)),
            Kind::Metrics => Origin::Metrics(inputs::find(&section.files, folder)?),
            Kind::Servegen => Origin::Tables(Tables::of(section, folder)?),
            _ => Origin::Files(inputs::find(&section.files, folder)?),
        };
        Ok(Self {
            section: section.clone(),
            origin,
            simulation: config.scenario.simulation.clone(),
        })
    }

    /// The traffic after its own transforms: repeated, scaled, moved, cut; in this order.
    fn transformed(
        self,
        name: &str,
        notes: &mut Vec<String>,
    ) -> Result<Box<dyn Traffic>, TrafficError> {
        let section = self.section.clone();
        let seed = Seed::new(self.simulation.seed);
        let opened = self.open(notes)?;
        let mut traffic: Box<dyn Traffic> = match section.repeat {
            None => opened,
            Some(times) => {
                let every = section.repeat_every_s;
                let rounds = Rounds::Times(times);
                let mut first = Some(opened);
                // What there is to say is said once.
                let open = move || first.take().map_or_else(|| self.open(&mut Vec::new()), Ok);
                Box::new(Repeat::new(open, rounds, every)?)
            }
        };
        if let Some(factor) = section.scale {
            let scaling = Scaling {
                factor: factor.0,
                jitter: section.scale_jitter_s.unwrap_or(SimDuration::SECOND),
                seed,
                name: name.to_owned(),
            };
            traffic = Box::new(Scale::new(traffic, &scaling));
        }
        let bound = |time: Option<Timestamp>| time.and_then(SimTime::from_timestamp);
        if let Some(at) = bound(section.first_at) {
            traffic = Box::new(Shifted::new(traffic, Shift::FirstAt(at)));
        }
        if section.from.or(section.until).is_some() {
            let (from, until) = (bound(section.from), bound(section.until));
            traffic = Box::new(Cut::new(traffic, from, until));
        }
        Ok(traffic)
    }

    fn open(&self, notes: &mut Vec<String>) -> Result<Box<dyn Traffic>, TrafficError> {
        match &self.origin {
            Origin::Nothing(shape) => {
                notes.extend(shape.iter().flat_map(NamedShape::notes));
                let shape = shape.as_ref().map(|named| &named.shape);
                let app = self.section.synthetic(&self.simulation, shape);
                let app = app.map_err(TrafficError::new)?;
                Ok(Box::new(app.traffic(Seed::new(self.simulation.seed))?))
            }
            Origin::Files(files) => {
                let opened = files.iter().map(|file| self.open_file(file));
                Ok(merged(opened.collect::<Result<_, _>>()?))
            }
            Origin::Tables(tables) => {
                let seed = Seed::new(self.simulation.seed);
                let options = self.section.servegen_options(seed);
                Ok(Box::new(tables.open(&options, notes)?))
            }
            Origin::Metrics(files) => {
                let seed = Seed::new(self.simulation.seed);
                let app = files
                    .first()
                    .map_or("metrics", |file| default_app(&file.name));
                let options = self.section.metrics_options(app, seed);
                let options = options.map_err(TrafficError::new)?;
                Ok(Box::new(metrics::open(files, options, notes)?))
            }
            Origin::Logs(logs) => {
                let replay = logs.replay(notes);
                let replay = replay.map_err(|error| TrafficError::new(format!("{error:#}")))?;
                Ok(Box::new(replay))
            }
        }
    }

    fn open_file(&self, file: &InputFile) -> Result<Box<dyn Traffic>, TrafficError> {
        let name = &file.name;
        let default_app = default_app(name);
        let options = self.section.trace_options(default_app);
        let handle = File::open(&file.path)
            .map_err(|error| TrafficError::new(format!("cannot read {name}: {error}")))?;
        let bytes = |handle: File| -> Bytes { Box::new(handle) };
        Ok(match self.section.kind {
            Kind::Csv => Box::new(trace::csv(bytes(handle), name, &options)?),
            Kind::Jsonl => Box::new(trace::json_lines(bytes(handle), name, &options)?),
            Kind::Parquet => Box::new(trace::parquet(handle, name, &options)?),
            Kind::Azure => Box::new(trace::azure(bytes(handle), name, &options)?),
            Kind::Mooncake => {
                let cache = PrefixCache {
                    block: PrefixCache::MOONCAKE_BLOCK,
                    minimum: self.simulation.cached_minimum,
                };
                Box::new(trace::mooncake(bytes(handle), name, &options, cache)?)
            }
            Kind::Minutes | Kind::Metrics | Kind::Synthetic | Kind::Logs | Kind::Servegen => {
                let seed = Seed::new(self.simulation.seed);
                let options = self.section.minute_options(default_app, seed);
                let options = options.map_err(TrafficError::new)?;
                Box::new(trace::minutes(bytes(handle), name, options)?)
            }
        })
    }
}

/// Who sends what a file names nobody for: its name, without folders and endings, of which a
/// compressed file has two.
fn default_app(name: &str) -> &str {
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str());
    stem.and_then(|stem| stem.split('.').next())
        .unwrap_or_default()
}

/// The logs of a section, else those of `inputs`.
fn logs(section: &TrafficSection, config: &Config, folder: &Path) -> anyhow::Result<Logs> {
    let files = match (section.files.as_slice(), config.inputs.as_slice()) {
        ([], []) => bail!("no log files: name them here, or set `inputs` for all commands"),
        ([], inputs) => inputs::find(inputs, folder).context("`inputs` of the configuration")?,
        (own, _) => inputs::find(own, folder)?,
    };
    Logs::of(files, config, section.nobody())
}

/// How much of a file tells what it is [byte].
const BEGINNING: u64 = 4_096;

/// What API Management calls the id of a request, in every carrier of its logs.
const LOGGED: &str = "correlationid";

/// What a file of the command line is, by its ending and its beginning.
fn kind_of(file: &InputFile) -> anyhow::Result<Kind> {
    if file.name.ends_with(".parquet") {
        return Ok(Kind::Parquet);
    }
    let handle = File::open(&file.path).with_context(|| format!("cannot read {}", file.name))?;
    let unreadable = || format!("cannot read {}", file.name);
    let (_, bytes) = decompressed(Box::new(handle)).with_context(unreadable)?;
    let mut beginning = Vec::new();
    let read = bytes.take(BEGINNING).read_to_end(&mut beginning);
    read.with_context(unreadable)?;
    let text = String::from_utf8_lossy(&beginning);
    if text.to_ascii_lowercase().contains(LOGGED) {
        bail!(
            "{} looks like a gateway log, whose rows belong together across files\n\
             hint: add --logs to play all files as logs",
            file.name
        );
    }
    if metrics::known_by(&text) {
        return Ok(Kind::Metrics);
    }
    let line = text.lines().next().unwrap_or_default();
    let kind = match line.trim_start().starts_with('{') {
        true if line.contains("\"hash_ids\"") => Kind::Mooncake,
        true => Kind::Jsonl,
        false if line.contains("ContextTokens") => Kind::Azure,
        false => Kind::Csv,
    };
    Ok(kind)
}
