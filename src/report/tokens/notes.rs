//! What a reader must know beside the figures: how certain they are, what they rest on, and what
//! is missing and why.

use std::collections::{BTreeMap, BTreeSet};

use super::{Report, Run};
use crate::report::figure;
use crate::report::grid::percent;
use crate::tokenizer::Certainty;
use crate::tokenizer::profile::{Tally, Worth};

/// How many requests there are, and how certain their counts.
pub(super) fn summary(tally: &Tally) -> String {
    if tally.records() == 0 {
        return "no request was counted".to_owned();
    }
    let requests = requests(tally);
    let tokens = counted(tally.input.sum(), "token", "tokens");
    let exact = tally.of_certainty(Certainty::Exact);
    if exact == tally.records() {
        return format!("{requests}, {tokens} of prompts; every count is exact");
    }
    let told = [
        (exact, "exact"),
        (tally.of_certainty(Certainty::Estimate), "estimated"),
        (tally.of_certainty(Certainty::LowerBound), "lower bounds"),
    ];
    let told = told.iter().filter(|(count, _)| *count > 0);
    let told = told.map(|(count, word)| format!("{} {word}", figure::whole(*count)));
    let told: Vec<String> = told.collect();
    format!(
        "{requests}, {tokens} of prompts; of the counts, {}",
        told.join(", ")
    )
}

/// How many requests there are.
pub(super) fn requests(tally: &Tally) -> String {
    counted(tally.records(), "request", "requests")
}

/// All notes, each a paragraph.
pub(super) fn all(report: &Report) -> Vec<String> {
    let base = report.base();
    let mut notes = Vec::new();
    notes.extend(budget(base));
    if let [only] = report.runs.as_slice() {
        notes.extend(cache(&only.profiled.total));
        notes.extend(long_context(only));
    }
    notes.extend(reasons(report));
    notes.extend(answers(&base.profiled.total));
    notes.extend(prices(report));
    notes.extend(figures(report));
    notes.extend(missing(report));
    notes
}

fn counted(count: u64, one: &str, several: &str) -> String {
    let word = if count == 1 { one } else { several };
    format!("{} {word}", figure::whole(count))
}

