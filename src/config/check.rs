//! `[check]`: which findings fail, how bad each is, and the limits that are judged by.
//!
//! Names of rules are kept as they are written; the checks themselves know which there are.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::money::{Factor, Money};

/// The section as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CheckSection {
    /// The least severity that fails a check.
    pub fail_on: Option<FailOn>,
    /// The file of findings that are known, relative to the configuration.
    pub baseline: Option<String>,
    /// How bad findings are, by the id or name of a rule, or by a family.
    pub severity: BTreeMap<String, Level>,
    /// Limits for everything.
    pub limits: LimitsSection,
    /// Severities and limits of some files or business units; later ones go before earlier ones.
    #[serde(rename = "override")]
    pub overrides: Vec<OverrideSection>,
    /// What business units may cost.
    pub budget: Vec<BudgetSection>,
}

/// The least severity that fails a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Warnings and errors fail.
    Warning,
    /// Only errors fail.
    #[default]
    Error,
}

/// How bad a finding is, or that it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is not reported.
    Off,
    /// Good to know.
    Note,
    /// Somebody should look at it.
    Warning,
    /// It must be mended.
    Error,
}

/// Limits; what is left out is inherited.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Most tokens of one request, prompt or answer [token].
    pub request_tokens: Option<u64>,
    /// Most time between the two rows of a request [minute].
    pub clock_skew_minutes: Option<u64>,
    /// Requests that a gap must have lost by the app's own rhythm to be told [request].
    pub gap_requests: Option<u64>,
    /// Most requests served without token counts [percent of those served].
    pub without_tokens_percent: Option<Factor>,
    /// Most gateway rows without a row of the LLM log [percent of requests].
    pub no_llm_row_percent: Option<Factor>,
    /// Most rows of the LLM log without a gateway row [percent of requests].
    pub no_gateway_row_percent: Option<Factor>,
    /// Most requests whose counts are estimates, placeholders or sums [percent of those priced].
    pub estimated_percent: Option<Factor>,
    /// Most tokens that no owner rule claims [percent of those priced].
    pub unattributed_percent: Option<Factor>,
    /// Oldest that a price which is applied may be, since its source was read [day].
    pub price_age_days: Option<u64>,
    /// Most that the cost per token may move from one day to its usual [percent].
    pub unit_cost_jump_percent: Option<Factor>,
    /// Most tokens that may spill over [percent of those of the deployment].
    pub spill_percent: Option<Factor>,
    /// Most of provisioned capacity that may be idle [percent].
    pub idle_percent: Option<Factor>,
    /// Distance from the median that makes a day unusual [robust standard deviations].
    pub unusual_day_score: Option<Factor>,
    /// Least distance from the median of an unusual day [percent].
    pub unusual_day_percent: Option<Factor>,
    /// Days before the end of a reservation when it is told [day].
    pub reservation_days: Option<u64>,
}

/// Severities and limits of a part.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OverrideSection {
    /// Globs of file names, as they are given on the command line.
    pub paths: Vec<String>,
    /// Business units.
    pub business_units: Vec<String>,
    /// How bad findings are, as in `[check.severity]`.
    pub severity: BTreeMap<String, Level>,
    /// Limits; those of rows go by files, those of single business units by these.
    pub limits: LimitsSection,
}

/// What a business unit may cost in a calendar month.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BudgetSection {
    /// The business unit.
    pub business_unit: String,
    /// The most that it may cost a month, in the statement's currency; days of a month count alike.
    pub amount: Money,
    /// First day it holds.
    pub from: Option<NaiveDate>,
    /// Day after the last.
    pub until: Option<NaiveDate>,
}
