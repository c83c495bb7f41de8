//! Another model or kind: their curves are played already.

use super::Lever;
use super::bench::{Bench, Words};
use crate::plan::answers::Choice;
use crate::plan::sentence::Sentence;

/// One lever for each other candidate that does what is asked.
pub(super) fn levers(bench: &Bench<'_>) -> Vec<Lever> {
    let own = bench.recommended().curve;
    let curves = bench.study.curves.iter().enumerate();
    let others = curves.filter(|(place, _)| *place != own);
    let found = others.filter_map(|(place, curve)| {
        let choice = Choice {
            curve: place,
            ..bench.best(curve)?
        };
        let point = curve.point(choice.ptu);
        let label = curve.candidate.label.clone().into();
        let served = bench.candidate();
        let same_model = curve.candidate.deployment().model == served.deployment().model;
        let caution = if same_model {
            "requests may be processed elsewhere, under other rules"
        } else {
            "another model answers otherwise, and counts tokens its own way"
        };
        let words = Words {
            name: if same_model {
                "other kind"
            } else {
                "other model"
            },
            what: Sentence::new("{} serves the same requests", [label]),
            caution: Sentence::plain(caution),
        };
        Some(bench.lever(words, choice, point))
    });
    found.collect()
}
