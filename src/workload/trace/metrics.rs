//! Totals of Azure Monitor, or a table of totals, turned into requests.
//!
//! Read are answers of the metrics API, records of diagnostic settings (one JSON object a line, or
//! an array of them), and CSV with columns of totals. Every deployment is an app: metrics know no
//! other caller. The requests of a span are spread over it, each with an equal part of the span's
//! tokens, so sums are those of the files, while what happens within the span is made up.

mod document;
mod points;
mod quantity;
mod replay;
mod table;
mod totals;

#[cfg(test)]
mod tests;

use std::io::{BufRead, BufReader, Read};

pub use self::replay::MeteredTraffic;
pub use self::totals::{Counted, Told};

use super::spread::Spread;
use super::{Bytes, fault, opened};
use crate::time::{SimDuration, SimTime};
use crate::workload::TrafficError;
use crate::workload::app::App;
use points::Points;
use totals::{MeteredApp, Reckoning};

/// What metrics do not tell.
#[derive(Clone, Debug)]
pub struct MetricsOptions {
    /// Where minute 0 lies, for tables that number their minutes.
    pub start: SimTime,
    /// Prompt and answer tokens of a mean request [token], for metrics that count no requests.
    pub mean: Option<(u32, u32)>,
    /// Where in its span a request arrives.
    pub spread: Spread,
    /// Who sends what names no deployment.
    pub app: App,
}

/// Totals that were read and add up.
#[derive(Clone, Debug)]
pub struct Metrics {
    apps: Vec<MeteredApp>,
    grain: SimDuration,
    told: Told,
    options: MetricsOptions,
}

impl Metrics {
    /// The requests that the totals are made into.
    pub fn traffic(&self) -> MeteredTraffic {
        replay::of(&self.apps, self.grain, &self.options)
    }

    /// What there is to say about the totals.
    pub const fn told(&self) -> &Told {
        &self.told
    }

    /// How long the spans of the totals are.
    pub const fn grain(&self) -> SimDuration {
        self.grain
    }
}

/// Reads all files as one set of totals.
pub(super) fn read(
    files: impl IntoIterator<Item = (Bytes, String)>,
    options: MetricsOptions,
) -> Result<Metrics, TrafficError> {
    let mut points = Points::default();
    let mut names = Vec::new();
    for (bytes, name) in files {
        read_file(bytes, &name, options.start, &mut points)?;
        names.push(name);
    }
    let names = names.join(", ");
    let grain = points.grain().unwrap_or(SimDuration::MINUTE);
    let Reckoning { apps, told } = totals::reckon(&points, options.mean, &names)?;
    Ok(Metrics {
        apps,
        grain,
        told,
        options,
    })
}

/// Adds the totals of one file.
fn read_file(
    bytes: Bytes,
    name: &str,
    start: SimTime,
    points: &mut Points,
) -> Result<(), TrafficError> {
    let unreadable = |error| fault::unreadable(name, &error);
    let mut bytes = BufReader::new(opened(bytes, name)?);
    let first = loop {
        let ahead = bytes.fill_buf().map_err(unreadable)?;
        match ahead.iter().position(|byte| !byte.is_ascii_whitespace()) {
            Some(at) => break Some(ahead[at]),
            None if ahead.is_empty() => break None,
            None => {
                let blanks = ahead.len();
                bytes.consume(blanks);
            }
        }
    };
    let bytes: Box<dyn Read + Send> = Box::new(bytes);
    match first {
        Some(b'{' | b'[') => document::read(bytes, name, points),
        _ => table::read(bytes, name, start, points),
    }
}
