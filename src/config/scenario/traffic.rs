//! `[[traffic]]`: where requests come from.

use std::collections::BTreeMap;
use std::num::NonZero;

use serde::Deserialize;

use super::drawn::{AmountText, FactorText};
use super::duration;
use crate::chargeback::moment;
use crate::time::{SimDuration, SimTime, Timestamp};
use crate::workload::servegen::ServeGenOptions;
use crate::workload::synthetic::Amount;
use crate::workload::trace::{
    Columns, Field, MetricsOptions, MinuteOptions, Spread, TimeNotation, TraceOptions,
};
use crate::workload::{App, Seed};

/// The table as it is written.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TrafficSection {
    /// What it is.
    pub kind: Kind,
    /// Globs of the files, relative to the scenario; logs are those of `inputs` if left out.
    #[serde(default)]
    pub files: Vec<String>,
    /// `ServeGen`: the table with the rates of clients, relative to the scenario.
    #[serde(default)]
    pub rates: String,
    /// `ServeGen`: the table with the histograms of their tokens, relative to the scenario.
    #[serde(default)]
    pub tokens: String,
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
    #[serde(default, deserialize_with = "duration::seconds::deserialize")]
    pub reorder_within_s: Option<SimDuration>,
    /// Names of columns: field of a request = column of the file.
    #[serde(default)]
    pub columns: BTreeMap<Field, String>,
    /// Subscription of the caller; the name of the app if left out.
    pub subscription: Option<String>,
    /// Product of the caller.
    #[serde(default)]
    pub product: String,
    /// Factor of the rate; below 1 it thins.
    pub scale: Option<FactorText>,
    /// A copy that scaling makes arrives up to this much later than its request [s].
    #[serde(default, deserialize_with = "duration::seconds::deserialize")]
    pub scale_jitter_s: Option<SimDuration>,
    /// How often the traffic is played in all.
    pub repeat: Option<NonZero<u64>>,
    /// From one round to the next [s]; one mean gap after the last request if left out.
    #[serde(default, deserialize_with = "duration::seconds::deserialize")]
    pub repeat_every_s: Option<SimDuration>,
    /// Moves the first request to this moment.
    #[serde(default, deserialize_with = "moment::optional")]
    pub first_at: Option<Timestamp>,
    /// First moment; earlier requests are left out, after moving.
    #[serde(default, deserialize_with = "moment::optional")]
    pub from: Option<Timestamp>,
    /// The moment after the last.
    #[serde(default, deserialize_with = "moment::optional")]
    pub until: Option<Timestamp>,
    /// Made up: requests where every factor is 1 [request/s].
    pub requests_per_s: Option<f64>,
    /// Made up: the same by the minute [request/minute].
    pub requests_per_minute: Option<f64>,
    /// Made up: `constant`, `poisson`, `gamma` or `weibull`.
    pub arrivals: Option<String>,
    /// Made up: coefficient of variation of gamma gaps, or the shape of Weibull ones.
    pub arrivals_cv: Option<f64>,
    /// Made up: factors of the hours of a day.
    pub hours: Option<[f64; 24]>,
    /// Made up: a wave over the day, from 0 to 1.
    pub daily_amplitude: Option<f64>,
    /// Made up: the hour of most requests of that wave [h].
    pub peak_hour: Option<f64>,
    /// Made up: factors of Monday to Sunday.
    pub weekdays: Option<[f64; 7]>,
    /// Made up: growth from day to day [%].
    pub growth_percent_per_day: Option<f64>,
    /// Made up: growth from month to month [%].
    pub growth_percent_per_month: Option<f64>,
    /// Made up: local time of days and hours [minutes east of UTC].
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// Made up: prompt tokens. Totals by the minute: prompt tokens of a mean request [token].
    pub input: Option<AmountText>,
    /// Made up: answer tokens. Totals by the minute: answer tokens of a mean request [token].
    pub output: Option<AmountText>,
    /// Made up: whole requests as they were counted, in place of `input` and `cached_share`; what
    /// they do not know of `output` and `max_tokens` is drawn.
    pub shape: Option<ShapeSection>,
    /// Made up: the part of prompts that is cached, from 0 to 1.
    pub cached_share: Option<f64>,
    /// Made up: the most tokens callers let an answer have [token].
    pub max_tokens: Option<AmountText>,
    /// Made up: value of the priority header.
    pub priority: Option<i32>,
}

