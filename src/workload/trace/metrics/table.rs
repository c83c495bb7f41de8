//! Totals by the minute in CSV.

use std::io::Read;

use super::points::{Points, Series};
use super::quantity::Quantity;
use crate::time::{SimDuration, SimTime};
use crate::workload::TrafficError;
use crate::workload::trace::cell::{Cell, whole, whole_number};
use crate::workload::trace::csv::Table;
use crate::workload::trace::fault;
use crate::workload::trace::instant::TimeNotation;

/// The columns of totals.
const TOTALS: [Quantity; 4] = [
    Quantity::Requests,
    Quantity::Input,
    Quantity::Cached,
    Quantity::Output,
];

/// Minutes from any start stay within simulated time.
const LAST_MINUTE: u64 = 150_000_000;

/// Where columns are.
struct Layout {
    /// `minute`, counted from the start.
    minute: Option<usize>,
    /// `time`, the start of the minute.
    time: Option<usize>,
    /// `deployment`, where there are several.
    deployment: Option<usize>,
    totals: Vec<(Quantity, usize)>,
}

/// Adds the totals of a CSV file with the columns `minute` or `time`, `input`, and, where known,
/// `requests`, `cached`, `output` and `deployment`.
pub(super) fn read(
    bytes: Box<dyn Read + Send>,
    name: &str,
    start: SimTime,
    points: &mut Points,
) -> Result<(), TrafficError> {
    let mut table = Table::new(bytes, name)?;
    let layout = Layout::of(&table.header, name)?;
    let grain = points.spans_of(SimDuration::MINUTE);
    grain.map_err(|message| TrafficError::new(format!("{name}: {message}")))?;
    while let Some((line, record)) = table.next(name)? {
        let cell = |place: usize| record.get(place).unwrap_or_default().trim_ascii();
        layout
            .add(cell, start, points)
            .map_err(|message| fault::row(name, line, &message))?;
    }
    Ok(())
}

impl Layout {
    fn of(header: &[String], name: &str) -> Result<Self, TrafficError> {
        let place = |name: &str| {
            let mut names = header.iter();
            names.position(|header| header.eq_ignore_ascii_case(name))
        };
        let totals = TOTALS.into_iter();
        let layout = Self {
            minute: place("minute"),
            time: place("time"),
            deployment: place("deployment"),
            totals: totals
                .filter_map(|quantity| Some((quantity, place(quantity.name())?)))
                .collect(),
        };
        let has_input = layout
            .totals
            .iter()
            .any(|(quantity, _)| *quantity == Quantity::Input);
        if has_input && layout.minute.or(layout.time).is_some() {
            return Ok(layout);
        }
        Err(TrafficError::new(format!(
            "{name}:1: the columns are {}; expected `minute` or `time`, `input`, and, where known, \
             `requests`, `cached`, `output` and `deployment`\nhint: rename the columns of the file, \
             or export the metrics as JSON",
            header.join(", ")
        )))
    }

    fn add<'c>(
        &self,
        cell: impl Fn(usize) -> &'c [u8],
        start: SimTime,
        points: &mut Points,
    ) -> Result<(), String> {
        let at = self.start(&cell, start)?;
        let deployment = self.deployment.map(&cell).unwrap_or_default();
        let deployment = String::from_utf8_lossy(deployment).into_owned();
        for (quantity, place) in &self.totals {
            let text = cell(*place);
            if text.is_empty() {
                continue;
            }
            let total = whole(Cell::Text(text)).ok_or_else(|| {
                let found = String::from_utf8_lossy(text);
                let column = quantity.name();
                format!("`{column}` is {found:?}; expected a whole number, not negative")
            })?;
            let series = Series {
                deployment: deployment.clone(),
                quantity: *quantity,
                metric: quantity.name().to_owned(),
                status: String::new(),
                others: String::new(),
            };
            points.add(&series, at, total)?;
        }
        Ok(())
    }

    /// When the row's minute starts.
    fn start<'c>(
        &self,
        cell: impl Fn(usize) -> &'c [u8],
        start: SimTime,
    ) -> Result<SimTime, String> {
        if let Some(minute) = self.minute.map(&cell) {
            let number = whole_number(minute).filter(|minute| *minute < LAST_MINUTE);
            let number = number.ok_or_else(|| {
                let found = String::from_utf8_lossy(minute);
                format!("`minute` is {found:?}; expected a whole number of minutes from the start")
            })?;
            return Ok(start.after(SimDuration::MINUTE.times(number)));
        }
        let time = self.time.map(&cell).unwrap_or_default();
        let read = TimeNotation::Written.read(Cell::Text(time), start).ok();
        let read = read.filter(|time| time.micros() % SimDuration::MINUTE.micros() == 0);
        read.ok_or_else(|| {
            let found = String::from_utf8_lossy(time);
            format!(
                "`time` is {found:?}; expected the start of a minute such as 2026-10-01T09:00:00Z"
            )
        })
    }
}
