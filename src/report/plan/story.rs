//! What a plan says in sentences: the traffic, the price of the objective, where the curve is flat.

use super::Report;
use super::figures::{Figures, fraction, percent, range, spoken, usd};
use crate::money::Factor;
use crate::plan::answers::{Infeasible, Target};
use crate::plan::objective::{Condition, Limit};
use crate::report::figure;
use crate::report::grid::duration;
use crate::report::sentence;
use crate::time::SimTime;

/// What costs are for.
pub(super) const MONTH: &str =
    "Costs are per month of 730 hours of such traffic; those of its own span are in the JSON.";

/// How much traffic there is, and when.
pub(super) fn traffic(report: &Report) -> String {
    let (plan, candidate) = (&report.plan, &report.plan.study.curves[0].candidate);
    let per_ptu = candidate.tpm_per_ptu();
    let survey = &plan.study.survey;
    format!(
        "{} {}, {} to {} UTC ({}); mean {:.1} PTU, busiest minute {:.1}",
        figure::whole(survey.all.requests.get()),
        if survey.all.requests.get() == 1 {
            "request"
        } else {
            "requests"
        },
        minute(plan.study.span.start),
        minute(plan.study.span.end),
        length(&plan.study.span.hours()),
        survey.mean_ptu(plan.study.span, per_ptu),
        survey.peak_minute_ptu(per_ptu),
    )
}

/// What is planned: the deployment's name, model, kind and region.
pub(super) fn planned(report: &Report, curve: usize) -> String {
    let deployment = report.plan.study.curves[curve].candidate.deployment();
    format!(
        "{} ({}, {}, {})",
        deployment.name, deployment.model, deployment.kind, deployment.region
    )
}

/// A time to the minute.
fn minute(time: SimTime) -> String {
    let text = time.timestamp().to_string().replace('T', " ");
    text.chars().take(16).collect()
}

fn length(hours: &Factor) -> String {
    let in_hours = fraction(hours);
    if in_hours < 2.0 {
        format!("{:.0} min", in_hours * 60.0)
    } else if in_hours < 48.0 {
        format!("{} h", hours.to_trimmed(1))
    } else {
        let days = hours.times(&Factor::ratio(1, 24));
        format!("{} days", days.to_trimmed(1))
    }
}

/// What the objective costs, or why nothing meets it.
pub(super) fn difference(report: &Report) -> String {
    let answers = &report.plan.study.answers;
    match &answers.meeting {
        None => "No objective was set, so the cheapest is what is recommended.".to_owned(),
        Some(Err(infeasible)) => nothing_meets(report, infeasible),
        Some(Ok(meeting)) => {
            let more = answers.price_of_objective().unwrap_or_default();
            if more.is_zero() {
                return "The cheapest meets the objective: it costs nothing more.".to_owned();
            }
            let more = report.monthly(&more);
            let part = more.ratio(&Figures::of(report, &answers.cheapest).monthly());
            let spill = |choice| percent(fraction(&Figures::of(report, choice).point.all.spill()));
            let instead = if answers.cheapest.ptu.is_zero() {
                String::new()
            } else {
                format!(" instead of {}", spill(&answers.cheapest))
            };
            let asked: Vec<String> = report
                .plan
                .study
                .objective
                .conditions
                .iter()
                .map(condition)
                .collect();
            format!(
                "To keep to the objective ({}) costs {} a month more than the cheapest \
                 ({} more); then {} spills{instead}.",
                asked.join(", "),
                usd(report, &more),
                percent(fraction(&part)),
                spill(meeting),
            )
        }
    }
}

fn nothing_meets(report: &Report, infeasible: &Infeasible) -> String {
    let binding: Vec<String> = infeasible.binding.iter().map(condition).collect();
    let nearest = Figures::of(report, &infeasible.nearest);
    format!(
        "No size meets the objective. What binds is {}; nearest comes {}, for {} a month.",
        binding.join(" and "),
        nearest.purchase(),
        usd(report, &nearest.monthly()),
    )
}

/// A condition in words.
pub(super) fn condition(condition: &Condition) -> String {
    let most = |share: &Factor| percent(fraction(share));
    let limit = match &condition.limit {
        Limit::Spill(share) => format!("spill at most {}", most(share)),
        Limit::Lost(share) => format!("lost at most {}", most(share)),
        Limit::P95Wait(span) => format!("p95 wait at most {}", duration(*span)),
        Limit::Utilization(share) => format!("busiest hour at most {}", most(share)),
    };
    match &condition.app {
        Some(app) => format!("{limit} for {app}"),
        None => limit,
    }
}

/// Where sizes are equally good.
pub(super) fn flat(report: &Report) -> Option<String> {
    let (from, to) = report.plan.study.answers.flat;
    let term = report.plan.study.answers.cheapest.term;
    (from != to).then(|| {
        let on = term.map_or(String::new(), |term| format!(" ({})", spoken(term)));
        format!(
            "Sizes of {}{on} cost within 1 % of the cheapest.",
            range(from, to)
        )
    })
}

/// The smallest size for each share of spill, one sentence for each way to deploy.
pub(super) fn targets(report: &Report) -> Vec<String> {
    let curves = report.plan.study.curves.iter().enumerate();
    let told = curves.map(|(place, curve)| {
        let targets = report.plan.study.answers.targets.iter();
        let of_curve = targets.filter(|target| target.curve == place);
        let told: Vec<String> = of_curve
            .map(|target| self::target(report, target))
            .collect();
        let label = if report.plan.study.curves.len() > 1 {
            format!(" of {}", curve.candidate.label)
        } else {
            String::new()
        };
        format!("Spill{label} at most {} a month.", told.join("; "))
    });
    told.collect()
}

fn target(report: &Report, target: &Target) -> String {
    let most = percent(fraction(&target.share));
    match &target.choice {
        Some(choice) => {
            let cost = report.monthly(&choice.cost.total());
            format!("{most}: {} PTU for {}", choice.ptu, usd(report, &cost))
        }
        None => format!("{most}: no played size"),
    }
}

/// Why to do it, the strongest reason first.
pub(super) fn reasons(report: &Report) -> Vec<String> {
    let reasons = report.plan.advice.reasons.iter();
    reasons.map(sentence::told).collect()
}

/// What may go wrong, the largest risk first.
pub(super) fn risks(report: &Report) -> Vec<String> {
    report
        .plan
        .advice
        .risks
        .iter()
        .map(sentence::told)
        .collect()
}

/// What to do; the figures where no advice was given.
pub(super) fn recommendation(report: &Report) -> String {
    if !report.plan.advice.recommendation.is_empty() {
        return sentence::told(&report.plan.advice.recommendation);
    }
    let figures = Figures::of(report, report.plan.study.answers.recommended());
    let what = if figures.choice.ptu.is_zero() {
        "Buy no PTU and pay as you go".to_owned()
    } else {
        format!("Buy {}", figures.purchase())
    };
    format!("{what}: {} a month.", usd(report, &figures.monthly()))
}
