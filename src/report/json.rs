//! The statement as JSON: `docs/schema/statement-1.schema.json` says what each field means.
//!
//! Amounts and counts are strings, because readers of JSON numbers lose digits. Texts are as they
//! were logged or configured; JSON's own escapes make them safe.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::{OutcomeTotal, Report};
use super::figure::EXACT_DIGITS;
use super::notes::hours;
use super::view::{Bucket, Grouping, Row, SHARE_DIGITS, View};
use crate::chargeback::statement::StatementLine;
use crate::chargeback::{DeploymentFacts, Finding, PoolFacts};
use crate::money::{Factor, MinorUnits};
use crate::rate_card::TokenPrice;
use crate::time::BillingPeriod;

/// Name and version of the format. The version rises when a field changes its meaning or goes.
pub const SCHEMA: &str = "tollbook/statement/1";

/// The statement with its lines, grouped as `view`.
pub fn render(report: &Report, view: &View) -> String {
    let statement = &report.statement;
    let digits = statement.minor_digits;
    written(&Document {
        schema: SCHEMA,
        period: Period::of(statement.period),
        currency: &statement.currency,
        minor_digits: digits,
        total: statement.total.to_decimal(digits),
        exact_total: statement.exact_total.to_trimmed(EXACT_DIGITS),
        business_units: groups(&View::of(report, Grouping::BusinessUnit), digits),
        by: view.grouping.name(),
        groups: groups(view, digits),
        lines: statement
            .lines
            .iter()
            .map(|line| Line::of(line, digits))
            .collect(),
        requests: requests(report),
        requests_outside_period: report.outside_period.get(),
        prices: report.prices.iter().map(Price::of).collect(),
        pools: report.pools.iter().map(Pool::of).collect(),
        findings: report.findings.iter().map(FindingText::of).collect(),
    })
}

/// Any value as indented JSON with a line end.
pub(super) fn written(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value)
        .expect("texts and maps with text keys can always be written as JSON");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    period: Period,
    currency: &'a str,
    minor_digits: u32,
    total: String,
    exact_total: String,
    business_units: Vec<Object>,
    by: &'static str,
    groups: Vec<Object>,
    lines: Vec<Line<'a>>,
    requests: Vec<RequestCount>,
    requests_outside_period: u64,
    prices: Vec<Price<'a>>,
    pools: Vec<Pool<'a>>,
    findings: Vec<FindingText<'a>>,
}

/// A period: its name, its first day, and the day after its last.
#[derive(Serialize)]
pub(super) struct Period {
    name: String,
    start: String,
    end: String,
}

impl Period {
    pub(super) fn of(period: BillingPeriod) -> Self {
        Self {
            name: period.to_string(),
            start: period.start().to_string(),
            end: period.end().to_string(),
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    business_unit: &'a str,
    cost_centre: &'a str,
    app: &'a str,
    model: &'a str,
    deployment: &'a str,
    day: Option<String>,
    component: String,
    quantity: Option<String>,
    unit: Option<&'static str>,
    unit_price: Option<String>,
    exact_amount: String,
    amount: String,
}

impl<'a> Line<'a> {
    fn of(line: &'a StatementLine, digits: u32) -> Self {
        let quantity = line.quantity.as_ref();
        Self {
            business_unit: &line.business_unit,
            cost_centre: &line.cost_centre,
            app: &line.app,
            model: &line.model,
            deployment: &line.deployment,
            day: line.day.map(|day| day.to_string()),
            component: line.component.name(),
            quantity: quantity.map(|quantity| quantity.value.to_trimmed(EXACT_DIGITS)),
            unit: quantity.map(|quantity| quantity.unit),
            unit_price: line
                .unit_price
                .as_ref()
                .map(|price| price.to_trimmed(EXACT_DIGITS)),
            exact_amount: line.exact.to_trimmed(EXACT_DIGITS),
            amount: line.amount.to_decimal(digits),
        }
    }
}

/// Requests of one outcome.
#[derive(Serialize)]
pub(super) struct RequestCount {
    outcome: &'static str,
    priced: bool,
    requests: String,
    input_tokens: String,
    output_tokens: String,
}

/// Every outcome, met or not.
pub(super) fn requests(report: &Report) -> Vec<RequestCount> {
    let count = |total: OutcomeTotal| RequestCount {
        outcome: total.disposition.name(),
        priced: total.priced,
        requests: total.amount.requests.to_trimmed(EXACT_DIGITS),
        input_tokens: total.amount.input.to_trimmed(EXACT_DIGITS),
        output_tokens: total.amount.output.to_trimmed(EXACT_DIGITS),
    };
    report.outcomes().into_iter().map(count).collect()
}

#[derive(Serialize)]
struct Price<'a> {
    model: &'a str,
    version: Option<&'a str>,
    kind: &'static str,
    regions: &'a [String],
    tier: &'static str,
    class: &'static str,
    input_above: Option<u64>,
    usd_per_million_tokens: String,
    effective_from: String,
    source: &'a str,
    as_of: String,
}

impl<'a> Price<'a> {
    fn of(price: &'a TokenPrice) -> Self {
        Self {
            model: &price.model,
            version: price.version.as_deref(),
            kind: price.kind.name(),
            regions: &price.regions,
            tier: price.tier.name(),
            class: price.class.name(),
            input_above: price.input_above.map(crate::units::Tokens::get),
            usd_per_million_tokens: price.price.to_string(),
            effective_from: price.source.effective_from.to_string(),
            source: &price.source.text,
            as_of: price.source.as_of.to_string(),
        }
    }
}

#[derive(Serialize)]
struct Pool<'a> {
    kind: &'static str,
    region: &'a str,
    scope: &'a str,
    deployed_ptu_hours: String,
    covered_ptu_hours: String,
    unused_reservation_ptu_hours: String,
    covered_usd: String,
    hourly_usd: String,
    unused_reservation_usd: String,
    deployments: Vec<PoolDeployment<'a>>,
}

