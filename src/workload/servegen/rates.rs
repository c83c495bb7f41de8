//! The rates of each client.

use std::collections::BTreeMap;

use super::Input;
use super::client::Window;
use super::table::Cells;
use crate::time::{SimDuration, SimTime};
use crate::workload::TrafficError;
use crate::workload::arrivals::{Arrivals, Gaps};

/// The length of a window of rates.
pub(super) const WINDOW: SimDuration = SimDuration::from_seconds(600);

/// Seconds after which a table ends: 30 years.
pub(super) const LAST_SECOND: u64 = 946_080_000;

const COLUMNS: [&str; 5] = ["client", "window_start_s", "rate_per_s", "family", "p1"];
const CLIENT: usize = 0;
const START: usize = 1;
const RATE: usize = 2;
const FAMILY: usize = 3;
const SHAPE: usize = 4;

/// Reads the windows of every client, in order.
pub(super) fn read(
    input: Input<'_>,
    start: SimTime,
) -> Result<BTreeMap<u32, Vec<Window>>, TrafficError> {
    let mut clients: BTreeMap<u32, BTreeMap<SimTime, Window>> = BTreeMap::new();
    let mut cells = Cells::new(input, COLUMNS)?;
    while let Some(row) = cells.next()? {
        let client = row.value(CLIENT, "the number of a client", |_: &u32| true)?;
        let window = WINDOW.micros() / 1_000_000;
        let second = row.value(START, "a multiple of 600 seconds", |second: &u64| {
            second.is_multiple_of(window) && *second < LAST_SECOND
        })?;
        let expected = "a rate above 0 and up to 1000000 requests a second";
        let rate: f64 = row.value(RATE, expected, |rate| *rate > 0.0 && *rate <= 1e6)?;
        let shape: f64 = row.value(SHAPE, "a shape above 0", |shape| *shape > 0.0)?;
        let arrivals = match row.text(FAMILY) {
            "Gamma" => Arrivals::Gamma {
                cv: 1.0 / shape.sqrt(),
            },
            "Weibull" => Arrivals::Weibull { shape },
            _ => return Err(row.refused(FAMILY, "Gamma or Weibull")),
        };
        let gaps = Gaps::of(arrivals).map_err(|problem| row.refused(SHAPE, &problem))?;
        let window = Window {
            start: start.after(SimDuration::from_seconds(second)),
            gap: 1e6 / rate,
            gaps,
        };
        let windows = clients.entry(client).or_default();
        if windows.insert(window.start, window).is_some() {
            return Err(row.refused(START, "one row for each client and window"));
        }
    }
    let sorted = clients.into_iter();
    Ok(sorted
        .map(|(client, windows)| (client, windows.into_values().collect()))
        .collect())
}
