//! Counted records, one row each.

use std::io::{self, Write};

use ::csv::Writer;

use crate::report::text::guarded;
use crate::tokenizer::{Counted, Part, Reason};

/// The columns: every part has one of its own.
pub const COLUMNS: [&str; 20] = [
    "file",
    "line",
    "model",
    "app",
    "tag",
    "input",
    "text",
    "overhead",
    "tools",
    "tool_calls",
    "schema",
    "images",
    "audio",
    "files",
    "certainty",
    "reasons",
    "output",
    "max_tokens",
    "usage_input",
    "error",
];

/// Writes records one by one, in their order.
pub struct Records<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> Records<W> {
    /// Writes the header.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self { writer })
    }

    /// Writes one record; texts are safe in spreadsheets.
    pub fn add(&mut self, counted: &Counted) -> io::Result<()> {
        let labels = &counted.labels;
        let input = counted.input.total();
        let reasons = counted.input.reasons().map(Reason::name);
        let reasons: Vec<&str> = reasons.collect();
        let parts = Part::ALL.map(|part| counted.input.part(part).to_string());
        let reported = counted.usage.map(|usage| usage.input);
        let error = reported.map(|reported| i128::from(input) - i128::from(reported));
        let number = |number: Option<i128>| number.map(|n| n.to_string()).unwrap_or_default();
        let cells = [guarded(&labels.file), counted.line.to_string()]
            .into_iter()
            .chain([&labels.model, &labels.app, &labels.tag].map(|text| guarded(text)))
            .chain([input.to_string()])
            .chain(parts)
            .chain([
                counted.input.certainty().name().to_owned(),
                reasons.join(" "),
                number(counted.output.map(i128::from)),
                number(counted.max_tokens.map(|most| most.get().into())),
                number(reported.map(i128::from)),
                number(error),
            ]);
        self.writer.write_record(cells)?;
        Ok(())
    }

    /// Hands back what was written to.
    pub fn finish(self) -> io::Result<W> {
        let inner = self.writer.into_inner();
        inner.map_err(::csv::IntoInnerError::into_error)
    }
}
