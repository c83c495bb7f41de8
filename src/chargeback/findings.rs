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
    /// What it is about.
    pub about: About,
}

/// What a finding is about; places are those in the policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// An owner rule.
    Owner(usize),
    /// A deployment.
    Deployment(usize),
    /// A shared cost.
    SharedCost(usize),
    /// What provisioned cost is shared by: a line of the statement, in words.
    Allocation(String),
    /// A credit.
    Credit(usize),
    /// A price that is known from a day: what it is of, in words.
    Price(String, NaiveDate),
    /// A model.
    Model(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl Finding {
    pub(super) fn fallback(of: &str, wanted: Key, applied: Key, about: About) -> Self {
        let (wanted, applied) = (wanted.name(), applied.name());
        Self {
            code: "allocation-fallback",
            message: format!(
                "{of}: nothing to share by {wanted} in this period, so it was shared by {applied}; \
                 allocation.fallback sets the order"
            ),
            about,
        }
    }

    pub(super) fn overuse(at: usize, deployment: &str, over: (usize, NaiveDate)) -> Self {
        let (days, first) = over;
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
            about: About::Deployment(at),
        }
    }

    pub(super) fn unused_rule(at: usize, owner: &str) -> Self {
        let number = at + 1;
        Self {
            code: "owner-rule-unused",
            message: format!(
                "[[owner]] rule {number} ({owner}) claimed nothing in this period; earlier rules \
                 may take its usage, or its `match` may be misspelt"
            ),
            about: About::Owner(at),
        }
    }

    pub(super) fn unpriced(missing: &Unpriced) -> Self {
        Self {
            code: "unpriced-allowed",
            message: format!("{missing}: charged 0, as --allow-unpriced asks"),
            about: About::Model(missing.name.to_string()),
        }
    }

    pub(super) fn stretched(what: &str, known_from: NaiveDate) -> Self {
        Self {
            code: "price-known-later",
            message: format!(
                "the price of {what} is known from {known_from} only and was used before that \
                 day, as --allow-earlier-prices asks; add a [[price]] or [[ptu_price]] to be sure"
            ),
            about: About::Price(what.to_owned(), known_from),
        }
    }

    pub(super) fn size(at: usize, deployment: &str, reason: &str, from: NaiveDate) -> Self {
        Self {
            code: "ptu-size-not-offered",
            message: format!("deployment {deployment:?} from {from}: {reason}"),
            about: About::Deployment(at),
        }
    }

    pub(super) fn lone_credit(at: usize, owner: &str, date: NaiveDate) -> Self {
        Self {
            code: "credit-without-charges",
            message: format!("the credit of {date} found no charges of {owner}; it stands alone"),
            about: About::Credit(at),
        }
    }
}
