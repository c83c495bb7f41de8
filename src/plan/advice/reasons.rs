//! Why: each reason with the money that is in it.

use super::Weighted;
use super::case::{Case, Step, term_words};
use super::recommendation::told;
use super::weights::mismatches;
use crate::chargeback::Facts;
use crate::money::Money;
use crate::plan::answers::{Choice, choices};
use crate::plan::sentence::{Figure, Sentence};

/// Every reason there is; the strongest are chosen elsewhere.
pub(super) fn all(case: &Case<'_>, facts: &Facts<'_>) -> Vec<Weighted> {
    let mut all = Vec::new();
    if case.choice.ptu.is_zero() {
        all.extend(first_size(case));
    } else {
        all.extend(saving(case));
        all.extend(edge(case));
        all.extend(objective(case));
        all.extend(term(case));
    }
    all.extend(today(case));
    all.extend(other_candidates(case));
    all.extend(counted_otherwise(case, facts));
    all.extend(flat(case));
    all
}

/// Why not even the cheapest size pays.
fn first_size(case: &Case<'_>) -> Option<Weighted> {
    let deployed = case.cheapest_deployed()?;
    let price = case.curve.candidate.prices.get(deployed.term?)?;
    let tokens = &case.curve.point(deployed.ptu)?.tokens;
    let saved = case.curve.nothing().tokens.clone() - tokens.clone();
    let worth = case.study.span.cost(deployed.ptu, &case.curve.hour_value());
    let figures = [
        deployed.ptu.into(),
        Figure::Share(saved.ratio(&worth)),
        term_words(price.term).into(),
        Figure::Share(case.curve.break_even(price)),
    ];
    let words = "{} would be busy {} of the time with tokens that else are paid for; bought {} \
                 they pay from {}.";
    Some(Weighted {
        monthly: case.monthly(&(deployed.cost.total() - case.choice.cost.total())),
        sentence: Sentence::new(words, figures),
    })
}

fn saved(case: &Case<'_>) -> Money {
    case.study.answers.nothing.cost.total() - case.choice.cost.total()
}

fn saving(case: &Case<'_>) -> Option<Weighted> {
    let saved = saved(case);
    if saved <= Money::zero() {
        return None;
    }
    let nothing = case.study.answers.nothing.cost.total();
    let monthly = case.monthly(&saved);
    let figures = [monthly.clone().into(), Figure::Share(saved.ratio(&nothing))];
    Some(Weighted {
        sentence: Sentence::new(
            "It costs {} a month less than paying per token alone, {} of that cost.",
            figures,
        ),
        monthly,
    })
}

/// What the last PTU bought and the first not bought do, against the break-even. PTU that are
/// reserved already are paid either way and have none.
fn edge(case: &Case<'_>) -> Option<Weighted> {
    if case.bought().is_zero() {
        return None;
    }
    let price = case.price()?;
    let last = case.last_step()?;
    let pays = case.curve.break_even(price);
    let sentence = if last.busy >= pays {
        let words = "The last {} are busy {} of the time, and bought {} they pay from {}";
        let term = term_words(price.term).into();
        let figures = [
            last.size.into(),
            Figure::Share(last.busy),
            term,
            Figure::Share(pays),
        ];
        Sentence::new(words, figures).and(beyond(case.next_step()))
    } else {
        let words = "The last {} are busy only {} of the time, less than the {} from which they \
                     pay bought {}: they are not bought for cost.";
        let term = term_words(price.term).into();
        let figures = [
            last.size.into(),
            Figure::Share(last.busy),
            Figure::Share(pays),
            term,
        ];
        Sentence::new(words, figures)
    };
    let price_of_objective = case.study.answers.price_of_objective().unwrap_or_default();
    let money = saved(case).max(price_of_objective);
    Some(Weighted {
        monthly: case.monthly(&money),
        sentence,
    })
}

fn beyond(next: Option<Step>) -> Sentence {
    next.map_or_else(
        || Sentence::plain("."),
        |next| {
            let figures = [next.size.into(), Figure::Share(next.busy)];
            Sentence::new("; the next {} would be busy {}.", figures)
        },
    )
}

