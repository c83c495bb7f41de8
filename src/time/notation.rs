//! Reads the times that logs and traces write: digits off the front of a text, and counts days.

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Years outside are mistakes, such as the year 1 that .NET writes for "never".
const YEARS: std::ops::RangeInclusive<u32> = 1970..=2261;

/// .NET counts 100 ns ticks from the year 1; these are 1970-01-01 and the span of [`YEARS`].
const TICKS_AT_1970: i64 = 621_355_968_000_000_000;

/// Why a text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeFault {
    /// In none of the notations known.
    Unknown,
    /// The order of day and month of the file is not known.
    Unordered,
    /// A day or an hour that no calendar has, or not in the order fixed for the file.
    OutOfRange,
}

/// Reads `2026-02-28T23:59:58.1234567Z`, with a blank for `T`, an offset for `Z`, or neither:
/// its day [µs since 1970], the time of that day [µs, rounded down], and its zone [minutes east
/// of UTC] where it names one.
pub(crate) fn year_first(text: &[u8]) -> Result<(i64, i64, Option<i32>), TimeFault> {
    let mut digits = Digits::new(text);
    let year = digits.exactly(4)?;
    let separator = digits.one_of(b"-/")?;
    let month = digits.exactly(2)?;
    digits.one_of(&[separator])?;
    let day = digits.exactly(2)?;
    let date = civil(year, month, day)?;
    let (time, zone) = digits.time_of_day()?;
    Ok((date, time, zone))
}

/// What is left to read of a time.
pub(crate) struct Digits<'a> {
    rest: &'a [u8],
}

/// Day and month in the order of the text, and the year after them.
pub(crate) struct CultureDate {
    pub(crate) first: u32,
    pub(crate) second: u32,
    pub(crate) year: u32,
    pub(crate) separator: u8,
}

impl<'a> Digits<'a> {
    pub(crate) const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// A number of exactly `width` digits.
    pub(crate) fn exactly(&mut self, width: usize) -> Result<u32, TimeFault> {
        let (digits, rest) = self
            .rest
            .split_at_checked(width)
            .ok_or(TimeFault::Unknown)?;
        let mut number = 0;
        for byte in digits {
            if !byte.is_ascii_digit() {
                return Err(TimeFault::Unknown);
            }
            number = number * 10 + u32::from(byte - b'0');
        }
        self.rest = rest;
        Ok(number)
    }

    /// A number of one or two digits.
    fn short(&mut self) -> Result<u32, TimeFault> {
        let two = self.rest.get(1).is_some_and(u8::is_ascii_digit);
        self.exactly(if two { 2 } else { 1 })
    }

    /// One of these bytes.
    pub(crate) fn one_of(&mut self, bytes: &[u8]) -> Result<u8, TimeFault> {
        match self.rest {
            [first, rest @ ..] if bytes.contains(first) => {
                self.rest = rest;
                Ok(*first)
            }
            _ => Err(TimeFault::Unknown),
        }
    }

    fn skip(&mut self, bytes: &[u8]) -> bool {
        let found = self.rest.strip_prefix(bytes);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// Two short numbers and a year, between them the same separator.
    pub(crate) fn culture_date(&mut self) -> Result<CultureDate, TimeFault> {
        let first = self.short()?;
        let separator = self.one_of(b"/.-")?;
        let second = self.short()?;
        self.one_of(&[separator])?;
        let year = self.exactly(4)?;
        Ok(CultureDate {
            first,
            second,
            year,
            separator,
        })
    }

    /// The time after a date [µs], and its zone [minutes east of UTC] where it names one.
    pub(crate) fn time_of_day(&mut self) -> Result<(i64, Option<i32>), TimeFault> {
        if self.rest.is_empty() {
            return Ok((0, None));
        }
        self.skip(b",");
        self.one_of(b"T ")?;
        let hour = self.short()?;
        self.one_of(b":")?;
        let minute = self.exactly(2)?;
        let second = if self.skip(b":") { self.exactly(2)? } else { 0 };
        let fraction = if self.skip(b".") { self.fraction()? } else { 0 };
        let hour = self.meridiem(hour)?;
        let zone = self.zone()?;
        if !self.rest.is_empty() {
            return Err(TimeFault::Unknown);
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeFault::OutOfRange);
        }
        let seconds = i64::from(hour * 3600 + minute * 60 + second);
        Ok((seconds * MICROS_PER_SECOND + fraction, zone))
    }

