//! What is told of a choice: its cost in a month, and what its size does with the traffic.

use super::Report;
use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::plan::answers::Choice;
use crate::plan::curve::Curve;
use crate::plan::point::{Fate, Point};
use crate::report::grid::Cell;
use crate::units::{Ptu, TokenCounts};

/// Cost of a month from which cents are not shown [USD].
const NO_CENTS_FROM: &str = "10000";

/// What stands for the term of throughput that is owned.
pub(super) const RESERVED: &str = "reserved";

/// A choice with its curve and point at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures<'r> {
    pub(super) report: &'r Report,
    pub(super) choice: &'r Choice,
    pub(super) curve: &'r Curve,
    pub(super) point: &'r Point,
}

impl<'r> Figures<'r> {
    pub(super) fn of(report: &'r Report, choice: &'r Choice) -> Self {
        let curve = &report.plan.study.curves[choice.curve];
        let point = curve.point(choice.ptu);
        Self {
            report,
            choice,
            curve,
            point: point.expect("a choice is of a played size"),
        }
    }

    /// What is bought, in words.
    pub(super) fn purchase(&self) -> String {
        purchase(self.choice)
    }

    /// The whole cost of a month [USD].
    pub(super) fn monthly(&self) -> Money {
        self.report.monthly(&self.choice.cost.total())
    }

    /// The part of the time that a PTU must be busy to be worth its price on the choice's term.
    pub(super) fn break_even(&self) -> Option<Factor> {
        let price = self.curve.candidate.prices.get(self.choice.term?)?;
        let share = self.curve.break_even(price);
        (!share.is_zero()).then_some(share)
    }

    /// What 1 M tokens of all traffic cost, whoever serves them [USD].
    pub(super) fn per_million(&self) -> Option<Money> {
        per_million(&self.choice.cost.total(), &self.point.all)
    }
}

/// A size and a term in words.
pub(super) fn purchase(choice: &Choice) -> String {
    match choice.term {
        _ if choice.ptu.is_zero() => "no PTU".to_owned(),
        Some(term) => format!("{} PTU, {}", choice.ptu, spoken(term)),
        None => format!("{} PTU, {RESERVED}", choice.ptu),
    }
}

/// The term of a choice in a column.
pub(super) fn term(choice: &Choice) -> Cell {
    let words = match choice.term {
        _ if choice.ptu.is_zero() => return Cell::None,
        Some(term) => spoken(term),
        None => RESERVED,
    };
    Cell::Text(words.to_owned())
}

/// A term as people say it.
pub(super) const fn spoken(term: PtuTerm) -> &'static str {
    match term {
        PtuTerm::Hourly => "by the hour",
        PtuTerm::Month => "1 month",
        PtuTerm::Year => "1 year",
    }
}

/// What 1 M tokens of all traffic cost at a cost for all of it [USD].
pub(super) fn per_million(total: &Money, all: &Fate) -> Option<Money> {
    let tokens = both_ways(&all.offered.tokens);
    (tokens > 0).then(|| total.fraction(1_000_000, tokens))
}

/// Prompt and answer together [token].
pub(super) fn both_ways(tokens: &TokenCounts) -> u128 {
    u128::from(tokens.input.get()) + u128::from(tokens.output.get())
}

/// An amount of a month for people: with cents where the whole plan is small.
pub(super) fn amount(report: &Report, monthly: &Money) -> Cell {
    let digits = digits(report);
    Cell::Amount(monthly.rounded(digits), digits)
}

/// The same in a sentence.
pub(super) fn usd(report: &Report, monthly: &Money) -> String {
    format!("USD {}", amount(report, monthly).shown())
}

fn digits(report: &Report) -> u32 {
    let whole = report.monthly(&report.plan.study.answers.recommended().cost.total());
    let large: Money = NO_CENTS_FROM.parse().expect("a number");
    if whole < large { 2 } else { 0 }
}

/// A size; nothing deployed is 0, which is a size as well.
pub(super) fn shown_size(ptu: Ptu) -> Cell {
    Cell::Signed(ptu.get().into())
}

/// A share for people.
pub(super) fn share(share: &Factor) -> Cell {
    Cell::Share(fraction(share))
}

/// A share for drawing.
pub(super) fn fraction(share: &Factor) -> f64 {
    // A written decimal can be read.
    share.to_trimmed(9).parse().unwrap_or_default()
}

/// The share in whole percent and tenths, for sentences.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.05 {
        return "less than 0.1 %".to_owned();
    }
    let text = format!("{percent:.1}");
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

/// Two sizes as a range, or the one that they are.
pub(super) fn range(from: Ptu, to: Ptu) -> String {
    if from == to {
        format!("{from} PTU")
    } else {
        format!("{from} to {to} PTU")
    }
}
