//! What the plan comes to, in plain words that follow from its figures alone.

mod case;
mod reasons;
mod recommendation;
mod risks;
mod weights;

use super::sentence::Sentence;
use super::study::Study;
use super::uncertainty::Uncertainty;
use crate::chargeback::Facts;
use crate::money::Money;
use case::Case;
use recommendation::recommendation;

/// How many reasons, and how many risks, are told.
const TOLD: usize = 3;

/// The recommendation with its grounds; sentences, the strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// What to do.
    pub recommendation: Sentence,
    /// The three strongest reasons.
    pub reasons: Vec<Sentence>,
    /// The three largest risks.
    pub risks: Vec<Sentence>,
}

/// A sentence, and what it is about in money a month [USD]: what ranks it.
#[derive(Clone, Debug)]
struct Weighted {
    monthly: Money,
    sentence: Sentence,
}

impl Advice {
    /// What a study comes to, with how far it can be trusted where that was looked at.
    pub fn of(study: &Study, uncertainty: Option<&Uncertainty>, facts: &Facts<'_>) -> Self {
        let case = Case::of(study, uncertainty);
        Self {
            recommendation: recommendation(&case),
            reasons: strongest(reasons::all(&case, facts)),
            risks: strongest(risks::all(&case)),
        }
    }
}

/// The few with most money in them; of equals, the earlier.
fn strongest(mut all: Vec<Weighted>) -> Vec<Sentence> {
    all.sort_by(|one, other| other.monthly.cmp(&one.monthly));
    let told = all.into_iter().take(TOLD);
    told.map(|weighted| weighted.sentence).collect()
}
