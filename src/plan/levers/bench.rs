//! Looks for sizes of a changed case within bounds, and compares with what is recommended.

use super::Lever;
use crate::chargeback::Facts;
use crate::money::Money;
use crate::plan::answers::{Choice, choices};
use crate::plan::candidate::Candidate;
use crate::plan::curve::Curve;
use crate::plan::error::PlanError;
use crate::plan::point::Point;
use crate::plan::sentence::Sentence;
use crate::plan::sizes::Range;
use crate::plan::stage::Stage;
use crate::plan::study::Study;
use crate::sim::Setup;
use crate::sim::level::DrainRate;
use crate::time::SimDuration;
use crate::units::Ptu;

/// Sizes of the first round.
const FIRST: u32 = 10;
/// The most sizes that a later round plays on each side of the best so far.
const BESIDE: u32 = 6;
/// Rounds after which nothing is looked for any more; three reach a step of 5 PTU in 2,000.
const ROUNDS: usize = 4;

/// Answers of the last requests may take so long after the span.
const TAIL: SimDuration = SimDuration::MINUTE;

/// Looks for sizes of changed cases.
pub(super) struct Bench<'b> {
    pub(super) study: &'b Study,
    pub(super) facts: Facts<'b>,
}

/// A lever's name and words.
pub(super) struct Words {
    pub(super) name: &'static str,
    pub(super) what: Sentence,
    pub(super) caution: Sentence,
}

impl<'b> Bench<'b> {
    pub(super) const fn of(study: &'b Study, facts: Facts<'b>) -> Self {
        Self { study, facts }
    }

    /// What is recommended without any lever.
    pub(super) fn recommended(&self) -> &'b Choice {
        self.study.answers.recommended()
    }

    /// The curve of the recommended choice.
    pub(super) fn curve(&self) -> &'b Curve {
        &self.study.curves[self.recommended().curve]
    }

    /// The candidate of the recommended choice.
    pub(super) fn candidate(&self) -> &'b Candidate {
        &self.curve().candidate
    }

    /// The point of the recommended choice.
    pub(super) fn point(&self) -> &'b Point {
        let point = self.curve().point(self.recommended().ptu);
        point.expect("what is recommended was played")
    }

    /// The lever with this choice, and its point where one point stands for all of it: where fewer
    /// requests are lost, the saving is less than it would be like for like, so that is told.
    pub(super) fn lever(&self, words: Words, choice: Choice, point: Option<&Point>) -> Lever {
        let lost = |point: &Point| point.all.lost.requests.get();
        let fewer = point.map_or(0, |point| lost(self.point()).saturating_sub(lost(point)));
        let caution = match fewer {
            0 => words.caution,
            _ => Sentence::new("{} fewer requests are lost; ", [fewer.into()]).and(words.caution),
        };
        Lever {
            name: words.name,
            what: words.what,
            saving: self.recommended().cost.total() - choice.cost.total(),
            choice,
            caution,
        }
    }

    /// The best choice of a changed case: sizes are spread over the range of the recommended
    /// curve, then looked for beside the best. Costs have one valley but for ripples, so this
    /// finds a size at its bottom.
    pub(super) fn search(
        &self,
        candidate: &Candidate,
        stage: &mut Stage<'_>,
    ) -> Result<Option<(Choice, Point)>, PlanError> {
        let curve = self.curve();
        let top = curve.points.last().map_or(Ptu::new(0), |point| point.ptu);
        let range = Range::up_to(candidate.sizes, top);
        let mut found = Curve {
            candidate: candidate.clone(),
            span: self.study.span,
            points: Vec::new(),
            pruned: 0,
        };
        let mut sizes = vec![Ptu::new(0), self.recommended().ptu];
        sizes.extend(range.spread(FIRST));
        for _ in 0..ROUNDS {
            self.play(&mut found, &sizes, stage)?;
            sizes = beside(&found, range, self.best(&found).map(|best| best.ptu));
            if sizes.is_empty() {
                break;
            }
        }
        Ok(self.best(&found).map(|choice| {
            let point = found.point(choice.ptu).expect("choices were played");
            (choice, point.clone())
        }))
    }

    /// Adds points of sizes that were not played yet.
    fn play(
        &self,
        curve: &mut Curve,
        sizes: &[Ptu],
        stage: &mut Stage<'_>,
    ) -> Result<(), PlanError> {
        let mut sizes = sizes.to_vec();
        sizes.sort_unstable();
        sizes.dedup();
        sizes.retain(|size| curve.point(*size).is_none());
        let setups = sizes.iter().map(|size| curve.candidate.setup(*size));
        let setups: Vec<Setup> = setups.collect();
        let outcomes = stage.play(&setups)?;
        for (size, outcome) in sizes.iter().zip(&outcomes) {
            let point = Point::of(*size, outcome, &curve.candidate, &self.facts)?;
            curve.points.push(point);
        }
        curve.points.sort_by_key(|point| point.ptu);
        Ok(())
    }

    /// The cheapest choice that does what the recommended one does: it meets the objective where
    /// that one does, and loses no more.
    pub(super) fn best(&self, curve: &Curve) -> Option<Choice> {
        let all = choices(std::slice::from_ref(curve), 0).into_iter();
        let good = all.filter(|choice| {
            let point = curve.point(choice.ptu);
            point.is_some_and(|point| self.will_do(point))
        });
        let cheapest = good.min_by_key(|choice| (choice.cost.total(), choice.ptu));
        cheapest.map(|choice| Choice {
            curve: self.recommended().curve,
            ..choice
        })
    }

    /// Whether a point does what the recommended one does, in the same time: queues that are worked
    /// off after the span would have throughput that nobody pays.
    pub(super) fn will_do(&self, point: &Point) -> bool {
        let asked = matches!(self.study.answers.meeting, Some(Ok(_)));
        let meets = !asked || self.study.objective.holds(point);
        let loses_more = point.all.lost.requests > self.point().all.lost.requests;
        let in_time = self.overtime(point) <= self.overtime(self.point()).max(TAIL);
        meets && !loses_more && in_time
    }

    /// How long throughput was used after the span.
    fn overtime(&self, point: &Point) -> SimDuration {
        let rate = DrainRate::of(point.ptu, self.candidate().tpm_per_ptu());
        let paid = rate.over(self.study.span.length());
        let beyond = point.capacity.beyond(paid).time_to_drain(rate);
        beyond.unwrap_or_default()
    }

    /// What an amount over the span comes to in a month.
    pub(super) fn monthly(&self, amount: &Money) -> Money {
        amount.times(&self.study.span.monthly())
    }
}

/// Sizes on both sides of the best, up to the next played ones; in every hole where none is good
/// yet.
fn beside(curve: &Curve, range: Range, best: Option<Ptu>) -> Vec<Ptu> {
    let holes = curve
        .points
        .windows(2)
        .map(|pair| (pair[0].ptu, pair[1].ptu));
    let touching = holes.filter(|(low, high)| match best {
        Some(best) => best == *low || best == *high,
        None => true,
    });
    touching
        .flat_map(|(low, high)| range.between(low, high, BESIDE))
        .collect()
}
