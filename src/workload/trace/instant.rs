//! How a trace writes its times.

use super::cell::{Cell, Decimal};
use super::columns::Field;
use super::fault::Fault;
use crate::time::notation::year_first;
use crate::time::{SimTime, Timestamp};
use crate::workload::END_OF_TIME;

/// How the times of a trace are written. Fractions beyond a microsecond are cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeNotation {
    /// `2023-11-16 18:15:46.6805900`, with `T` or a blank, with or without fraction (up to nine
    /// digits) and zone; without zone it is UTC.
    #[default]
    Written,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// Microseconds since 1970.
    EpochMicroseconds,
    /// Seconds from the start of the trace.
    Seconds,
    /// Milliseconds from the start of the trace.
    Milliseconds,
}

const MICROS_PER_MINUTE: i64 = 60_000_000;

impl TimeNotation {
    /// The point that `cell` names; relative times count from `start`.
    pub(super) fn read(self, cell: Cell<'_>, start: SimTime) -> Result<SimTime, Fault> {
        let micros = match cell {
            Cell::Micros(micros) => u64::try_from(micros).ok(),
            Cell::Text(text) if self == Self::Written => written(text),
            Cell::Text(text) => Decimal::read(text).and_then(|number| self.place(number, start)),
            Cell::Whole(number) => {
                return self.read(Cell::Text(number.to_string().as_bytes()), start);
            }
        };
        micros
            .filter(|micros| *micros < END_OF_TIME)
            .map(SimTime::from_micros)
            .ok_or_else(|| self.refused(cell))
    }

    /// The point [µs since 1970] that a number names.
    fn place(self, number: Decimal<'_>, start: SimTime) -> Option<u64> {
        match self {
            Self::Written => None,
            Self::EpochSeconds => number.scaled(6),
            Self::EpochMilliseconds => number.scaled(3),
            Self::EpochMicroseconds => number.scaled(0),
            Self::Seconds => start.micros().checked_add(number.scaled(6)?),
            Self::Milliseconds => start.micros().checked_add(number.scaled(3)?),
        }
    }

    fn refused(self, cell: Cell<'_>) -> Fault {
        let number: String;
        let found = match cell {
            Cell::Text(text) => text,
            Cell::Whole(value) | Cell::Micros(value) => {
                number = value.to_string();
                number.as_bytes()
            }
        };
        Fault::cell(Field::Time, found, self.expected())
    }

    /// What a time must look like.
    const fn expected(self) -> &'static str {
        match self {
            Self::Written => {
                "a time such as 2026-10-01T09:00:00.5Z between 1970 and 2261 (state the unit of \
                 `time` where it is a number)"
            }
            Self::EpochSeconds => "seconds since 1970, not negative, before 2262",
            Self::EpochMilliseconds => "milliseconds since 1970, not negative, before 2262",
            Self::EpochMicroseconds => "microseconds since 1970, not negative, before 2262",
            Self::Seconds => "seconds from the start, not negative, before 2262",
            Self::Milliseconds => "milliseconds from the start, not negative, before 2262",
        }
    }
}

/// The point [µs since 1970] that a text names.
fn written(text: &[u8]) -> Option<u64> {
    let (day, time, zone) = year_first(text).ok()?;
    let offset = i64::from(zone.unwrap_or(0)) * MICROS_PER_MINUTE;
    SimTime::from_timestamp(Timestamp::from_micros(day + time - offset)).map(SimTime::micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(notation: TimeNotation, text: &str) -> Option<u64> {
        let start = SimTime::from_micros(10);
        let time = notation.read(Cell::Text(text.as_bytes()), start);
        time.ok().map(SimTime::micros)
    }

    #[test]
    fn the_notations_of_the_azure_traces_name_one_point() {
        const HALF_PAST: u64 = 1_700_158_546_500_000;
        for text in [
            "2023-11-16 18:15:46.5",
            "2023-11-16 18:15:46.5000009",
            "2023-11-16T18:15:46.500000999Z",
            "2023-11-16 18:15:46.5+00:00",
            "2023-11-16T19:15:46.5+01:00",
        ] {
            assert_eq!(read(TimeNotation::Written, text), Some(HALF_PAST), "{text}");
        }
        let whole = Some(HALF_PAST - 500_000);
        assert_eq!(read(TimeNotation::Written, "2023-11-16 18:15:46"), whole);
        assert_eq!(
            read(TimeNotation::Written, "2023-11-16 18:15:46+00:00"),
            whole
        );
    }

    #[test]
    fn numbers_count_from_1970_or_from_the_start() {
        assert_eq!(read(TimeNotation::EpochSeconds, "1.5"), Some(1_500_000));
        assert_eq!(read(TimeNotation::EpochMilliseconds, "1.5"), Some(1_500));
        assert_eq!(read(TimeNotation::EpochMicroseconds, "1.5"), Some(1));
        assert_eq!(read(TimeNotation::Seconds, "0"), Some(10));
        assert_eq!(read(TimeNotation::Milliseconds, "2"), Some(2_010));
    }

    #[test]
    fn other_times_are_refused() {
        for (notation, text) in [
            (TimeNotation::Written, "1700158546"),
            (TimeNotation::Written, "16/11/2023 18:15"),
            (TimeNotation::Written, "2023-02-29 00:00:00"),
            (TimeNotation::Written, "1970-01-01T00:00:00+01:00"),
            (TimeNotation::Seconds, "-1"),
            (TimeNotation::Seconds, "18446744073709551615"),
            (TimeNotation::EpochSeconds, "2023-11-16"),
            (TimeNotation::EpochMicroseconds, "9214646400000000"),
        ] {
            assert_eq!(read(notation, text), None, "{text}");
        }
    }
}
