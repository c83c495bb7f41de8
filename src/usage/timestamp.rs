//! Reads the times that logs write, always to UTC.
//!
//! Portals and `DateTime.ToString()` write dates in the reader's or the host's culture, so
//! `03/02/2026` is 2 March or 3 February. The order is fixed once per file ([`DateOrder`]), never
//! per row, and never guessed.

mod order;
mod zone;

pub(crate) use order::{DateEvidence, OrderFault};
pub use order::{DateOrder, Dates};
pub(crate) use zone::{Label, label_of};

use crate::time::Timestamp;
pub(crate) use crate::time::notation::TimeFault;
use crate::time::notation::{Digits, civil, epoch, micros_of_fraction, year_first};

const MICROS_PER_MINUTE: i64 = 60_000_000;

/// How the times of one file are read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// The order of day and month, once it is known.
    pub(crate) order: Option<DateOrder>,
    /// What to take off times without a zone of their own to get UTC [minute].
    pub(crate) offset_minutes: i32,
}

impl Clock {
    /// Reads a time in any notation known; fractions beyond microseconds are cut off.
    pub(crate) fn read(self, text: &str) -> Result<Timestamp, TimeFault> {
        let bytes = text.as_bytes();
        match bytes.iter().position(|byte| !byte.is_ascii_digit()) {
            None => number(text),
            Some(4) => self.year_first(bytes),
            Some(1 | 2) => self.culture(bytes),
            Some(9..) if bytes.contains(&b'.') => fractional_epoch(text),
            Some(_) => Err(TimeFault::Unknown),
        }
    }

    /// Reads seconds, milli-, micro- or nanoseconds since 1970, or .NET ticks, by magnitude.
    pub(crate) fn read_number(number: i64) -> Result<Timestamp, TimeFault> {
        epoch(number)
            .map(Timestamp::from_micros)
            .ok_or(TimeFault::Unknown)
    }

    fn year_first(self, bytes: &[u8]) -> Result<Timestamp, TimeFault> {
        let (date, time, zone) = year_first(bytes)?;
        Ok(self.utc(date, time, zone))
    }

    /// `2/25/2025, 9:19:25.391 AM`, `03/02/2026 09:00:01`, `25.02.2025 09:00`.
    fn culture(self, bytes: &[u8]) -> Result<Timestamp, TimeFault> {
        let mut digits = Digits::new(bytes);
        let date = digits.culture_date()?;
        let order = if date.separator == b'.' {
            DateOrder::DayFirst
        } else {
            self.order.ok_or(TimeFault::Unordered)?
        };
        let (month, day) = match order {
            DateOrder::MonthFirst => (date.first, date.second),
            DateOrder::DayFirst => (date.second, date.first),
        };
        let date = civil(date.year, month, day)?;
        let (time, zone) = digits.time_of_day()?;
        Ok(self.utc(date, time, zone))
    }

    fn utc(self, date: i64, time: i64, zone: Option<i32>) -> Timestamp {
        let minutes = i64::from(zone.unwrap_or(self.offset_minutes));
        Timestamp::from_micros(date + time - minutes * MICROS_PER_MINUTE)
    }
}

fn number(text: &str) -> Result<Timestamp, TimeFault> {
    let number = text.parse().map_err(|_| TimeFault::Unknown)?;
    Clock::read_number(number)
}

