//! `[[traffic]]`: where requests come from.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::duration;
use crate::chargeback::moment;
use crate::time::{SimDuration, SimTime, Timestamp};
use crate::workload::App;
use crate::workload::trace::{Columns, Field, TimeNotation, TraceOptions};

/// The table as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrafficSection {
    /// What it is.
    pub kind: Kind,
    /// Globs of the files, relative to the scenario.
    #[serde(default)]
    pub files: Vec<String>,
    /// Who sends requests for which the source names nobody.
    #[serde(default)]
    pub app: String,
    /// How times are written.
    #[serde(default)]
    pub time: Time,
    /// Where time 0 of a trace with relative times lies.
    #[serde(default, deserialize_with = "moment::optional")]
    pub start: Option<Timestamp>,
    /// How far a row may lie before an earlier one [s].
    #[serde(default, with = "duration::seconds")]
    pub reorder_within_s: Option<SimDuration>,
    /// Names of columns: field of a request = column of the file.
    #[serde(default)]
    pub columns: BTreeMap<ColumnOf, String>,
}

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// CSV with named columns.
    Csv,
    /// One JSON object a line, with named keys.
    Jsonl,
    /// Parquet with named columns.
    Parquet,
    /// An Azure LLM inference trace.
    Azure,
    /// A Mooncake trace with prompt blocks.
    Mooncake,
}

/// How a trace writes its times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Time {
    /// As dates and times.
    #[default]
    Written,
    /// Seconds since 1970.
    EpochS,
    /// Milliseconds since 1970.
    EpochMs,
    /// Microseconds since 1970.
    EpochUs,
    /// Seconds from the start of the trace.
    Seconds,
    /// Milliseconds from the start of the trace.
    Milliseconds,
}

/// A field of a request that a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnOf {
    /// When the request arrived.
    Time,
    /// All tokens of the prompt.
    Input,
    /// Prompt tokens read from the cache.
    Cached,
    /// Prompt tokens written to the cache.
    CacheWrite,
    /// All tokens of the answer.
    Output,
    /// Answer tokens spent on reasoning.
    Reasoning,
    /// The most tokens the answer may have.
    MaxTokens,
    /// Who sent it.
    App,
    /// Its priority header.
    Priority,
    /// How long serving took [ms].
    LatencyMs,
    /// The deployment it asked for.
    Deployment,
}

/// Traces with relative times start here unless told otherwise: 2026-01-05, a Monday.
const START_MICROS: i64 = 1_767_571_200_000_000;

impl TrafficSection {
    /// A trace file of the command line.
    pub fn of_file(kind: Kind) -> Self {
        Self {
            kind,
            files: Vec::new(),
            app: String::new(),
            time: Time::default(),
            start: None,
            reorder_within_s: None,
            columns: BTreeMap::new(),
        }
    }

    /// How its files are read; `default_app` sends what names nobody.
    pub fn trace_options(&self, default_app: &str) -> TraceOptions {
        let columns = self.columns.iter();
        let columns = columns.fold(Columns::default(), |columns, (field, name)| {
            columns.renamed(field.field(), name)
        });
        let name = if self.app.is_empty() {
            default_app
        } else {
            &self.app
        };
        let start = self.start.unwrap_or(Timestamp::from_micros(START_MICROS));
        TraceOptions {
            columns,
            time: self.time.notation(),
            start: SimTime::from_timestamp(start).unwrap_or_default(),
            reorder_within: self.reorder_within_s.unwrap_or_default(),
            app: App::named(name),
        }
    }
}

impl Time {
    const fn notation(self) -> TimeNotation {
        match self {
            Self::Written => TimeNotation::Written,
            Self::EpochS => TimeNotation::EpochSeconds,
            Self::EpochMs => TimeNotation::EpochMilliseconds,
            Self::EpochUs => TimeNotation::EpochMicroseconds,
            Self::Seconds => TimeNotation::Seconds,
            Self::Milliseconds => TimeNotation::Milliseconds,
        }
    }
}

impl ColumnOf {
    const fn field(self) -> Field {
        match self {
            Self::Time => Field::Time,
            Self::Input => Field::Input,
            Self::Cached => Field::Cached,
            Self::CacheWrite => Field::CacheWrite,
            Self::Output => Field::Output,
            Self::Reasoning => Field::Reasoning,
            Self::MaxTokens => Field::MaxTokens,
            Self::App => Field::App,
            Self::Priority => Field::Priority,
            Self::LatencyMs => Field::LatencyMs,
            Self::Deployment => Field::Deployment,
        }
    }
}
