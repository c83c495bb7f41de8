//! What to do.

use super::case::{Case, term_words};
use crate::money::Money;
use crate::plan::answers::{Choice, Infeasible};
use crate::plan::objective::{Condition, Limit};
use crate::plan::sentence::{Figure, Sentence};

/// What to do, in a sentence or two.
pub(super) fn recommendation(case: &Case<'_>) -> Sentence {
    let lost = case.point.all.loss();
    let sentence = advised(case);
    if lost.is_zero() {
        return sentence;
    }
    let words = " {} of requests are lost all the same.";
    sentence.and(Sentence::new(words, [Figure::Share(lost)]))
}

fn advised(case: &Case<'_>) -> Sentence {
    match &case.study.answers.meeting {
        Some(Err(infeasible)) => infeasible_words(case, infeasible),
        _ if case.choice.ptu.is_zero() => nothing(case),
        Some(Ok(_)) if !price(case).is_zero() => for_the_objective(case),
        _ => buy(case),
    }
}

/// What the recommended choice costs more than the cheapest, a month.
fn price(case: &Case<'_>) -> Money {
    let price = case.study.answers.price_of_objective();
    case.monthly(&price.unwrap_or_default())
}

fn total(case: &Case<'_>, choice: &Choice) -> Figure {
    case.monthly(&choice.cost.total()).into()
}

fn nothing(case: &Case<'_>) -> Sentence {
    let words = "Buy nothing: paying {} per token costs {} a month";
    let label = case.curve.candidate.label.clone();
    let sentence = Sentence::new(words, [label.into(), total(case, case.choice)]);
    let Some(deployed) = case.cheapest_deployed() else {
        return sentence.and(Sentence::plain("."));
    };
    let more = deployed.cost.total() - case.choice.cost.total();
    let more = case.monthly(&more);
    sentence
        .and(Sentence::plain(", and the cheapest size ("))
        .and(case.named(&deployed))
        .and(Sentence::new(") costs {} more.", [more.into()]))
}

fn buy(case: &Case<'_>) -> Sentence {
    acquire(case).and(Sentence::new(
        " and pay the rest per token: {} a month, and {} of the weighted tokens are served by it.",
        [
            total(case, case.choice),
            Figure::Share(case.point.all.coverage()),
        ],
    ))
}

fn for_the_objective(case: &Case<'_>) -> Sentence {
    let cheapest = &case.study.answers.cheapest;
    acquire(case)
        .and(Sentence::new(
            " for the objective, not for cost: {} a month, {} more than the cheapest (",
            [total(case, case.choice), price(case).into()],
        ))
        .and(case.named(cheapest))
        .and(Sentence::plain(")."))
}

/// What is bought, deployed or both.
fn acquire(case: &Case<'_>) -> Sentence {
    let label: Figure = case.curve.candidate.label.clone().into();
    let owned = case.curve.candidate.owned.ptu;
    let (bought, size) = (case.bought(), case.choice.ptu);
    let term = case.choice.term.map_or("", term_words);
    if bought.is_zero() {
        let figures = [size.into(), label, owned.into()];
        return Sentence::new(
            "Buy nothing new: deploy {} of {} on the {} reserved already",
            figures,
        );
    }
    let figures = [bought.into(), label, term.into()];
    let buy = Sentence::new("Buy {} of {} {}", figures);
    if owned.is_zero() {
        return buy;
    }
    let figures = [owned.into(), size.into()];
    buy.and(Sentence::new(
        " beside the {} reserved already, deploy {}",
        figures,
    ))
}

fn infeasible_words(case: &Case<'_>, infeasible: &Infeasible) -> Sentence {
    let mut sentence = Sentence::plain("No size meets the objective: ")
        .and(case.named(&infeasible.nearest))
        .and(Sentence::plain(" comes nearest and still breaks "));
    for (at, condition) in infeasible.binding.iter().enumerate() {
        if at > 0 {
            sentence = sentence.and(Sentence::plain(", "));
        }
        sentence = sentence.and(told(condition));
    }
    sentence
        .and(Sentence::plain("; the cheapest without it is "))
        .and(case.named(case.choice))
        .and(Sentence::new(" at {} a month.", [total(case, case.choice)]))
}

/// A condition as `at most 1 % spilled`.
pub(super) fn told(condition: &Condition) -> Sentence {
    let limit = match &condition.limit {
        Limit::Spill(most) => Sentence::new("at most {} spilled", [Figure::Share(most.clone())]),
        Limit::Lost(most) => Sentence::new("at most {} lost", [Figure::Share(most.clone())]),
        Limit::P95Wait(most) => Sentence::new("a p95 wait of at most {}", [(*most).into()]),
        Limit::Utilization(most) => {
            let most = Figure::Share(most.clone());
            Sentence::new("at most {} utilisation in the busiest hour", [most])
        }
    };
    match &condition.app {
        Some(app) => limit.and(Sentence::new(" for {}", [app.clone().into()])),
        None => limit,
    }
}