/// Epoch seconds with a fraction, as some loggers write them.
fn fractional_epoch(text: &str) -> Result<Timestamp, TimeFault> {
    let (whole, fraction) = text.split_once('.').ok_or(TimeFault::Unknown)?;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TimeFault::Unknown);
    }
    let whole: i64 = whole.parse().map_err(|_| TimeFault::Unknown)?;
    let seconds = epoch(whole).filter(|micros| *micros == whole.saturating_mul(1_000_000));
    let micros = micros_of_fraction(fraction.as_bytes());
    seconds
        .map(|seconds| Timestamp::from_micros(seconds + micros))
        .ok_or(TimeFault::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> String {
        let clock = Clock {
            order,
            offset_minutes: 0,
        };
        clock
            .read(text)
            .map_or_else(|fault| format!("{fault:?}"), |time| time.to_string())
    }

    #[test]
    fn notations_that_need_no_order() {
        for (text, expected) in [
            (
                "2026-02-28T23:59:58.1234567Z",
                "2026-02-28T23:59:58.123456Z",
            ),
            ("2026-02-28T23:59:58Z", "2026-02-28T23:59:58.000000Z"),
            ("2026-02-28 23:59:58.5", "2026-02-28T23:59:58.500000Z"),
            ("2026-02-28T23:59:58.5+01:00", "2026-02-28T22:59:58.500000Z"),
            ("2026-02-28T23:59:58-0530", "2026-03-01T05:29:58.000000Z"),
            ("2026-02-28T23:59", "2026-02-28T23:59:00.000000Z"),
            ("2026-02-28", "2026-02-28T00:00:00.000000Z"),
            ("2026/02/28 07:08:09", "2026-02-28T07:08:09.000000Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"),
            ("28.02.2026 07:08:09", "2026-02-28T07:08:09.000000Z"),
            ("1733481140", "2024-12-06T10:32:20.000000Z"),
            ("1733481140.25", "2024-12-06T10:32:20.250000Z"),
            ("1733481140250", "2024-12-06T10:32:20.250000Z"),
            ("1733481140250001", "2024-12-06T10:32:20.250001Z"),
            ("1733481140250001999", "2024-12-06T10:32:20.250001Z"),
            ("638690779402500019", "2024-12-06T10:32:20.250001Z"),
        ] {
            assert_eq!(read(text, None), expected, "{text}");
        }
    }

    #[test]
    fn notations_that_need_an_order() {
        use DateOrder::{DayFirst, MonthFirst};
        for (text, order, expected) in [
            (
                "2/25/2025, 9:19:25.391 AM",
                MonthFirst,
                "2025-02-25T09:19:25.391000Z",
            ),
            (
                "2/25/2025, 12:19:25.391 AM",
                MonthFirst,
                "2025-02-25T00:19:25.391000Z",
            ),
            (
                "2/25/2025, 12:19:25.391 PM",
                MonthFirst,
                "2025-02-25T12:19:25.391000Z",
            ),
            (
                "12/08/2024 5:43:59 PM",
                MonthFirst,
                "2024-12-08T17:43:59.000000Z",
            ),
            (
                "12/08/2024 5:43:59\u{202f}PM",
                MonthFirst,
                "2024-12-08T17:43:59.000000Z",
            ),
            (
                "12/08/2024 5:43:59 PM",
                DayFirst,
                "2024-08-12T17:43:59.000000Z",
            ),
            (
                "03/02/2026 09:00:01",
                DayFirst,
                "2026-02-03T09:00:01.000000Z",
            ),
            ("25/02/2025 09:00", DayFirst, "2025-02-25T09:00:00.000000Z"),
            ("25-02-2025 09:00", DayFirst, "2025-02-25T09:00:00.000000Z"),
            ("25/02/2025", DayFirst, "2025-02-25T00:00:00.000000Z"),
            ("25/02/2025, 9:00:00", MonthFirst, "OutOfRange"),
            ("2/25/2025, 13:00:00 PM", MonthFirst, "OutOfRange"),
            ("2/25/2025, 0:00:00 AM", MonthFirst, "OutOfRange"),
        ] {
            assert_eq!(read(text, Some(order)), expected, "{text} {order:?}");
        }
        assert_eq!(read("2/25/2025, 9:19:25.391 AM", None), "Unordered");
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, fault) in [
            ("", "Unknown"),
            ("yesterday", "Unknown"),
            ("2026-02-28T", "Unknown"),
            ("2026-02-28T23:59:58.", "Unknown"),
            ("2026-02-28T23:59:58.12345678901Z", "Unknown"),
            ("2026-02-28T23:59:58Zulu", "Unknown"),
            ("2026-02-28T23:59:58+25:00", "OutOfRange"),
            ("2026-02-29T00:00:00Z", "OutOfRange"),
            ("2026-02-28T24:00:00Z", "OutOfRange"),
            ("0001-01-01T00:00:00Z", "OutOfRange"),
            ("20260228", "Unknown"),
            ("1", "Unknown"),
            ("-1733481140", "Unknown"),
            ("99999999999999999999", "Unknown"),
            ("2026\u{2011}02\u{2011}28", "Unknown"),
        ] {
            assert_eq!(read(text, None), fault, "{text}");
        }
    }

    #[test]
    fn a_zone_label_moves_only_times_without_their_own() {
        let clock = Clock {
            order: None,
            offset_minutes: 60,
        };
        let hour = |text| clock.read(text).unwrap().to_string()[11..13].to_owned();
        assert_eq!(hour("2026-02-28 07:00:00"), "06");
        assert_eq!(hour("2026-02-28T07:00:00Z"), "07");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}", order in 0_u8..3) {
            let order = [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)][usize::from(order)];
            let _ = Clock { order, offset_minutes: 90 }.read(&text);
        }

        #[test]
        fn iso_times_are_read_as_written(micros in 0_i64..4_102_444_800_000_000) {
            let time = Timestamp::from_micros(micros);
            proptest::prop_assert_eq!(Clock::default().read(&time.to_string()), Ok(time));
        }
    }
}
