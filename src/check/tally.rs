//! What callers do by the hour, counted while requests are put together.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// What a series of requests is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Series {
    /// All requests.
    All,
    /// Those of one caller: the app, else the subscription, else the product.
    Caller(String),
    /// Those answered in one region.
    Region(String),
    /// Those answered by one backend.
    Backend(String),
}

/// Requests by the hour, of everything and of its parts.
#[derive(Clone, Debug, Default)]
pub struct Rhythm {
    /// Requests of each UTC day by its hours, of days with any.
    pub series: BTreeMap<Series, BTreeMap<NaiveDate, [u32; 24]>>,
}
