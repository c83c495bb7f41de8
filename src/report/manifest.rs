//! What a statement was made from, so that anybody can check it or make it again.
//!
//! Nothing in it depends on when or where the program ran: the same files under the same names
//! give the same bytes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::Report;
use super::figure::EXACT_DIGITS;
use super::json::{FindingText, Period, RequestCount, requests, written};
use super::view::{Grouping, Row, View};
use crate::money::Money;
use crate::usage::RowAccounting;

/// Name and version of the format.
pub const SCHEMA: &str = "tollbook/manifest/1";

/// Where a statement comes from, as the command that made it knows.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Version of the program.
    pub tool_version: String,
    /// The inputs, in any order; they are written by name.
    pub inputs: Vec<InputFact>,
    /// SHA-256 of the configuration file [hex]; `None` without one.
    pub configuration_sha256: Option<String>,
    /// Version of the bundled and own prices, e.g. a hash of their rows.
    pub rate_card: String,
    /// Version of the bundled and own model facts.
    pub catalog: String,
    /// The policies in force, by name: how idle capacity is shared, which rows are priced, …
    pub policy: BTreeMap<String, String>,
    /// Where every row went.
    pub rows: RowAccounting,
    /// How many faults were found in the input.
    pub faults: u64,
}

/// One input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct InputFact {
    /// The name as the user gave it.
    pub name: String,
    /// Size as stored [byte].
    pub bytes: u64,
    /// Rows read from it.
    pub rows: u64,
    /// SHA-256 of the bytes as stored [hex].
    pub sha256: String,
    /// How rows are carried, e.g. `csv`, `json-lines`, `csv+gzip`.
    pub carrier: String,
    /// Log format of the rows, e.g. `apim-llm-log`.
    pub format: String,
}

/// The manifest of one statement.
pub fn render(report: &Report, origin: &Origin) -> String {
    let statement = &report.statement;
    let view = View::of(report, Grouping::BusinessUnit);
    let mut inputs: Vec<&InputFact> = origin.inputs.iter().collect();
    inputs.sort();
    written(&Document {
        schema: SCHEMA,
        tool: Tool {
            name: "tollbook",
            version: &origin.tool_version,
        },
        period: Period::of(statement.period),
        currency: &statement.currency,
        minor_digits: statement.minor_digits,
        inputs,
        configuration_sha256: origin.configuration_sha256.as_deref(),
        rate_card: &origin.rate_card,
        catalog: &origin.catalog,
        policy: &origin.policy,
        rows: &origin.rows,
        faults: origin.faults,
        requests: requests(report),
        requests_outside_period: report.outside_period.get(),
        findings: report.findings.iter().map(FindingText::of).collect(),
        business_units: view
            .rows
            .iter()
            .map(|row| Rounding::of(row, statement.minor_digits))
            .collect(),
        total: Rounding::of(&view.total, statement.minor_digits),
    })
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    period: Period,
    currency: &'a str,
    minor_digits: u32,
    inputs: Vec<&'a InputFact>,
    configuration_sha256: Option<&'a str>,
    rate_card: &'a str,
    catalog: &'a str,
    policy: &'a BTreeMap<String, String>,
    rows: &'a RowAccounting,
    faults: u64,
    requests: Vec<RequestCount>,
    requests_outside_period: u64,
    findings: Vec<FindingText<'a>>,
    business_units: Vec<Rounding>,
    total: Rounding,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

/// What rounding did to an amount: charged = exact + remainder.
#[derive(Serialize)]
struct Rounding {
    #[serde(skip_serializing_if = "Option::is_none")]
    business_unit: Option<String>,
    exact_amount: String,
    amount: String,
    remainder: String,
}

impl Rounding {
    fn of(row: &Row, digits: u32) -> Self {
        let remainder = Money::from_minor(row.amount, digits) - row.exact.clone();
        Self {
            business_unit: row.keys.first().cloned(),
            exact_amount: row.exact.to_trimmed(EXACT_DIGITS),
            amount: row.amount.to_decimal(digits),
            remainder: remainder.to_trimmed(EXACT_DIGITS),
        }
    }
}
