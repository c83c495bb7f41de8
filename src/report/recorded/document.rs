//! The JSON of a statement (`docs/schema/statement-1.schema.json`), read back.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{MOST_DIGITS, Recorded, RecordedError, Written, totals};
use crate::chargeback::statement::{Statement, StatementLine};
use crate::money::{Factor, Money};
use crate::time::BillingPeriod;

/// What of the document is needed; other fields are passed over.
#[derive(Deserialize)]
struct Document {
    period: Period,
    currency: String,
    minor_digits: u32,
    total: String,
    lines: Vec<Line>,
    requests: Vec<Requests>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

#[derive(Deserialize)]
struct Requests {
    priced: bool,
    requests: String,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    message: String,
}

#[derive(Deserialize)]
struct Line {
    business_unit: String,
    cost_centre: String,
    app: String,
    model: String,
    deployment: String,
    day: Option<String>,
    component: String,
    quantity: Option<String>,
    unit: Option<String>,
    unit_price: Option<String>,
    exact_amount: String,
    amount: String,
}

impl Line {
    fn written(self, place: String) -> Written {
        Written {
            place,
            business_unit: self.business_unit,
            cost_centre: self.cost_centre,
            app: self.app,
            model: self.model,
            deployment: self.deployment,
            day: self.day.unwrap_or_default(),
            component: self.component,
            quantity: self.quantity.unwrap_or_default(),
            unit: self.unit.unwrap_or_default(),
            unit_price: self.unit_price.unwrap_or_default(),
            exact_amount: self.exact_amount,
            amount: self.amount,
        }
    }
}

/// Reads the document.
pub(super) fn read(text: &str, name: &str) -> Result<Recorded, RecordedError> {
    let wrong = |reason: String| RecordedError::Document {
        name: name.to_owned(),
        reason,
    };
    let document: Document = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| wrong(error.to_string()))?;
    let (start, end) = (document.period.start, document.period.end);
    let period = BillingPeriod::new(start, end)
        .ok_or_else(|| wrong(format!("the period from {start} until {end} is empty")))?;
    let digits = document.minor_digits;
    if digits > MOST_DIGITS {
        return Err(wrong(format!("`minor_digits` is above {MOST_DIGITS}")));
    }
    let lines = document.lines.into_iter().enumerate();
    let lines = lines.map(|(at, line)| line.written(format!("{name}: lines[{at}]")).parsed(digits));
    let lines = lines.collect::<Result<Vec<StatementLine>, _>>()?;
    let (exact_total, total) = totals(&lines);
    if document.total.parse() != Ok(Money::from_minor(total, digits)) {
        return Err(RecordedError::Total {
            name: name.to_owned(),
            lines: total.to_decimal(digits),
            total: document.total,
        });
    }
    let findings = document.findings.into_iter();
    Ok(Recorded {
        requests: Some(priced(&document.requests, name)?),
        findings: findings
            .map(|finding| format!("{}: {}", finding.code, finding.message))
            .collect(),
        statement: Statement {
            period,
            currency: document.currency,
            minor_digits: digits,
            lines,
            exact_total,
            total,
        },
    })
}

/// Requests that have a price.
fn priced(requests: &[Requests], name: &str) -> Result<Factor, RecordedError> {
    let mut sum = Factor::zero();
    for (at, one) in requests.iter().enumerate().filter(|(_, one)| one.priced) {
        let count: Factor = one.requests.parse().map_err(|_| RecordedError::Field {
            place: format!("{name}: requests[{at}]"),
            field: "requests".to_owned(),
            found: one.requests.clone(),
            expected: "a count".to_owned(),
        })?;
        sum = sum.plus(&count);
    }
    Ok(sum)
}
