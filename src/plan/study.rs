//! The study: from traffic and candidates to answers.

use super::answers::Answers;
use super::candidate::Candidate;
use super::curve::Curve;
use super::error::PlanError;
use super::objective::Objective;
use super::point::Point;
use super::search::{TARGETS, first_round, next_round};
use super::sizes::{Range, Wanted, largest};
use super::span::Span;
use super::stage::Stage;
use super::survey::Survey;
use crate::chargeback::Facts;
use crate::money::Factor;
use crate::spelling;
use crate::units::Ptu;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'q> {
    /// The ways to deploy; the first is the scenario's own.
    pub candidates: Vec<Candidate>,
    /// What a size must do.
    pub objective: Objective,
    /// Prices and models.
    pub facts: Facts<'q>,
    /// The span that costs are for; from the first request to the last if not given.
    pub span: Option<Span>,
    /// How sizes are looked for.
    pub effort: Effort,
}

/// How sizes are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Every size of the range is played when there are no more than this.
    pub every_up_to: u32,
    /// Which sizes are looked at.
    pub sizes: Wanted,
}

/// What was found on the stage.
#[derive(Clone, Debug)]
pub struct Study {
    /// The traffic.
    pub survey: Survey,
    /// The span that costs are for.
    pub span: Span,
    /// What was asked of a size.
    pub objective: Objective,
    /// One curve for each candidate.
    pub curves: Vec<Curve>,
    /// What they answer.
    pub answers: Answers,
}

/// Sizes are played up to this many times the busiest minute's, while something still spills.
const FURTHEST: f64 = 16.0;

/// Finds what to buy.
pub fn study(question: Question<'_>, stage: &mut Stage<'_>) -> Result<Study, PlanError> {
    let Some(first) = question.candidates.first() else {
        return Err(PlanError::Unplannable(
            "there is no provisioned deployment to plan".to_owned(),
        ));
    };
    let survey = stage.survey(first.weighing().clone())?;
    let span = checked_span(question.span, &survey)?;
    check_apps(&survey, &question.objective)?;
    let mut curves = Vec::new();
    for candidate in &question.candidates {
        let search = Search {
            question: &question,
            survey: &survey,
            span,
        };
        curves.push(search.curve(candidate, stage)?);
    }
    Ok(Study {
        answers: Answers::of(&curves, &question.objective),
        survey,
        span,
        objective: question.objective,
        curves,
    })
}

/// The span that costs are for: as stated, else from the first request to the last.
pub(super) fn checked_span(stated: Option<Span>, survey: &Survey) -> Result<Span, PlanError> {
    let span = stated.unwrap_or_else(|| survey.span());
    if survey.all.requests.is_zero() {
        let message = "the traffic holds no request; check the files, and `from` and `until`";
        return Err(PlanError::Unplannable(message.to_owned()));
    }
    if span.length().is_zero() {
        let message = "all requests arrive at one moment, which is no span of time to plan for; \
                       state the span with --from and --until";
        return Err(PlanError::Unplannable(message.to_owned()));
    }
    Ok(span)
}

/// Refuses conditions for apps that send nothing.
fn check_apps(survey: &Survey, objective: &Objective) -> Result<(), PlanError> {
    let asked = objective.conditions.iter();
    let mut asked = asked.filter_map(|condition| condition.app.as_ref());
    if let Some(app) = asked.find(|app| !survey.apps.contains_key(*app)) {
        let hint = spelling::hint(app, survey.apps.keys().map(String::as_str));
        return Err(PlanError::Unplannable(format!(
            "the objective names the app {app:?}, which sends no request{hint}"
        )));
    }
    Ok(())
}

/// A search for the answers of one candidate.
pub struct Search<'s, 'q> {
    /// What is asked.
    pub question: &'s Question<'q>,
    /// The traffic.
    pub survey: &'s Survey,
    /// The span that costs are for.
    pub span: Span,
}

impl Search<'_, '_> {
    /// Plays sizes until the answers are certain.
    pub fn curve(&self, candidate: &Candidate, stage: &mut Stage<'_>) -> Result<Curve, PlanError> {
        let mut curve = Curve {
            candidate: candidate.clone(),
            span: self.span,
            points: Vec::new(),
            pruned: 0,
        };
        let wanted = &self.question.effort.sizes;
        let checked = wanted.checked(candidate.sizes, &candidate.label);
        checked.map_err(PlanError::Unplannable)?;
        let range = match wanted {
            Wanted::These(sizes) => {
                let mut sizes = sizes.clone();
                sizes.push(Ptu::new(0));
                self.play(&mut curve, &sizes, stage)?;
                return Ok(curve);
            }
            Wanted::Between(from, to) => {
                let range = Range::within(candidate.sizes, *from, *to);
                range.expect("sizes that are checked are there")
            }
            Wanted::Useful => Range::up_to(candidate.sizes, self.first_guess(candidate)),
        };
        let range = self.widened(&mut curve, range, stage)?;
        let played = curve.points.iter().filter(|point| !point.ptu.is_zero());
        curve.pruned = u64::from(range.count()).saturating_sub(played.count() as u64);
        Ok(curve)
    }