/// A shape of a file of shapes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ShapeSection {
    /// The file, relative to the scenario.
    pub file: String,
    /// The shape's name; may be left out where the file has only one.
    pub name: Option<String>,
}

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Totals by the minute.
    Minutes,
    /// Totals of Azure Monitor metrics, or a table of totals by the minute.
    Metrics,
    /// Gateway logs, read as for a chargeback.
    Logs,
    /// Rates and token histograms of measured clients, as `ServeGen` publishes them.
    Servegen,
    /// No file: an app that is made up.
    Synthetic,
}

/// How a trace writes its times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// Traces with relative times start here unless told otherwise: 2026-11-02, a Monday on which every
/// bundled figure and price is known.
const START_MICROS: i64 = 1_793_577_600_000_000;

impl TrafficSection {
    /// A trace file of the command line.
    pub fn of_file(kind: Kind) -> Self {
        let written = toml::Table::from_iter([("kind".to_owned(), kind.name().into())]);
        written
            .try_into()
            .expect("every key but `kind` may be left out")
    }

    /// The moment that relative times count from.
    pub fn start(&self) -> SimTime {
        let start = self.start.unwrap_or(Timestamp::from_micros(START_MICROS));
        SimTime::from_timestamp(start).unwrap_or_default()
    }

    /// How totals by the minute are read, or what is missing.
    pub fn minute_options(&self, default_app: &str, seed: Seed) -> Result<MinuteOptions, String> {
        let mean = |amount: &Option<AmountText>, name: &str| match amount {
            Some(AmountText(Amount::Constant(tokens))) => Ok(*tokens),
            _ => Err(format!(
                "totals by the minute need `{name}`: the tokens of a mean request, as a number"
            )),
        };
        Ok(MinuteOptions {
            start: self.start(),
            input: mean(&self.input, "input")?,
            output: mean(&self.output, "output")?,
            spread: self.spread(seed),
            app: self.caller(self.app_name(default_app)),
        })
    }

    /// How totals of metrics are read; without counted requests, those of a mean request count.
    pub fn metrics_options(&self, default_app: &str, seed: Seed) -> Result<MetricsOptions, String> {
        let tokens = |amount: &Option<AmountText>, name: &str| match amount {
            None => Ok(None),
            Some(AmountText(Amount::Constant(tokens))) => Ok(Some(*tokens)),
            Some(_) => Err(format!(
                "`{name}` of metrics is the tokens of a mean request, as a number"
            )),
        };
        let (input, output) = (
            tokens(&self.input, "input")?,
            tokens(&self.output, "output")?,
        );
        Ok(MetricsOptions {
            start: self.start(),
            mean: input.zip(output),
            spread: self.spread(seed),
            app: self.caller(self.app_name(default_app)),
        })
    }

    /// Where in their minute the requests of totals arrive.
    fn spread(&self, seed: Seed) -> Spread {
        match self.arrivals.as_deref() {
            Some("constant") => Spread::Even,
            _ => Spread::Uniform(seed),
        }
    }

    /// How the tables of `ServeGen` are drawn from: clients are apps `client-3`, or with `app` in
    /// place of `client`.
    pub fn servegen_options(&self, seed: Seed) -> ServeGenOptions {
        ServeGenOptions {
            start: self.start(),
            seed,
            prefix: self.app_name("client").to_owned(),
        }
    }

    /// Who sends requests for which a log names nobody; nameless if left out.
    pub fn nobody(&self) -> App {
        self.caller(&self.app)
    }

    /// The name of whoever sends requests for which the source names nobody.
    fn app_name<'n>(&'n self, default_app: &'n str) -> &'n str {
        if self.app.is_empty() {
            default_app
        } else {
            &self.app
        }
    }

    /// How its files are read; `default_app` sends what names nobody.
    pub fn trace_options(&self, default_app: &str) -> TraceOptions {
        let columns = self.columns.iter();
        let columns = columns.fold(Columns::default(), |columns, (field, name)| {
            columns.renamed(*field, name)
        });
        TraceOptions {
            columns,
            time: self.time.notation(),
            start: self.start(),
            reorder_within: self.reorder_within_s.unwrap_or_default(),
            app: self.caller(self.app_name(default_app)),
        }
    }
}

impl Kind {
    /// The word used in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Azure => "azure",
            Self::Mooncake => "mooncake",
            Self::Minutes => "minutes",
            Self::Metrics => "metrics",
            Self::Logs => "logs",
            Self::Servegen => "servegen",
            Self::Synthetic => "synthetic",
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
