//! What a reader of a plan must know about its traffic and deployments, beside the figures.

use std::fmt;

use super::curve::Curve;
use super::objective::{Condition, Limit};
use super::sizes;
use super::study::Study;
use crate::azure::PtuTerm;
use crate::money::Factor;
use crate::time::SimTime;
use crate::units::Requests;

/// Requests that a percentile of 95 needs at the least, so that one of them lies beyond it.
const FOR_P95: u64 = 20;

/// One thing that a reader must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A long stretch without any request.
    Gap {
        /// Its first minute.
        from: SimTime,
        /// Its length [min].
        minutes: u64,
    },
    /// Too few requests to tell whether a condition holds.
    TooFew {
        /// Whose requests; all together if not given.
        app: Option<String>,
        /// How many there are.
        found: Requests,
        /// How many it takes.
        needed: u64,
        /// What for.
        what: String,
    },
    /// The size of today cannot be bought.
    TodayIsNoSize(String),
    /// A term has no price.
    NoPrice {
        /// What is planned.
        candidate: String,
        /// The term.
        term: PtuTerm,
        /// Why not.
        why: String,
    },
    /// Spill rose with size somewhere, which pruning does not expect.
    Rising {
        /// What is planned.
        candidate: String,
        /// How many times.
        times: usize,
    },
    /// Requests are lost at some size, which saves nothing.
    Lost,
    /// No request states the most tokens of its answer, so admission reckons with the real answer.
    NothingStated,
}

/// Everything to know of a study, in the order of reading.
pub fn of(study: &Study) -> Vec<Finding> {
    let mut found = Vec::new();
    let gaps = study.survey.gaps().into_iter();
    found.extend(gaps.map(|(from, minutes)| Finding::Gap { from, minutes }));
    let conditions = study.objective.conditions.iter();
    found.extend(conditions.filter_map(|one| too_few(study, one)));
    let lost = |curve: &Curve| !curve.nothing().all.lost.requests.is_zero();
    if study.curves.iter().any(lost) {
        found.push(Finding::Lost);
    }
    if study.survey.stated.0 == 0 {
        found.push(Finding::NothingStated);
    }
    for curve in &study.curves {
        found.extend(of_curve(curve));
    }
    found
}

fn of_curve(curve: &Curve) -> Vec<Finding> {
    let candidate = &curve.candidate;
    let mut found = Vec::new();
    if let Some(today) = candidate.today
        && !candidate.sizes.allow(today)
    {
        let why = sizes::refusal(candidate.sizes, today, &candidate.label);
        found.push(Finding::TodayIsNoSize(why));
    }
    let missing = candidate.prices.missing.iter();
    found.extend(missing.map(|(term, why)| Finding::NoPrice {
        candidate: candidate.label.clone(),
        term: *term,
        why: why.clone(),
    }));
    let rises = curve.points.windows(2).filter(|pair| {
        let [low, high] = [&pair[0], &pair[1]].map(|point| point.all.spilled.weighted);
        high > low
    });
    let times = rises.count();
    if times > 0 {
        found.push(Finding::Rising {
            candidate: candidate.label.clone(),
            times,
        });
    }
    found
}

/// Whether the requests that a condition is about are too few for it.
fn too_few(study: &Study, condition: &Condition) -> Option<Finding> {
    let found = match &condition.app {
        Some(app) => study.survey.apps.get(app)?.requests,
        None => study.survey.all.requests,
    };
    let (needed, what) = match &condition.limit {
        Limit::P95Wait(_) => (FOR_P95, "a wait that 95 of 100 do not exceed".to_owned()),
        Limit::Spill(share) => (least_for(share)?, "so small a part to spill".to_owned()),
        Limit::Lost(share) => (least_for(share)?, "so small a part to be lost".to_owned()),
        Limit::Utilization(_) => return None,
    };
    (found.get() < needed).then(|| Finding::TooFew {
        app: condition.app.clone(),
        found,
        needed,
        what,
    })
}

/// The requests of which one is no more than a share; `None` for no share at all.
fn least_for(share: &Factor) -> Option<u64> {
    let whole = Factor::one().divided_by(share);
    (!share.is_zero()).then(|| whole.to_trimmed(0).parse().unwrap_or(u64::MAX))
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { from, minutes } => {
                let (days, hours) = (minutes / 1_440, minutes % 1_440 / 60);
                let day = from.timestamp().to_string();
                let day = day.get(..16).unwrap_or(&day).replace('T', " ");
                write!(
                    f,
                    "There is no request for {days} d {hours} h from {day} UTC: if rows are missing, \
                     so is their cost."
                )
            }
            Self::TooFew {
                app,
                found,
                needed,
                what,
            } => {
                let whose = app.as_deref().unwrap_or("the traffic");
                write!(
                    f,
                    "{whose} has {found} requests, and {what} takes {needed} at the least: longer \
                     traffic is needed to trust the answer."
                )
            }
            Self::TodayIsNoSize(why) => write!(f, "Today's size: {why}."),
            Self::NoPrice {
                candidate,
                term,
                why,
            } => write!(f, "{candidate} is not planned for {term}: {why}."),
            Self::Rising { candidate, times } => write!(
                f,
                "{candidate}: spill rises with size {}, because an admitted burst can crowd out \
                 others; sizes beside the answers may do as well.",
                match times {
                    1 => "once".to_owned(),
                    more => format!("{more} times"),
                },
            ),
            Self::Lost => f.write_str(
                "A lost request is no saving: sizes are compared as if what is lost had been paid \
                 per token, so the cheapest may cost more than losing would.",
            ),
            Self::NothingStated => f.write_str(
                "No request states max_tokens, so admission is played with the real answers; \
                 callers that state more than they get spill more.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_needs_as_many_requests_as_it_divides() {
        for (share, needed) in [("0.01", Some(100)), ("0.05", Some(20)), ("0", None)] {
            assert_eq!(least_for(&share.parse().unwrap()), needed, "{share}");
        }
    }

    #[test]
    fn gaps_are_told_with_their_place_and_length() {
        let gap = Finding::Gap {
            from: SimTime::from_micros(1_793_577_600_000_000),
            minutes: 1_440 + 125,
        };
        assert_eq!(
            gap.to_string(),
            "There is no request for 1 d 2 h from 2026-11-02 00:00 UTC: if rows are missing, so is \
             their cost."
        );
    }
}