    /// Settles a range, and wider ones while larger sizes may do more; the last.
    fn widened(
        &self,
        curve: &mut Curve,
        mut range: Range,
        stage: &mut Stage<'_>,
    ) -> Result<Range, PlanError> {
        loop {
            self.settle(curve, range, stage)?;
            match self.further(curve, range) {
                Some(further) => range = further,
                None => return Ok(range),
            }
        }
    }

    /// Plays sizes of a range until none is left that may be an answer.
    fn settle(
        &self,
        curve: &mut Curve,
        range: Range,
        stage: &mut Stage<'_>,
    ) -> Result<(), PlanError> {
        let mut sizes = if range.count() <= self.question.effort.every_up_to {
            std::iter::once(Ptu::new(0)).chain(range.all()).collect()
        } else {
            first_round(range, &self.guesses(&curve.candidate))
        };
        if let Some(today) = curve.candidate.today {
            sizes.push(today);
        }
        while !sizes.is_empty() {
            self.play(curve, &sizes, stage)?;
            sizes = next_round(range, curve, &self.question.objective);
        }
        Ok(())
    }

    /// Sizes that demand as a fluid takes for answers.
    fn guesses(&self, candidate: &Candidate) -> Vec<Ptu> {
        let fluid = self.survey.fluid(self.span);
        let per_ptu = candidate.tpm_per_ptu().get() * 1_000;
        let least = |percent: u128| fluid.least(&Factor::ratio(percent, 100));
        let sizes = TARGETS.map(|percent| least(percent).div_ceil(per_ptu.max(1)));
        sizes
            .map(|ptu| Ptu::new(u32::try_from(ptu).unwrap_or(u32::MAX)))
            .to_vec()
    }

    /// Adds points of sizes that were not played yet.
    fn play(
        &self,
        curve: &mut Curve,
        sizes: &[Ptu],
        stage: &mut Stage<'_>,
    ) -> Result<(), PlanError> {
        let mut sizes: Vec<Ptu> = sizes.to_vec();
        sizes.sort_unstable();
        sizes.dedup();
        sizes.retain(|size| curve.point(*size).is_none());
        let candidate = &curve.candidate;
        let setups: Vec<_> = sizes.iter().map(|size| candidate.setup(*size)).collect();
        let outcomes = stage.play(&setups)?;
        let both = sizes.iter().zip(&outcomes);
        let points =
            both.map(|(size, outcome)| Point::of(*size, outcome, candidate, &self.question.facts));
        let points: Vec<Point> = points.collect::<Result<_, _>>()?;
        curve.points.extend(points);
        curve.points.sort_by_key(|point| point.ptu);
        Ok(())
    }

    /// The largest size of the first range: enough for the busiest minute.
    fn first_guess(&self, candidate: &Candidate) -> Ptu {
        let peak = self.survey.peak_minute_ptu(candidate.tpm_per_ptu());
        rounded_up(peak)
    }

    /// A wider range, where a larger size may still do what the largest does not.
    fn further(&self, curve: &Curve, range: Range) -> Option<Range> {
        if self.question.effort.sizes != Wanted::Useful {
            return None;
        }
        let top = curve.points.last()?;
        let spills = !top.all.spilled.requests.is_zero();
        let unmet = !self.question.objective.holds(top);
        let peak = self.survey.peak_minute_ptu(curve.candidate.tpm_per_ptu());
        let furthest = rounded_up(peak * FURTHEST);
        let next = Ptu::new(range.last().get().saturating_mul(3) / 2 + 1).min(largest());
        let wider = Range::up_to(curve.candidate.sizes, next);
        let grows = wider.count() > range.count() && range.last() < furthest;
        ((spills || unmet) && grows).then_some(wider)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts of floats saturate, and sizes are not negative"
)]
fn rounded_up(ptu: f64) -> Ptu {
    Ptu::new(ptu.ceil() as u32).min(largest())
}
