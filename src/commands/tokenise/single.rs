//! One text: its count, or its pieces.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, bail};

use super::target::Target;
use super::{Format, TokeniseArgs};
use crate::commands::Done;
use crate::commands::chargeback::page;
use crate::commands::console::Console;
use crate::report::{figure, pieces};
use crate::tokenizer::pipeline::Rules;
use crate::tokenizer::{Count, Part};

/// The longest text whose pieces are shown [byte].
const LONGEST_SHOWN: u64 = 1 << 20;

/// One text.
pub(super) struct Single(String);

impl Single {
    /// The text, where the arguments mean exactly one and ask for no profile of it.
    pub(super) fn of(args: &TokeniseArgs, targets: &[Target]) -> anyhow::Result<Option<Self>> {
        let report = &args.report;
        if report.show {
            let [target] = targets else {
                bail!("--show shows the pieces of one text; name one");
            };
            return Ok(Some(Self(shown(target)?)));
        }
        let profiled = report.format == Format::Csv
            || !report.by.is_empty()
            || report.shapes.is_some()
            || report.records.is_some()
            || args.verify.is_some()
            || !args.counting.compare.is_empty();
        Ok(match targets {
            [Target::Text(text)] if !profiled => Some(Self(text.clone())),
            _ => None,
        })
    }

    /// Counts the text and prints the result.
    pub(super) fn run(
        &self,
        args: &TokeniseArgs,
        rules: &Rules<'_>,
        console: &mut Console,
    ) -> anyhow::Result<Done> {
        let name = rules.models.first().map_or("", String::as_str);
        let counting = rules.counting(name)?;
        let pieces = args.report.show.then(|| counting.engine.pieces(&self.0));
        let tokens = match &pieces {
            Some(pieces) => pieces.len() as u64,
            None => counting.engine.count(&self.0, &mut Vec::new()),
        };
        let mut count = Count::default();
        count.add(Part::Text, i64::try_from(tokens)?);
        let count = counting.judged(count);
        let text = pieces::Text {
            text: &self.0,
            model: &counting.model.name,
            encoding: counting.model.encoding,
            count: &count,
            pieces: pieces.as_deref(),
        };
        let written = match args.report.format {
            Format::Json => pieces::json(&text),
            _ if pieces.is_some() => pieces::table(&text, page(console)),
            _ => format!("{}\n", count.total()),
        };
        console.out().write_all(written.as_bytes())?;
        for reason in count.reasons() {
            console.note(&format!("note: {}", reason.text()));
        }
        Ok(within(args.report.budget, count.total(), console))
    }
}

/// Whether a count is within budget; says by how much it is not.
pub(super) fn within(budget: Option<u64>, tokens: u64, console: &mut Console) -> Done {
    match budget {
        Some(budget) if tokens > budget => {
            console.note(&format!(
                "{} tokens over the budget of {}",
                figure::whole(tokens - budget),
                figure::whole(budget)
            ));
            Done::NotMet
        }
        _ => Done::Met,
    }
}

/// The text that a target means, to be shown.
fn shown(target: &Target) -> anyhow::Result<String> {
    let bytes = match target {
        Target::Text(text) => return Ok(text.clone()),
        Target::Stdin => read(io::stdin().lock()).context("cannot read standard input")?,
        Target::Files(name) if Path::new(name).is_file() => {
            let file = fs::File::open(name).and_then(read);
            file.with_context(|| format!("cannot read {name}"))?
        }
        Target::Files(name) => bail!("{name} is no file; --show shows the pieces of one text"),
    };
    if bytes.len() as u64 > LONGEST_SHOWN {
        bail!("the text is longer than 1 MiB; --show is for texts that a person reads");
    }
    String::from_utf8(bytes).context("the text is not UTF-8; save it as UTF-8")
}

fn read(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LONGEST_SHOWN + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
