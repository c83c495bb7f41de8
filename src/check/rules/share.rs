//! Shares of counts, as findings tell them.

use std::fmt;

use crate::money::Factor;
use crate::spelling::whole;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Share {
    /// How many.
    pub(super) part: u64,
    /// Of how many.
    pub(super) whole: u64,
}

impl Share {
    /// Whether it is more than so many percent.
    pub(super) fn exceeds(self, percent: &Factor) -> bool {
        self.percent() > *percent
    }

    /// The share [percent]; 0 of nothing.
    pub(super) fn percent(self) -> Factor {
        Factor::ratio(u128::from(self.part) * 100, self.whole.into())
    }
}

impl fmt::Display for Share {
    /// Writes e.g. `12 of 80 (15.0 %)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.percent().to_decimal(1);
        let (part, of) = (whole(self.part), whole(self.whole));
        write!(f, "{part} of {of} ({percent} %)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_no_excess() {
        let share = Share { part: 3, whole: 20 };
        assert!(!share.exceeds(&Factor::ratio(15, 1)));
        assert!(share.exceeds(&Factor::ratio(149, 10)));
        assert_eq!(share.to_string(), "3 of 20 (15.0 %)");
        assert!(!Share::default().exceeds(&Factor::zero()));
    }
}
