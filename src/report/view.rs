//! The statement grouped for reading: whole minor units added up, so every view sums to the total.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clap::ValueEnum;

use super::facts::Report;
use crate::azure::Tier;
use crate::chargeback::statement::{Component, IDLE, StatementLine, UNATTRIBUTED};
use crate::chargeback::{OwnedUsage, UsageAmount};
use crate::money::{Factor, MinorUnits, Money};

/// What a view has one row of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Grouping {
    /// Business units.
    #[default]
    BusinessUnit,
    /// Cost centres of each business unit.
    CostCentre,
    /// Applications of each business unit.
    App,
    /// Models.
    Model,
    /// Deployments, and pools where a line is of a whole pool.
    Deployment,
    /// UTC days.
    Day,
}

/// A statement column that rows of a view have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The business unit.
    BusinessUnit,
    /// The cost centre.
    CostCentre,
    /// The application.
    App,
    /// The model.
    Model,
    /// The deployment or pool.
    Deployment,
    /// The UTC day.
    Day,
}

/// What an amount is for, coarse enough for one column each; together they are the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// Tokens at pay-as-you-go prices.
    Standard,
    /// Tokens at priority prices.
    Priority,
    /// Tokens at batch prices.
    Batch,
    /// Tokens at flex prices.
    Flex,
    /// Tokens of requests that found a provisioned deployment full.
    Spillover,
    /// The used part of provisioned capacity.
    PtuUsed,
    /// Provisioned or reserved capacity that nobody used.
    PtuIdle,
    /// Shares of costs beside Azure OpenAI.
    Shared,
    /// Discounts, markups, credits and tax.
    Adjustments,
}

/// One row of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One text for each of the grouping's keys, as on the statement.
    pub keys: Vec<String>,
    /// Priced requests and their tokens.
    pub usage: UsageAmount,
    /// The amount by what it is for; what is not there is nothing.
    pub parts: BTreeMap<Bucket, MinorUnits>,
    /// The exact amount.
    pub exact: Money,
    /// The amount as charged.
    pub amount: MinorUnits,
    /// Share of the total [%], to one decimal; the shares of all rows sum to 100.0. `None` where
    /// the total is nothing.
    pub share: Option<MinorUnits>,
}

/// A statement grouped for reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What it has one row of.
    pub grouping: Grouping,
    /// The rows, by their keys; the two special business units last.
    pub rows: Vec<Row>,
    /// All rows together.
    pub total: Row,
}

/// Decimals of a share [%].
pub const SHARE_DIGITS: u32 = 1;

impl Grouping {
    /// The name used in options and outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BusinessUnit => "business-unit",
            Self::CostCentre => "cost-centre",
            Self::App => "app",
            Self::Model => "model",
            Self::Deployment => "deployment",
            Self::Day => "day",
        }
    }

    /// The columns whose texts make a row.
    pub const fn keys(self) -> &'static [Key] {
        match self {
            Self::BusinessUnit => &[Key::BusinessUnit],
            Self::CostCentre => &[Key::BusinessUnit, Key::CostCentre],
            Self::App => &[Key::BusinessUnit, Key::App],
            Self::Model => &[Key::Model],
            Self::Deployment => &[Key::Deployment],
            Self::Day => &[Key::Day],
        }
    }
}

impl Key {
    /// The column's name in CSV and JSON.
    pub const fn field(self) -> &'static str {
        match self {
            Self::BusinessUnit => "business_unit",
            Self::CostCentre => "cost_centre",
            Self::App => "app",
            Self::Model => "model",
            Self::Deployment => "deployment",
            Self::Day => "day",
        }
    }

    /// The column's heading for people.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::BusinessUnit => "business unit",
            Self::CostCentre => "cost centre",
            Self::App => "app",
            Self::Model => "model",
            Self::Deployment => "deployment",
            Self::Day => "day",
        }
    }

    /// What a person reads where the statement has no text.
    pub const fn blank(self) -> &'static str {
        match self {
            Self::Day => "(whole period)",
            Self::BusinessUnit => "(no business unit)",
            Self::CostCentre => "(no cost centre)",
            Self::App => "(no app)",
            Self::Model => "(no model)",
            Self::Deployment => "(no deployment)",
        }
    }

    fn of_line(self, line: &StatementLine) -> String {
        match self {
            Self::BusinessUnit => line.business_unit.clone(),
            Self::CostCentre => line.cost_centre.clone(),
            Self::App => line.app.clone(),
            Self::Model => line.model.clone(),
            Self::Deployment => line.deployment.clone(),
            Self::Day => day_text(line.day),
        }
    }

    fn of_usage(self, usage: &OwnedUsage) -> String {
        match self {
            Self::BusinessUnit => usage.payer.business_unit.clone(),
            Self::CostCentre => usage.payer.cost_centre.clone(),
            Self::App => usage.payer.app.clone(),
            Self::Model => usage.model.clone(),
            Self::Deployment => usage.deployment.clone(),
            Self::Day => day_text(usage.day),
        }
    }
}

