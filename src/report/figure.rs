//! Figures as people read them: thousands apart, decimals fixed. Machines get plain decimals.

use crate::money::{Factor, MinorUnits, Money};
pub use crate::spelling::{grouped, whole};

/// Decimals of quantities and of exact amounts that do not end earlier.
pub const EXACT_DIGITS: u32 = 12;

/// An amount as charged, for people.
pub fn amount(units: MinorUnits, digits: u32) -> String {
    grouped(&units.to_decimal(digits))
}

/// A change of an amount as charged, for people: with its sign, whichever it is.
pub fn signed(units: MinorUnits, digits: u32) -> String {
    let sign = if units.0 > 0 { "+" } else { "" };
    format!("{sign}{}", amount(units, digits))
}

/// A change as part of a whole [%], for people: with its sign, to one decimal.
pub fn growth(share: &Factor) -> String {
    let percent = share.times(&Factor::ratio(100, 1));
    let rounded = percent.to_decimal(1);
    let sign = if rounded.starts_with('-') { "" } else { "+" };
    match rounded.trim_start_matches(['-', '0', '.']) {
        "" => "±0.0 %".to_owned(),
        _ => format!("{sign}{} %", grouped(&rounded)),
    }
}

/// An amount before rounding, for people: every digit, or twelve where it does not end.
pub fn exact(money: &Money) -> String {
    grouped(&money.to_trimmed(EXACT_DIGITS))
}

/// The same with at least `digits` decimals.
pub fn exact_from(money: &Money, digits: u32) -> String {
    let fixed = money.to_decimal(digits);
    let trimmed = money.to_trimmed(EXACT_DIGITS);
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, part)| part.len());
    if decimals(&trimmed) < decimals(&fixed) {
        grouped(&fixed)
    } else {
        grouped(&trimmed)
    }
}

/// A count for people, rounded half away from zero to a whole number.
pub fn count(count: &Factor) -> String {
    grouped(&count.to_trimmed(0))
}

/// A quantity for people, with at most `digits` decimals, rounded half away from zero.
pub fn quantity(value: &Factor, digits: u32) -> String {
    grouped(&value.to_trimmed(digits))
}

/// A figure for people that may be tiny: at least `digits` decimals, and as many more as three
/// digits that tell something need. `written` writes it with so many decimals.
pub fn short(written: impl Fn(u32) -> String, digits: u32) -> String {
    const TELLING: usize = 3;
    let is_enough = |text: &String| {
        let digits = text.chars().filter(char::is_ascii_digit);
        digits.skip_while(|digit| *digit == '0').count() >= TELLING
    };
    let mut texts = (digits..EXACT_DIGITS).map(&written);
    let text = texts.find(is_enough).unwrap_or_else(|| written(digits));
    grouped(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_a_sign() {
        for (share, read) in [
            ("0.141", "+14.1 %"),
            ("-0.05", "-5.0 %"),
            ("12.3456", "+1,234.6 %"),
            ("0.0001", "±0.0 %"),
            ("-0.0001", "±0.0 %"),
        ] {
            assert_eq!(growth(&share.parse().unwrap()), read);
        }
        assert_eq!(signed(MinorUnits(120_310), 2), "+1,203.10");
        assert_eq!(signed(MinorUnits(-5), 2), "-0.05");
    }

    #[test]
    fn tiny_figures_keep_three_digits() {
        for (exact, digits, read) in [
            ("1234.5", 2, "1,234.50"),
            ("1234.5", 0, "1,235"),
            ("3.8", 0, "3.80"),
            ("0.00123456", 2, "0.00123"),
            ("0", 2, "0.00"),
        ] {
            let factor: Factor = exact.parse().unwrap();
            assert_eq!(short(|digits| factor.to_decimal(digits), digits), read);
        }
    }
}
