//! Exact money: amounts that are never rounded until they are shared out or shown.
//!
//! An amount is a fraction of whole numbers, so unit prices, prorated months and percentages of
//! percentages stay exact however they are combined. Rounding happens in two places only:
//! [`Money::split`], whose shares sum to the amount to the last minor unit, and [`crate::report`].

#![deny(clippy::float_arithmetic)]

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

mod decimal;
mod price;
mod share;

pub use decimal::{DecimalError, parse_decimal, written_decimal};
pub use price::{PICO, PicoMoney, PricePerMillion};
pub use share::{MinorUnits, apportion};

/// An exact amount of money in the currency of its context [major unit, e.g. dollar].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(BigRational);

/// An exact factor: a discount, a share, an exchange rate, a token weight [dimensionless].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Factor(BigRational);

impl Money {
    /// No money.
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// The amount of `units` whole minor units of which `10^digits` make one major unit.
    pub fn from_minor(units: MinorUnits, digits: u32) -> Self {
        Self(BigRational::new(
            BigInt::from(units.0),
            power_of_ten(digits),
        ))
    }

    /// Whether the amount is exactly zero.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether the amount is below zero (a credit).
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// The amount without its sign.
    #[must_use]
    pub fn size(&self) -> Self {
        Self(self.0.abs())
    }

    /// The amount times `factor`, exact.
    #[must_use]
    pub fn times(&self, factor: &Factor) -> Self {
        Self(&self.0 * &factor.0)
    }

    /// The amount times a whole number, exact.
    #[must_use]
    pub fn times_whole(&self, count: u128) -> Self {
        Self(&self.0 * BigRational::from_integer(BigInt::from(count)))
    }

    /// The part `share ÷ whole` of the amount, exact; nothing when `whole` is zero.
    #[must_use]
    pub fn fraction(&self, share: u128, whole: u128) -> Self {
        if whole == 0 {
            return Self::zero();
        }
        Self(&self.0 * BigRational::new(BigInt::from(share), BigInt::from(whole)))
    }

    /// How many of `other` this amount is; zero when `other` is zero.
    pub fn ratio(&self, other: &Self) -> Factor {
        if other.is_zero() {
            Factor(BigRational::zero())
        } else {
            Factor(&self.0 / &other.0)
        }
    }

    /// The amount in whole minor units, rounded half away from zero.
    pub fn rounded(&self, digits: u32) -> MinorUnits {
        let scaled = &self.0 * BigRational::from_integer(power_of_ten(digits));
        MinorUnits(
            scaled
                .round()
                .to_integer()
                .to_i128()
                .expect("amounts of money fit 128 bits"),
        )
    }

    /// The amount without what is beyond `digits` decimals, towards zero.
    ///
    /// No result is charged so: it keeps fractions small where many are added up, and the caller
    /// accounts for what is cut off.
    #[must_use]
    pub fn truncated(&self, digits: u32) -> Self {
        let scale = power_of_ten(digits);
        let scaled = self.0.numer() * &scale / self.0.denom();
        Self(BigRational::new(scaled, scale))
    }

    /// Shares `total` minor units out in proportion to `parts` by largest remainder.
    ///
    /// The shares sum to `total` exactly. A share differs from its exact part by less than one
    /// minor unit whenever `total` is the rounded sum of `parts`; ties go to the earlier part, so
    /// callers pass parts in a stable order. Parts may be negative; their rounding is symmetric.
    pub fn split(total: MinorUnits, parts: &[Self], digits: u32) -> Vec<MinorUnits> {
        let scale = BigRational::from_integer(power_of_ten(digits));
        let scaled: Vec<BigRational> = parts.iter().map(|part| &part.0 * &scale).collect();
        share::largest_remainder(total, &scaled)
    }

    /// The amount with exactly `digits` decimals, rounded half away from zero, for display.
    pub fn to_decimal(&self, digits: u32) -> String {
        self.rounded(digits).to_decimal(digits)
    }

    /// The amount as written, without trailing zeros, when it has at most `digits` decimals;
    /// otherwise rounded to `digits` decimals, for display.
    pub fn to_trimmed(&self, digits: u32) -> String {
        trimmed(self.to_decimal(digits))
    }
}

impl Factor {
    /// Nothing.
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// The factor 1, which changes nothing.
    pub fn one() -> Self {
        Self(BigRational::from_integer(BigInt::from(1)))
    }

    /// The factor `numerator ÷ denominator`; zero when `denominator` is zero.
    pub fn ratio(numerator: u128, denominator: u128) -> Self {
        if denominator == 0 {
            return Self::zero();
        }
        Self(BigRational::new(
            BigInt::from(numerator),
            BigInt::from(denominator),
        ))
    }

