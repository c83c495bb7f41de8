//! Traces: files of requests, one a row, read as a stream.
//!
//! A file is [decompressed](crate::decoding) by its first bytes. A reader of its carrier cuts it
//! into rows and hands each cell to a [`Draft`](draft); [`Ordered`] puts rows into time order or
//! refuses them. A row that cannot be right is refused with its place, never skipped: a trace
//! with holes is another trace.

mod cell;
mod columns;
mod csv;
mod draft;
pub(in crate::workload) mod fault;
mod instant;
mod json;
mod lines;
mod metrics;
mod minutes;
mod mooncake;
mod ordered;
mod parquet;
mod spread;

#[cfg(test)]
mod tests;

use std::io::Read;

use ::parquet::file::reader::ChunkReader;

pub use self::columns::{Columns, Field};
pub use self::csv::CsvRows;
pub(super) use self::csv::Table;
pub use self::instant::TimeNotation;
pub use self::json::JsonRows;
pub use self::metrics::{Counted, MeteredTraffic, Metrics, MetricsOptions, Told};
pub use self::minutes::{MinuteOptions, MinuteTotals};
pub use self::mooncake::MooncakeRows;
pub use self::ordered::Ordered;
pub use self::parquet::ParquetRows;
pub use self::spread::Spread;

use super::TrafficError;
use super::app::{App, Apps};
use super::prefix_cache::PrefixCache;
use super::request::Request;
use crate::decoding::{decompressed, text};
use crate::time::{SimDuration, SimTime};
use draft::Reading;

/// The bytes of a trace, compressed or not.
pub type Bytes = Box<dyn Read + Send>;

/// What a trace does not tell of itself.
#[derive(Clone, Debug, Default)]
pub struct TraceOptions {
    /// Which column is what.
    pub columns: Columns,
    /// How its times are written.
    pub time: TimeNotation,
    /// Where time 0 of a trace with relative times lies.
    pub start: SimTime,
    /// How far a row may lie before an earlier one [µs]; such rows are sorted.
    pub reorder_within: SimDuration,
    /// Who sends the requests of rows that name no app.
    pub app: App,
}

/// A row of a trace, and its line.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    request: Request,
    line: u64,
}

/// Rows in the order of the file.
pub trait Rows {
    /// The next row, or `None` after the last.
    fn next_row(&mut self, apps: &mut Apps) -> Option<Result<Row, TrafficError>>;

    /// The name of the file in errors.
    fn name(&self) -> &str;
}

/// Reads a CSV file with named columns; `name` is what errors call it.
pub fn csv(
    bytes: Bytes,
    name: &str,
    options: &TraceOptions,
) -> Result<Ordered<CsvRows>, TrafficError> {
    let rows = CsvRows::new(opened(bytes, name)?, Reading::new(name, options))?;
    Ok(Ordered::new(rows, options.reorder_within))
}

/// Reads one JSON object a line, with the same names as columns of [`csv`].
pub fn json_lines(
    bytes: Bytes,
    name: &str,
    options: &TraceOptions,
) -> Result<Ordered<JsonRows>, TrafficError> {
    let rows = JsonRows::new(opened(bytes, name)?, Reading::new(name, options));
    Ok(Ordered::new(rows, options.reorder_within))
}

/// Reads a Parquet file, which must be seekable, with the same names as columns of [`csv`].
///
/// Typed times are points in time whatever [`TraceOptions::time`] says; errors count rows from 1.
pub fn parquet(
    file: impl ChunkReader + 'static,
    name: &str,
    options: &TraceOptions,
) -> Result<Ordered<ParquetRows>, TrafficError> {
    let rows = ParquetRows::new(file, Reading::new(name, options))?;
    Ok(Ordered::new(rows, options.reorder_within))
}

/// Reads an Azure LLM inference trace (github.com/Azure/AzurePublicDataset): CSV with the columns
/// `TIMESTAMP`, `ContextTokens` and `GeneratedTokens`, times in UTC, some with a fraction or an
/// offset and some without.
pub fn azure(
    bytes: Bytes,
    name: &str,
    options: &TraceOptions,
) -> Result<Ordered<CsvRows>, TrafficError> {
    let columns = Columns::default()
        .renamed(Field::Time, "TIMESTAMP")
        .renamed(Field::Input, "ContextTokens")
        .renamed(Field::Output, "GeneratedTokens");
    let options = TraceOptions {
        columns,
        time: TimeNotation::Written,
        ..options.clone()
    };
    csv(bytes, name, &options)
}

/// Reads a Mooncake trace (github.com/kvcache-ai/Mooncake, `FAST25-release/traces`): JSON lines
/// with `timestamp` in milliseconds from the start, `input_length`, `output_length` and
/// `hash_ids`, the blocks of the prompt, from which cached input follows.
pub fn mooncake(
    bytes: Bytes,
    name: &str,
    options: &TraceOptions,
    cache: PrefixCache,
) -> Result<Ordered<MooncakeRows>, TrafficError> {
    let columns = Columns::default()
        .renamed(Field::Time, "timestamp")
        .renamed(Field::Input, "input_length")
        .renamed(Field::Output, "output_length");
    let options = TraceOptions {
        columns,
        time: TimeNotation::Milliseconds,
        ..options.clone()
    };
    let rows = JsonRows::new(opened(bytes, name)?, Reading::new(name, &options));
    let rows = MooncakeRows::new(rows, cache);
    Ok(Ordered::new(rows, options.reorder_within))
}

/// Reads totals of whole minutes and makes requests of them.
pub fn minutes(
    bytes: Bytes,
    name: &str,
    options: MinuteOptions,
) -> Result<MinuteTotals, TrafficError> {
    MinuteTotals::new(opened(bytes, name)?, name, options)
}

/// Reads totals of Azure Monitor metrics, or a table of totals, and makes requests of them; the
/// texts are the names of the files in errors. All files are one set: metrics of one deployment
/// may lie in several.
pub fn metrics(
    files: impl IntoIterator<Item = (Bytes, String)>,
    options: MetricsOptions,
) -> Result<Metrics, TrafficError> {
    metrics::read(files, options)
}

/// The text of a file without compression.
pub(super) fn opened(bytes: Bytes, name: &str) -> Result<Bytes, TrafficError> {
    decompressed(bytes)
        .and_then(|(_, bytes)| text(bytes))
        .map_err(|error| fault::unreadable(name, &error))
}