fn budget(run: &Run) -> Option<String> {
    let largest = &run.profiled.largest;
    let budget = figure::whole(largest.budget()?);
    Some(match largest.over_budget() {
        0 => format!("No request has more than {budget} tokens."),
        1 => format!("1 request has more than {budget} tokens."),
        over => format!(
            "{} requests have more than {budget} tokens.",
            figure::whole(over)
        ),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a share on display")]
fn cache(tally: &Tally) -> Option<String> {
    if tally.cache_hits == 0 {
        return None;
    }
    let share = percent(tally.cached as f64 / tally.input.sum() as f64);
    let hits = match tally.cache_hits {
        1 => "1 request starts".to_owned(),
        hits => format!("{} requests start", figure::whole(hits)),
    };
    let longest = figure::whole(tally.longest_shared);
    Some(format!(
        "A prompt cache would hold {share} of all input at best: {hits} like an earlier one, with \
         up to {longest} tokens. It would hold less where requests lie more than minutes apart, or \
         reach several machines."
    ))
}

fn long_context(run: &Run) -> Option<String> {
    let long = &run.total.long_context;
    let thresholds = long
        .thresholds
        .iter()
        .map(|above| figure::whole(above.get()));
    let thresholds: Vec<String> = thresholds.collect();
    let have = match long.requests {
        0 => return None,
        1 => "1 request has".to_owned(),
        requests => format!("{} requests have", figure::whole(requests)),
    };
    Some(format!(
        "{have} more input than {} tokens, beyond which models have other prices or weights.",
        thresholds.join(" or ")
    ))
}

/// Why counts are not exact, over all runs.
fn reasons(report: &Report) -> Vec<String> {
    let runs = report.runs.iter();
    let told = runs.flat_map(|run| {
        let label = match report.runs.len() {
            1 => String::new(),
            _ => format!("{}, ", run.label),
        };
        run.profiled.total.reasons().map(move |(reason, count)| {
            let requests = counted(count, "request", "requests");
            format!("{label}{requests}: {}.", reason.text())
        })
    });
    told.collect()
}

fn answers(tally: &Tally) -> Option<String> {
    let (known, all) = (tally.output.count(), tally.records());
    match known {
        _ if all == 0 => None,
        0 => Some("No answers are known: costs and PTU are those of prompts alone.".to_owned()),
        known if known < all => Some(format!(
            "Answers of {} of {} requests are known; in each row the others are taken to be as large.",
            figure::whole(known),
            figure::whole(all)
        )),
        _ => None,
    }
}

fn prices(report: &Report) -> Option<String> {
    let on = report.priced.on;
    let prices = report.runs.iter().flat_map(|run| &run.total.prices);
    let sources: BTreeSet<String> = prices
        .map(|price| {
            let source = &price.source;
            let known = if source.stretched_to(on) {
                format!(", known only from {}", source.effective_from)
            } else {
                String::new()
            };
            format!(
                "{}: {} (read {}){known}",
                price.model, source.text, source.as_of
            )
        })
        .collect();
    if sources.is_empty() {
        return None;
    }
    let sources: Vec<String> = sources.into_iter().collect();
    Some(format!(
        "USD/1,000 is what 1,000 requests cost at pay-as-you-go list prices, {} in {} on {on}. {}.",
        report.priced.kind,
        report.priced.region,
        sources.join("; ")
    ))
}

fn figures(report: &Report) -> Option<String> {
    let figures = report.runs.iter().flat_map(|run| &run.total.figures);
    let sources: BTreeSet<String> = figures
        .map(|figures| {
            let throughput = figure::whole(figures.input_tpm_per_ptu.get());
            format!(
                "{}: {throughput} input tokens a minute and PTU, {} (read {})",
                figures.name, figures.source, figures.as_of
            )
        })
        .collect();
    if sources.is_empty() {
        return None;
    }
    let sources: Vec<String> = sources.into_iter().collect();
    Some(format!(
        "PTU/rpm is what one request a minute keeps busy of a provisioned deployment, by its \
         weighted tokens; peaks need more. {}.",
        sources.join("; ")
    ))
}

/// What is not known, and why; for groups, of which.
fn missing(report: &Report) -> Vec<String> {
    let mut missing: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for run in &report.runs {
        for (name, worth) in named(run, report.runs.len()) {
            for (what, reason) in unknown(worth) {
                missing
                    .entry((what, reason))
                    .or_default()
                    .push(name.clone());
            }
        }
    }
    let told = missing.iter().map(|((what, reason), names)| {
        let names = match names.as_slice() {
            [name] if name.is_empty() => String::new(),
            names => format!(" of {}", first_few(names)),
        };
        format!("{what}{names} is not known: {reason}.")
    });
    told.collect()
}

/// What is told of a run: its groups, by their labels; all together where there are no groups or
/// other runs stand beside it.
fn named(run: &Run, runs: usize) -> Vec<(String, &Worth)> {
    if runs > 1 {
        return vec![(run.label.clone(), &run.total)];
    }
    if run.profiled.by.is_empty() {
        return vec![(String::new(), &run.total)];
    }
    let groups = run.profiled.groups.iter().zip(&run.worth);
    let named = groups.map(|(group, worth)| {
        let said = group.labels.iter().any(|label| !label.is_empty());
        let name = if said {
            group.labels.join("/")
        } else {
            NAMELESS.to_owned()
        };
        (name, worth)
    });
    named.collect()
}

/// A group whose records do not say of whom they are.
const NAMELESS: &str = "(nameless)";

/// The figures that are not known and why, each reason once.
fn unknown(worth: &Worth) -> Vec<(&'static str, &str)> {
    fn reason<T>(result: &Result<T, String>) -> Option<&str> {
        result.as_ref().err().map(String::as_str)
    }
    let figures = [
        ("The cost of prompts", reason(&worth.input)),
        ("The cost with a cache", reason(&worth.cached_input)),
        (
            "The cost of answers",
            worth.output.as_ref().and_then(reason),
        ),
        ("PTU/rpm", reason(&worth.ptu)),
        ("PTU/rpm with a cache", reason(&worth.cached_ptu)),
    ];
    let mut told = BTreeSet::new();
    let unknown = figures.into_iter().filter_map(|(what, reason)| {
        let reason = reason?;
        told.insert(reason).then_some((what, reason))
    });
    unknown.collect()
}

/// The first names, and how many there are beside them.
fn first_few(names: &[String]) -> String {
    const FEW: usize = 3;
    let shown: Vec<&str> = names.iter().take(FEW).map(String::as_str).collect();
    match names.len().saturating_sub(FEW) {
        0 => shown.join(", "),
        others => {
            format!("{} and {others} others", shown.join(", "))
        }
    }
}
