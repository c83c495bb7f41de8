//! What a person should look at although the period could be charged.

use std::fmt;

use chrono::NaiveDate;

use super::allocation::Key;
use super::error::Unpriced;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The kind of finding, stable across releases, e.g. `owner-rule-unused`.
    pub code: &'static str,
    /// What was found, and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl Finding {
    pub(super) fn fallback(of: &str, wanted: Key, applied: Key) -> Self {
        let (wanted, applied) = (wanted.name(), applied.name());
        Self {
            code: "allocation-fallback",
            message: format!(
                "{of}: nothing to share by {wanted} in this period, so it was shared by {applied}; \
                 allocation.fallback sets the order"
            ),
        }
    }

    pub(super) fn overuse(deployment: &str, days: usize, first: NaiveDate) -> Self {
        let days = match days {
            1 => format!("on {first}"),
            _ => format!("on {days} days, first on {first}"),
        };
        Self {
            code: "ptu-overused",
            message: format!(
                "deployment {deployment:?} served more than its deployed PTU can {days}; the logs \
                 may count calls that spilled over, or `capacity` may be out of date"
            ),
        }
    }

    pub(super) fn unused_rule(number: usize, owner: &str) -> Self {
        Self {
            code: "owner-rule-unused",
            message: format!(
                "[[owner]] rule {number} ({owner}) claimed nothing in this period; earlier rules \
                 may take its usage, or its `match` may be misspelt"
            ),
        }
    }

    pub(super) fn unpriced(missing: &Unpriced) -> Self {
        Self {
            code: "unpriced-allowed",
            message: format!("{missing}: charged 0, as --allow-unpriced asks"),
        }
    }

    pub(super) fn stretched(what: &str, known_from: NaiveDate) -> Self {
        Self {
            code: "price-known-later",
            message: format!(
                "the price of {what} is known from {known_from} only and was used before that \
                 day, as --allow-earlier-prices asks; add a [[price]] or [[ptu_price]] to be sure"
            ),
        }
    }

    pub(super) fn size(deployment: &str, reason: &str, from: NaiveDate) -> Self {
        Self {
            code: "ptu-size-not-offered",
            message: format!("deployment {deployment:?} from {from}: {reason}"),
        }
    }

    pub(super) fn lone_credit(owner: &str, date: NaiveDate) -> Self {
        Self {
            code: "credit-without-charges",
            message: format!("the credit of {date} found no charges of {owner}; it stands alone"),
        }
    }
}
