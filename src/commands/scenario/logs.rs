//! Gateway logs as traffic: read as for a chargeback, put into the order of time, offered again.
//!
//! Played is what reached a model with known tokens, so what is offered is what a chargeback of
//! the same files prices. Everything else is counted and told.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;

use crate::commands::configuration;
use crate::commands::inputs::InputFile;
use crate::commands::usage_files::{self, Resources};
use crate::config::Config;
use crate::report::accounting;
use crate::time::SimTime;
use crate::units::Tokens;
use crate::usage::Dimensions;
use crate::usage::collection::visit;
use crate::usage::reading::{Hashing, ReadOptions};
use crate::usage::timeline::{self, Collector, TimedUsage, Timeline};
use crate::usage::{Disposition, Quality, UsageRecord, assembly};
use crate::workload::{App, AppId, Apps, Request, RequestTokens, Traffic, TrafficError};

/// Logs that can be read again and again.
pub(super) struct Logs {
    files: Vec<InputFile>,
    options: ReadOptions<'static>,
    /// Who sends requests for which the logs name nobody.
    nobody: App,
}

impl Logs {
    /// The logs in `files`, read as the configuration wants them read.
    pub(super) fn of(files: Vec<InputFile>, config: &Config, nobody: App) -> anyhow::Result<Self> {
        Ok(Self {
            files,
            options: configuration::read_options(config, Hashing::None)?,
            nobody,
        })
    }

    /// Reads all of it; what there is to say about it goes to `notes`. An error names every source
    /// that cannot be read to its end.
    pub(super) fn replay(&self, notes: &mut Vec<String>) -> anyhow::Result<Replay> {
        let resources = Resources::standard();
        // Both hold rows at once, so that together they take what a chargeback takes.
        let memory = resources.memory / 2;
        let sorting = timeline::Options {
            memory,
            ..timeline::Options::new(&resources.spill)
        };
        let assembling = assembly::Options {
            memory,
            ..assembly::Options::new(&resources.spill)
        };
        let collectors = sorting.collectors(resources.threads);
        let mut sorters: Vec<Sorter> = collectors.into_iter().map(Sorter::of).collect();
        let mut visitors: Vec<_> = sorters
            .iter_mut()
            .map(|sorter| move |record: &UsageRecord<'_>| sorter.add(record))
            .collect();
        let sources = usage_files::sources(&self.files);
        let found = visit(&sources, &self.options, assembling, &mut visitors)
            .context(usage_files::CANNOT_ASSEMBLE)?;
        drop(visitors);
        usage_files::whole(&found.errors)?;
        let mut tally = Tally::default();
        let collectors = sorters.into_iter().map(|sorter| {
            tally.merge(&sorter.tally);
            sorter.collector
        });
        let timeline = Timeline::of(collectors.collect()).context(CANNOT_SORT)?;
        notes.push(accounting::diagnostics(&found.diagnostics));
        notes.push(usage_files::without_rows(&found.sources));
        notes.push(accounting::rows(&found.rows));
        notes.push(tally.told());
        Ok(Replay {
            timeline,
            nobody: self.nobody.clone(),
            known: BTreeMap::new(),
        })
    }
}

/// What failed when spill files of the order of time did.
const CANNOT_SORT: &str = "cannot put the logged requests into the order of time";

/// Takes what is played, and counts everything.
struct Sorter {
    collector: Collector,
    tally: Tally,
}

impl Sorter {
    fn of(collector: Collector) -> Self {
        Self {
            collector,
            tally: Tally::default(),
        }
    }

    fn add(&mut self, record: &UsageRecord<'_>) {
        let fate = Fate::of(record);
        *self.tally.0.entry(fate).or_default() += record.requests.get();
        if fate == Fate::Played {
            self.collector.add(record);
        }
    }
}

/// What becomes of a logged request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// It reached a model, and its tokens are known.
    Played,
    /// It was refused for lack of capacity: load, but of unknown size, and often tried again.
    Throttled,
    /// Anything else.
    LeftOut(Disposition),
}

impl Fate {
    fn of(record: &UsageRecord<'_>) -> Self {
        match (record.disposition, record.status) {
            (Disposition::Billable | Disposition::NoGatewayRow, _) => Self::Played,
            (Disposition::Error, Some(429)) => Self::Throttled,
            (other, _) => Self::LeftOut(other),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Played => "played",
            Self::Throttled => "refused with 429",
            Self::LeftOut(disposition) => disposition.name(),
        }
    }
}

