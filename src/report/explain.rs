//! How one business unit's amount came about, step by step, to be redone with a calculator.

use super::facts::Report;
use super::figure;
use super::notes::{hours, percent};
use super::text::visible;
use super::view::Bucket;
use crate::chargeback::allocation::UsedKey;
use crate::chargeback::exchange::PRICE_CURRENCY;
use crate::chargeback::statement::{Component, StatementLine};
use crate::chargeback::{DeploymentFacts, OwnedUsage, PoolFacts};
use crate::money::{Factor, MinorUnits, Money};
use crate::rate_card::TokenPrice;

/// Decimals of quantities, and of rates that are shown to be followed.
const RATE_DIGITS: u32 = 8;

/// The way from rows to the amount of `business_unit`, or `None` where neither the statement nor
/// its usage knows it.
pub fn render(report: &Report, business_unit: &str) -> Option<String> {
    if !report.business_units().contains(&business_unit) {
        return None;
    }
    let own = report.only(business_unit);
    let mut text = Explanation::of(&own);
    text.usage();
    text.tokens();
    text.provisioned();
    text.exchange();
    text.others();
    text.sum();
    let title = format!(
        "{} in {}: {}",
        visible(business_unit),
        own.statement.period,
        text.charged(own.statement.total)
    );
    Some(format!("{title}\n{}", text.lines))
}

/// The text so far.
struct Explanation<'a> {
    own: &'a Report,
    currency: String,
    lines: String,
    steps: u32,
}

impl<'a> Explanation<'a> {
    fn of(own: &'a Report) -> Self {
        Self {
            own,
            currency: visible(&own.statement.currency),
            lines: String::new(),
            steps: 0,
        }
    }

    fn step(&mut self, title: &str) {
        self.steps += 1;
        let title = format!("{}. {title}", self.steps);
        self.lines.push('\n');
        self.say(0, &title);
    }

    fn say(&mut self, depth: usize, text: &str) {
        self.lines.push_str(&"   ".repeat(depth));
        self.lines.push_str(text);
        self.lines.push('\n');
    }

    /// What was asked and answered, and what of it has a price.
    fn usage(&mut self) {
        if self.own.usage.is_empty() {
            return;
        }
        self.step("Requests and tokens in the logs");
        for usage in &self.own.usage {
            let day = usage.day.map(|day| format!("{day}, ")).unwrap_or_default();
            let place = place([&usage.payer.app, &usage.model, &usage.deployment]);
            self.say(1, &format!("{day}{place}"));
            self.say(2, &usage_text(usage));
        }
    }

    /// Lines that are tokens times a price.
    fn tokens(&mut self) {
        let lines = self.lines_of(|bucket| bucket < Bucket::PtuUsed);
        if lines.is_empty() {
            return;
        }
        self.step("Tokens times price");
        for line in lines {
            self.line(line);
            for price in self
                .own
                .prices
                .iter()
                .filter(|price| is_price_of(price, line))
            {
                self.say(3, &price_text(price));
            }
        }
    }

    /// Lines that are a part of provisioned capacity.
    fn provisioned(&mut self) {
        let lines = self.lines_of(|bucket| matches!(bucket, Bucket::PtuUsed | Bucket::PtuIdle));
        if lines.is_empty() {
            return;
        }
        self.step("Provisioned throughput");
        for pool in &self.own.pools {
            let concerns = |name: &str| lines.iter().any(|line| line.deployment == name);
            let names = pool
                .deployments
                .iter()
                .map(|deployment| deployment.name.clone());
            if names
                .chain([pool.name.to_string()])
                .any(|name| concerns(&name))
            {
                self.pool(pool);
            }
            for deployment in &pool.deployments {
                if concerns(&deployment.name) {
                    self.deployment(deployment);
                }
            }
        }
        for line in lines {
            self.line(line);
        }
    }

    /// What the capacity of a pool costs, and how it is paid.
    fn pool(&mut self, pool: &PoolFacts) {
        let cost = &pool.cost;
        let ways = [
            ("deployed and reserved", cost.covered, &cost.covered_amount),
            ("deployed by the hour", cost.hourly(), &cost.hourly_amount),
            ("reserved, not deployed", cost.unused(), &cost.unused_amount),
        ];
        self.say(1, &format!("pool {}", visible(&pool.name.to_string())));
        for (what, capacity, amount) in ways {
            let capacity = figure::quantity(&hours(capacity), RATE_DIGITS);
            let amount = figure::exact_from(amount, 2);
            self.say(2, &format!("{what}: {capacity} PTU-hours for {amount} USD"));
        }
    }

    fn deployment(&mut self, deployment: &DeploymentFacts) {
        let cost = deployment.used_amount.clone() + deployment.idle_amount.clone();
        let deployed = hours(deployment.deployed);
        let used = deployment.used.times(&Factor::ratio(1, 60));
        let name = visible(&deployment.name);
        self.say(1, &format!("deployment {name}"));
        let text = format!(
            "deployed {} PTU-hours for {} USD, {} USD per PTU-hour on average",
            figure::quantity(&deployed, RATE_DIGITS),
            figure::exact_from(&cost, 2),
            per_unit(&cost, &deployed),
        );
        self.say(2, &text);
        let text = format!(
            "used {} PTU-hours ({}) for {} USD, shared by {}",
            figure::quantity(&used, RATE_DIGITS),
            percent(&used, &deployed),
            figure::exact_from(&deployment.used_amount, 2),
            key_name(self.own.used_key),
        );
        self.say(2, &text);
        let idle = figure::exact_from(&deployment.idle_amount, 2);
        self.say(2, &format!("idle: the rest, {idle} USD"));
        self.say(
            2,
            "each day is shared by itself, at that day's cost; --by day shows the days",
        );
    }

