//! What the tests of reading share: a sink that keeps rows in words, and rows to deliver.

use std::io::Write;
use std::num::NonZero;

use tollbook::usage::{Fragment, FragmentSink, ReadOptions, ReadOutcome, Source, read};

/// Keeps what it is given, in words.
#[derive(Debug, Default)]
pub(crate) struct Collected(pub(crate) Vec<String>);

impl FragmentSink for Collected {
    fn add(&mut self, row: &Fragment<'_>) {
        self.0.push(words(row));
    }
}

/// A row as the tables below write it.
pub(crate) fn words(row: &Fragment<'_>) -> String {
    let texts = row.dimensions;
    format!(
        "{:?} {} {}|{}|{} {}/{}+{} {} {:?}",
        row.part,
        &row.time.to_string()[..19],
        texts.subscription,
        texts.deployment,
        texts.model,
        row.input,
        row.cached_input,
        row.output,
        row.status.unwrap_or_default(),
        row.quality,
    )
}

/// Reads sources of these names and contents, and gives all rows sorted. Every row is in one
/// place.
pub(crate) fn read_all(
    sources: &[(&str, &[u8])],
    options: &ReadOptions<'_>,
) -> (Vec<String>, ReadOutcome<Collected>) {
    let sources: Vec<_> = sources
        .iter()
        .map(|(name, bytes)| Source::from_bytes(*name, *bytes))
        .collect();
    let threads = NonZero::new(2).unwrap();
    let mut outcome = read(&sources, options, Collected::default, threads);
    let mut rows: Vec<_> = outcome
        .sinks
        .iter_mut()
        .flat_map(|sink| std::mem::take(&mut sink.0))
        .collect();
    rows.sort();
    let counts = outcome.rows;
    let kept = u64::try_from(rows.len()).unwrap();
    assert_eq!(counts.read, kept + counts.ignored + counts.quarantined);
    (rows, outcome)
}

/// The rows of one source, and what was wrong, as `line: what`.
pub(crate) fn rows_of(content: &[u8]) -> (Vec<String>, Vec<String>) {
    let (rows, outcome) = read_all(&[("log", content)], &ReadOptions::default());
    let places = outcome
        .diagnostics
        .kinds()
        .flat_map(|(_, _, places)| places);
    let mut wrong: Vec<_> = places.map(ToString::to_string).collect();
    wrong.extend(outcome.errors.iter().map(ToString::to_string));
    (rows, wrong)
}

pub(crate) const LLM: &str = "Llm 2026-03-01T00:00:03 |gpt-4o|gpt-4o-2024-11-20 9120/0+310 0 Exact";

/// The row [`LLM`] as an object.
pub(crate) const OBJECT: &str = r#"{"TimeGenerated":"2026-03-01T00:00:03.0012345Z","CorrelationId":"c-2","RequestId":"r","SequenceNumber":0,"ModelName":"gpt-4o-2024-11-20","DeploymentName":"gpt-4o","IsStreamCompletion":true,"PromptTokens":9120,"CompletionTokens":310}"#;

/// The row [`LLM`] as CSV.
pub(crate) const CSV: &str = "TimeGenerated [UTC],CorrelationId,RequestId,SequenceNumber,ModelName,DeploymentName,PromptTokens,CompletionTokens,RequestMessages\n2026-03-01T00:00:03.0012345Z,c-2,r,0,gpt-4o-2024-11-20,gpt-4o,9120,310,\"a, \"\"b\"\"\nc\"\n";

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

pub(crate) fn utf16(text: &str) -> Vec<u8> {
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}
