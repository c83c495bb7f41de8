//! Metrics in JSON: answers of the metrics API, and records of diagnostic settings.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Deserialize;

use super::points::{Points, Series};
use super::quantity::Names;
use crate::time::{SimDuration, SimTime};
use crate::workload::TrafficError;
use crate::workload::trace::cell::Cell;
use crate::workload::trace::instant::TimeNotation;

/// One value of the file, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Many(Vec<Document>),
    One(Document),
}

/// An answer of the API, a record, or an envelope of records: what is not there is empty.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Document {
    /// API: how long the spans are.
    interval: String,
    /// API: the metrics.
    value: Vec<Metric>,
    /// Envelope: the records.
    records: Vec<Self>,
    /// Record: its metric.
    metric_name: String,
    /// Record: how long its span is.
    time_grain: String,
    /// Record: when its span starts.
    time: String,
    /// Record: the resource.
    resource_id: String,
    /// Record: its total.
    total: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metric {
    name: Text,
    timeseries: Vec<Timeseries>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Text {
    value: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Timeseries {
    metadatavalues: Vec<Dimension>,
    data: Vec<Total>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dimension {
    name: Text,
    value: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Total {
    time_stamp: String,
    total: Option<f64>,
}

/// Adds the totals of a JSON file.
pub(super) fn read(
    bytes: Box<dyn Read + Send>,
    name: &str,
    points: &mut Points,
) -> Result<(), TrafficError> {
    let names = Names::bundled();
    let values = serde_json::Deserializer::from_reader(bytes).into_iter::<Values>();
    for values in values {
        let values = values.map_err(|error| {
            TrafficError::new(format!(
                "{name}: no metrics in JSON: {error}; expected an answer of the metrics API or \
                 records of a diagnostic setting\nhint: fetch the file again"
            ))
        })?;
        let documents = match values {
            Values::Many(documents) => documents,
            Values::One(document) => vec![document],
        };
        for document in &documents {
            document
                .add(&names, points)
                .map_err(|message| TrafficError::new(format!("{name}: {message}")))?;
        }
    }
    Ok(())
}

impl Document {
    fn add(&self, names: &Names, points: &mut Points) -> Result<(), String> {
        for record in &self.records {
            record.add(names, points)?;
        }
        if !self.metric_name.is_empty() {
            self.add_record(names, points)?;
        }
        for metric in &self.value {
            let Some(quantity) = names.quantity(&metric.name.value) else {
                continue;
            };
            points.spans_of(grain(&self.interval, "interval")?)?;
            for timeseries in &metric.timeseries {
                let series = timeseries.series(&metric.name.value, quantity);
                for point in &timeseries.data {
                    // No total is no data, which is not 0.
                    let Some(total) = point.total else { continue };
                    add(points, &series, &point.time_stamp, total)?;
                }
            }
        }
        Ok(())
    }

    /// Adds one record; its dimensions were dropped on export.
    fn add_record(&self, names: &Names, points: &mut Points) -> Result<(), String> {
        let (Some(quantity), Some(total)) = (names.quantity(&self.metric_name), self.total) else {
            return Ok(());
        };
        points.spans_of(grain(&self.time_grain, "timeGrain")?)?;
        let resource = self.resource_id.rsplit('/').next().unwrap_or_default();
        let series = Series {
            deployment: resource.to_lowercase(),
            quantity,
            metric: self.metric_name.clone(),
            status: String::new(),
            others: self.resource_id.to_lowercase(),
        };
        add(points, &series, &self.time, total)
    }
}

impl Timeseries {
    fn series(&self, metric: &str, quantity: super::quantity::Quantity) -> Series {
        let named = self.metadatavalues.iter();
        let mut dimensions: BTreeMap<String, &str> = named
            .map(|dimension| {
                let name = dimension.name.value.to_lowercase();
                (name, dimension.value.as_str())
            })
            .collect();
        let mut taken = |name: &str| dimensions.remove(name).unwrap_or_default().to_owned();
        let (deployment, status) = (taken("modeldeploymentname"), taken("statuscode"));
        Series {
            deployment,
            quantity,
            metric: metric.to_owned(),
            status,
            others: format!("{dimensions:?}"),
        }
    }
}

fn add(points: &mut Points, series: &Series, time: &str, total: f64) -> Result<(), String> {
    let at = TimeNotation::Written.read(Cell::Text(time.as_bytes()), SimTime::default());
    let at = at.map_err(|_| {
        format!(
            "the time of a total of {} is {time:?}; expected a time such as 2026-10-01T09:00:00Z",
            series.metric
        )
    })?;
    let whole = whole(total).ok_or_else(|| {
        format!(
            "{} is {total} at {time}; expected a whole number, not negative",
            series.metric
        )
    })?;
    points
        .add(series, at, whole)
        .map_err(|message| format!("{message} at {time}"))
}

/// Above this a float is no whole count any more.
const MOST: f64 = 9_007_199_254_740_992.0;

/// A total as a count.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 0 to 2^53"
)]
fn whole(total: f64) -> Option<u64> {
    let is_count = (0.0..=MOST).contains(&total) && total.fract() == 0.0;
    is_count.then_some(total as u64)
}

/// How long spans are: `PT1M`, `PT1H`, `P1D` and the like.
fn grain(text: &str, field: &str) -> Result<SimDuration, String> {
    let parts = text.strip_prefix("PT").or_else(|| text.strip_prefix('P'));
    let seconds = parts.and_then(|rest| {
        let unit = match (text.starts_with("PT"), rest.chars().last()?) {
            (true, 'M') => 60,
            (true, 'H') => 3_600,
            (false, 'D') => 86_400,
            _ => return None,
        };
        let count: u64 = rest[..rest.len() - 1].parse().ok()?;
        (1..=1_440).contains(&count).then(|| count * unit)
    });
    let seconds = seconds.ok_or_else(|| {
        format!("`{field}` is {text:?}; expected the length of spans, as in PT1M")
    })?;
    Ok(SimDuration::from_seconds(seconds))
}
