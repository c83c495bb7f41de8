//! From series to what each deployment did in each span.

use std::collections::{BTreeMap, BTreeSet};

use super::points::{Points, Series};
use super::quantity::{Names, Quantity};
use crate::time::SimTime;
use crate::workload::TrafficError;

/// What one deployment served in one span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: SimTime,
    pub(super) requests: u64,
    /// Prompt tokens that the cache did not hold.
    pub(super) uncached: u64,
    pub(super) cached: u64,
    pub(super) output: u64,
}

/// The spans of one deployment, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MeteredApp {
    pub(super) deployment: String,
    pub(super) spans: Vec<Span>,
}

/// What there is to say about totals beside the traffic they are made into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Requests that are played.
    pub requests: u64,
    /// Whether they are counted by the source, or follow from a mean request.
    pub counted: Counted,
    /// Whether the source tells cached tokens.
    pub cached: Counted,
    /// Whether counted requests are split by status, so that refused ones can be left out.
    pub by_status: bool,
    /// Requests with a status other than success, which are left out.
    pub refused: u64,
    /// Spans whose tokens have no request; they are given to the next one that has.
    pub without_requests: u64,
    /// Requests in spans without as many tokens, which are left out.
    pub without_tokens: u64,
    /// Spans whose cached tokens contradict the others, taken as not cached.
    pub contradicting: u64,
    /// Totals that were delivered again, unchanged.
    pub repeats: u64,
}

/// How something is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counted {
    /// It is not.
    #[default]
    Not,
    /// The source counts it.
    BySource,
}

pub(super) struct Reckoning {
    pub(super) apps: Vec<MeteredApp>,
    pub(super) told: Told,
}

/// Sums of one span, as they are read.
type Sums = BTreeMap<Quantity, u64>;

/// Puts series together by deployment and span. Without counted requests, `mean` prompt and answer
/// tokens make one.
pub(super) fn reckon(
    points: &Points,
    mean: Option<(u32, u32)>,
    names: &str,
) -> Result<Reckoning, TrafficError> {
    let fail = |message: String| TrafficError::new(format!("{names}: {message}"));
    let mut told = Told {
        repeats: points.repeats(),
        ..Told::default()
    };
    let quantities = quantities(points).map_err(fail)?;
    let counted = |of: &[Quantity]| {
        if of.iter().any(|quantity| quantities.contains(quantity)) {
            Counted::BySource
        } else {
            Counted::Not
        }
    };
    told.counted = counted(&[Quantity::Requests]);
    told.cached = counted(&[Quantity::Cached, Quantity::NotCached]);
    let deployments = by_deployment(points, &mut told).map_err(fail)?;
    check_split(&deployments, &told).map_err(fail)?;
    let mut apps = Vec::new();
    for (deployment, sums) in deployments {
        let spans = spans(&sums, mean, &mut told).map_err(fail)?;
        told.requests += spans.iter().map(|span| span.requests).sum::<u64>();
        apps.push(MeteredApp { deployment, spans });
    }
    Ok(Reckoning { apps, told })
}

/// What is counted; by two metrics at once it would be counted twice.
fn quantities(points: &Points) -> Result<BTreeSet<Quantity>, String> {
    let mut metrics: BTreeMap<Quantity, BTreeSet<&str>> = BTreeMap::new();
    for (series, _) in points.iter() {
        let named = metrics.entry(series.quantity).or_default();
        named.insert(&series.metric);
    }
    for (quantity, named) in &metrics {
        if named.len() > 1 {
            let named: Vec<&str> = named.iter().copied().collect();
            return Err(format!(
                "{} all count {}; expected one of them, or it is counted twice",
                named.join(" and "),
                quantity.name()
            ));
        }
    }
    let bundled = Names::bundled();
    if !metrics.contains_key(&Quantity::Input) {
        return Err(format!(
            "no totals of prompt tokens; expected the metric {}, or a column `input`",
            bundled.counting(Quantity::Input)
        ));
    }
    Ok(metrics.into_keys().collect())
}

fn by_deployment(
    points: &Points,
    told: &mut Told,
) -> Result<BTreeMap<String, BTreeMap<SimTime, Sums>>, String> {
    let mut deployments: BTreeMap<String, BTreeMap<SimTime, Sums>> = BTreeMap::new();
    for (series, totals) in points.iter() {
        told.by_status |= !series.status.is_empty();
        if is_refused(series) {
            told.refused += totals.values().sum::<u64>();
            continue;
        }
        let spans = deployments.entry(series.deployment.clone()).or_default();
        for (at, total) in totals {
            let sum = spans
                .entry(*at)
                .or_default()
                .entry(series.quantity)
                .or_default();
            *sum = sum
                .checked_add(*total)
                .ok_or_else(|| "the totals exceed 2^64".to_owned())?;
        }
    }
    Ok(deployments)
}

