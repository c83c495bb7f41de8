//! Weekdays and weekend days, whose use is compared among themselves.

use chrono::{Datelike, NaiveDate, Weekday};

/// Whether a UTC day is a Saturday or a Sunday.
pub(super) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