    /// What a US dollar of prices is worth on the statement.
    fn exchange(&mut self) {
        if self.own.statement.currency == PRICE_CURRENCY {
            return;
        }
        self.step("Exchange rates applied to prices in US dollars");
        for rate in &self.own.exchange_rates {
            let worth = rate.rate.to_trimmed(RATE_DIGITS);
            let text = format!("from {}: 1 USD = {worth} {}", rate.from, self.currency);
            self.say(1, &text);
        }
    }

    /// Shared costs and adjustments.
    fn others(&mut self) {
        let lines = self.lines_of(|bucket| bucket > Bucket::PtuIdle);
        if lines.is_empty() {
            return;
        }
        self.step("Shared costs and adjustments");
        for line in lines {
            self.line(line);
        }
    }

    /// What the lines add up to, exact and as charged.
    fn sum(&mut self) {
        let statement = &self.own.statement;
        let charged = Money::from_minor(statement.total, statement.minor_digits);
        let remainder = charged - statement.exact_total.clone();
        self.step("Sum");
        self.say(
            1,
            &format!("exact     {}", self.exact(&statement.exact_total)),
        );
        self.say(1, &format!("rounding  {}", self.exact(&remainder)));
        self.say(1, &format!("charged   {}", self.charged(statement.total)));
    }

    /// One statement line: quantity × price = exact amount, and what is charged.
    fn line(&mut self, line: &StatementLine) {
        let day = line.day.map(|day| format!("{day}, ")).unwrap_or_default();
        let place = place([&line.app, &line.model, &line.deployment]);
        self.say(1, &format!("{day}{place}: {}", line.component.name()));
        let amount = figure::amount(line.amount, self.own.statement.minor_digits);
        let text = format!("{}{}, charged {amount}", way(line), self.exact(&line.exact));
        self.say(2, &text);
    }

    fn lines_of(&self, belongs: impl Fn(Bucket) -> bool) -> Vec<&'a StatementLine> {
        let lines = self.own.statement.lines.iter();
        lines
            .filter(|line| belongs(Bucket::of(line.component)))
            .collect()
    }

    fn charged(&self, amount: MinorUnits) -> String {
        let amount = figure::amount(amount, self.own.statement.minor_digits);
        format!("{amount} {}", self.currency)
    }

    fn exact(&self, amount: &Money) -> String {
        figure::exact_from(amount, self.own.statement.minor_digits)
    }
}

fn usage_text(usage: &OwnedUsage) -> String {
    let amount = &usage.amount;
    let priced = if usage.priced { "priced" } else { "not priced" };
    format!(
        "{}, {priced}: {} requests, {} tokens in, {} tokens out",
        usage.disposition.name(),
        figure::quantity(&amount.requests, RATE_DIGITS),
        figure::quantity(&amount.input, RATE_DIGITS),
        figure::quantity(&amount.output, RATE_DIGITS)
    )
}

/// Quantity and price; tokens are priced by the million, as rate cards do.
fn way(line: &StatementLine) -> String {
    let Some(quantity) = &line.quantity else {
        return String::new();
    };
    let (value, unit) = (
        figure::quantity(&quantity.value, RATE_DIGITS),
        quantity.unit,
    );
    match &line.unit_price {
        None => format!("{value} {unit}: "),
        Some(price) if unit == "tokens" => {
            let million = figure::exact(&price.times_whole(1_000_000));
            format!("{value} {unit} × {million} per 1,000,000 = ")
        }
        Some(price) => format!("{value} {unit} × {} = ", figure::exact(price)),
    }
}

fn is_price_of(price: &TokenPrice, line: &StatementLine) -> bool {
    let Component::Tokens { tier, class, .. } = line.component else {
        return false;
    };
    price.model == line.model && price.tier == tier && price.class == class
}

fn price_text(price: &TokenPrice) -> String {
    let above = price.input_above;
    let above = above.map(|above| format!(", input above {above} tokens"));
    format!(
        "price: {} USD per 1,000,000 tokens ({}{}) from {}; {}, as of {}",
        price.price,
        price.kind,
        above.unwrap_or_default(),
        price.source.effective_from,
        visible(&price.source.text),
        price.source.as_of
    )
}

fn per_unit(cost: &Money, count: &Factor) -> String {
    let inverse = Factor::one().divided_by(count);
    figure::grouped(&cost.times(&inverse).to_trimmed(RATE_DIGITS))
}

const fn key_name(key: UsedKey) -> &'static str {
    match key {
        UsedKey::WeightedTokens => "weighted tokens",
        UsedKey::Shares => "the PTU that business units hold",
        UsedKey::Even => "even parts",
        UsedKey::Fixed => "fixed percentages",
    }
}

fn place(names: [&String; 3]) -> String {
    let known = names.iter().filter(|name| !name.is_empty());
    let shown: Vec<String> = known.map(|name| visible(name)).collect();
    if shown.is_empty() {
        return "business unit as a whole".to_owned();
    }
    shown.join(", ")
}
