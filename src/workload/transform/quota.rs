//! How many copies of each request there are.

use std::fmt;
use std::str::FromStr;

use num_integer::gcd;
use rand::RngExt;
use thiserror::Error;

use crate::workload::seed::Stream;

/// An exact factor of a rate [10⁻⁶].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor(u64);

const ONE: u64 = 1_000_000;

/// The largest factor [10⁻⁶]: a million copies of one request.
const LARGEST: u64 = ONE * ONE;

/// A text that is not a factor.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error(
    "{found:?} is not a factor; expected a decimal above 0 and up to 1000000, such as 1.5, at \
     most six decimals"
)]
pub struct FactorError {
    found: String,
}

impl FromStr for Factor {
    type Err = FactorError;

    /// Reads a factor such as `1.5`; more than six decimals are refused, not rounded.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        Some(format!("{whole}{part:0<6}"))
            .filter(|_| !whole.is_empty() && part.len() <= 6 && digits(whole) && digits(part))
            .and_then(|millionths| millionths.parse().ok())
            .filter(|millionths| (1..=LARGEST).contains(millionths))
            .map(Self)
            .ok_or_else(|| FactorError {
                found: text.to_owned(),
            })
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / ONE, self.0 % ONE);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Deals out copies so that their number is exact: with a factor of 1.5 every two requests in a
/// row make three, and chance decides which of them counts twice.
///
/// (Selection sampling, Knuth 3.4.2, within blocks as long as the denominator. Drawing for each
/// request on its own would miss the factor; taking every second one would follow any pattern
/// of the traffic.)
#[derive(Debug)]
pub(super) struct Quota {
    whole: u64,
    /// One more copy for `extra` of each `block` requests.
    extra: u64,
    block: u64,
    left_extra: u64,
    left: u64,
    stream: Stream,
}

impl Quota {
    pub(super) fn new(factor: Factor, stream: Stream) -> Self {
        let (whole, fraction) = (factor.0 / ONE, factor.0 % ONE);
        let divisor = gcd(fraction, ONE);
        Self {
            whole,
            extra: fraction / divisor,
            block: ONE / divisor,
            left_extra: 0,
            left: 0,
            stream,
        }
    }

    /// The number of copies of the next request.
    pub(super) fn next(&mut self) -> u64 {
        if self.extra == 0 {
            return self.whole;
        }
        if self.left == 0 {
            (self.left, self.left_extra) = (self.block, self.extra);
        }
        let is_extra = self.stream.random_range(0..self.left) < self.left_extra;
        self.left -= 1;
        self.left_extra -= u64::from(is_extra);
        self.whole + u64::from(is_extra)
    }

    /// The stream that copies are placed with.
    pub(super) fn stream(&mut self) -> &mut Stream {
        &mut self.stream
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::seed::Seed;

    #[test]
    fn every_block_has_its_share() {
        for (factor, block, copies) in [
            ("0.5", 2, 1),
            ("1.5", 2, 3),
            ("0.125", 8, 1),
            ("3", 1, 3),
            ("2.4", 5, 12),
            ("0.000001", 1_000_000, 1),
        ] {
            let factor: Factor = factor.parse().unwrap();
            let mut quota = Quota::new(factor, Seed::new(3).stream("scale", ""));
            for _ in 0..3 {
                let dealt: u64 = (0..block).map(|_| quota.next()).sum();
                assert_eq!(dealt, copies, "{factor}");
            }
        }
    }

    #[test]
    fn factors_are_read_as_written() {
        for text in ["1.5", "0.000001", "12", "1000000"] {
            assert_eq!(text.parse::<Factor>().unwrap().to_string(), text);
        }
        for text in ["", "0", "-1", "1e3", "1.0000001", "1000000.1", ".5", "half"] {
            assert!(text.parse::<Factor>().is_err(), "{text:?}");
        }
    }
}
