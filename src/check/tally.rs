//! What callers do by the hour, counted while requests are put together.
//!
//! Every thread counts by the address of the [`Dimensions`] that records share, as totals do: one
//! look-up says which caller, region and backend they mean, a second finds their day. Memory is
//! bounded by the different dimensions and by callers × backends × days.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::chargeback::owners::is_anonymous;
use crate::time::day_from_number;
use crate::usage::{Dimensions, Quality, UsageRecord};

/// What a series of requests is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Series {
    /// All requests.
    All,
    /// Those of one caller: the app, else the subscription, else the product; empty where none has
    /// a name.
    Caller(String),
    /// Those answered in one region.
    Region(String),
    /// Those answered by one backend.
    Backend(String),
}

/// Requests of a day by its UTC hours; they stop at 2³² − 1.
pub type Hours = [u32; 24];

/// Requests by the hour, of everything and of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rhythm {
    /// Requests of each UTC day by its hours, of days with any.
    pub series: BTreeMap<Series, BTreeMap<NaiveDate, Hours>>,
    /// Requests of each UTC day that are priced by their nature, by how far their counts can be
    /// trusted; of days with any.
    pub qualities: BTreeMap<NaiveDate, BTreeMap<Quality, u64>>,
}

/// Counts records, in one thread or in several whose tallies are merged.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The place in `parties` of shared dimensions, by their address, which says what they are as
    /// long as they are kept here.
    known: HashMap<usize, (u32, Arc<Dimensions>), RandomState>,
    parties: Vec<Party>,
    places: BTreeMap<Party, u32>,
    counts: HashMap<(u32, i32), Counts, RandomState>,
}

/// Who asked, and where it was answered; empty where no row tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Party {
    caller: String,
    region: String,
    backend: String,
}

/// What is counted of one party on one day.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    hours: Hours,
    qualities: [u64; QUALITIES.len()],
}

const QUALITIES: [Quality; 5] = [
    Quality::Exact,
    Quality::Aggregated,
    Quality::Estimated,
    Quality::Defaulted,
    Quality::Missing,
];

/// The days from 2000 up to 2100, as numbers: times outside are faults of clocks or of reading, and
/// would stretch every series.
const BELIEVABLE: std::ops::Range<i32> = 10_957..47_482;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

impl Tally {
    /// Adds one record.
    pub fn add(&mut self, record: &UsageRecord<'_>) {
        let day = record.time.day_number();
        if !BELIEVABLE.contains(&day) {
            return;
        }
        let party = self.party(record.dimensions);
        let hour = record
            .time
            .micros()
            .div_euclid(MICROS_PER_HOUR)
            .rem_euclid(24);
        let hour = usize::try_from(hour).expect("a remainder by 24 is no less than 0");
        let requests = record.requests.get();
        let counts = self.counts.entry((party, day)).or_default();
        counts.add_requests(hour, u32::try_from(requests).unwrap_or(u32::MAX));
        if record.disposition.is_priced() {
            counts.qualities[record.quality as usize] += requests;
        }
    }

    fn party(&mut self, dimensions: &Arc<Dimensions>) -> u32 {
        let address = Arc::as_ptr(dimensions).addr();
        if let Some((place, _)) = self.known.get(&address) {
            return *place;
        }
        let place = self.place(Party::of(dimensions));
        self.known.insert(address, (place, Arc::clone(dimensions)));
        place
    }

    fn place(&mut self, party: Party) -> u32 {
        if let Some(place) = self.places.get(&party) {
            return *place;
        }
        let next = u32::try_from(self.parties.len()).expect("2^32 parties exceed any memory");
        self.parties.push(party.clone());
        self.places.insert(party, next);
        next
    }

    /// Takes over what another thread counted.
    pub fn merge(&mut self, other: Self) {
        let places: Vec<u32> = other
            .parties
            .into_iter()
            .map(|party| self.place(party))
            .collect();
        for ((party, day), counts) in other.counts {
            let sum = self.counts.entry((places[party as usize], day));
            sum.or_default().add(&counts);
        }
    }

    /// What was counted, by series.
    pub fn into_rhythm(self) -> Rhythm {
        let mut rhythm = Rhythm::default();
        for ((party, day), counts) in &self.counts {
            let day = day_from_number(*day).expect("days from 2000 to 2100 are on the calendar");
            for series in self.parties[*party as usize].series() {
                let days = rhythm.series.entry(series).or_default();
                add_hours(days.entry(day).or_default(), &counts.hours);
            }
            for (quality, count) in QUALITIES.into_iter().zip(counts.qualities) {
                if count > 0 {
                    let day = rhythm.qualities.entry(day).or_default();
                    *day.entry(quality).or_default() += count;
                }
            }
        }
        rhythm
    }
}

impl Party {
    fn of(dimensions: &Dimensions) -> Self {
        Self {
            caller: caller(dimensions).to_owned(),
            region: dimensions.region.clone(),
            backend: dimensions.backend.clone(),
        }
    }

    /// The series its requests belong to.
    fn series(&self) -> impl Iterator<Item = Series> {
        let told = |text: &String| (!text.is_empty()).then(|| text.clone());
        [
            Some(Series::All),
            Some(Series::Caller(self.caller.clone())),
            told(&self.region).map(Series::Region),
            told(&self.backend).map(Series::Backend),
        ]
        .into_iter()
        .flatten()
    }
}

impl Counts {
    fn add_requests(&mut self, hour: usize, requests: u32) {
        self.hours[hour] = self.hours[hour].saturating_add(requests);
    }

    fn add(&mut self, other: &Self) {
        add_hours(&mut self.hours, &other.hours);
        for (sum, count) in self.qualities.iter_mut().zip(other.qualities) {
            *sum += count;
        }
    }
}

fn add_hours(sum: &mut Hours, other: &Hours) {
    for (sum, requests) in sum.iter_mut().zip(other) {
        *sum = sum.saturating_add(*requests);
    }
}

/// The name a caller goes by: its app, else its subscription, else its product; empty when gateways
/// know none.
pub fn caller(dimensions: &Dimensions) -> &str {
    [
        &dimensions.app,
        &dimensions.subscription,
        &dimensions.product,
    ]
    .into_iter()
    .find(|text| !is_anonymous(text))
    .map_or("", String::as_str)
}

#[cfg(test)]
mod tests;
