//! Which of the two numbers of `03/02/2026` is the month, decided per file from all its rows.

use serde::{Deserialize, Serialize};

use crate::time::notation::Digits;

/// The order of day and month where both are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `2/25/2025`, as in the United States.
    MonthFirst,
    /// `25/02/2025`, as nearly everywhere else.
    DayFirst,
}

/// How the order of day and month is found: key `dates` of `[reading]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Dates {
    /// From the rows of each file; a file that does not tell is refused.
    #[default]
    Auto,
    /// Month first in every file.
    MonthFirst,
    /// Day first in every file.
    DayFirst,
}

/// Why the order of day and month of a file is not known, each with an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrderFault {
    /// No row tells.
    Ambiguous(String),
    /// Some rows are certainly month first, others certainly day first.
    Mixed {
        month_first: String,
        day_first: String,
    },
}

/// What the dates of one file say about their order.
///
/// Examples are the smallest texts, so the message does not depend on how the file was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct DateEvidence {
    month_first: Option<String>,
    day_first: Option<String>,
    either: Option<String>,
    upper_case_mark: bool,
}

impl DateEvidence {
    /// Takes note of one time; notations with a fixed order say nothing.
    pub(crate) fn observe(&mut self, text: &str) {
        let Ok(date) = Digits::new(text.as_bytes()).culture_date() else {
            return;
        };
        if date.separator == b'.' {
            return;
        }
        let example = match (date.first > 12, date.second > 12) {
            (true, false) => &mut self.day_first,
            (false, true) => &mut self.month_first,
            _ => &mut self.either,
        };
        self.upper_case_mark |= text.ends_with("AM") || text.ends_with("PM");
        if example.as_deref().is_none_or(|kept| text < kept) {
            *example = Some(text.to_owned());
        }
    }

    /// Whether any date has its order to be found.
    pub(crate) fn needs_order(&self) -> bool {
        self.month_first.is_some() || self.day_first.is_some() || self.either.is_some()
    }

    /// The order, or why it is not known.
    ///
    /// A 12-hour clock marked in capitals is what en-US writes, and no day-first culture of
    /// browsers or .NET does (en-GB has 24 hours; en-AU and en-IN write `am`), so it decides
    /// where no day beyond the 12th does.
    pub(crate) fn order(&self) -> Result<Option<DateOrder>, OrderFault> {
        match (&self.month_first, &self.day_first, &self.either) {
            (Some(month_first), Some(day_first), _) => Err(OrderFault::Mixed {
                month_first: month_first.clone(),
                day_first: day_first.clone(),
            }),
            (Some(_), None, _) => Ok(Some(DateOrder::MonthFirst)),
            (None, Some(_), _) => Ok(Some(DateOrder::DayFirst)),
            (None, None, Some(_)) if self.upper_case_mark => Ok(Some(DateOrder::MonthFirst)),
            (None, None, Some(example)) => Err(OrderFault::Ambiguous(example.clone())),
            (None, None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(texts: &[&str]) -> Result<Option<DateOrder>, OrderFault> {
        let mut evidence = DateEvidence::default();
        for text in texts {
            evidence.observe(text);
        }
        evidence.order()
    }

    #[test]
    fn one_certain_row_decides_for_the_file() {
        use DateOrder::{DayFirst, MonthFirst};
        for (texts, expected) in [
            (["2026-03-02T09:00:00Z", "1733481140"], None),
            (["03/02/2026 09:00", "02/25/2026 09:00"], Some(MonthFirst)),
            (["03/02/2026 09:00", "25/02/2026 09:00"], Some(DayFirst)),
            (
                ["3/2/2026 9:00:00 AM", "3/2/2026 9:00:01 AM"],
                Some(MonthFirst),
            ),
            (
                ["3/2/2026 9:00:00 am", "25/2/2026 9:00:01 pm"],
                Some(DayFirst),
            ),
            (
                ["3/2/2026 9:00:00 AM", "25/2/2026 9:00:01 PM"],
                Some(DayFirst),
            ),
        ] {
            assert_eq!(order(&texts), Ok(expected), "{texts:?}");
        }
    }

    #[test]
    fn files_that_do_not_tell_or_tell_both_are_refused() {
        assert_eq!(
            order(&["04/02/2026 09:00", "03/02/2026 09:00"]),
            Err(OrderFault::Ambiguous("03/02/2026 09:00".to_owned()))
        );
        assert_eq!(
            order(&["3/2/2026, 9:00:00 am"]),
            Err(OrderFault::Ambiguous("3/2/2026, 9:00:00 am".to_owned()))
        );
        assert_eq!(
            order(&["02/25/2026 09:00", "25/02/2026 09:00"]),
            Err(OrderFault::Mixed {
                month_first: "02/25/2026 09:00".to_owned(),
                day_first: "25/02/2026 09:00".to_owned(),
            })
        );
    }
}
