//! Spans of time as they are written in files.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::time::SimDuration;

/// A span written as a number of seconds, whole or not; rounded to the nearest microsecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(SimDuration);

/// Spans above this are mistakes [s]: more than thirty years.
const LONGEST: u32 = 1_000_000_000;

impl Seconds {
    /// The span.
    pub const fn span(self) -> SimDuration {
        self.0
    }
}

impl From<SimDuration> for Seconds {
    fn from(span: SimDuration) -> Self {
        Self(span)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecondsVisitor)
    }
}

struct SecondsVisitor;

impl Visitor<'_> for SecondsVisitor {
    type Value = Seconds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number of seconds from 0 to {LONGEST}")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Seconds, E> {
        if seconds > LONGEST.into() {
            return Err(E::custom(refusal(seconds)));
        }
        Ok(Seconds(SimDuration::from_seconds(seconds)))
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Seconds, E> {
        let positive = u64::try_from(seconds).map_err(|_| E::custom(refusal(seconds)))?;
        self.visit_u64(positive)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie between 0 and 10^15"
    )]
    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Seconds, E> {
        if !(0.0..=f64::from(LONGEST)).contains(&seconds) {
            return Err(E::custom(refusal(seconds)));
        }
        Ok(Seconds(SimDuration::from_micros(
            (seconds * 1e6).round() as u64
        )))
    }
}

fn refusal(seconds: impl fmt::Display) -> String {
    format!("{seconds} is no span of time; expected a number of seconds from 0 to {LONGEST}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct File {
        wait_s: Seconds,
    }

    #[test]
    fn seconds_may_be_whole_or_not() {
        for (text, micros) in [("1", 1_000_000), ("0.05", 50_000), ("0", 0)] {
            let file: File = toml::from_str(&format!("wait_s = {text}")).unwrap();
            assert_eq!(file.wait_s.span(), SimDuration::from_micros(micros));
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in ["-1", "-0.5", "nan", "inf", "1e10", "10000000000", "\"1\""] {
            let read = toml::from_str::<File>(&format!("wait_s = {text}"));
            let message = read.err().unwrap().to_string();
            assert!(message.contains("a number of seconds from 0"), "{message}");
        }
    }
}
