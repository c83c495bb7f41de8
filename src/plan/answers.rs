//! The answers: what is cheapest, what is cheapest among what will do, and what the difference costs.

use super::curve::{Cost, Curve};
use super::objective::{Condition, Objective};
use super::point::Point;
use super::search::TARGETS;
use crate::azure::PtuTerm;
use crate::money::{Factor, Money};
use crate::units::Ptu;

/// Sizes whose cost is within this part of the least are equally good: traffic is never known better.
const FLAT: (u128, u128) = (1, 100);

/// What could be bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The place of its curve.
    pub curve: usize,
    /// How much is deployed; 0 means that everything is paid per token.
    pub ptu: Ptu,
    /// The commitment; `None` where nothing is bought: nothing is deployed, or what is owned.
    pub term: Option<PtuTerm>,
    /// What it costs over the span.
    pub cost: Cost,
}

/// The smallest size of a curve that spills no more than a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The place of its curve.
    pub curve: usize,
    /// The share of weighted tokens, from 0 to 1.
    pub share: Factor,
    /// The size on its cheapest term; `None` where no played size does it.
    pub choice: Option<Choice>,
}

/// Why no size will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Infeasible {
    /// What the size that breaks fewest conditions still breaks.
    pub binding: Vec<Condition>,
    /// That size.
    pub nearest: Choice,
}

/// The answers.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Everything paid per token, with the cheapest candidate.
    pub nothing: Choice,
    /// The cheapest of all.
    pub cheapest: Choice,
    /// The cheapest of each curve and term, 0 PTU among them.
    pub by_term: Vec<(PtuTerm, Choice)>,
    /// The cheapest that meets the objective, or what binds; `None` where nothing is asked.
    pub meeting: Option<Result<Choice, Box<Infeasible>>>,
    /// The deployed size of today, legal or not, of the first curve: by the hour unless owned.
    pub today: Option<Choice>,
    /// The sizes of the cheapest's curve and term that cost at most 1 % more than it.
    pub flat: (Ptu, Ptu),
    /// Sizes by how much spills.
    pub targets: Vec<Target>,
}

impl Answers {
    /// The answers that curves give.
    pub fn of(curves: &[Curve], objective: &Objective) -> Self {
        let all: Vec<Choice> = (0..curves.len())
            .flat_map(|place| choices(curves, place))
            .collect();
        let nothing = cheapest(all.iter().filter(|choice| choice.ptu.is_zero()));
        let nothing = nothing.expect("every curve starts with 0 PTU");
        let cheapest_of_all = cheapest(&all).expect("there is at least 0 PTU");
        let meeting = (!objective.is_empty()).then(|| meeting(curves, &all, objective));
        Self {
            flat: flat(&all, &cheapest_of_all),
            by_term: by_term(curves, &all),
            targets: targets(curves, &all),
            today: today(curves),
            meeting,
            nothing,
            cheapest: cheapest_of_all,
        }
    }

    /// What is recommended: the cheapest that meets the objective, or the cheapest where nothing
    /// is asked or nothing will do.
    pub fn recommended(&self) -> &Choice {
        match &self.meeting {
            Some(Ok(choice)) => choice,
            _ => &self.cheapest,
        }
    }

    /// What meeting the objective costs on top of the cheapest, over the span.
    pub fn price_of_objective(&self) -> Option<Money> {
        match &self.meeting {
            Some(Ok(choice)) => Some(choice.cost.total() - self.cheapest.cost.total()),
            _ => None,
        }
    }
}

/// Every played size of a curve that can be bought, on every term; once where nothing is bought.
/// Today's size is played even where it is no legal one, and is then no choice.
pub fn choices(curves: &[Curve], place: usize) -> Vec<Choice> {
    let curve = &curves[place];
    let mut all = Vec::new();
    for point in curve.points.iter().filter(|point| is_legal(curve, point)) {
        let owned = point.ptu <= curve.candidate.owned.ptu;
        // What is owned, or nothing, costs the same on every term.
        let terms = if owned { 1 } else { usize::MAX };
        for (term, cost) in curve.costs(point).take(terms) {
            all.push(Choice {
                curve: place,
                ptu: point.ptu,
                term: (!owned).then_some(term),
                cost,
            });
        }
    }
    all
}

/// Whether a size can be deployed; nothing always can.
fn is_legal(curve: &Curve, point: &Point) -> bool {
    point.ptu.is_zero() || curve.candidate.sizes.allow(point.ptu)
}

