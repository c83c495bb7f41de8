//! The time that traffic stands for, and what it comes to in a month.

use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::time::{SimDuration, SimTime};
use crate::units::Ptu;

/// Hours of a year of 365 days [h].
pub const HOURS_PER_YEAR: u32 = 8_760;
/// Hours of a mean month, as Azure's own estimates have it: a twelfth of a year [h].
pub const HOURS_PER_MONTH: u32 = HOURS_PER_YEAR / 12;

const MICROS_PER_HOUR: u128 = 3_600_000_000;

/// The hours that the price of a term is for [h].
pub const fn hours(term: PtuTerm) -> u32 {
    match term {
        PtuTerm::Hourly => 1,
        PtuTerm::Month => HOURS_PER_MONTH,
        PtuTerm::Year => HOURS_PER_YEAR,
    }
}

/// From the first request to the last, or as stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub start: SimTime,
    /// The moment after it.
    pub end: SimTime,
}

impl Span {
    /// Its length.
    pub fn length(self) -> SimDuration {
        self.end.since(self.start)
    }

    /// Its length [h], exact.
    pub fn hours(self) -> Factor {
        Factor::ratio(self.length().micros().into(), MICROS_PER_HOUR)
    }

    /// What PTU cost over the span at a price per PTU and hour, exact.
    pub fn cost(self, ptu: Ptu, per_hour: &Money) -> Money {
        let micros = u128::from(self.length().micros());
        let bought = per_hour.times_whole(u128::from(ptu.get()));
        bought.fraction(micros, MICROS_PER_HOUR)
    }

    /// How often the span fits into a month of [`HOURS_PER_MONTH`], exact; zero for an empty span.
    pub fn monthly(self) -> Factor {
        let month = u128::from(HOURS_PER_MONTH) * MICROS_PER_HOUR;
        Factor::ratio(month, self.length().micros().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_costs_its_hours() {
        let span = Span {
            start: SimTime::from_micros(0),
            end: SimTime::from_micros(3_600_000_000 / 2),
        };
        let monthly: Money = "260".parse().unwrap();
        let per_hour = monthly.fraction(1, HOURS_PER_MONTH.into());
        let month = span.cost(Ptu::new(100), &per_hour).times(&span.monthly());
        assert_eq!(month, monthly.times_whole(100));
        assert_eq!(span.hours(), Factor::ratio(1, 2));
    }
}
