//! How one business unit's amount came about, step by step, to be redone with a calculator.

use super::facts::{OwnedUsage, PoolFacts, PriceFact, Report};
use super::figure;
use super::notes::percent;
use super::text::visible;
use super::view::Bucket;
use crate::chargeback::statement::{Component, StatementLine};
use crate::money::{Factor, MinorUnits, Money};

/// Decimals of factors that are only shown to be followed, not to be multiplied on.
const RATE_DIGITS: u32 = 8;

/// The way from rows to the amount of `business_unit`, or `None` where the statement and its
/// usage do not know it.
pub fn render(report: &Report, business_unit: &str) -> Option<String> {
    if !report.business_units().contains(&business_unit) {
        return None;
    }
    let own = report.only(business_unit);
    let mut text = Explanation::default();
    text.heading(&format!(
        "{} in {}: {} {}",
        visible(business_unit),
        own.statement.period,
        amount(&own, own.statement.total),
        visible(&own.statement.currency)
    ));
    text.usage(&own.usage);
    text.tokens(&own);
    text.pools(&own, business_unit);
    text.others(&own);
    text.sum(&own);
    Some(text.lines.join("\n") + "\n")
}

#[derive(Default)]
struct Explanation {
    lines: Vec<String>,
    steps: u32,
}

impl Explanation {
    fn heading(&mut self, text: &str) {
        self.lines.push(text.to_owned());
    }

    fn step(&mut self, title: &str) {
        self.steps += 1;
        self.lines.push(String::new());
        self.lines.push(format!("{}. {title}", self.steps));
    }

    fn say(&mut self, depth: usize, text: &str) {
        self.lines.push(format!("{}{text}", "   ".repeat(depth)));
    }

    /// What was asked and answered, and what of it has a price.
    fn usage(&mut self, usage: &[OwnedUsage]) {
        if usage.is_empty() {
            return;
        }
        self.step("Requests and tokens in the logs");
        for usage in usage {
            let day = usage.day.map(|day| format!("{day}, ")).unwrap_or_default();
            let place = place([&usage.app, &usage.model, &usage.deployment]);
            let price = if usage.disposition.is_priced() {
                "priced"
            } else {
                "not priced"
            };
            self.say(
                1,
                &format!("{day}{place}: {} ({price})", usage.disposition.name()),
            );
            self.say(
                2,
                &format!(
                    "{} requests, {} tokens in, {} tokens out",
                    figure::quantity(&usage.requests, RATE_DIGITS),
                    figure::quantity(&usage.input, RATE_DIGITS),
                    figure::quantity(&usage.output, RATE_DIGITS)
                ),
            );
        }
    }

    /// Lines that are tokens times a price.
    fn tokens(&mut self, own: &Report) {
        let lines = lines_where(own, |line| {
            matches!(line.component, Component::Tokens { .. })
        });
        if lines.is_empty() {
            return;
        }
        self.step("Tokens times price");
        for line in lines {
            self.line(own, line);
            for price in own.prices.iter().filter(|price| is_price_of(price, line)) {
                self.say(2, &price_text(price, &own.statement.currency));
            }
        }
    }

    /// Lines that are a part of provisioned capacity.
    fn pools(&mut self, own: &Report, business_unit: &str) {
        let is_ptu = |line: &StatementLine| {
            matches!(
                Bucket::of(line.component),
                Bucket::PtuUsed | Bucket::PtuIdle
            )
        };
        let lines = lines_where(own, is_ptu);
        if lines.is_empty() {
            return;
        }
        self.step("Provisioned throughput");
        for pool in &own.pools {
            let concerned = lines.iter().any(|line| line.deployment == pool.name);
            if concerned {
                self.pool(own, pool, business_unit);
            }
        }
        for line in lines {
            self.line(own, line);
        }
    }

    fn pool(&mut self, own: &Report, pool: &PoolFacts, business_unit: &str) {
        self.say(
            1,
            &format!(
                "{} ({} in {})",
                visible(&pool.name),
                pool.kind,
                visible(&pool.region)
            ),
        );
        self.say(
            2,
            &format!(
                "deployed {} PTU-hours for {}; used {} ({})",
                figure::quantity(&pool.deployed, RATE_DIGITS),
                exact(own, &pool.deployed_cost),
                figure::quantity(&pool.used, RATE_DIGITS),
                percent(&pool.used, &pool.deployed)
            ),
        );
        self.say(
            2,
            &format!(
                "the used part costs {}, shared by {}",
                exact(own, &pool.used_cost),
                pool.method
            ),
        );
        let whole = pool
            .shares
            .iter()
            .fold(Factor::zero(), |whole, share| whole.plus(&share.weight));
        for share in pool
            .shares
            .iter()
            .filter(|share| share.business_unit == business_unit)
        {
            self.say(
                2,
                &format!(
                    "weight {} of {} ({}): {}",
                    figure::quantity(&share.weight, 3),
                    figure::quantity(&whole, 3),
                    percent(&share.weight, &whole),
                    exact(own, &share.used_cost)
                ),
            );
        }
    }

