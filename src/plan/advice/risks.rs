//! What could go wrong: each risk with the money that is at stake.

use super::Weighted;
use super::case::{Case, term_words};
use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::plan::sentence::{Figure, Sentence};
use crate::plan::uncertainty::{Case as Varied, DepthCase, Uncertainty};
use crate::time::SimDuration;

/// Traffic shorter than this hides what days of the week differ in.
const WEEK: SimDuration = SimDuration::from_seconds(7 * 24 * 3_600);

/// Every risk there is; the largest are chosen elsewhere.
pub(super) fn all(case: &Case<'_>) -> Vec<Weighted> {
    let mut all = Vec::new();
    all.extend(commitment(case));
    all.extend(short_traffic(case));
    all.extend(gaps(case));
    all.extend(lost(case));
    if let Some(uncertainty) = case.uncertainty {
        all.extend(depth(case, uncertainty));
        all.extend(days(case, uncertainty));
        all.extend(cases(case, uncertainty));
    }
    all.extend(maximum_unknown(case));
    all
}

/// The reservation is paid whether traffic comes or not. At stake is what is committed beyond the
/// month under way, spread over a year.
fn commitment(case: &Case<'_>) -> Option<Weighted> {
    let term = case.choice.term?;
    let months: u32 = match term {
        PtuTerm::Hourly => return None,
        PtuTerm::Month => 1,
        PtuTerm::Year => 12,
    };
    let monthly = case.monthly(&case.choice.cost.bought);
    if monthly.is_zero() {
        return None;
    }
    let all = monthly.times_whole(months.into());
    let figures = [case.bought().into(), term_words(term).into(), all.into()];
    let words = "{} {} is a commitment to {} whether the traffic stays or not";
    Some(Weighted {
        monthly: monthly.fraction(months.into(), 12),
        sentence: Sentence::new(words, figures).and(largest_app(case)),
    })
}

/// Who the traffic hangs on, where there are several.
fn largest_app(case: &Case<'_>) -> Sentence {
    let apps = &case.study.survey.apps;
    let largest = apps.iter().max_by_key(|(_, tally)| tally.weighted);
    let Some((name, tally)) = largest.filter(|_| apps.len() > 1) else {
        return Sentence::plain(".");
    };
    let all = case.study.survey.all.weighted;
    let share = Factor::ratio(tally.weighted.into(), all.into());
    let figures = [name.clone().into(), Figure::Share(share)];
    Sentence::new("; {} alone is {} of it.", figures)
}

/// Days of the week that nobody has seen.
fn short_traffic(case: &Case<'_>) -> Option<Weighted> {
    let length = case.study.span.length();
    let unseen = WEEK.beyond(length);
    let total = case.monthly(&case.choice.cost.total());
    (!unseen.is_zero()).then(|| Weighted {
        monthly: total.fraction(unseen.micros().into(), WEEK.micros().into()),
        sentence: Sentence::new(
            "All of this rests on {} of traffic, less than a week; nights, weekends and busier \
             days are not in it.",
            [length.into()],
        ),
    })
}

fn gaps(case: &Case<'_>) -> Option<Weighted> {
    let gaps = case.study.survey.gaps();
    let minutes: u64 = gaps.iter().map(|(_, minutes)| minutes).sum();
    let missing = SimDuration::MINUTE.times(minutes);
    let span = case.study.span.length();
    let total = case.monthly(&case.choice.cost.total());
    (!missing.is_zero()).then(|| Weighted {
        monthly: total.fraction(missing.micros().into(), span.micros().into()),
        sentence: Sentence::new(
            "The traffic has {} gap(s) of a day or more, {} in all, which count as time without \
             requests; where logs are missing, more would pay.",
            [gaps.len().into(), missing.into()],
        ),
    })
}

/// Requests that nobody serves, at what others cost.
fn lost(case: &Case<'_>) -> Option<Weighted> {
    let lost = case.point.all.lost;
    let worth = case
        .curve
        .token_value()
        .fraction(lost.weighted.into(), 1_000);
    let monthly = case.monthly(&worth);
    (!lost.requests.is_zero()).then(|| Weighted {
        sentence: Sentence::new(
            "{} requests are lost even so; served per token they would cost {} a month more.",
            [lost.requests.get().into(), monthly.clone().into()],
        ),
        monthly,
    })
}