#[derive(Serialize)]
struct PoolDeployment<'a> {
    deployment: &'a str,
    model: &'a str,
    deployed_ptu_hours: String,
    used_ptu_hours: String,
    used_usd: String,
    idle_usd: String,
}

impl<'a> Pool<'a> {
    fn of(pool: &'a PoolFacts) -> Self {
        let cost = &pool.cost;
        Self {
            kind: pool.name.kind.name(),
            region: &pool.name.region,
            scope: &pool.name.scope,
            deployed_ptu_hours: hours(cost.deployed).to_trimmed(EXACT_DIGITS),
            covered_ptu_hours: hours(cost.covered).to_trimmed(EXACT_DIGITS),
            unused_reservation_ptu_hours: hours(cost.unused()).to_trimmed(EXACT_DIGITS),
            covered_usd: cost.covered_amount.to_trimmed(EXACT_DIGITS),
            hourly_usd: cost.hourly_amount.to_trimmed(EXACT_DIGITS),
            unused_reservation_usd: cost.unused_amount.to_trimmed(EXACT_DIGITS),
            deployments: pool.deployments.iter().map(PoolDeployment::of).collect(),
        }
    }
}

impl<'a> PoolDeployment<'a> {
    fn of(facts: &'a DeploymentFacts) -> Self {
        let used = facts.used.times(&Factor::ratio(1, 60));
        Self {
            deployment: &facts.name,
            model: &facts.model,
            deployed_ptu_hours: hours(facts.deployed).to_trimmed(EXACT_DIGITS),
            used_ptu_hours: used.to_trimmed(EXACT_DIGITS),
            used_usd: facts.used_amount.to_trimmed(EXACT_DIGITS),
            idle_usd: facts.idle_amount.to_trimmed(EXACT_DIGITS),
        }
    }
}

/// A finding as written.
#[derive(Serialize)]
pub(super) struct FindingText<'a> {
    code: &'static str,
    message: &'a str,
}

impl<'a> FindingText<'a> {
    pub(super) fn of(finding: &'a Finding) -> Self {
        Self {
            code: finding.code,
            message: &finding.message,
        }
    }
}

/// An object whose fields depend on the grouping.
type Object = serde_json::Map<String, serde_json::Value>;

fn groups(view: &View, digits: u32) -> Vec<Object> {
    let rows = view.rows.iter();
    rows.map(|row| group(row, view, digits)).collect()
}

/// One row of the view, its keys first.
fn group(row: &Row, view: &View, digits: u32) -> Object {
    let keys = view.grouping.keys().iter().map(|key| key.field());
    let mut fields: Vec<(&str, serde_json::Value)> = keys
        .zip(row.keys.iter().map(|text| text.as_str().into()))
        .collect();
    let usage = &row.usage;
    fields.push(("requests", usage.requests.to_trimmed(EXACT_DIGITS).into()));
    fields.push(("input_tokens", usage.input.to_trimmed(EXACT_DIGITS).into()));
    fields.push((
        "output_tokens",
        usage.output.to_trimmed(EXACT_DIGITS).into(),
    ));
    fields.push(("parts", parts(&row.parts, digits)));
    fields.push(("exact_amount", row.exact.to_trimmed(EXACT_DIGITS).into()));
    fields.push(("amount", row.amount.to_decimal(digits).into()));
    let share = row.share.map(|share| share.to_decimal(SHARE_DIGITS));
    fields.push(("share_percent", share.into()));
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn parts(parts: &BTreeMap<Bucket, MinorUnits>, digits: u32) -> serde_json::Value {
    let field = |(bucket, amount): (&Bucket, &MinorUnits)| {
        (bucket.field().to_owned(), amount.to_decimal(digits).into())
    };
    serde_json::Value::Object(parts.iter().map(field).collect())
}