    /// Shared costs and adjustments.
    fn others(&mut self, own: &Report) {
        let is_other = |line: &StatementLine| {
            matches!(
                Bucket::of(line.component),
                Bucket::Shared | Bucket::Adjustments
            )
        };
        let lines = lines_where(own, is_other);
        if lines.is_empty() {
            return;
        }
        self.step("Shared costs and adjustments");
        for line in lines {
            self.line(own, line);
        }
    }

    /// What the lines add up to, exact and as charged.
    fn sum(&mut self, own: &Report) {
        let statement = &own.statement;
        let charged = Money::from_minor(statement.total, statement.minor_digits);
        let remainder = charged - statement.exact_total.clone();
        self.step("Sum");
        self.say(
            1,
            &format!("exact    {}", exact(own, &statement.exact_total)),
        );
        self.say(1, &format!("rounding {}", exact(own, &remainder)));
        self.say(
            1,
            &format!(
                "charged  {} {}",
                amount(own, statement.total),
                visible(&statement.currency)
            ),
        );
    }

    /// One statement line: quantity × price = exact amount, and what is charged.
    fn line(&mut self, own: &Report, line: &StatementLine) {
        let day = line.day.map(|day| format!("{day}, ")).unwrap_or_default();
        let place = place([&line.app, &line.model, &line.deployment]);
        self.say(1, &format!("{day}{place}: {}", line.component.name()));
        let quantity = line.quantity.as_ref().map(|quantity| {
            let value = figure::quantity(&quantity.value, RATE_DIGITS);
            match &line.unit_price {
                Some(price) => format!(
                    "{value} {} × {}",
                    quantity.unit,
                    unit_price(price, quantity.unit)
                ),
                None => format!("{value} {}", quantity.unit),
            }
        });
        let way = quantity
            .map(|quantity| format!("{quantity} = "))
            .unwrap_or_default();
        self.say(
            2,
            &format!(
                "{way}{}; charged {}",
                exact(own, &line.exact),
                amount(own, line.amount)
            ),
        );
    }
}

fn lines_where(own: &Report, belongs: impl Fn(&StatementLine) -> bool) -> Vec<&StatementLine> {
    let lines = own.statement.lines.iter();
    lines.filter(|line| belongs(line)).collect()
}

/// Tokens are priced by the million, as rate cards do; everything else by the unit.
fn unit_price(price: &Money, unit: &str) -> String {
    if unit == "tokens" {
        let million = price.times_whole(1_000_000);
        format!("{} per 1,000,000", figure::exact(&million))
    } else {
        figure::exact(price)
    }
}

fn is_price_of(price: &PriceFact, line: &StatementLine) -> bool {
    price.component == line.component
        && price.model == line.model
        && price.deployment == line.deployment
}

fn price_text(price: &PriceFact, currency: &str) -> String {
    let rate = if price.exchange_rate == Factor::one() {
        String::new()
    } else {
        let rate = price.exchange_rate.to_trimmed(RATE_DIGITS);
        format!(" × {rate} {} per USD", visible(currency))
    };
    format!(
        "from {}: {} USD per 1,000,000{rate}; {}, as of {}",
        price.from,
        figure::exact(&price.usd_per_million),
        visible(&price.source),
        price.as_of
    )
}

fn place(names: [&String; 3]) -> String {
    let known = names.iter().filter(|name| !name.is_empty());
    let shown: Vec<String> = known.map(|name| visible(name)).collect();
    if shown.is_empty() {
        "whole unit".to_owned()
    } else {
        shown.join(", ")
    }
}

fn amount(own: &Report, amount: MinorUnits) -> String {
    figure::amount(amount, own.statement.minor_digits)
}

/// An exact amount, never with fewer decimals than a charged one.
fn exact(own: &Report, money: &Money) -> String {
    let digits = own.statement.minor_digits;
    let fixed = money.to_decimal(digits);
    let trimmed = money.to_trimmed(figure::EXACT_DIGITS);
    if fixed.len() >= trimmed.len() {
        figure::grouped(&fixed)
    } else {
        figure::grouped(&trimmed)
    }
}
