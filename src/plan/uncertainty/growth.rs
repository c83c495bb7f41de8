//! How fast traffic grows: a rate, and what it compounds to.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::azure::PtuTerm;
use crate::money::Factor;
use crate::workload::transform::Factor as Volume;

/// The time that a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Per {
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A rate of growth, or of decline, that compounds: `5%/month`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growth {
    /// The part that is added, e.g. 0.05.
    rate: Factor,
    per: Per,
}

/// A text that is not a rate of growth.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum GrowthError {
    /// It is not written as one.
    #[error(
        "{found:?} is not a rate of growth; expected a percentage for a month or a year, such as \
         5%/month, -2%/month or 60%/year"
    )]
    Unreadable {
        /// The text.
        found: String,
    },
    /// It leaves no traffic, or more than anyone can mean.
    #[error(
        "{found:?} makes {factor} times the traffic in a year; expected between 1/{LARGEST} and \
         {LARGEST} times"
    )]
    TooFar {
        /// The text.
        found: String,
        /// What a year makes of 1 [rounded to four decimals].
        factor: String,
    },
}

/// The most that a year may multiply traffic by, and one over the least: beyond it nobody plans
/// from last month's traffic.
const LARGEST: f64 = 100.0;

/// Months of the year.
const MONTHS: f64 = 12.0;

impl Growth {
    /// What is left, or made, of a volume of 1 after some months, which may be broken.
    ///
    /// Compounded: `(1 + rate)^(months ÷ months of the rate)`. No more than all can be lost.
    fn after(&self, months: f64) -> f64 {
        if loses_all(&self.rate) {
            return 0.0;
        }
        let rate: f64 = self.rate.to_decimal(9).parse().unwrap_or(0.0);
        let periods = match self.per {
            Per::Month => months,
            Per::Year => months / MONTHS,
        };
        (1.0 + rate).powf(periods)
    }

    /// The volumes to look at when something is bought for a term: months from now, and the factor
    /// of the traffic then [rounded to 10⁻⁶], at the middle and at the end of the term. What is
    /// bought by the hour, or not at all, is looked at over a year.
    pub fn over(&self, term: Option<PtuTerm>) -> [(f64, Volume); 2] {
        let months = match term {
            Some(PtuTerm::Month) => 1.0,
            Some(PtuTerm::Hourly | PtuTerm::Year) | None => MONTHS,
        };
        [months / 2.0, months].map(|months| {
            let factor = format!("{:.6}", self.after(months));
            let factor = factor
                .parse()
                .expect("a year's factor is within 1/100 and 100");
            (months, factor)
        })
    }
}

impl FromStr for Growth {
    type Err = GrowthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || GrowthError::Unreadable {
            found: text.to_owned(),
        };
        let (rate, per) = text.trim().split_once('/').ok_or_else(unreadable)?;
        let per = match per.trim() {
            "month" => Per::Month,
            "year" => Per::Year,
            _ => return Err(unreadable()),
        };
        let percent = rate.trim().strip_suffix('%').ok_or_else(unreadable)?.trim();
        let percent = percent.strip_prefix('+').unwrap_or(percent);
        let percent: Factor = percent.parse().map_err(|_| unreadable())?;
        let growth = Self {
            rate: percent.percent(),
            per,
        };
        let factor = growth.after(MONTHS);
        if !(1.0 / LARGEST..=LARGEST).contains(&factor) {
            return Err(GrowthError::TooFar {
                found: text.to_owned(),
                factor: format!("{factor:.4}"),
            });
        }
        Ok(growth)
    }
}

/// Whether a rate takes all there is, or more.
fn loses_all(rate: &Factor) -> bool {
    let left = Factor::one().plus(rate);
    left.is_zero() || left.is_negative()
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.rate.times(&Factor::ratio(100, 1));
        let sign = if percent.is_negative() { "" } else { "+" };
        let per = match self.per {
            Per::Month => "month",
            Per::Year => "year",
        };
        write!(f, "{sign}{percent} %/{per}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(text: &str, term: Option<PtuTerm>) -> [(String, String); 2] {
        let growth: Growth = text.parse().unwrap();
        let both = growth.over(term);
        both.map(|(months, factor)| (months.to_string(), factor.to_string()))
    }

    /// 1.05¹² = 1.795856, 1.05⁶ = 1.340096, √1.05 = 1.024695.
    #[test]
    fn rates_compound() {
        let year = Some(PtuTerm::Year);
        let month = Some(PtuTerm::Month);
        for (text, term, middle, end) in [
            ("5%/month", year, ("6", "1.340096"), ("12", "1.795856")),
            ("5%/month", month, ("0.5", "1.024695"), ("1", "1.05")),
            ("+60 % / year", year, ("6", "1.264911"), ("12", "1.6")),
            ("44%/year", None, ("6", "1.2"), ("12", "1.44")),
            (
                "-19%/year",
                Some(PtuTerm::Hourly),
                ("6", "0.9"),
                ("12", "0.81"),
            ),
            ("0%/month", year, ("6", "1"), ("12", "1")),
        ] {
            let expected = [middle, end].map(|(at, by)| (at.to_owned(), by.to_owned()));
            assert_eq!(over(text, term), expected, "{text}");
        }
    }

    #[test]
    fn rates_are_shown_with_their_sign() {
        for (text, shown) in [
            ("5%/month", "+5 %/month"),
            ("-2.5%/month", "-2.5 %/month"),
            ("60%/year", "+60 %/year"),
        ] {
            assert_eq!(text.parse::<Growth>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn more_than_all_cannot_be_lost() {
        let error = "-200%/month".parse::<Growth>().unwrap_err().to_string();
        assert!(error.contains("makes 0.0000 times the traffic"), "{error}");
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            "5",
            "5%",
            "5/month",
            "%/month",
            "5%/week",
            "x%/year",
            "--5%/year",
        ] {
            let error = text.parse::<Growth>().unwrap_err();
            assert!(matches!(error, GrowthError::Unreadable { .. }), "{text}");
        }
        for text in [
            "-100%/year",
            "-150%/month",
            "100%/month",
            "1e9%/year",
            "99999999%/year",
        ] {
            let error = text.parse::<Growth>().unwrap_err().to_string();
            let expected = ["is not a rate", "between 1/100 and 100 times"];
            assert!(expected.iter().any(|part| error.contains(part)), "{error}");
        }
    }
}
