//! Moments in the configuration: a day (its first minute, UTC), or an RFC 3339 time.

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Deserializer, de::Error};

use crate::time::Timestamp;

/// Reads a moment; seconds are refused, because provisioned throughput is paid by the minute.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| {
        D::Error::custom(format!(
            "{text:?} is not a day or a whole minute; expected \"2026-10-01\" or \
             \"2026-10-01T08:30:00Z\""
        ))
    })
}

/// The same for keys that may be left out.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    deserialize(deserializer).map(Some)
}

/// The moment that a text names.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(Timestamp::start_of(day));
    }
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    let micros = time.timestamp_micros();
    (micros % 60_000_000 == 0).then(|| Timestamp::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_whole_minutes_are_moments() {
        let midnight = parse("2026-10-12").unwrap();
        assert_eq!(parse("2026-10-12T02:00:00+02:00"), Some(midnight));
        for text in ["2026-10-12T08:00:30Z", "2026-13-01", "2026-10-12T08:00"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
