//! A statement read back from what `tollbook chargeback` wrote: its JSON, or its lines in CSV.
//!
//! Both hold every line with its exact amount to twelve decimals, so that statements can be
//! compared without the logs. Neither tells which tier spilled tokens were priced at, and CSV tells
//! no number of requests.

mod document;
mod error;
mod lines;

use chrono::NaiveDate;

pub use error::RecordedError;

use super::csv::LINE_COLUMNS;
use crate::chargeback::statement::{Quantity, Statement, StatementLine};
use crate::money::{Factor, MinorUnits, Money};

/// A statement as it was written to a file.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The lines, and what they add up to.
    pub statement: Statement,
    /// Priced requests; `None` where the file does not tell.
    pub requests: Option<Factor>,
    /// What a reader must know before paying, as `code: message`.
    pub findings: Vec<String>,
}

/// What a file is, by its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A statement in JSON.
    Document,
    /// The lines of a statement in CSV.
    Lines,
    /// The groups of a statement in CSV, which do not tell quantities.
    Groups,
    /// Another JSON of tollbook, with its schema.
    Other(String),
    /// None of them.
    Unknown,
}

/// Names the schema of every JSON that tollbook writes.
const SCHEMA_PREFIX: &str = "\"tollbook/";

impl Sort {
    /// What a file that begins with `head` is.
    pub fn of(head: &str) -> Self {
        let head = head.trim_start_matches('\u{feff}').trim_start();
        if head.starts_with('{') {
            return Self::of_object(head);
        }
        let header = head.lines().next().unwrap_or_default();
        if header == LINE_COLUMNS.join(",") {
            Self::Lines
        } else if header.starts_with("period,currency,") && header.ends_with("exact_amount,amount")
        {
            Self::Groups
        } else {
            Self::Unknown
        }
    }

    /// What JSON it is, by the first of its fields.
    fn of_object(head: &str) -> Self {
        let field = head[1..].trim_start().strip_prefix("\"schema\"");
        let value = field
            .and_then(|rest| rest.trim_start().strip_prefix(':'))
            .and_then(|rest| rest.trim_start().strip_prefix(SCHEMA_PREFIX));
        let Some((name, _)) = value.and_then(|rest| rest.split_once('"')) else {
            return Self::Unknown;
        };
        let name = format!("tollbook/{name}");
        if name == super::json::SCHEMA {
            Self::Document
        } else {
            Self::Other(name)
        }
    }
}

/// Reads the JSON of a statement; `name` is the file's in messages.
pub fn document(text: &str, name: &str) -> Result<Recorded, RecordedError> {
    document::read(text, name)
}

/// Reads the lines of a statement in CSV; `name` is the file's in messages.
pub fn lines(text: &str, name: &str) -> Result<Recorded, RecordedError> {
    lines::read(text, name)
}

/// A line as it is written, and where.
struct Written {
    /// File and place in it.
    place: String,
    business_unit: String,
    cost_centre: String,
    app: String,
    model: String,
    deployment: String,
    day: String,
    component: String,
    quantity: String,
    unit: String,
    unit_price: String,
    exact_amount: String,
    amount: String,
}

/// Units of quantities on statements.
const UNITS: [&str; 3] = ["tokens", "PTU-hours", "requests"];

impl Written {
    /// The line with amounts of so many decimals.
    fn parsed(self, digits: u32) -> Result<StatementLine, RecordedError> {
        let component = self.component.parse();
        let amount: Money = self.field("amount", &self.amount, DECIMAL)?;
        let minor = amount.rounded(digits);
        if Money::from_minor(minor, digits) != amount {
            return Err(self.wrong("amount", &self.amount, "whole minor units"));
        }
        let day = match self.day.as_str() {
            "" => None,
            day => Some(self.field::<NaiveDate>("day", day, "a day such as 2026-10-05")?),
        };
        let unit_price = match self.unit_price.as_str() {
            "" => None,
            price => Some(self.field("unit_price", price, DECIMAL)?),
        };
        let exact = self.field("exact_amount", &self.exact_amount, DECIMAL)?;
        if !is_near(&amount, &exact, digits) {
            let expected = format!("`exact_amount` ({exact}) rounded");
            return Err(self.wrong("amount", &self.amount, &expected));
        }
        Ok(StatementLine {
            day,
            component: component
                .map_err(|_| self.wrong("component", &self.component, "a component's name"))?,
            quantity: self.quantity()?,
            unit_price,
            exact,
            amount: minor,
            business_unit: self.business_unit,
            cost_centre: self.cost_centre,
            app: self.app,
            model: self.model,
            deployment: self.deployment,
        })
    }

    fn quantity(&self) -> Result<Option<Quantity>, RecordedError> {
        if self.quantity.is_empty() {
            return Ok(None);
        }
        let value = self.field("quantity", &self.quantity, DECIMAL)?;
        let known = UNITS.into_iter().find(|unit| *unit == self.unit);
        let unit = known.ok_or_else(|| self.wrong("unit", &self.unit, &UNITS.join(", ")))?;
        Ok(Some(Quantity { value, unit }))
    }

    fn field<T: std::str::FromStr>(
        &self,
        field: &str,
        found: &str,
        expected: &str,
    ) -> Result<T, RecordedError> {
        let parsed = found.parse().ok().filter(|_| is_short(found));
        parsed.ok_or_else(|| self.wrong(field, found, expected))
    }

    fn wrong(&self, field: &str, found: &str, expected: &str) -> RecordedError {
        RecordedError::Field {
            place: self.place.clone(),
            field: field.to_owned(),
            found: found.to_owned(),
            expected: expected.to_owned(),
        }
    }
}

const DECIMAL: &str = "a decimal such as 12.50, with at most 15 digits before the point";

/// Most digits before the point, so that sums and quotients of them stay within what amounts hold.
const MOST_WHOLE: usize = 15;
/// Longest value, which tollbook never writes [character].
const LONGEST: usize = 48;

fn is_short(found: &str) -> bool {
    let whole = found.split('.').next().unwrap_or_default();
    whole.trim_start_matches('-').len() <= MOST_WHOLE && found.len() <= LONGEST
}

/// Most decimals of a currency.
const MOST_DIGITS: u32 = 6;

/// Most minor units that rounding from the total down moves a line by; a statement has seven levels.
const MOST_MOVED: i128 = 7;

/// Whether an amount is an exact one that was rounded from the total down.
fn is_near(amount: &Money, exact: &Money, digits: u32) -> bool {
    let most = Money::from_minor(MinorUnits(MOST_MOVED), digits);
    let off = amount.clone() - exact.clone();
    off <= most && -off <= most
}

/// What the lines add up to: exact, and as charged.
fn totals(lines: &[StatementLine]) -> (Money, MinorUnits) {
    let exact = lines.iter().map(|line| &line.exact).sum();
    let charged = lines.iter().map(|line| line.amount).sum();
    (exact, charged)
}