/// The first of the cheapest: the smaller size, the earlier curve and term.
fn cheapest<'c>(choices: impl IntoIterator<Item = &'c Choice>) -> Option<Choice> {
    let key = |choice: &Choice| (choice.cost.compared(), choice.ptu);
    choices
        .into_iter()
        .min_by_key(|choice| key(choice))
        .cloned()
}

fn point_of<'c>(curves: &'c [Curve], choice: &Choice) -> &'c Point {
    let point = curves[choice.curve].point(choice.ptu);
    point.expect("a choice is of a played size")
}

fn by_term(curves: &[Curve], all: &[Choice]) -> Vec<(PtuTerm, Choice)> {
    let mut found = Vec::new();
    for (place, curve) in curves.iter().enumerate() {
        for price in curve.candidate.prices.iter() {
            let fits = |choice: &&Choice| {
                choice.curve == place && choice.term.is_none_or(|term| term == price.term)
            };
            found.extend(cheapest(all.iter().filter(fits)).map(|choice| (price.term, choice)));
        }
    }
    found
}

/// The cheapest that meets the objective; else, of those that break the fewest conditions, the one
/// that misses them least, and of equals the cheapest.
fn meeting(
    curves: &[Curve],
    all: &[Choice],
    objective: &Objective,
) -> Result<Choice, Box<Infeasible>> {
    let good = all
        .iter()
        .filter(|choice| objective.holds(point_of(curves, choice)));
    cheapest(good).ok_or_else(|| {
        let broken = |choice: &Choice| objective.broken(point_of(curves, choice)).count();
        let fewest = all.iter().map(broken).min().unwrap_or(0);
        let near = all.iter().filter(|choice| broken(choice) == fewest);
        let miss = |choice: &&Choice| objective.miss(point_of(curves, choice));
        let least = near.clone().map(|choice| miss(&choice)).min();
        let nearest = cheapest(near.filter(|choice| least == Some(miss(choice))));
        let nearest = nearest.expect("there is at least 0 PTU");
        let binding = objective.broken(point_of(curves, &nearest));
        Box::new(Infeasible {
            binding: binding.cloned().collect(),
            nearest,
        })
    })
}

/// The size of today: by the hour beyond what is owned, or on the first term asked for.
fn today(curves: &[Curve]) -> Option<Choice> {
    let curve = curves.first()?;
    let candidate = &curve.candidate;
    let ptu = candidate.today?;
    let point = curve.point(ptu)?;
    let hourly = candidate.prices.get(PtuTerm::Hourly);
    let price = hourly.or_else(|| candidate.prices.iter().next())?;
    Some(Choice {
        curve: 0,
        ptu,
        term: (ptu > candidate.owned.ptu).then_some(price.term),
        cost: curve.cost(point, price),
    })
}

fn flat(all: &[Choice], best: &Choice) -> (Ptu, Ptu) {
    let total = best.cost.compared();
    let most = total.clone() + total.fraction(FLAT.0, FLAT.1);
    let alike = |choice: &&Choice| {
        let same_term = choice.term == best.term || choice.term.is_none() || best.term.is_none();
        choice.curve == best.curve && same_term && choice.cost.compared() <= most
    };
    let sizes = || all.iter().filter(alike).map(|choice| choice.ptu);
    let least = sizes().min().unwrap_or(best.ptu);
    (least, sizes().max().unwrap_or(best.ptu))
}

fn targets(curves: &[Curve], all: &[Choice]) -> Vec<Target> {
    let mut found = Vec::new();
    for (place, curve) in curves.iter().enumerate() {
        for percent in TARGETS {
            let share = Factor::ratio(percent, 100);
            let mut points = curve.points.iter();
            let size = points.find(|point| {
                point.all.spill() <= share && served(point) && is_legal(curve, point)
            });
            let of_size = |ptu: Ptu| {
                cheapest(
                    all.iter()
                        .filter(|choice| choice.curve == place && choice.ptu == ptu),
                )
            };
            found.push(Target {
                curve: place,
                share,
                choice: size.and_then(|point| of_size(point.ptu)),
            });
        }
    }
    found
}

/// Whether the planned deployment serves anything: nothing deployed may spill nothing.
fn served(point: &Point) -> bool {
    !point.all.provisioned.requests.is_zero()
}
