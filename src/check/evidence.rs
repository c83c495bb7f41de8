//! What the rules judge: everything that was read, counted and charged.

use chrono::NaiveDate;

use super::settings::Settings;
use super::tally::Rhythm;
use crate::chargeback::{ChargeError, Charges, Facts};
use crate::config::Config;
use crate::time::BillingPeriod;
use crate::usage::collection::Found;
use crate::usage::{Source, UsageSum};

/// Everything that was found out, for rules about more than single rows.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// Models and prices.
    pub facts: Facts<'a>,
    /// What rules are judged by.
    pub settings: &'a Settings,
    /// The day on which it is checked: what lies after it is in the future.
    pub as_of: NaiveDate,
    /// The period that was asked for.
    pub asked: Option<BillingPeriod>,
    /// The period asked for, else the days from the first to the last with requests, without those
    /// that are far from all others; `None` where there is no request.
    pub period: Option<BillingPeriod>,
    /// The inputs.
    pub sources: &'a [Source],
    /// What reading found.
    pub found: &'a Found,
    /// Usage by day and caller.
    pub sums: &'a [UsageSum],
    /// Requests by the hour.
    pub rhythm: &'a Rhythm,
    /// What the period costs, line by line and day by day; `None` where it cannot be charged. What
    /// has no price costs nothing here, and is in `refused`.
    pub charges: Option<&'a Charges>,
    /// Why the period, or a part of it, cannot be charged.
    pub refused: &'a [ChargeError],
}

impl Evidence<'_> {
    /// The first day that is judged: of the period, else of the check.
    pub fn start(&self) -> NaiveDate {
        self.period.map_or(self.as_of, BillingPeriod::start)
    }
}
