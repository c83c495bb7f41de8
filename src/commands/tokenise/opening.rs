//! Opens what is to be counted, and says how much there is.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, bail};

use super::target::Target;
use crate::commands::inputs::{self, Endings};
use crate::tokenizer::engine::Load;
use crate::tokenizer::source::{Input, Opened};

/// Endings of files that are read from folders.
const ENDINGS: Endings = Endings {
    read: &[
        "json", "jsonl", "ndjson", "csv", "tsv", "parquet", "txt", "md", "markdown", "log",
    ],
    what: "input",
};

/// Inputs up to this size are counted with the engine that starts soonest [byte].
const SMALL: u64 = 1 << 20;

/// A compressed file is taken to hold so many times its size.
const PACKED: u64 = 8;

/// What is to be counted.
pub(super) struct Inputs {
    /// The inputs, in order.
    pub(super) all: Vec<Input>,
    /// Their bytes, where they are known before reading.
    pub(super) bytes: u64,
    /// Which engine fits their size.
    pub(super) load: Load,
    /// Whether standard input is among them, which can be read only once.
    pub(super) has_stdin: bool,
}

impl Inputs {
    /// What the inputs are called together.
    pub(super) fn title(&self) -> String {
        match self.all.as_slice() {
            [only] => only.name().to_owned(),
            inputs => format!("{} inputs", inputs.len()),
        }
    }
}

/// Opens every target.
pub(super) fn open(targets: &[Target]) -> anyhow::Result<Inputs> {
    let mut opened = Inputs {
        all: Vec::new(),
        bytes: 0,
        load: Load::Single,
        has_stdin: false,
    };
    let mut size = 0;
    let mut texts = 0;
    let mut patterns = Vec::new();
    for target in targets {
        match target {
            Target::Files(pattern) => patterns.push(pattern.clone()),
            Target::Text(text) => {
                texts += 1;
                size += text.len() as u64;
                let name = format!("text {texts}");
                opened.all.push(Input::from_bytes(name, text.as_bytes()));
            }
            Target::Stdin if opened.has_stdin => bail!("`-` is standard input; name it once"),
            Target::Stdin => {
                opened.has_stdin = true;
                let (input, bytes) = stdin().context("cannot read standard input")?;
                size += bytes;
                opened.all.push(input);
            }
        }
    }
    if !patterns.is_empty() {
        for file in inputs::find_with(&patterns, Path::new(""), &ENDINGS)? {
            let bytes = std::fs::metadata(&file.path).map_or(0, |data| data.len());
            opened.bytes += bytes;
            size += bytes * if file.is_packed() { PACKED } else { 1 };
            let path = file.path;
            let open = move || File::open(&path).map(Opened::File);
            opened.all.push(Input::new(file.name, open));
        }
    }
    if size > SMALL {
        opened.load = Load::Bulk;
    }
    Ok(opened)
}

/// Standard input, and how much of it there is at least: so much that its size is told from a
/// small one's.
fn stdin() -> io::Result<(Input, u64)> {
    let mut first = Vec::new();
    io::stdin().lock().take(SMALL + 1).read_to_end(&mut first)?;
    let bytes = first.len() as u64;
    let first = Mutex::new(Some(first));
    let open = move || {
        let first = first.lock().ok().and_then(|mut first| first.take());
        let first =
            first.ok_or_else(|| io::Error::other("standard input can be read only once"))?;
        let all = Cursor::new(first).chain(io::stdin());
        Ok(Opened::Stream(Box::new(all)))
    };
    Ok((Input::new("-", open), bytes))
}
