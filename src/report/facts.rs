//! What a report is made from.

use std::collections::BTreeSet;

use crate::chargeback::allocation::UsedKey;
use crate::chargeback::exchange::ExchangeRate;
use crate::chargeback::statement::{IDLE, Statement, UNATTRIBUTED};
use crate::chargeback::{Charges, Finding, OwnedUsage, Policy, PoolFacts, UsageAmount};
use crate::rate_card::TokenPrice;
use crate::units::Requests;
use crate::usage::Disposition;

/// Everything that the outputs of one chargeback tell. Nothing in it depends on how often or in
/// which order the input was delivered, so the outputs do not either.
#[derive(Clone, Debug)]
pub struct Report {
    /// The one business unit that this is about; `None` for all of them.
    pub business_unit: Option<String>,
    /// The lines, and what they add up to.
    pub statement: Statement,
    /// The usage behind the lines, and the usage that has no price.
    pub usage: Vec<OwnedUsage>,
    /// Requests outside the period, which nothing else counts.
    pub outside_period: Requests,
    /// The prices that token lines were charged at.
    pub prices: Vec<TokenPrice>,
    /// Provisioned capacity and its cost [US dollar].
    pub pools: Vec<PoolFacts>,
    /// What the used part of provisioned capacity is shared by.
    pub used_key: UsedKey,
    /// Units of the statement's currency per US dollar, by first day; none where it is that.
    pub exchange_rates: Vec<ExchangeRate>,
    /// What a reader must know before paying, e.g. a model without a price.
    pub findings: Vec<Finding>,
}

/// Requests of one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeTotal {
    /// What became of them.
    pub disposition: Disposition,
    /// Whether they are priced.
    pub priced: bool,
    /// How many, with their tokens.
    pub amount: UsageAmount,
}

impl Report {
    /// The report of a chargeback under a policy.
    pub fn of(charges: Charges, policy: &Policy) -> Self {
        let mut exchange_rates = policy.exchange_rates.clone();
        exchange_rates.sort_by_key(|rate| rate.from);
        Self {
            business_unit: None,
            statement: charges.statement,
            usage: charges.usage,
            outside_period: charges.requests.outside_period,
            prices: charges.prices,
            pools: charges.pools,
            used_key: policy.allocation.used,
            exchange_rates,
            findings: charges.findings,
        }
    }

    /// The business units of the statement and its usage, by name, the special ones included.
    pub fn business_units(&self) -> Vec<&str> {
        let lines = self.statement.lines.iter().map(|line| &line.business_unit);
        let usage = self.usage.iter().map(|usage| &usage.payer.business_unit);
        let named = lines.chain(usage).map(String::as_str);
        let units: BTreeSet<&str> = named.chain([UNATTRIBUTED, IDLE]).collect();
        units.into_iter().collect()
    }

    /// What concerns one business unit: its lines, its usage, and their total.
    #[must_use]
    pub fn only(&self, business_unit: &str) -> Self {
        let mut report = self.clone();
        report.business_unit = Some(business_unit.to_owned());
        let statement = &mut report.statement;
        let lines = &mut statement.lines;
        lines.retain(|line| line.business_unit == business_unit);
        statement.exact_total = lines.iter().map(|line| &line.exact).sum();
        statement.total = lines.iter().map(|line| line.amount).sum();
        let usage = &mut report.usage;
        usage.retain(|usage| usage.payer.business_unit == business_unit);
        report
    }

    /// Requests and tokens by what became of them, every outcome in the order of reports.
    pub fn outcomes(&self) -> Vec<OutcomeTotal> {
        let outcome = |disposition: Disposition| {
            let usage = self.usage.iter();
            let mut total = OutcomeTotal {
                disposition,
                priced: disposition.is_priced(),
                amount: UsageAmount::default(),
            };
            for usage in usage.filter(|usage| usage.disposition == disposition) {
                total.priced = usage.priced;
                total.amount.add(&usage.amount);
            }
            total
        };
        Disposition::ALL.into_iter().map(outcome).collect()
    }
}