impl Bucket {
    /// Every bucket, in the order reports show them.
    pub const ALL: [Self; 9] = [
        Self::Standard,
        Self::Priority,
        Self::Batch,
        Self::Flex,
        Self::Spillover,
        Self::PtuUsed,
        Self::PtuIdle,
        Self::Shared,
        Self::Adjustments,
    ];

    /// The bucket of a component.
    pub const fn of(component: Component) -> Self {
        match component {
            Component::Tokens { spilled: true, .. } => Self::Spillover,
            Component::Tokens { tier, .. } => match tier {
                Tier::Standard => Self::Standard,
                Tier::Priority => Self::Priority,
                Tier::Batch => Self::Batch,
                Tier::Flex => Self::Flex,
            },
            Component::PtuUsed => Self::PtuUsed,
            Component::PtuIdle | Component::ReservationUnused => Self::PtuIdle,
            Component::SharedCost => Self::Shared,
            Component::Discount | Component::Markup | Component::Credit | Component::Tax => {
                Self::Adjustments
            }
        }
    }

    /// The heading for people.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Priority => "priority",
            Self::Batch => "batch",
            Self::Flex => "flex",
            Self::Spillover => "spillover",
            Self::PtuUsed => "PTU used",
            Self::PtuIdle => "PTU idle",
            Self::Shared => "shared",
            Self::Adjustments => "adjustments",
        }
    }

    /// The name in CSV and JSON.
    pub const fn field(self) -> &'static str {
        match self {
            Self::PtuUsed => "ptu_used",
            Self::PtuIdle => "ptu_idle",
            _ => self.heading(),
        }
    }
}

impl Row {
    fn empty(keys: Vec<String>) -> Self {
        Self {
            keys,
            usage: UsageAmount::default(),
            parts: BTreeMap::new(),
            exact: Money::zero(),
            amount: MinorUnits(0),
            share: None,
        }
    }

    fn charge(&mut self, line: &StatementLine) {
        *self.parts.entry(Bucket::of(line.component)).or_default() += line.amount;
        self.exact += &line.exact;
        self.amount += line.amount;
    }

    /// The part of the amount that is for these buckets.
    pub fn part(&self, buckets: &[Bucket]) -> MinorUnits {
        buckets
            .iter()
            .filter_map(|bucket| self.parts.get(bucket).copied())
            .sum()
    }
}

impl View {
    /// Groups what `report` charges and counts. Where business units are the rows,
    /// [`UNATTRIBUTED`] and [`IDLE`] are among them even when they cost nothing, unless the
    /// report is about one business unit. Usage without a price is not counted here; see
    /// [`Report::outcomes`].
    pub fn of(report: &Report, grouping: Grouping) -> Self {
        let mut rows: BTreeMap<Vec<String>, Row> = BTreeMap::new();
        let mut total = Row::empty(Vec::new());
        for line in &report.statement.lines {
            row(&mut rows, grouping, |key| key.of_line(line)).charge(line);
            total.charge(line);
        }
        for usage in report.usage.iter().filter(|usage| usage.priced) {
            row(&mut rows, grouping, |key| key.of_usage(usage))
                .usage
                .add(&usage.amount);
            total.usage.add(&usage.amount);
        }
        if grouping == Grouping::BusinessUnit && report.business_unit.is_none() {
            for unit in [UNATTRIBUTED, IDLE] {
                let keys = vec![unit.to_owned()];
                rows.entry(keys.clone()).or_insert_with(|| Row::empty(keys));
            }
        }
        let mut rows: Vec<Row> = rows.into_values().collect();
        rows.sort_by_key(|row| special_rank(&row.keys, grouping));
        share_out(&mut rows, &mut total);
        Self {
            grouping,
            rows,
            total,
        }
    }
}

fn row(
    rows: &mut BTreeMap<Vec<String>, Row>,
    grouping: Grouping,
    text: impl Fn(Key) -> String,
) -> &mut Row {
    let keys: Vec<String> = grouping.keys().iter().map(|&key| text(key)).collect();
    rows.entry(keys.clone()).or_insert_with(|| Row::empty(keys))
}

/// Special business units come last; the sort is stable, so others keep their order.
fn special_rank(keys: &[String], grouping: Grouping) -> u8 {
    match (grouping.keys().first(), keys.first().map(String::as_str)) {
        (Some(Key::BusinessUnit), Some(UNATTRIBUTED)) => 1,
        (Some(Key::BusinessUnit), Some(IDLE)) => 2,
        _ => 0,
    }
}

/// Gives every row its share of the total, rounded so that the shares sum to 100.0 %.
fn share_out(rows: &mut [Row], total: &mut Row) {
    let hundred = Money::from_minor(MinorUnits(100), 0);
    let whole = Money::from_minor(total.amount, 0);
    if whole.is_zero() {
        return;
    }
    let exact: Vec<Money> = rows
        .iter()
        .map(|row| {
            let of_total: Factor = Money::from_minor(row.amount, 0).ratio(&whole);
            hundred.times(&of_total)
        })
        .collect();
    let all = hundred.rounded(SHARE_DIGITS);
    for (row, share) in rows.iter_mut().zip(Money::split(all, &exact, SHARE_DIGITS)) {
        row.share = Some(share);
    }
    total.share = Some(all);
}

fn day_text(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
