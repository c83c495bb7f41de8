//! Looks at every request once its rows are together.

use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::names::{Hostility, hostility};
use super::rules::{privacy, records};
use super::sightings::Sightings;
use crate::time::{BillingPeriod, Timestamp};
use crate::usage::assembly::Spots;
use crate::usage::{Dimensions, Disposition, Quality, UsageRecord};

/// What requests are held against.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// The first moment that is in the future.
    pub(super) future: Timestamp,
    /// The period that was asked for.
    pub(super) asked: Option<BillingPeriod>,
    /// Most time between the rows of a request, by source [µs].
    pub(super) apart: Vec<u64>,
}

/// What one thread saw of its requests.
#[derive(Debug)]
pub(super) struct RequestChecks<'a> {
    bounds: &'a Bounds,
    seen: Sightings,
    /// Where the requests of each day are: by source and day number.
    days: HashMap<(u32, i32), Spots, FixedState>,
    /// What is wrong with the names of callers, by the address of their texts.
    names: HashMap<usize, Vec<Hostility>, FixedState>,
    /// Holds the texts whose addresses are keys.
    holders: Vec<Arc<Dimensions>>,
}

/// Where requests are, by source and day.
pub(super) type DayOrigins = std::collections::BTreeMap<(NaiveDate, u32), Spots>;

impl<'a> RequestChecks<'a> {
    /// No requests yet.
    pub(super) fn new(bounds: &'a Bounds) -> Self {
        Self {
            bounds,
            seen: Sightings::default(),
            days: HashMap::default(),
            names: HashMap::default(),
            holders: Vec::new(),
        }
    }

    /// Looks at one request.
    pub(super) fn see(&mut self, record: &UsageRecord<'_>) {
        let origin = record.origin;
        let day = (origin.source, record.time.day_number());
        self.days.entry(day).or_default().add(origin.line);
        self.time(record);
        self.tokens(record);
        self.names(record);
    }

    fn time(&mut self, record: &UsageRecord<'_>) {
        let (bounds, origin, field) = (self.bounds, record.origin, "time");
        let shown = || record.time.to_string();
        if record.time >= bounds.future {
            self.seen.add(&records::FUTURE, origin, field, shown);
        } else if bounds
            .asked
            .is_some_and(|period| !period.contains(record.time))
        {
            self.seen.add(&records::OUTSIDE, origin, field, shown);
        }
        if record.apart > bounds.apart[origin.source as usize] {
            let minutes = record.apart / 60_000_000;
            let apart = || format!("{minutes} minutes apart");
            self.seen.add(&records::SKEW, origin, field, apart);
        }
    }

    fn tokens(&mut self, record: &UsageRecord<'_>) {
        let origin = record.origin;
        if record.disposition == Disposition::Error && !record.tokens.is_zero() {
            let status = record.status.unwrap_or_default();
            let seen = &mut self.seen;
            seen.add(&records::ON_ERROR, origin, "status", || status.to_string());
        }
        if record.quality == Quality::Defaulted {
            let seen = &mut self.seen;
            seen.add(&records::PLACEHOLDER, origin, "input tokens", String::new);
        } else if record.disposition == Disposition::WithoutTokens {
            let seen = &mut self.seen;
            seen.add(
                &records::WITHOUT_TOKENS,
                origin,
                "input tokens",
                String::new,
            );
        }
    }

    fn names(&mut self, record: &UsageRecord<'_>) {
        let address = Arc::as_ptr(record.dimensions).addr();
        let holders = &mut self.holders;
        let wrong = self.names.entry(address).or_insert_with(|| {
            holders.push(Arc::clone(record.dimensions));
            hostility(record.dimensions)
        });
        for hostility in wrong {
            let (rule, field) = match hostility {
                Hostility::Formula(field) => (&privacy::FORMULA, *field),
                Hostility::Hidden(field) => (&privacy::HIDDEN, *field),
            };
            self.seen.add(rule, record.origin, field, String::new);
        }
    }

    /// What was seen, and where the requests of each day are.
    pub(super) fn into_seen(self) -> (Sightings, DayOrigins) {
        let days = self.days.into_iter().filter_map(|((source, day), spots)| {
            let day = crate::time::day_from_number(day)?;
            Some(((day, source), spots))
        });
        (self.seen, days.collect())
    }
}

/// Takes over where another thread saw requests.
pub(super) fn merge_days(all: &mut DayOrigins, other: DayOrigins) {
    for (key, spots) in other {
        all.entry(key).or_default().merge(&spots);
    }
}

/// The sightings of requests of `days`, as breaks of [`records::STRAY`].
pub(super) fn strays(origins: &DayOrigins, is_stray: impl Fn(NaiveDate) -> bool) -> Sightings {
    let mut seen = Sightings::default();
    for ((day, source), spots) in origins.iter().filter(|((day, _), _)| is_stray(*day)) {
        seen.add_all(&records::STRAY, (*source, spots), "time", &day.to_string());
    }
    seen
}
