//! `tollbook tokenise`: what texts and requests weigh in tokens.

use clap::Args;

use super::Done;
use super::console::Console;
use crate::report::accounting;
use crate::tokenizer::EncodingName;
use crate::tokenizer::engine::{Engines, Load, SpecialTokens};
use crate::tokenizer::pipeline::{Pipeline, Rules};
use crate::tokenizer::source::{Input, Opened, Reading};

/// Flags of `tollbook tokenise`.
#[derive(Debug, Args)]
pub struct TokeniseArgs {
    /// Files, folders, globs, `-` for standard input, or a text.
    inputs: Vec<String>,
    /// Count every record as this model's.
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Count every record in this encoding.
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<EncodingName>,
}

/// Runs the command.
pub fn run(args: &TokeniseArgs, console: &mut Console) -> anyhow::Result<Done> {
    if let [text] = args.inputs.as_slice()
        && !std::path::Path::new(text).exists()
    {
        let engine = Engines::new(Load::Single, SpecialTokens::Text)
            .get(args.encoding.unwrap_or(EncodingName::O200kBase));
        let tokens = engine.count(text, &mut Vec::new());
        writeln!(console.out(), "{tokens}")?;
        return Ok(Done::Met);
    }
    let inputs: Vec<Input> = args
        .inputs
        .iter()
        .map(|path| {
            let place = path.clone();
            Input::new(path, move || Ok(Opened::File(std::fs::File::open(&place)?)))
        })
        .collect();
    let rules = Rules {
        engines: Engines::new(Load::Bulk, SpecialTokens::Text),
        catalog: &crate::catalog::Catalog::bundled(),
        deployments: std::collections::BTreeMap::new(),
        approximate: crate::tokenizer::pipeline::Approximate::Not,
        options: crate::tokenizer::counting::Options::default(),
        encoding: args.encoding,
        models: args.model.clone().into_iter().collect(),
    };
    let pipeline = Pipeline {
        inputs: &inputs,
        reading: &Reading::default(),
        rules: &rules,
        threads: std::thread::available_parallelism().unwrap_or(std::num::NonZero::<usize>::MIN),
        progress: &|_| {},
    };
    let mut tokens = 0;
    let outcome = pipeline.run(&mut |_, counted| -> anyhow::Result<()> {
        tokens += counted.input.total();
        Ok(())
    })?;
    console.note(&accounting::diagnostics(&outcome.diagnostics));
    for error in &outcome.errors {
        console.note(&error.to_string());
    }
    console.note(&accounting::sum(
        "records read",
        &[
            ("counted", outcome.rows.counted),
            ("merged", outcome.rows.merged),
            ("ignored", outcome.rows.ignored),
            ("faulty", outcome.rows.faulty),
        ],
    ));
    writeln!(console.out(), "{tokens}")?;
    Ok(Done::Met)
}
