//! What a reader must know beside a sizing: what averages hide, and what it rests on.

use std::collections::BTreeSet;

use super::percent;
use crate::plan::busy_hours::BusyHours;
use crate::plan::sizing::hidden::Side;
use crate::plan::sizing::{Hidden, Sizing};
use crate::report::figure;
use crate::units::Tokens;

/// All notes, each a paragraph.
pub(super) fn all(sizing: &Sizing) -> Vec<String> {
    let mut notes = vec![random()];
    notes.extend(sizing.hidden.iter().map(|hidden| text(hidden, sizing)));
    notes.extend(latency(sizing));
    notes.extend(cheaper(sizing));
    notes.extend(missing(sizing));
    notes.push(sources(sizing));
    notes
}

fn random() -> String {
    "At random: Poisson arrivals of requests whose weights are exponential, as many as stated, \
     and half as many again. The depth of the bucket is not documented, so a range is shown. What finds it \
     full is answered with 429, or spills over."
        .to_owned()
}

/// What one thing hides, in words.
pub(super) fn text(hidden: &Hidden, sizing: &Sizing) -> String {
    match hidden {
        Hidden::EvenMonth { busy } => format!(
            "A month's totals do not tell when requests come: here they are spread evenly over {}. \
             They tell nothing of peaks, of bursts within a \
             minute, of max_tokens or of refused calls. Minutes of Azure Monitor tell more, \
             gateway logs most.",
            hours(*busy)
        ),
        Hidden::AlwaysAtPeak => {
            "The cost per token is that of the peak for the whole month. Where \
             the mean is lower, say by how much with --peak-factor: PTU cost the same, tokens less."
                .to_owned()
        }
        Hidden::BelowCacheMinimum { minimum } => format!(
            "Prompts below {} tokens are not cached: unless many are much longer than the mean, \
             plan for {}.",
            figure::whole((*minimum).into()),
            uncached(sizing)
        ),
        Hidden::NoCache => format!(
            "Prompts of this model are not cached as far as is known; plan for {}.",
            uncached(sizing)
        ),
        Hidden::CacheMisses => format!(
            "The cached share is an average. Caches start cold after quiet times and changes of the \
             prompt, and then the same load takes {}.",
            uncached(sizing)
        ),
        Hidden::PromptLimit { tokens } => format!(
            "Prompts of more than {} tokens are not served on PTU, but by spillover or not at all; \
             the mean does not tell how many there are.",
            figure::whole(tokens.get())
        ),
        Hidden::LongContext { above, mean } => long_context(*above, *mean),
        Hidden::MaxTokens => {
            "Until an answer is complete, the deployment counts max_tokens in its \
             place: callers that state far more than they get are refused earlier than this \
             sizing says."
                .to_owned()
        }
        Hidden::LargeRequests => "One mean request stands for all. A few large ones fill the \
             bucket for those behind them, and apps with peaks at different times need less \
             together than the sum of their sizes: play a trace or logs to see both."
            .to_owned(),
    }
}

fn long_context(above: Tokens, mean: Side) -> String {
    let above = figure::whole(above.get());
    match mean {
        Side::Beyond => format!(
            "The mean request has more than {above} input tokens, so all are weighed and priced as \
             long ones; the shorter ones among them take and cost less."
        ),
        Side::Within => format!(
            "Requests of more than {above} input tokens weigh and cost about twice as much per \
             token; the mean does not tell how many there are."
        ),
    }
}

fn hours(busy: Option<BusyHours>) -> String {
    busy.map_or_else(
        || "every hour".to_owned(),
        |busy| format!("the hours {busy}, {} a week", busy.hours_a_week()),
    )
}

/// The need without a cache, and the sizes for it.
fn uncached(sizing: &Sizing) -> String {
    let exact = sizing.without_cache.as_ref();
    let exact = exact.map_or_else(String::new, |exact| figure::quantity(exact, 2));
    let sizes = sizing.kinds.iter().filter_map(|kind| {
        let ptu = kind.without_cache?;
        Some(format!("{ptu} {}", kind.kind))
    });
    let sizes: Vec<String> = sizes.collect();
    format!("{exact} PTU ({})", sizes.join(", "))
}

fn latency(sizing: &Sizing) -> Option<String> {
    let speed = sizing.latency_tokens_per_second?;
    Some(format!(
        "The service's target on PTU is {speed} output tokens a second, faster for 99 % of \
         requests; pay-as-you-go has none."
    ))
}

/// Which terms cost less than the mean load per token, where both prices are known.
fn cheaper(sizing: &Sizing) -> Option<String> {
    let mut cheaper = Vec::new();
    let mut uses = BTreeSet::new();
    for kind in &sizing.kinds {
        let Ok(per_token) = &kind.cost.per_token_month else {
            continue;
        };
        uses.insert(percent(&kind.mean_use));
        let terms = kind.cost.terms.iter();
        let terms = terms
            .filter(|cost| cost.month < *per_token)
            .map(|cost| format!("{} {}", kind.kind, cost.price.term));
        cheaper.extend(terms);
    }
    let uses: Vec<String> = uses.into_iter().collect();
    match (uses.as_slice(), cheaper.as_slice()) {
        ([], _) => None,
        (_, []) => Some(format!(
            "At {} of use, no term costs less than paying per token: buy PTU for latency or quota, \
             not for cost.",
            uses.join(" or ")
        )),
        _ => Some(format!(
            "If the load is really that even, these cost less than paying per token: {}.",
            cheaper.join(", ")
        )),
    }
}

/// Prices that are not known, and why.
fn missing(sizing: &Sizing) -> Option<String> {
    let per_token = sizing.kinds.iter().filter_map(|kind| {
        let reason = kind.cost.per_token_month.as_ref().err()?;
        Some(reason.clone())
    });
    let terms = sizing.kinds.iter().flat_map(|kind| &kind.cost.missing);
    let terms = terms.map(|(_, reason)| reason.clone());
    let reasons: BTreeSet<String> = per_token.chain(terms).collect();
    if reasons.is_empty() {
        return None;
    }
    let reasons: Vec<String> = reasons.into_iter().collect();
    Some(format!("Not known (–): {}.", reasons.join("; ")))
}

fn sources(sizing: &Sizing) -> String {
    let figures = &sizing.figures;
    let costs = || sizing.kinds.iter().map(|kind| &kind.cost);
    let tokens = costs().flat_map(|cost| cost.token_prices.iter().map(|price| &price.source));
    let terms = costs().flat_map(|cost| &cost.terms);
    let terms = terms.map(|cost| &cost.price.price.source);
    let prices: BTreeSet<String> = tokens
        .chain(terms)
        .map(|source| format!("{} (read {})", source.text, source.as_of))
        .collect();
    let prices: Vec<String> = prices.into_iter().collect();
    let prices = if prices.is_empty() {
        String::new()
    } else {
        format!(" List prices: {}.", prices.join("; "))
    };
    format!(
        "Throughput and weights: {} (read {}).{prices}",
        figures.source, figures.as_of
    )
}