/// What a bucket of another depth does to the recommended size.
fn depth(case: &Case<'_>, uncertainty: &Uncertainty) -> Option<Weighted> {
    let size = |depth: &DepthCase| {
        let mut sizes = depth.sizes.iter();
        let found = sizes.find(|size| size.ptu == case.choice.ptu)?.clone();
        Some((depth.depth, depth.best, found))
    };
    let cases = uncertainty.depths.iter().filter_map(size);
    let (depth, best, worst) = cases.max_by(|one, other| one.2.cost.cmp(&other.2.cost))?;
    let more = case.monthly(&(worst.cost.clone() - case.choice.cost.total()));
    let figures = [
        depth.into(),
        case.choice.ptu.into(),
        Figure::Share(share(worst.spill)),
        Figure::Share(case.point.all.spill()),
        more.clone().into(),
        best.into(),
    ];
    let words = "Azure does not say how deep the bucket is: at {} of throughput {} spills {} in \
                 place of {} and costs {} a month more; the cheapest size is {} then.";
    (more > Money::zero()).then(|| Weighted {
        monthly: more,
        sentence: Sentence::new(words, figures),
    })
}

/// What other draws of the same days do to the cost and to the best size.
fn days(case: &Case<'_>, uncertainty: &Uncertainty) -> Option<Weighted> {
    let bootstrap = uncertainty.bootstrap.as_ref().ok()?;
    let mut sizes = bootstrap.sizes.iter();
    let size = sizes.find(|size| size.ptu == case.choice.ptu)?;
    let more = case.monthly(&(size.high.clone() - size.median.clone()));
    let (least, most) = bootstrap.range;
    let sizes = if least == most {
        Sentence::new("at {}", [least.into()])
    } else {
        Sentence::new("between {} and {}", [least.into(), most.into()])
    };
    let words = "Days drawn anew from these {} put the best size ";
    let rest = " in 90 of 100 draws, and the cost of this one up to {} a month higher.";
    (more > Money::zero()).then(|| Weighted {
        sentence: Sentence::new(words, [bootstrap.days.into()])
            .and(sizes)
            .and(Sentence::new(rest, [more.clone().into()])),
        monthly: more,
    })
}

/// What the recommended size costs more in each case that could come: the worst of each input.
fn cases(case: &Case<'_>, uncertainty: &Uncertainty) -> Vec<Weighted> {
    let mut by_input = std::collections::BTreeMap::new();
    for one in &uncertainty.cases {
        let weighted = if case.is_for_the_objective() {
            dearer(case, one)
        } else {
            regretted(case, one)
        };
        if weighted.monthly <= Money::zero() {
            continue;
        }
        let known = by_input
            .entry(&one.input)
            .or_insert_with(|| weighted.clone());
        if known.monthly < weighted.monthly {
            *known = weighted;
        }
    }
    by_input.into_values().collect()
}

/// What was bought for cost is measured by the best size of the case.
fn regretted(case: &Case<'_>, one: &Varied) -> Weighted {
    let more = case.monthly(&(one.recommended.cost.clone() - one.best.cost.clone()));
    let figures = [
        one.name.clone().into(),
        one.recommended.ptu.into(),
        more.clone().into(),
        one.best.ptu.into(),
    ];
    let words = "In the case \"{}\", {} costs {} a month more than the best size then, {}.";
    Weighted {
        monthly: more,
        sentence: Sentence::new(words, figures),
    }
}

/// What was bought for the objective is dearer than the best size in every case, so it is measured
/// by what it costs now; how much then spills tells whether it still serves its purpose.
fn dearer(case: &Case<'_>, one: &Varied) -> Weighted {
    let more = case.monthly(&(one.recommended.cost.clone() - case.choice.cost.total()));
    let figures = [
        one.name.clone().into(),
        one.recommended.ptu.into(),
        more.clone().into(),
        Figure::Share(share(one.recommended.spill)),
    ];
    let words = "In the case \"{}\", {} costs {} a month more than now, and {} spills.";
    Weighted {
        monthly: more,
        sentence: Sentence::new(words, figures),
    }
}

/// Admission counts on `max_tokens`, which the traffic may not tell. Nobody knows what that costs,
/// so it comes last.
fn maximum_unknown(case: &Case<'_>) -> Option<Weighted> {
    let survey = &case.study.survey;
    let unknown = survey.all.requests.get().saturating_sub(survey.stated.0);
    let share = Factor::ratio(unknown.into(), survey.all.requests.get().into());
    (unknown > 0 && !case.choice.ptu.is_zero()).then(|| Weighted {
        monthly: Money::zero(),
        sentence: Sentence::new(
            "{} of requests do not tell max_tokens, by which Azure admits; if callers state much \
             more than they use, less is served than shown.",
            [Figure::Share(share)],
        ),
    })
}

/// A share from statistics, for display.
fn share(value: f64) -> Factor {
    format!("{value:.6}")
        .parse()
        .unwrap_or_else(|_| Factor::zero())
}
