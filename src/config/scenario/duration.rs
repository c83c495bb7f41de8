//! Spans of time in the configuration: the key says the unit, the value is a number.

use serde::de::{Deserializer, Error, Visitor};

use crate::time::SimDuration;

/// Microseconds of a second.
const SECOND: u64 = 1_000_000;
/// Microseconds of a millisecond.
const MILLISECOND: u64 = 1_000;
/// Longest span that makes sense: a year.
const LONGEST: u64 = 366 * 86_400 * SECOND;

/// Keys that end in `_s`.
pub(crate) mod seconds {
    use super::{Deserializer, SECOND, SimDuration, read};

    /// Reads a number of seconds.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SimDuration>, D::Error> {
        read(deserializer, SECOND).map(Some)
    }
}

/// Keys that end in `_ms`.
pub(crate) mod milliseconds {
    use super::{Deserializer, MILLISECOND, SimDuration, read};

    /// Reads a number of milliseconds.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SimDuration>, D::Error> {
        read(deserializer, MILLISECOND).map(Some)
    }
}

/// A span in seconds, as an element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub SimDuration);

impl<'de> serde::Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, SECOND).map(Self)
    }
}

fn read<'de, D: Deserializer<'de>>(deserializer: D, unit: u64) -> Result<SimDuration, D::Error> {
    deserializer.deserialize_any(Span { unit })
}

/// Reads a number of `unit` microseconds, rounded to whole ones.
struct Span {
    unit: u64,
}

impl Span {
    fn checked<E: Error>(micros: Option<u64>) -> Result<SimDuration, E> {
        micros
            .filter(|micros| *micros <= LONGEST)
            .map(SimDuration::from_micros)
            .ok_or_else(|| E::custom("the span is negative or longer than a year"))
    }
}

impl Visitor<'_> for Span {
    type Value = SimDuration;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a number such as 60 or 0.5")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<SimDuration, E> {
        let whole = u64::try_from(value).ok();
        Self::checked(whole.and_then(|value| value.checked_mul(self.unit)))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "the range is checked first, and a unit is far below 2^52"
    )]
    fn visit_f64<E: Error>(self, value: f64) -> Result<SimDuration, E> {
        let micros = (value * self.unit as f64).round();
        let fits = micros >= 0.0 && micros <= LONGEST as f64;
        Self::checked(fits.then_some(micros as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Table {
        #[serde(default, with = "seconds")]
        a_s: Option<SimDuration>,
        #[serde(default, with = "milliseconds")]
        b_ms: Option<SimDuration>,
    }

    #[test]
    fn whole_and_broken_numbers_are_spans() {
        let table: Table = toml::from_str("a_s = 0.25\nb_ms = 20").unwrap();
        assert_eq!(table.a_s, Some(SimDuration::from_millis(250)));
        assert_eq!(table.b_ms, Some(SimDuration::from_millis(20)));
        for text in ["a_s = -1", "a_s = 1e12", "a_s = nan", "a_s = \"1\""] {
            assert!(toml::from_str::<Table>(text).is_err(), "{text}");
        }
    }
}