    /// One to nine digits after the point [µs], cut off.
    fn fraction(&mut self) -> Result<i64, TimeFault> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit());
        let (fraction, rest) = self.rest.split_at(digits.count());
        if !(1..=9).contains(&fraction.len()) {
            return Err(TimeFault::Unknown);
        }
        self.rest = rest;
        Ok(micros_of_fraction(fraction))
    }

    /// The hour of the day, from one of a half day where `AM` or `PM` follows.
    fn meridiem(&mut self, hour: u32) -> Result<u32, TimeFault> {
        // Newer browsers set a narrow no-break space before the mark.
        let _ =
            self.skip(b" ") || self.skip("\u{202f}".as_bytes()) || self.skip("\u{a0}".as_bytes());
        let afternoon = match self.rest {
            [b'A' | b'a', b'M' | b'm', rest @ ..] => {
                self.rest = rest;
                0
            }
            [b'P' | b'p', b'M' | b'm', rest @ ..] => {
                self.rest = rest;
                12
            }
            _ => return Ok(hour),
        };
        if !(1..=12).contains(&hour) {
            return Err(TimeFault::OutOfRange);
        }
        Ok(hour % 12 + afternoon)
    }

    fn zone(&mut self) -> Result<Option<i32>, TimeFault> {
        let east = match self.rest {
            [] => return Ok(None),
            [b'Z' | b'z', rest @ ..] => {
                self.rest = rest;
                return Ok(Some(0));
            }
            [b'+', rest @ ..] => {
                self.rest = rest;
                1
            }
            [b'-', rest @ ..] => {
                self.rest = rest;
                -1
            }
            _ => return Err(TimeFault::Unknown),
        };
        let hours = self.exactly(2)?;
        self.skip(b":");
        let minutes = if self.rest.is_empty() {
            0
        } else {
            self.exactly(2)?
        };
        if hours > 14 || minutes > 59 {
            return Err(TimeFault::OutOfRange);
        }
        let minutes = i32::try_from(hours * 60 + minutes).map_err(|_| TimeFault::OutOfRange)?;
        Ok(Some(east * minutes))
    }
}

/// Digits after the decimal point of seconds [µs], cut off.
pub(crate) fn micros_of_fraction(digits: &[u8]) -> i64 {
    (0..6).fold(0, |micros, at| {
        micros * 10 + digits.get(at).map_or(0, |digit| i64::from(digit - b'0'))
    })
}

/// Midnight of a day of the Gregorian calendar [µs since 1970].
///
/// Days are counted from 1 March, so that the leap day is the last of its year.
pub(crate) fn civil(year: u32, month: u32, day: u32) -> Result<i64, TimeFault> {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return Err(TimeFault::OutOfRange),
    };
    if !YEARS.contains(&year) || day < 1 || day > last {
        return Err(TimeFault::OutOfRange);
    }
    let year = if month < 3 { year - 1 } else { year };
    let days_before_month = (153 * ((month + 9) % 12) + 2) / 5;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + days_before_month + day - 1;
    let days_at_1970 = 719_468;
    Ok((i64::from(days) - days_at_1970) * MICROS_PER_DAY)
}

/// A number of some unit since some epoch [µs since 1970]; the ranges do not overlap for years
/// from 2001 on.
pub(crate) fn epoch(number: i64) -> Option<i64> {
    match number {
        1_000_000_000..=9_999_999_999 => Some(number * MICROS_PER_SECOND),
        1_000_000_000_000..=9_999_999_999_999 => Some(number * 1000),
        1_000_000_000_000_000..=9_999_999_999_999_999 => Some(number),
        TICKS_AT_1970..=713_190_000_000_000_000 => Some((number - TICKS_AT_1970) / 10),
        1_000_000_000_000_000_000.. => Some(number / 1000),
        _ => None,
    }
}
