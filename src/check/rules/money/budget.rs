//! What business units may cost a month.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::chargeback::{Charges, Step};
use crate::check::rules::written::entry;
use crate::check::{Evidence, Family, Finding, Rule, Severity};
use crate::config::check::BudgetSection;
use crate::money::Money;
use crate::spelling::{counted, grouped};
use crate::time::BillingPeriod;

/// TB105.
pub(super) static OVER: Rule = Family::Money.rule(
    "TB105",
    "over-budget",
    Severity::Error,
    [
        "a business unit costs more than its budget",
        "A budget that nobody watches is none. Told when the lines of the business unit, \
         adjustments included, add up to more than its budget in a month: that of \
         `[[check.budget]]`, and for a part of a month the same part of the budget, by days.",
        "find what it is spent on with `tollbook chargeback`; then spend less, or set another \
         `amount` in `[[check.budget]]`",
    ],
);

/// TB106.
pub(super) static FORECAST: Rule = Family::Money.rule(
    "TB106",
    "budget-forecast",
    Severity::Note,
    [
        "at its pace a business unit will cost more than its budget this month",
        "It is cheaper to know before the month ends. What the charged days before the day of the \
         check cost is carried on to all days of the month that the budget of `[[check.budget]]` \
         holds; told when that is more than the budget and the cost so far is not. It is a pace, \
         no model: it does not know weekends to come.",
        "look at what grows (`tollbook chargeback --detail day`), or set another `amount` in \
         `[[check.budget]]`",
    ],
);

/// A month, or the part of it that a budget holds in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Month {
    /// Its first day.
    first: NaiveDate,
    /// The days in it on which the budget holds.
    held: BillingPeriod,
    /// The days of those that were charged.
    charged: BillingPeriod,
}

/// Judges every budget in every month that was charged.
pub(super) fn judge(evidence: &Evidence<'_>, charges: &Charges) -> Vec<Finding> {
    let budgets = evidence.config.check.budget.iter().enumerate();
    budgets
        .flat_map(|(at, budget)| {
            let months = months(budget, charges.statement.period);
            let found = months.filter_map(move |month| {
                over(budget, month, charges)
                    .or_else(|| forecast(budget, month, (charges, evidence.as_of)))
            });
            found.map(move |finding| finding.written(evidence.config, &amount(at)))
        })
        .collect()
}

/// Where the amount of a budget is written.
const fn amount(at: usize) -> [Step; 4] {
    let [section, at, key] = entry("budget", at, "amount");
    [Step::Key("check"), section, at, key]
}

/// The months of `period` in which a budget holds.
fn months(budget: &BudgetSection, period: BillingPeriod) -> impl Iterator<Item = Month> {
    let first = period.start().with_day(1).unwrap_or(period.start());
    let (from, until) = (budget.from, budget.until);
    let firsts = (0..).map_while(move |count| first.checked_add_months(Months::new(count)));
    let firsts = firsts.take_while(move |first| *first < period.end());
    firsts.filter_map(move |first| {
        let month = BillingPeriod::new(first, first.checked_add_months(Months::new(1))?)?;
        let start = from.map_or(month.start(), |from| from.max(month.start()));
        let end = until.map_or(month.end(), |until| until.min(month.end()));
        let held = BillingPeriod::new(start, end)?;
        let charged = BillingPeriod::new(start.max(period.start()), end.min(period.end()))?;
        Some(Month {
            first,
            held,
            charged,
        })
    })
}

impl Month {
    /// The budget for some of its days.
    fn part(&self, amount: &Money, days: BillingPeriod) -> Money {
        let next = self.first.checked_add_months(Months::new(1));
        let whole = next.and_then(|next| BillingPeriod::new(self.first, next));
        amount.fraction(count(days), whole.map_or(0, count))
    }
}

/// How many days there are.
fn count(days: BillingPeriod) -> u128 {
    let days = days.end().signed_duration_since(days.start()).num_days();
    u128::try_from(days).expect("a period ends after it starts")
}

/// How many days there are, in words.
fn in_words(days: BillingPeriod) -> String {
    counted(count(days), "day")
}

fn over(budget: &BudgetSection, month: Month, charges: &Charges) -> Option<Finding> {
    let cost = cost(budget, month.charged, charges);
    let allowed = month.part(&budget.amount, month.charged);
    if cost <= allowed {
        return None;
    }
    let (unit, currency) = (&budget.business_unit, &charges.statement.currency);
    let digits = charges.statement.minor_digits;
    let message = format!(
        "business unit {unit:?} costs {} {currency} in {}; its budget is {} {currency}{}",
        grouped(&cost.to_decimal(digits)),
        month.charged,
        grouped(&allowed.to_decimal(digits)),
        of_month(budget, month, digits),
    );
    Some(finding(&OVER, budget, month, message))
}

/// How the budget of a part of a month follows from that of the month.
fn of_month(budget: &BudgetSection, month: Month, digits: u32) -> String {
    if month.part(&budget.amount, month.charged) == budget.amount {
        return String::new();
    }
    format!(
        " for {}, of {} a month",
        in_words(month.charged),
        grouped(&budget.amount.to_decimal(digits))
    )
}

fn forecast(
    budget: &BudgetSection,
    month: Month,
    (charges, as_of): (&Charges, NaiveDate),
) -> Option<Finding> {
    let so_far = BillingPeriod::new(month.charged.start(), month.charged.end().min(as_of))?;
    if month.held.end() <= as_of {
        return None;
    }
    let spent = cost(budget, so_far, charges);
    let pace = spent.fraction(count(month.held), count(so_far));
    let allowed = month.part(&budget.amount, month.held);
    if pace <= allowed {
        return None;
    }
    let (unit, currency) = (&budget.business_unit, &charges.statement.currency);
    let digits = charges.statement.minor_digits;
    let message = format!(
        "business unit {unit:?} cost {} {currency} in the {} to {}; at this pace {} is at {} \
         {currency} when its budget is {} {currency}",
        grouped(&spent.to_decimal(digits)),
        in_words(so_far),
        so_far.end() - Days::new(1),
        month.held,
        grouped(&pace.to_decimal(digits)),
        grouped(&allowed.to_decimal(digits)),
    );
    Some(finding(&FORECAST, budget, month, message))
}

fn finding(rule: &'static Rule, budget: &BudgetSection, month: Month, message: String) -> Finding {
    let unit = &budget.business_unit;
    let from = budget.from.map(|from| format!(" from {from}"));
    let subject = format!(
        "{unit}{} {}",
        from.unwrap_or_default(),
        month.first.format("%Y-%m")
    );
    Finding::of(rule, subject, message).for_unit(unit)
}

/// What the business unit costs on these days, exact.
fn cost(budget: &BudgetSection, days: BillingPeriod, charges: &Charges) -> Money {
    let lines = charges.statement.lines.iter();
    let own = lines.filter(|line| {
        line.business_unit == budget.business_unit
            && line.day.is_some_and(|day| days.contains_day(day))
    });
    own.map(|line| &line.exact).sum()
}

#[cfg(test)]
mod tests;