    /// This percentage as a factor: 12.5 becomes 0.125.
    #[must_use]
    pub fn percent(&self) -> Self {
        Self(&self.0 / BigRational::from_integer(BigInt::from(100)))
    }

    /// The sum of two factors.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// The difference of two factors.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// The product of two factors.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0)
    }

    /// How many of `other` this factor is; zero when `other` is zero.
    #[must_use]
    pub fn divided_by(&self, other: &Self) -> Self {
        if other.is_zero() {
            return Self::zero();
        }
        Self(&self.0 / &other.0)
    }

    /// Whether the factor is zero.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether the factor is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// The factor with exactly `digits` decimals, rounded half away from zero, for display.
    pub fn to_decimal(&self, digits: u32) -> String {
        Money(self.0.clone()).to_decimal(digits)
    }

    /// The factor without trailing zeros, rounded half away from zero to `digits` decimals.
    pub fn to_trimmed(&self, digits: u32) -> String {
        Money(self.0.clone()).to_trimmed(digits)
    }

    /// Numerator and denominator in lowest terms, where both fit 128 bits.
    pub fn parts(&self) -> Option<(i128, u128)> {
        Some((self.0.numer().to_i128()?, self.0.denom().to_u128()?))
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_trimmed(12))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_trimmed(12))
    }
}

impl FromStr for Money {
    type Err = DecimalError;

    /// Reads a plain decimal such as `-12.345`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_decimal(text).map(Self)
    }
}

impl FromStr for Factor {
    type Err = DecimalError;

    /// Reads a plain decimal such as `0.85`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_decimal(text).map(Self)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign<&Money> for Money {
    fn add_assign(&mut self, other: &Self) {
        self.0 += &other.0;
    }
}

impl SubAssign<&Money> for Money {
    fn sub_assign(&mut self, other: &Self) {
        self.0 -= &other.0;
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::zero(), Add::add)
    }
}

impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        let mut total = Self::zero();
        for amount in amounts {
            total += amount;
        }
        total
    }
}

impl<'a> Sum<&'a Factor> for Factor {
    fn sum<I: Iterator<Item = &'a Self>>(factors: I) -> Self {
        factors.fold(Self::zero(), |sum, factor| sum.plus(factor))
    }
}

impl From<PicoMoney> for Money {
    fn from(amount: PicoMoney) -> Self {
        Self(BigRational::new(
            BigInt::from(amount.get()),
            BigInt::from(PICO),
        ))
    }
}

fn power_of_ten(digits: u32) -> BigInt {
    BigInt::from(10).pow(digits)
}

fn trimmed(decimal: String) -> String {
    if !decimal.contains('.') {
        return decimal;
    }
    decimal
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

impl MinorUnits {
    /// The amount as a decimal with `digits` decimals, e.g. `-12.30`.
    pub fn to_decimal(self, digits: u32) -> String {
        let scale = 10u128.pow(digits);
        let (whole, part) = self.0.unsigned_abs().div_rem(&scale);
        let sign = if self.0 < 0 { "-" } else { "" };
        match digits {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{part:0width$}", width = digits as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        for (amount, cents) in [
            ("0.005", 1),
            ("-0.005", -1),
            ("0.0049", 0),
            ("1.115", 112),
            ("-1.114", -111),
        ] {
            assert_eq!(money(amount).rounded(2), MinorUnits(cents), "{amount}");
        }
    }

    #[test]
    fn truncation_is_towards_zero() {
        for (amount, expected) in [
            ("0.019", "0.01"),
            ("-0.019", "-0.01"),
            ("-0.009", "0"),
            ("12.5", "12.5"),
        ] {
            assert_eq!(money(amount).truncated(2), money(expected), "{amount}");
        }
        let third = money("1").fraction(1, 3);
        assert_eq!(third.truncated(3), money("0.333"));
    }

    #[test]
    fn decimals_are_written_with_sign_and_fixed_width() {
        assert_eq!(money("-0.05").to_decimal(2), "-0.05");
        assert_eq!(money("1234.5").to_decimal(2), "1234.50");
        assert_eq!(money("7").to_decimal(0), "7");
        assert_eq!(money("0.1250").to_trimmed(12), "0.125");
        assert_eq!(money("100").to_trimmed(2), "100");
    }

    #[test]
    fn a_third_three_times_is_the_whole() {
        let third = money("100").fraction(1, 3);
        assert_eq!(third.clone() + third.clone() + third, money("100"));
    }
}