/// What the next smaller size would still break. All of the cost hangs on it.
fn objective(case: &Case<'_>) -> Option<Weighted> {
    let Some(Ok(_)) = &case.study.answers.meeting else {
        return None;
    };
    let mut smaller = case.curve.points.iter().rev();
    let smaller = smaller.find(|point| point.ptu < case.point.ptu)?;
    let broken = case.study.objective.broken(smaller).next()?;
    let does = [
        Figure::Share(smaller.all.spill()),
        Figure::Share(case.point.all.spill()),
    ];
    Some(Weighted {
        monthly: case.monthly(&case.choice.cost.total()),
        sentence: Sentence::new("{} would break the objective of ", [smaller.ptu.into()])
            .and(told(broken))
            .and(Sentence::new(
                ": it spills {}, the recommended size {}.",
                does,
            )),
    })
}

fn term(case: &Case<'_>) -> Option<Weighted> {
    let other = case.other_term()?;
    let more = case.monthly(&(other.cost.total() - case.choice.cost.total()));
    let term = term_words(other.term?).into();
    (more > Money::zero()).then(|| Weighted {
        sentence: Sentence::new(
            "The same size {} costs {} a month more.",
            [term, more.clone().into()],
        ),
        monthly: more,
    })
}

fn today(case: &Case<'_>) -> Option<Weighted> {
    let today = case.study.answers.today.as_ref()?;
    let less = case.monthly(&(today.cost.total() - case.choice.cost.total()));
    let same = today.ptu == case.choice.ptu && today.term == case.choice.term;
    (!same && less > Money::zero()).then(|| Weighted {
        sentence: Sentence::plain("Today's ")
            .and(case.named(today))
            .and(Sentence::new(
                " costs {} a month more.",
                [less.clone().into()],
            )),
        monthly: less,
    })
}

/// What the best of the other candidates costs more.
fn other_candidates(case: &Case<'_>) -> Option<Weighted> {
    let curves = &case.study.curves;
    let good = |choice: &Choice| {
        let point = curves[choice.curve].point(choice.ptu);
        let asked = matches!(case.study.answers.meeting, Some(Ok(_)));
        !asked || point.is_some_and(|point| case.study.objective.holds(point))
    };
    let others = (0..curves.len()).filter(|place| *place != case.choice.curve);
    let all = others.flat_map(|place| choices(curves, place));
    let best = all
        .filter(good)
        .min_by(|one, other| one.cost.total().cmp(&other.cost.total()))?;
    let more = case.monthly(&(best.cost.total() - case.choice.cost.total()));
    (more > Money::zero()).then(|| Weighted {
        sentence: Sentence::plain("The next best way, ")
            .and(case.named(&best))
            .and(Sentence::new(
                ", costs {} a month more.",
                [more.clone().into()],
            )),
        monthly: more,
    })
}

/// Classes of tokens that speak for the recommendation because they weigh otherwise than they cost.
fn counted_otherwise(case: &Case<'_>, facts: &Facts<'_>) -> Vec<Weighted> {
    let buys = !case.choice.ptu.is_zero();
    let found = mismatches(case, facts).into_iter();
    let found = found.filter(|one| one.worth.is_negative() != buys);
    found
        .map(|one| {
            let worth = if buys { one.worth } else { -one.worth };
            let monthly = case.monthly(&worth);
            let figures = [
                one.class.into(),
                Figure::Ratio(one.weight),
                Figure::Ratio(one.price),
                if buys {
                    "for PTU"
                } else {
                    "for paying per token"
                }
                .into(),
                monthly.clone().into(),
            ];
            let words = "A token of {} weighs {} of an input token on PTU and costs {} of one per \
                         token: that speaks {} with {} a month.";
            Weighted {
                sentence: Sentence::new(words, figures),
                monthly,
            }
        })
        .collect()
}

fn flat(case: &Case<'_>) -> Option<Weighted> {
    let answers = &case.study.answers;
    let (least, most) = answers.flat;
    let is_cheapest = answers.recommended() == &answers.cheapest;
    (is_cheapest && least < most).then(|| Weighted {
        monthly: case.monthly(&case.choice.cost.total().fraction(1, 100)),
        sentence: Sentence::new(
            "The exact size matters little: from {} to {} the cost is within 1 %.",
            [least.into(), most.into()],
        ),
    })
}
