//! Numbers in the cells of a row.

pub(super) use crate::columnar::Cell;

/// A decimal number without sign: its whole part and the digits after its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal<'a> {
    pub(super) whole: u64,
    fraction: &'a [u8],
}

impl<'a> Decimal<'a> {
    /// Reads `12`, `12.` or `12.5`; a sign, an exponent or anything else is no such number.
    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (whole, rest) = text.split_at(digits);
        let fraction = match rest {
            [] => rest,
            [b'.', fraction @ ..] if fraction.iter().all(u8::is_ascii_digit) => fraction,
            _ => return None,
        };
        Some(Self {
            whole: whole_number(whole)?,
            fraction,
        })
    }

    /// The number times ten to the `digits`, rounded down; `None` beyond 2^64.
    pub(super) fn scaled(self, digits: usize) -> Option<u64> {
        let shown = self.fraction.iter().chain(std::iter::repeat(&b'0'));
        shown.take(digits).try_fold(self.whole, |number, digit| {
            number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        })
    }

    /// Whether nothing but zeros follows the point.
    pub(super) fn is_whole(self) -> bool {
        self.fraction.iter().all(|digit| *digit == b'0')
    }
}

/// A number of at least one digit and nothing else, below 2^64.
pub(super) fn whole_number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then_some(())?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// The whole number in a cell below 2^64; `374.0`, which data frames write where a column has
/// gaps, is one.
pub(super) fn whole(cell: Cell<'_>) -> Option<u64> {
    match cell {
        Cell::Text(text) => whole_number(text).or_else(|| {
            Decimal::read(text)
                .filter(|decimal| decimal.is_whole())
                .map(|decimal| decimal.whole)
        }),
        Cell::Whole(number) => u64::try_from(number).ok(),
        Cell::Micros(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        for (text, expected) in [
            ("0", Some(0)),
            ("374", Some(374)),
            ("374.00", Some(374)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("374.5", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            (".5", None),
            ("", None),
            ("12a", None),
        ] {
            assert_eq!(whole(Cell::Text(text.as_bytes())), expected, "{text:?}");
        }
    }

    #[test]
    fn decimals_are_cut_not_rounded() {
        let scaled = |text: &str| Decimal::read(text.as_bytes()).unwrap().scaled(6);
        assert_eq!(scaled("1.2345678"), Some(1_234_567));
        assert_eq!(scaled("30.1"), Some(30_100_000));
        assert_eq!(scaled("18446744073709551615"), None);
    }
}
