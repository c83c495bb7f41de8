//! A comparison as JSON. Amounts and counts are strings, because readers of JSON numbers lose
//! digits; texts are as they were logged or configured.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Comparison, Side, sentence};
use crate::diff::change::Amount;
use crate::diff::rows::Key;
use crate::diff::{By, Cause, Change, Row};
use crate::money::Factor;
use crate::report::figure::EXACT_DIGITS;
use crate::report::json::{Period, written};

/// Name and version of the format. The version rises when a field changes its meaning or goes.
const SCHEMA: &str = "tollbook/diff/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    compared: &'static str,
    currency: &'a str,
    minor_digits: u32,
    before: SideObject<'a>,
    after: SideObject<'a>,
    answers: Vec<String>,
    total: Map<String, Value>,
    business_units: Vec<Map<String, Value>>,
    by: &'static str,
    groups: Vec<Map<String, Value>>,
    excesses: Vec<ExcessObject<'a>>,
}

#[derive(Serialize)]
struct SideObject<'a> {
    name: &'a str,
    period: Period,
    days: u64,
    policy: Option<&'a str>,
    requests: Option<String>,
    amount: String,
    exact_amount: String,
    findings: &'a [String],
}

#[derive(Serialize)]
struct ExcessObject<'a> {
    /// Nothing for the total.
    business_unit: Option<&'a str>,
    change: String,
    change_percent: Option<String>,
    limit: String,
}

/// The whole comparison.
pub(super) fn render(comparison: &Comparison) -> String {
    let difference = &comparison.difference;
    let digits = difference.minor_digits;
    let rows = |by: By| {
        let rows = difference.rows(by).into_iter();
        rows.map(|row| object(&row, by, digits)).collect()
    };
    let excess = comparison.excesses.iter().map(|excess| ExcessObject {
        business_unit: excess.business_unit.as_deref(),
        change: excess.change.amount().to_decimal(digits),
        change_percent: percent(&excess.change),
        limit: excess.limit.to_string(),
    });
    written(&Document {
        schema: SCHEMA,
        compared: comparison.kind.name(),
        currency: &difference.currency,
        minor_digits: digits,
        before: side(&comparison.before, &difference.total.before, digits),
        after: side(&comparison.after, &difference.total.after, digits),
        answers: sentence::answers(comparison, str::to_owned),
        total: change_fields(&difference.total, digits),
        business_units: rows(By::BusinessUnit),
        by: comparison.by.name(),
        groups: rows(comparison.by),
        excesses: excess.collect(),
    })
}

fn side<'a>(side: &'a Side, amount: &Amount, digits: u32) -> SideObject<'a> {
    SideObject {
        name: &side.name,
        period: Period::of(side.period),
        days: sentence::days(side),
        policy: side.policy.as_deref(),
        requests: side
            .requests
            .as_ref()
            .map(|count| count.to_trimmed(EXACT_DIGITS)),
        amount: amount.charged.to_decimal(digits),
        exact_amount: amount.exact.to_trimmed(EXACT_DIGITS),
        findings: &side.findings,
    }
}

const fn field(key: Key) -> &'static str {
    match key {
        Key::BusinessUnit => "business_unit",
        Key::App => "app",
        Key::Model => "model",
    }
}

/// A row: its keys first.
fn object(row: &Row, by: By, digits: u32) -> Map<String, Value> {
    let keys = by.keys().iter().zip(&row.keys);
    let mut fields: Map<String, Value> = keys
        .map(|(key, text)| (field(*key).to_owned(), text.as_str().into()))
        .collect();
    fields.extend(change_fields(&row.change, digits));
    fields
}

fn change_fields(change: &Change, digits: u32) -> Map<String, Value> {
    let settled = |cause: Cause| Value::from(change.cause(cause).to_decimal(digits));
    let exact = |cause: Cause| Value::from(change.effects.of(cause).to_trimmed(EXACT_DIGITS));
    let causes = |value: &dyn Fn(Cause) -> Value| -> Value {
        let fields = Cause::ALL.map(|cause| (cause.name().to_owned(), value(cause)));
        Value::Object(fields.into_iter().collect())
    };
    let exact_change = change.after.exact.clone() - change.before.exact.clone();
    let fields: [(&str, Value); 8] = [
        ("state", change.state().name().into()),
        ("before", change.before.charged.to_decimal(digits).into()),
        ("after", change.after.charged.to_decimal(digits).into()),
        ("change", change.amount().to_decimal(digits).into()),
        ("change_percent", percent(change).into()),
        ("causes", causes(&settled)),
        ("exact_change", exact_change.to_trimmed(EXACT_DIGITS).into()),
        ("exact_causes", causes(&exact)),
    ];
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The change in percent of the amount before, to twelve decimals.
fn percent(change: &Change) -> Option<String> {
    let share = change.share()?;
    Some(share.times(&Factor::ratio(100, 1)).to_trimmed(EXACT_DIGITS))
}
