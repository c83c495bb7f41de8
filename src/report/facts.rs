//! What a report tells beside the statement: usage behind the lines, prices, pools, findings.

use chrono::NaiveDate;

use crate::azure::DeploymentKind;
use crate::chargeback::statement::{Component, Statement};
use crate::money::{Factor, MinorUnits, Money};
use crate::usage::Disposition;

/// Everything that the outputs of one chargeback tell. Nothing in it depends on how often or in
/// which order the input was delivered, so the outputs do not either.
#[derive(Clone, Debug)]
pub struct Report {
    /// The lines, and what they add up to.
    pub statement: Statement,
    /// The usage behind the lines, and the usage that has no price.
    pub usage: Vec<OwnedUsage>,
    /// The prices that token lines were charged at.
    pub prices: Vec<PriceFact>,
    /// Provisioned capacity and its cost.
    pub pools: Vec<PoolFacts>,
    /// What a reader must know before paying, e.g. a model without a price.
    pub findings: Vec<Finding>,
}

/// Usage of one owner; exact, because split shares may leave fractions of requests and tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnedUsage {
    /// Who asked.
    pub business_unit: String,
    /// Cost centre; may be empty.
    pub cost_centre: String,
    /// Application; may be empty.
    pub app: String,
    /// Model, as on the statement.
    pub model: String,
    /// Deployment, as on the statement.
    pub deployment: String,
    /// The UTC day, in statements by day only.
    pub day: Option<NaiveDate>,
    /// What became of the requests, and so whether they are priced.
    pub disposition: Disposition,
    /// How many requests.
    pub requests: Factor,
    /// Prompt tokens, cached ones included [token].
    pub input: Factor,
    /// Answer tokens, reasoning included [token].
    pub output: Factor,
}

/// One price that tokens of the statement were charged at, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceFact {
    /// Model, as on the statement.
    pub model: String,
    /// Deployment, as on the statement.
    pub deployment: String,
    /// What the price is for.
    pub component: Component,
    /// First day of the period it was used for.
    pub from: NaiveDate,
    /// The price [USD per 10⁶ tokens].
    pub usd_per_million: Money,
    /// Units of the statement's currency per US dollar; 1 where that is the US dollar.
    pub exchange_rate: Factor,
    /// Where the price is from.
    pub source: String,
    /// When the source was read.
    pub as_of: NaiveDate,
}

/// Provisioned capacity of one deployment over the period, and how its cost was shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolFacts {
    /// Name of the deployment, or of the pool.
    pub name: String,
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Azure region.
    pub region: String,
    /// What was deployed [PTU × hour].
    pub deployed: Factor,
    /// What of it was used [PTU × hour].
    pub used: Factor,
    /// What was reserved and not deployed [PTU × hour].
    pub unused_reservation: Factor,
    /// Cost of the deployed capacity.
    pub deployed_cost: Money,
    /// Cost of the used part.
    pub used_cost: Money,
    /// Cost of reserved capacity that was not deployed.
    pub unused_cost: Money,
    /// What the used part was shared by, e.g. `weighted-tokens`.
    pub method: String,
    /// Each business unit's part of the used cost, by name.
    pub shares: Vec<PoolShare>,
}

/// One business unit's part of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolShare {
    /// Who pays.
    pub business_unit: String,
    /// Weight of the unit, in the units of the method.
    pub weight: Factor,
    /// The unit's part of the used cost.
    pub used_cost: Money,
}

/// Something a reader must know before paying.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The kind of finding, stable across releases, e.g. `owner-rule-unused`.
    pub code: &'static str,
    /// What was found, and what to do.
    pub message: String,
}

impl Report {
    /// The business units of the statement and its usage, by name.
    pub fn business_units(&self) -> Vec<&str> {
        let lines = self.statement.lines.iter().map(|line| &line.business_unit);
        let usage = self.usage.iter().map(|usage| &usage.business_unit);
        let mut units: Vec<&str> = lines.chain(usage).map(String::as_str).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// What concerns one business unit: its lines, its usage, and their total.
    #[must_use]
    pub fn only(&self, business_unit: &str) -> Self {
        let mut report = self.clone();
        let statement = &mut report.statement;
        statement
            .lines
            .retain(|line| line.business_unit == business_unit);
        statement.exact_total = statement.lines.iter().map(|line| &line.exact).sum();
        statement.total = statement
            .lines
            .iter()
            .map(|line| line.amount)
            .sum::<MinorUnits>();
        report
            .usage
            .retain(|usage| usage.business_unit == business_unit);
        report
    }

    /// Requests and tokens by what became of them, every disposition in the order of reports.
    pub fn by_disposition(&self) -> Vec<(Disposition, UsageTotal)> {
        Disposition::ALL
            .into_iter()
            .map(|disposition| {
                let usage = self
                    .usage
                    .iter()
                    .filter(|usage| usage.disposition == disposition);
                (disposition, UsageTotal::of(usage))
            })
            .collect()
    }
}

/// Requests and tokens added up; exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageTotal {
    /// Requests.
    pub requests: Factor,
    /// Prompt tokens, cached ones included [token].
    pub input: Factor,
    /// Answer tokens, reasoning included [token].
    pub output: Factor,
}

impl UsageTotal {
    /// The sum over `usage`.
    pub fn of<'a>(usage: impl Iterator<Item = &'a OwnedUsage>) -> Self {
        usage.fold(Self::default(), |mut total, usage| {
            total.add(usage);
            total
        })
    }

    /// Adds one owner's usage.
    pub fn add(&mut self, usage: &OwnedUsage) {
        self.requests = self.requests.plus(&usage.requests);
        self.input = self.input.plus(&usage.input);
        self.output = self.output.plus(&usage.output);
    }
}

impl Default for UsageTotal {
    fn default() -> Self {
        Self {
            requests: Factor::zero(),
            input: Factor::zero(),
            output: Factor::zero(),
        }
    }
}
