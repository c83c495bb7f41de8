//! The course of a check: read once, charge, judge.

use std::collections::BTreeMap;
use std::num::NonZero;

use chrono::{Days, NaiveDate};

use super::charging::{Charged, charged};
use super::checked::Checked;
use super::evidence::Evidence;
use super::finding::Finding;
use super::inspection::{Inspector, request_tokens};
use super::requests::{Bounds, DayOrigins, RequestChecks, merge_days, strays};
use super::rule::{Family, Rule};
use super::rules;
use super::settings::Settings;
use super::sightings::Sightings;
use super::span::Span;
use super::tally::{Rhythm, Tally};
use crate::chargeback::Facts;
use crate::config::Config;
use crate::time::{BillingPeriod, Timestamp};
use crate::units::Tokens;
use crate::usage::assembly;
use crate::usage::collection::{Found, visit_through};
use crate::usage::store::spill::SpillError;
use crate::usage::totals::Totals;
use crate::usage::{ReadOptions, Source, UsageRecord, UsageSum};

/// What is to be checked, and by what.
pub struct Job<'a> {
    /// The inputs.
    pub sources: &'a [Source],
    /// The configuration.
    pub config: &'a Config,
    /// Models and prices.
    pub facts: Facts<'a>,
    /// Which rules apply, and how.
    pub settings: &'a Settings,
    /// The day of the check.
    pub as_of: NaiveDate,
    /// The period asked for.
    pub period: Option<BillingPeriod>,
    /// What there is to judge by.
    pub scope: Scope,
    /// How sources are read.
    pub reading: ReadOptions<'a>,
    /// What putting rows together may use.
    pub assembling: assembly::Options,
    /// Threads at each step.
    pub threads: NonZero<usize>,
    /// What was found before anything was read: in the configuration, in scenarios.
    pub beforehand: Vec<Finding>,
}

/// What there is to judge by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// How much of the usage the inputs are.
    pub usage: Extent,
    /// Whether there is a policy.
    pub policy: Standing,
}

/// How much of the usage the inputs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// A part: what is missing in it may be elsewhere, and shares of it say nothing.
    Part,
    /// None of it: no file is named, or no request could be read.
    Nothing,
}

/// Whether there is a policy to judge by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// There is one.
    #[default]
    Known,
    /// There is one, and it cannot be used.
    Refused,
    /// There is none.
    Absent,
}

/// What reading gave.
struct Gathered {
    found: Found,
    sums: Vec<UsageSum>,
    rhythm: Rhythm,
    seen: Sightings,
    days: DayOrigins,
}

impl Job<'_> {
    /// Checks. Errors only when temporary files fail: whatever is wrong with inputs is a finding.
    pub fn check(&self) -> Result<Checked, SpillError> {
        let mut gathered = self.gather()?;
        let span = Span::of(&requests_by_day(&gathered.days));
        let is_stray = |day: NaiveDate| span.strays.contains(&day);
        gathered.seen.merge(strays(&gathered.days, is_stray));
        let period = self.period.or(span.period);
        let scope = self.scope.of_requests(gathered.found.rows.requests);
        let judged: Vec<&'static Rule> = self.rules(scope).collect();
        let charged = self.charge(&gathered, period);
        let mut findings = rules::of_files(&gathered.found);
        let names = self.names();
        findings.extend(std::mem::take(&mut gathered.seen).findings(&names));
        findings.extend(rules::judge(
            &self.evidence(&gathered, &charged, period),
            &judged,
        ));
        findings.retain(|finding| scope.judges(finding.rule));
        findings.extend(self.beforehand.iter().cloned());
        Ok(Checked {
            findings: self
                .settings
                .apply(findings.into_iter().map(Finding::masked).collect()),
            known: Vec::new(),
            gone: Vec::new(),
            rules: judged,
            left_out: scope.left_out(),
            sources: gathered.found.sources,
            rows: gathered.found.rows,
            period,
            fail_on: self.settings.fail_on(),
        })
    }

    fn names(&self) -> Vec<String> {
        let names = self.sources.iter().map(|source| source.name().to_owned());
        names.collect()
    }

    /// Reads the sources.
    fn gather(&self) -> Result<Gathered, SpillError> {
        let thresholds = self.facts.rates.context_thresholds();
        let names = self.names();
        let tokens = request_tokens(self.settings, &names);
        let bounds = self.bounds(&names);
        let mut visitors: Vec<Visitor<'_>> = (0..self.threads.get())
            .map(|_| Visitor::new(&thresholds, &bounds))
            .collect();
        let mut visits: Vec<_> = visitors
            .iter_mut()
            .map(|visitor| |record: &UsageRecord<'_>| visitor.see(record))
            .collect();
        let (found, seen) = visit_through(
            self.sources,
            &self.reading,
            self.assembling.clone(),
            &mut visits,
            |worker| Inspector::new(worker, &tokens),
        )?;
        drop(visits);
        Ok(Visitor::gathered(visitors, found, seen))
    }

    fn bounds(&self, names: &[String]) -> Bounds {
        let tomorrow = self
            .as_of
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDate::MAX);
        let apart = |name: &String| {
            let minutes = self.settings.limits_of_file(name).clock_skew_minutes;
            minutes.saturating_mul(60_000_000)
        };
        Bounds {
            future: Timestamp::start_of(tomorrow),
            asked: self.period,
            apart: names.iter().map(apart).collect(),
        }
    }

    fn charge(&self, gathered: &Gathered, period: Option<BillingPeriod>) -> Charged {
        let known = period.filter(|_| self.scope.policy == Standing::Known);
        known.map_or_else(Charged::default, |period| {
            charged(&gathered.sums, &self.config.policy, &self.facts, period)
        })
    }

    fn evidence<'e>(
        &'e self,
        gathered: &'e Gathered,
        charged: &'e Charged,
        period: Option<BillingPeriod>,
    ) -> Evidence<'e> {
        Evidence {
            config: self.config,
            facts: self.facts,
            settings: self.settings,
            as_of: self.as_of,
            asked: self.period,
            period,
            sources: self.sources,
            found: &gathered.found,
            sums: &gathered.sums,
            rhythm: &gathered.rhythm,
            charges: charged.charges.as_ref(),
            refused: &charged.refused,
        }
    }

    /// The rules that are judged.
    fn rules(&self, scope: Scope) -> impl Iterator<Item = &'static Rule> {
        rules::all().filter(move |rule| self.settings.judges(rule) && scope.judges(rule))
    }
}

