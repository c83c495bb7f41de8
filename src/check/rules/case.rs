//! Small cases for the tests of rules: a configuration, usage in a table, and what is found.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalog::Catalog;
use crate::chargeback::{Detail, Facts, charge};
use crate::check::Evidence;
use crate::check::finding::{Finding, Spot};
use crate::check::settings::Settings;
use crate::check::tally::Rhythm;
use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::rate_card::RateCard;
use crate::time::BillingPeriod;
use crate::units::{Requests, TokenCounts, Tokens};
use crate::usage::assembly::Repeats;
use crate::usage::collection::Found;
use crate::usage::{Dimensions, Disposition, Quality, RowAccounting, UsageKey, UsageSum};

/// A standard deployment that every table may call.
pub(super) const CHAT: &str = "[[deployment]]\nname = \"chat\"\nmodel = \"gpt-4.1\"\n\
    version = \"2025-04-14\"\noffer = \"standard\"\nkind = \"global\"\nregion = \"swedencentral\"\n";

/// A case before it is judged.
pub(super) struct Case {
    config: Config,
    facts: (Catalog, RateCard),
    as_of: NaiveDate,
    period: Option<BillingPeriod>,
    sums: Vec<UsageSum>,
}

impl Case {
    /// October 2026, looked at on the first day after it, with this configuration and no usage.
    pub(super) fn of(config: &str) -> Self {
        let config = Config::parse(config, "t.toml").expect("the case is a configuration");
        let catalog = Catalog::bundled().with_own(&config.models);
        let rates = RateCard::bundled().with_own(&config.prices, &config.ptu_prices);
        Self {
            facts: (catalog.expect("own models"), rates.expect("own prices")),
            config,
            as_of: day("2026-11-01"),
            period: Some("2026-10".parse().expect("a month")),
            sums: Vec::new(),
        }
    }

    /// The same on another day.
    pub(super) fn on(self, as_of: &str) -> Self {
        let as_of = day(as_of);
        Self { as_of, ..self }
    }

    /// The same for another period.
    pub(super) fn of_period(self, period: &str) -> Self {
        let period = Some(period.parse().expect("a period"));
        Self { period, ..self }
    }

    /// The same with prices that hold before their first day.
    pub(super) fn reaching_earlier(mut self) -> Self {
        self.facts = (self.facts.0.allow_earlier(), self.facts.1.allow_earlier());
        self
    }

    /// The same with usage: day, subscription, product, app, deployment, prompt and answer tokens
    /// in each line; `-` for no text.
    pub(super) fn with(mut self, table: &str) -> Self {
        let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
        self.sums.extend(lines.map(sum));
        self
    }

    /// The same without owner rows for what the last line says.
    pub(super) fn last_without_gateway_row(mut self) -> Self {
        let last = self.sums.last_mut().expect("there is a line");
        last.key.disposition = Disposition::NoGatewayRow;
        self
    }

    /// What `judge` finds: rule, subject, place and message in each line.
    pub(super) fn found(&self, judge: fn(&Evidence<'_>) -> Vec<Finding>) -> Vec<String> {
        self.findings(judge).iter().map(line).collect()
    }

    /// Everything that `judge` finds.
    pub(super) fn findings(&self, judge: fn(&Evidence<'_>) -> Vec<Finding>) -> Vec<Finding> {
        let facts = Facts {
            catalog: &self.facts.0,
            rates: &self.facts.1,
        };
        let outcome = self
            .period
            .map(|period| charge(&self.sums, &self.config.policy, &facts, period, Detail::Day));
        let (charges, refused) = match outcome {
            Some(Ok(charges)) => (Some(charges), Vec::new()),
            Some(Err(error)) => (None, vec![error]),
            None => (None, Vec::new()),
        };
        judge(&Evidence {
            config: &self.config,
            facts,
            settings: &Settings::default(),
            as_of: self.as_of,
            asked: None,
            period: self.period,
            sources: &[],
            found: &nothing(),
            sums: &self.sums,
            rhythm: &Rhythm::default(),
            charges: charges.as_ref(),
            refused: &refused,
        })
    }
}

/// A finding as tables show it: rule, place, message.
pub(super) fn line(finding: &Finding) -> String {
    let place = match finding.places.first().map(|place| &place.spot) {
        Some(Spot::Text { line, column }) => format!("{line}:{column}"),
        _ => "-".to_owned(),
    };
    format!("{} {place} {}", finding.rule.id, finding.message)
}

fn nothing() -> Found {
    Found {
        rows: RowAccounting::default(),
        diagnostics: Diagnostics::default(),
        repeats: Repeats::default(),
        sources: Vec::new(),
        errors: Vec::new(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn sum(line: &str) -> UsageSum {
    let cells: Vec<&str> = line.split_whitespace().collect();
    let [date, subscription, product, app, deployment, input, output] = cells[..] else {
        panic!("{line:?} has not seven cells");
    };
    let text = |cell: &str| cell.trim_matches('-').to_owned();
    let tokens = |cell: &str| Tokens::new(cell.parse().expect("a count"));
    UsageSum {
        key: UsageKey {
            day: day(date),
            dimensions: Arc::new(Dimensions {
                subscription: text(subscription),
                product: text(product),
                app: text(app),
                deployment: text(deployment),
                model: text(deployment),
                ..Dimensions::default()
            }),
            disposition: Disposition::Billable,
            input_above: None,
        },
        requests: Requests::new(1),
        tokens: TokenCounts {
            input: tokens(input),
            output: tokens(output),
            ..TokenCounts::default()
        },
        quality: Quality::Exact,
    }
}
