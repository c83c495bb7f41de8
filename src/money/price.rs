//! Prices per million tokens, and the integers that token counts are priced in.

use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

use num_traits::ToPrimitive;
use serde::Serialize;

use super::{DecimalError, Money, parse_decimal};
use crate::units::Tokens;

/// Parts of a major unit in which token prices are whole numbers [per major unit].
pub const PICO: i128 = 1_000_000_000_000;

/// An amount in whole pico-units of the currency (10⁻¹²), exact, for hot sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PicoMoney(i128);

impl PicoMoney {
    /// The number of pico-units.
    pub fn get(self) -> i128 {
        self.0
    }
}

impl AddAssign for PicoMoney {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

/// A price [currency per 10⁶ tokens], a whole number of millionths.
///
/// One millionth of a currency unit per million tokens is one pico-unit per token, so a token
/// count times a price is a whole number of pico-units: nothing is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct PricePerMillion(u64);

impl PricePerMillion {
    /// What `tokens` cost at this price, exact.
    pub fn of(self, tokens: Tokens) -> PicoMoney {
        PicoMoney(i128::from(self.0) * i128::from(tokens.get()))
    }

    /// The price of one million tokens.
    pub fn per_million(self) -> Money {
        Money::from(self.of(Tokens::new(1_000_000)))
    }
}

impl FromStr for PricePerMillion {
    type Err = DecimalError;

    /// Reads a price such as `0.0125`; negative prices and more than six decimals are refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let value = parse_decimal(text)?;
        let millionths = value * num_rational::BigRational::from_integer(1_000_000.into());
        match millionths.to_integer().to_u64() {
            Some(whole) if millionths.is_integer() => Ok(Self(whole)),
            _ => Err(DecimalError {
                found: text.to_owned(),
            }),
        }
    }
}

impl From<PricePerMillion> for String {
    fn from(price: PricePerMillion) -> Self {
        price.to_string()
    }
}

impl fmt::Display for PricePerMillion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.per_million().to_trimmed(6))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_times_price_is_exact() {
        let price: PricePerMillion = "0.075".parse().unwrap();
        assert_eq!(
            Money::from(price.of(Tokens::new(1))).to_trimmed(12),
            "0.000000075"
        );
        assert_eq!(price.to_string(), "0.075");
    }

    #[test]
    fn finer_or_negative_prices_are_refused() {
        assert!("0.0000001".parse::<PricePerMillion>().is_err());
        assert!("-1".parse::<PricePerMillion>().is_err());
    }
}