/// Logged requests by what becomes of them.
#[derive(Clone, Debug, Default)]
struct Tally(BTreeMap<Fate, u64>);

impl Tally {
    fn merge(&mut self, other: &Self) {
        for (fate, requests) in &other.0 {
            *self.0.entry(*fate).or_default() += requests;
        }
    }

    /// All logged requests as a sum, and what it means that some are left out.
    fn told(&self) -> String {
        let terms = self.0.iter();
        let terms: Vec<_> = terms.map(|(fate, count)| (fate.name(), *count)).collect();
        let sum = accounting::sum("requests logged", &terms);
        if self.0.keys().all(|fate| *fate == Fate::Played) {
            return sum;
        }
        let hint = "hint: only requests that reached a model and have token counts are played; \
                    the others are left out";
        format!("{sum}{hint}")
    }
}

/// Logged requests, being offered again.
pub(super) struct Replay {
    timeline: Timeline,
    nobody: App,
    /// Callers by the address of their texts, which the timeline holds on to.
    known: BTreeMap<usize, AppId>,
}

impl Replay {
    fn request(&mut self, usage: &TimedUsage, apps: &mut Apps) -> Result<Request, TrafficError> {
        if usage.requests.get() != 1 || usage.quality == Quality::Aggregated {
            return Err(refused(
                usage,
                "it is a sum of many requests, which cannot be replayed one by one; make totals \
                 by the minute of it and play them with kind = \"minutes\"",
            ));
        }
        let at = SimTime::from_timestamp(usage.time).ok_or_else(|| {
            refused(
                usage,
                "it lies before 1970, where no simulation begins; correct its time",
            )
        })?;
        let address = Arc::as_ptr(&usage.dimensions).addr();
        let nobody = &self.nobody;
        let app = self.known.entry(address);
        let app = *app.or_insert_with(|| apps.id(caller(usage, nobody)));
        Ok(Request {
            at,
            app,
            tokens: tokens(usage)?,
            max_tokens: None,
            latency: None,
            priority: None,
        })
    }
}

impl Traffic for Replay {
    fn next(&mut self, apps: &mut Apps) -> Option<Result<Request, TrafficError>> {
        let usage = self.timeline.next()?;
        let usage = usage.map_err(|error| TrafficError::new(format!("{CANNOT_SORT}: {error}")));
        Some(usage.and_then(|usage| self.request(&usage, apps)))
    }
}

fn refused(usage: &TimedUsage, why: &str) -> TrafficError {
    TrafficError::new(format!("the logged request of {}: {why}", usage.time))
}

/// The caller as the gateway knew it.
fn caller(usage: &TimedUsage, nobody: &App) -> App {
    let logged = &usage.dimensions;
    let told = App {
        subscription: logged.subscription.clone(),
        product: logged.product.clone(),
        app: logged.app.clone(),
        ..App::default()
    };
    let named = if told == App::default() {
        nobody.clone()
    } else {
        told
    };
    App {
        api: logged.api.clone(),
        deployment: asked_for(logged).to_owned(),
        ..named
    }
}

/// The deployment that a request asked for: the one it was spilled from, where a row tells that.
fn asked_for(logged: &Dimensions) -> &str {
    if logged.spilled_from.is_empty() {
        return &logged.deployment;
    }
    &logged.spilled_from
}

fn tokens(usage: &TimedUsage) -> Result<RequestTokens, TrafficError> {
    let count = |tokens: Tokens, of: &str| {
        u32::try_from(tokens.get()).map_err(|_| {
            let why = format!(
                "it has {} {of} tokens; no model takes 2^32 or more, so correct the log",
                tokens.get()
            );
            refused(usage, &why)
        })
    };
    let logged = &usage.tokens;
    Ok(RequestTokens {
        input: count(logged.input, "input")?,
        cached_input: count(logged.cached_input, "cached input")?,
        cache_write: count(logged.cache_write, "cache write")?,
        output: count(logged.output, "output")?,
        reasoning: count(logged.reasoning, "reasoning")?,
    })
}

#[cfg(test)]
mod tests;
