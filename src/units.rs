//! Counts with a meaning. Fields are private, and only operations that mean something exist.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Declares a whole-number unit that adds up.
macro_rules! count {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name($inner);

        impl $name {
            /// This many.
            pub const fn new(count: $inner) -> Self {
                Self(count)
            }

            /// The count.
            pub const fn get(self) -> $inner {
                self.0
            }

            /// Whether there are none.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
                counts.fold(Self::default(), Add::add)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

count! {
    /// Tokens of one class [token].
    Tokens(u64)
}

count! {
    /// Requests [request].
    Requests(u64)
}

count! {
    /// Provisioned throughput units deployed or reserved [PTU].
    Ptu(u32)
}

count! {
    /// Provisioned throughput over time [PTU × minute].
    PtuMinutes(u64)
}

count! {
    /// Input tokens one PTU serves in a minute [token/minute/PTU].
    TokensPerMinute(u64)
}

count! {
    /// Capacity use of requests: tokens per class times their weights [weighted token × 10⁻³].
    ///
    /// Weights have at most three decimals, so thousandths are exact.
    WeightedTokens(u128)
}

impl Tokens {
    /// The part of these tokens beyond `other`; none when `other` is larger.
    #[must_use]
    pub const fn beyond(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl PtuMinutes {
    /// The smaller of the two.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        self.min(other)
    }

    /// The part beyond `other`; none when `other` is larger.
    #[must_use]
    pub const fn beyond(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// The weight of one token of a class in a provisioned deployment's capacity
/// [weighted token × 10⁻³ per token].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenWeight(u32);

impl TokenWeight {
    /// The weight of so many thousandths.
    pub const fn from_thousandths(thousandths: u32) -> Self {
        Self(thousandths)
    }

    /// The weight in thousandths.
    pub const fn thousandths(self) -> u32 {
        self.0
    }

    /// What `tokens` weigh, exact.
    pub fn of(self, tokens: Tokens) -> WeightedTokens {
        WeightedTokens(u128::from(self.0) * u128::from(tokens.0))
    }
}

/// A text that is not a token weight.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{found:?} is not a token weight; expected a decimal such as 1.25, at most three decimals")]
pub struct WeightError {
    found: String,
}

impl FromStr for TokenWeight {
    type Err = WeightError;

    /// Reads a weight such as `1.25`; negative ones and more than three decimals are refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        Some(format!("{whole}{part:0<3}"))
            .filter(|_| !whole.is_empty() && part.len() <= 3 && digits(whole) && digits(part))
            .and_then(|thousandths| thousandths.parse().ok())
            .map(Self)
            .ok_or_else(|| WeightError {
                found: text.to_owned(),
            })
    }
}

impl fmt::Display for TokenWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1000, self.0 % 1000);
        if part == 0 {
            return write!(f, "{whole}");
        }
        f.write_str(format!("{whole}.{part:03}").trim_end_matches('0'))
    }
}

/// Tokens of one request or of many, by class. `cached_input` and `cache_write` are parts of
/// `input`, and `reasoning` is a part of `output`: formats whose source counts them apart add
/// them up on reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct TokenCounts {
    /// All tokens of the prompt, cached ones included [token].
    pub input: Tokens,
    /// Prompt tokens that were read from the prompt cache [token].
    pub cached_input: Tokens,
    /// Prompt tokens that were written to the prompt cache [token].
    pub cache_write: Tokens,
    /// All tokens of the answer, reasoning included [token].
    pub output: Tokens,
    /// Answer tokens that were spent on reasoning [token].
    pub reasoning: Tokens,
}

impl TokenCounts {
    /// Prompt tokens that were neither read from nor written to the cache.
    pub fn uncached_input(&self) -> Tokens {
        self.input
            .beyond(self.cached_input)
            .beyond(self.cache_write)
    }

    /// Whether no token was counted.
    pub fn is_zero(&self) -> bool {
        self.input.is_zero() && self.output.is_zero()
    }
}

impl AddAssign for TokenCounts {
    fn add_assign(&mut self, other: Self) {
        self.input += other.input;
        self.cached_input += other.cached_input;
        self.cache_write += other.cache_write;
        self.output += other.output;
        self.reasoning += other.reasoning;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_as_written() {
        for text in ["0", "1", "1.25", "0.1", "7.5", "0.125"] {
            assert_eq!(text.parse::<TokenWeight>().unwrap().to_string(), text);
        }
        for text in ["", ".5", "-1", "1.0001", "1e3", "one", "99999999"] {
            assert!(text.parse::<TokenWeight>().is_err(), "{text:?}");
        }
    }
}