impl Scope {
    /// What is left of it where so many requests were read.
    const fn of_requests(self, requests: u64) -> Self {
        match requests {
            0 => Self {
                usage: Extent::Nothing,
                ..self
            },
            _ => self,
        }
    }

    /// Whether there is enough to judge a rule.
    fn judges(self, rule: &Rule) -> bool {
        let (needs_all, needs_policy) = match rule.family {
            Family::Format | Family::Records | Family::Privacy => (false, false),
            Family::Completeness => (true, false),
            Family::Attribution | Family::Money => (true, true),
            Family::Prices | Family::Policy => (rules::is_about_use(rule), true),
        };
        (self.usage == Extent::Whole || !needs_all)
            && (self.policy == Standing::Known || !needs_policy)
    }

    /// Why some rules are not judged.
    fn left_out(self) -> Vec<String> {
        let usage = match self.usage {
            Extent::Whole => None,
            Extent::Part => {
                Some("completeness, attribution and money: only a part of the usage was read")
            }
            Extent::Nothing => Some("completeness, attribution and money: no request was read"),
        };
        let policy = match self.policy {
            Standing::Known => None,
            Standing::Refused => {
                Some("attribution, prices, money and policy: the configuration has errors")
            }
            Standing::Absent => Some(
                "attribution, prices, money and policy: no tollbook.toml was found here or above; \
                 name one with --config",
            ),
        };
        [usage, policy]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect()
    }
}

fn requests_by_day(origins: &DayOrigins) -> BTreeMap<NaiveDate, u64> {
    let mut requests = BTreeMap::new();
    for ((day, _), spots) in origins {
        *requests.entry(*day).or_default() += spots.count;
    }
    requests
}

/// What one thread makes of its requests.
struct Visitor<'a> {
    totals: Totals<'a>,
    checks: RequestChecks<'a>,
    tally: Tally,
}

impl<'a> Visitor<'a> {
    fn new(thresholds: &'a [Tokens], bounds: &'a Bounds) -> Self {
        Self {
            totals: Totals::new(thresholds),
            checks: RequestChecks::new(bounds),
            tally: Tally::default(),
        }
    }

    fn see(&mut self, record: &UsageRecord<'_>) {
        self.totals.add(record);
        self.checks.see(record);
        self.tally.add(record);
    }

    /// Brings together what all threads saw.
    fn gathered(visitors: Vec<Self>, found: Found, rows: Vec<Sightings>) -> Gathered {
        let mut gathered = Gathered {
            found,
            sums: Vec::new(),
            rhythm: Rhythm::default(),
            seen: Sightings::default(),
            days: DayOrigins::new(),
        };
        let mut tally = Tally::default();
        for seen in rows {
            gathered.seen.merge(seen);
        }
        let mut totals: Option<Totals<'a>> = None;
        for visitor in visitors {
            let (seen, days) = visitor.checks.into_seen();
            gathered.seen.merge(seen);
            merge_days(&mut gathered.days, days);
            tally.merge(visitor.tally);
            match &mut totals {
                Some(totals) => totals.merge(visitor.totals),
                None => totals = Some(visitor.totals),
            }
        }
        gathered.rhythm = tally.into_rhythm();
        gathered.sums = totals.map_or_else(Vec::new, Totals::into_sums);
        gathered
    }
}
