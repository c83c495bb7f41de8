//! Reading decimals exactly.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::de::{Deserialize, Deserializer, Visitor};
use thiserror::Error;

use super::{Factor, Money, PricePerMillion};

/// Why a text is not a decimal.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{found:?} is not a plain decimal number; expected digits such as 12.345")]
pub struct DecimalError {
    pub(super) found: String,
}

/// Longest decimal that is read [characters]; no price, rate or share needs more.
const LONGEST: usize = 60;

/// Reads an optional sign, digits, and an optional fraction. Nothing is rounded: every digit
/// counts. Exponents, blanks and digit separators are refused, for they hide typing errors.
pub fn parse_decimal(text: &str) -> Result<BigRational, DecimalError> {
    let error = || DecimalError {
        found: text.to_owned(),
    };
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || text.len() > LONGEST
    {
        return Err(error());
    }
    let magnitude: BigInt = format!("0{whole}{fraction}").parse().map_err(|_| error())?;
    let scale = BigInt::from(10)
        .pow(u32::try_from(fraction.len()).expect("a decimal has at most 60 characters"));
    let value = BigRational::new(magnitude, scale);
    Ok(if negative { -value } else { value })
}

/// Reads a decimal of a configuration file: a text such as `"12.5"`, or a whole number.
pub fn written_decimal<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    deserializer.deserialize_any(Written(PhantomData))
}

impl<'de> Deserialize<'de> for PricePerMillion {
    /// Reads a text or a whole number; see [`Written`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written_decimal(deserializer)
    }
}

impl<'de> Deserialize<'de> for Factor {
    /// Reads a text or a whole number; see [`Written`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written_decimal(deserializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    /// Reads a text or a whole number; see [`Written`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written_decimal(deserializer)
    }
}

/// A decimal as configuration files write it: a text, or a whole number. Binary fractions are
/// refused, for `0.1` in them is not a tenth.
struct Written<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Written<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal in quotes such as \"12.5\", or a whole number")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, whole: i64) -> Result<T, E> {
        self.visit_str(&whole.to_string())
    }

    fn visit_u64<E: serde::de::Error>(self, whole: u64) -> Result<T, E> {
        self.visit_str(&whole.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_digit() {
        let value = parse_decimal("-0.123456789012345678901234567890").unwrap();
        assert_eq!(value.denom() % BigInt::from(10), BigInt::from(0));
        assert_eq!(
            parse_decimal("12"),
            Ok(BigRational::from_integer(12.into()))
        );
        assert_eq!(
            parse_decimal(".5"),
            Ok(BigRational::new(1.into(), 2.into()))
        );
    }

    #[test]
    fn refuses_what_is_not_plain() {
        for text in [
            "", ".", "-", "1e3", "1,000", " 1", "1 ", "0x1", "NaN", "1.2.3", "--1",
        ] {
            assert!(parse_decimal(text).is_err(), "{text:?}");
        }
    }
}
