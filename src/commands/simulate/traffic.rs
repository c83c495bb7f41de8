//! Opens the traffic of a scenario: files, made-up apps, or both at once.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};

use crate::commands::inputs::{self, InputFile};
use crate::config::scenario::{Kind, Scenario, TrafficSection};
use crate::decoding::decompressed;
use crate::workload::trace::{self, Bytes, PrefixCache};
use crate::workload::{Apps, Request, Traffic, TrafficError};

/// Traffic whose first request is known.
pub(super) struct Opened {
    first: Option<Request>,
    rest: Box<dyn Traffic>,
}

impl Opened {
    /// Reads the first request; traffic without any is an error.
    fn of(mut rest: Box<dyn Traffic>, apps: &mut Apps) -> anyhow::Result<Self> {
        let first = rest.next(apps).transpose()?;
        if first.is_none() {
            bail!("the traffic holds no request; check the files, and `from` and `until`");
        }
        Ok(Self { first, rest })
    }

    /// The first request.
    pub(super) fn first(&self) -> Request {
        self.first
            .expect("it is read on opening and not taken since")
    }
}

impl Traffic for Opened {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => self.rest.next(apps),
        }
    }
}

/// Opens `files` of the command line, else the scenario's own traffic.
pub(super) fn open(
    scenario: &Scenario,
    files: &[String],
    folder: &Path,
    apps: &mut Apps,
) -> anyhow::Result<Opened> {
    let mut sources: Vec<Box<dyn Traffic>> = Vec::new();
    if files.is_empty() {
        for section in &scenario.traffic {
            for file in inputs::find(&section.files, folder)? {
                sources.push(open_file(&file, section, scenario)?);
            }
        }
    } else {
        for file in inputs::find(files, Path::new(""))? {
            let section = TrafficSection::of_file(kind_of(&file)?);
            sources.push(open_file(&file, &section, scenario)?);
        }
    }
    let Some(only) = sources.pop() else {
        bail!(
            "no traffic: name trace files, or describe it in [[traffic]] of the scenario\n\
             hint: samples/scenarios holds scenarios to start from"
        );
    };
    Opened::of(only, apps)
}

fn open_file(
    file: &InputFile,
    section: &TrafficSection,
    scenario: &Scenario,
) -> anyhow::Result<Box<dyn Traffic>> {
    let name = &file.name;
    let default_app = Path::new(name)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let options = section.trace_options(&default_app);
    let handle = File::open(&file.path).with_context(|| format!("cannot read {name}"))?;
    let bytes = |handle: File| -> Bytes { Box::new(handle) };
    Ok(match section.kind {
        Kind::Csv => Box::new(trace::csv(bytes(handle), name, &options)?),
        Kind::Jsonl => Box::new(trace::json_lines(bytes(handle), name, &options)?),
        Kind::Parquet => Box::new(trace::parquet(handle, name, &options)?),
        Kind::Azure => Box::new(trace::azure(bytes(handle), name, &options)?),
        Kind::Mooncake => {
            let cache = PrefixCache {
                block: PrefixCache::MOONCAKE_BLOCK,
                minimum: scenario.simulation.cached_minimum,
            };
            Box::new(trace::mooncake(bytes(handle), name, &options, cache)?)
        }
    })
}

/// How much of a file tells what it is [byte].
const BEGINNING: u64 = 4_096;

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
    let line = text.lines().next().unwrap_or_default();
    let kind = match line.trim_start().starts_with('{') {
        true if line.contains("\"hash_ids\"") => Kind::Mooncake,
        true => Kind::Jsonl,
        false if line.contains("ContextTokens") => Kind::Azure,
        false => Kind::Csv,
    };
    Ok(kind)
}
