//! Evidence of tables: what the tests of rules are judged on.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalog::Catalog;
use crate::chargeback::{Charges, Detail, Facts, charge};
use crate::check::tally::{Hours, Rhythm, Series};
use crate::check::{Evidence, Finding, Settings};
use crate::config::Config;
use crate::rate_card::RateCard;
use crate::time::BillingPeriod;
use crate::units::{Requests, TokenCounts, Tokens};
use crate::usage::assembly::Repeats;
use crate::usage::collection::Found;
use crate::usage::{
    Diagnostics, Dimensions, Disposition, Quality, RowAccounting, UsageKey, UsageSum,
};

/// What evidence borrows.
pub(super) struct Bench {
    pub(super) config: Config,
    pub(super) settings: Settings,
    pub(super) catalog: Catalog,
    pub(super) rates: RateCard,
    pub(super) sums: Vec<UsageSum>,
    pub(super) rhythm: Rhythm,
    pub(super) as_of: NaiveDate,
    pub(super) asked: Option<BillingPeriod>,
    pub(super) charges: Option<Charges>,
    found: Found,
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Bench {
    /// Nothing read yet, under a configuration, in October 2026 seen from December.
    pub(super) fn of(config: &str) -> Self {
        let config = Config::parse(config, "t.toml").unwrap_or_else(|error| panic!("{error}"));
        let rates = RateCard::bundled()
            .with_own(&config.prices, &config.ptu_prices)
            .unwrap();
        Self {
            catalog: Catalog::bundled().with_own(&config.models).unwrap(),
            config,
            rates,
            settings: Settings::default(),
            sums: Vec::new(),
            rhythm: Rhythm::default(),
            as_of: day("2026-12-01"),
            asked: Some("2026-10".parse().unwrap()),
            charges: None,
            found: Found {
                rows: RowAccounting::default(),
                diagnostics: Diagnostics::default(),
                repeats: Repeats::default(),
                sources: Vec::new(),
                errors: Vec::new(),
            },
        }
    }

    /// The same, asked for another period.
    pub(super) fn asked(mut self, period: &str) -> Self {
        self.asked = Some(period.parse().unwrap());
        self
    }

    /// Adds the requests of a caller on a day of October.
    pub(super) fn hours(&mut self, series: &[Series], day: NaiveDate, hours: Hours) {
        if hours.iter().all(|requests| *requests == 0) {
            return;
        }
        for series in series {
            let days = self.rhythm.series.entry(series.clone()).or_default();
            let sum = days.entry(day).or_default();
            for (sum, requests) in sum.iter_mut().zip(hours) {
                *sum += requests;
            }
        }
    }

    /// Adds requests of an app on a day.
    pub(super) fn sum(
        &mut self,
        (app, deployment): (&str, &str),
        day: NaiveDate,
        disposition: Disposition,
        (requests, input, output): (u64, u64, u64),
    ) {
        self.sums.push(UsageSum {
            key: UsageKey {
                day,
                dimensions: Arc::new(Dimensions {
                    app: app.to_owned(),
                    deployment: deployment.to_owned(),
                    api: format!("{app}-api"),
                    ..Dimensions::default()
                }),
                disposition,
                input_above: None,
            },
            requests: Requests::new(requests),
            tokens: TokenCounts {
                input: Tokens::new(input),
                output: Tokens::new(output),
                ..TokenCounts::default()
            },
            quality: Quality::Exact,
        });
    }

    /// Charges what was read, by day.
    pub(super) fn charge(mut self) -> Self {
        let period = self.asked.unwrap();
        let charges = charge(
            &self.sums,
            &self.config.policy,
            &self.facts(),
            period,
            Detail::Day,
        );
        self.charges = Some(charges.unwrap_or_else(|error| panic!("{error}")));
        self
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            catalog: &self.catalog,
            rates: &self.rates,
        }
    }

    /// What `judge` says of the evidence.
    pub(super) fn judge(&self, judge: fn(&Evidence<'_>) -> Vec<Finding>) -> Vec<Finding> {
        judge(&Evidence {
            config: &self.config,
            facts: self.facts(),
            settings: &self.settings,
            as_of: self.as_of,
            asked: self.asked,
            period: self.asked,
            sources: &[],
            found: &self.found,
            sums: &self.sums,
            rhythm: &self.rhythm,
            charges: self.charges.as_ref(),
            refused: &[],
        })
    }

    /// What `judge` says, as `id subject: message`.
    pub(super) fn told(&self, judge: fn(&Evidence<'_>) -> Vec<Finding>) -> Vec<String> {
        let findings = self.judge(judge);
        let told = findings.iter();
        told.map(|one| format!("{} {}: {}", one.rule.id, one.subject, one.message))
            .collect()
    }
}

/// The days of a period, for tables.
pub(super) fn days(period: &str) -> Vec<NaiveDate> {
    let period: BillingPeriod = period.parse().unwrap();
    period.days().collect()
}