/// Whether the series counts requests that were not served.
fn is_refused(series: &Series) -> bool {
    !series.status.is_empty() && !series.status.starts_with('2')
}

/// Refuses tokens that are split by deployment where requests are not, or the other way round.
fn check_split(
    deployments: &BTreeMap<String, BTreeMap<SimTime, Sums>>,
    told: &Told,
) -> Result<(), String> {
    if told.counted == Counted::Not {
        return Ok(());
    }
    let total = |spans: &BTreeMap<SimTime, Sums>, quantity| -> u128 {
        let totals = spans.values().filter_map(|sums| sums.get(&quantity));
        totals.map(|total| u128::from(*total)).sum()
    };
    for (deployment, spans) in deployments {
        let (input, requests) = (
            total(spans, Quantity::Input),
            total(spans, Quantity::Requests),
        );
        if input > 0 && requests == 0 {
            return Err(format!(
                "deployment {deployment:?} has {input} prompt tokens and no requests; split all \
                 metrics by ModelDeploymentName, or none"
            ));
        }
    }
    Ok(())
}

/// The spans of one deployment.
fn spans(
    sums: &BTreeMap<SimTime, Sums>,
    mean: Option<(u32, u32)>,
    told: &mut Told,
) -> Result<Vec<Span>, String> {
    let mut spans = Vec::new();
    let mut carried = Span::default();
    for (start, sums) in sums {
        let mut span = tokens(*start, sums, told)?;
        span.add(&carried)?;
        carried = Span::default();
        span.requests = match told.counted {
            Counted::BySource => sums.get(&Quantity::Requests).copied().unwrap_or(0),
            Counted::Not => span.requests_of(mean)?,
        };
        let tokens = span.tokens();
        if span.requests > tokens {
            told.without_tokens += span.requests - tokens;
            span.requests = tokens;
        }
        if span.requests > 0 {
            spans.push(span);
        } else if tokens > 0 {
            told.without_requests += 1;
            carried = span;
        }
    }
    if carried.tokens() > 0 {
        spans.push(Span {
            requests: 1,
            ..carried
        });
    }
    Ok(spans)
}

/// The tokens of a span.
fn tokens(start: SimTime, sums: &Sums, told: &mut Told) -> Result<Span, String> {
    let sum = |quantity| sums.get(&quantity).copied().unwrap_or(0);
    let (input, output) = (sum(Quantity::Input), sum(Quantity::Output));
    let all = input
        .checked_add(output)
        .ok_or_else(|| "the totals exceed 2^64".to_owned())?;
    let told_cached = match (sums.get(&Quantity::Cached), sums.get(&Quantity::NotCached)) {
        (Some(cached), _) => Some(*cached),
        (None, Some(not_cached)) => all.checked_sub(*not_cached),
        (None, None) => Some(0),
    };
    let cached = told_cached.filter(|cached| *cached <= input);
    if cached.is_none() {
        told.contradicting += 1;
    }
    let cached = cached.unwrap_or(0);
    Ok(Span {
        start,
        requests: 0,
        uncached: input - cached,
        cached,
        output,
    })
}

impl Span {
    /// All its tokens.
    fn tokens(&self) -> u64 {
        self.uncached
            .saturating_add(self.cached)
            .saturating_add(self.output)
    }

    /// Adds the tokens of another span.
    fn add(&mut self, other: &Self) -> Result<(), String> {
        let sum = |a: u64, b: u64| {
            a.checked_add(b)
                .ok_or_else(|| "the totals exceed 2^64".to_owned())
        };
        self.uncached = sum(self.uncached, other.uncached)?;
        self.cached = sum(self.cached, other.cached)?;
        self.output = sum(self.output, other.output)?;
        Ok(())
    }

    /// How many mean requests its tokens make, rounded up.
    fn requests_of(&self, mean: Option<(u32, u32)>) -> Result<u64, String> {
        let mean = mean.map(|(input, output)| u64::from(input) + u64::from(output));
        match mean {
            Some(mean) if mean > 0 => Ok(self.tokens().div_ceil(mean)),
            _ => Err(format!(
                "nothing counts requests; export the metric {} too, or state `input` and `output`, \
                 the tokens of a mean request, in [[traffic]]",
                Names::bundled().counting(Quantity::Requests)
            )),
        }
    }
}
