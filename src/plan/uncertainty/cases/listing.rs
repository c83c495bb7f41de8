//! Which cases there are for a plan.

use std::collections::BTreeMap;
use std::num::NonZero;

use super::{Change, Planned};
use crate::azure::PtuTerm;
use crate::catalog::caches_prompts;
use crate::chargeback::Facts;
use crate::money::Factor;
use crate::plan::error::PlanError;
use crate::plan::stage::Stage;
use crate::plan::study::Study;
use crate::plan::uncertainty::grid::Grid;
use crate::plan::uncertainty::{Doubts, LeftOut};
use crate::workload::transform::{Factor as Volume, Reshaping};

/// Less and more of it [%], as names and factors.
const TENTH: [(&str, u128); 2] = [("-10 %", 90), ("+10 %", 110)];

/// The cases of a study, and what cannot be one of them.
#[derive(Debug, Default)]
pub(in crate::plan::uncertainty) struct Listed {
    pub(super) planned: Vec<Planned>,
    /// What was left out, and why.
    pub(in crate::plan::uncertainty) left_out: Vec<LeftOut>,
}

impl Listed {
    /// The cases of a study, in the order they are told. One look at the traffic is taken where
    /// callers state no maximum for their answers.
    pub(in crate::plan::uncertainty) fn of(
        study: &Study,
        grid: &Grid<'_>,
        facts: &Facts<'_>,
        doubts: &Doubts,
        stage: &mut Stage<'_>,
    ) -> Result<Self, PlanError> {
        let mut listed = Self::default();
        listed.add("as it is", "", Change::Nothing);
        listed.add_volumes(grid, doubts);
        for (how, percent) in [("-20 %", 80), ("+20 %", 120)] {
            let change = Change::Shape(Reshaping::Answers { percent });
            listed.add("output length", how, change);
        }
        listed.add_cached(grid, facts);
        listed.add_maximum(study, stage)?;
        for (how, percent) in TENTH {
            let factor = Factor::ratio(percent, 100);
            listed.add("token price", how, Change::TokenPrice(factor));
        }
        for (how, percent) in TENTH {
            let factor = Factor::ratio(percent, 100);
            listed.add("PTU price", how, Change::PtuPrice(factor));
        }
        listed.add_expiry(grid);
        Ok(listed)
    }

    fn add(&mut self, input: &str, how: &str, change: Change) {
        self.planned.push(Planned::new(input, how, change));
    }

    pub(super) fn leave_out(&mut self, input: &str, why: &str) {
        self.left_out.push(LeftOut {
            input: input.to_owned(),
            why: why.to_owned(),
        });
    }

    fn add_volumes(&mut self, grid: &Grid<'_>, doubts: &Doubts) {
        for (how, factor) in [("-20 %", "0.8"), ("+20 %", "1.2")] {
            let factor: Volume = factor.parse().expect("a decimal is a factor");
            self.add("volume", how, Change::Volume(factor));
        }
        for growth in &doubts.growth {
            for (months, factor) in growth.over(grid.term()) {
                let input = format!("growth {growth}");
                let how = format!("after {months} months (×{factor})");
                self.add(&input, &how, Change::Volume(factor));
            }
        }
    }

    fn add_cached(&mut self, grid: &Grid<'_>, facts: &Facts<'_>) {
        const INPUT: &str = "cached share";
        let model = facts
            .catalog
            .facts(&grid.curve.candidate.deployment().model);
        if !model.is_none_or(caches_prompts) {
            return self.leave_out(INPUT, "the model has no prompt cache");
        }
        let minimum = grid
            .curve
            .candidate
            .config
            .scenario
            .simulation
            .cached_minimum;
        for (how, points) in [("-10 points", -10), ("+10 points", 10)] {
            let change = Change::Shape(Reshaping::Cached { points, minimum });
            self.add(INPUT, how, change);
        }
    }

    fn add_maximum(&mut self, study: &Study, stage: &mut Stage<'_>) -> Result<(), PlanError> {
        const INPUT: &str = "max_tokens";
        if study.survey.stated.0 > 0 {
            self.leave_out(INPUT, "some callers state it already");
            return Ok(());
        }
        match NonZero::new(long_answer(stage)?) {
            Some(most) => {
                let how = format!("{most} stated by all (p99 answer)");
                self.add(INPUT, &how, Change::Stated(most));
            }
            None => self.leave_out(INPUT, "99 of 100 answers are empty"),
        }
        Ok(())
    }

    fn add_expiry(&mut self, grid: &Grid<'_>) {
        const INPUT: &str = "reservation";
        let candidate = &grid.curve.candidate;
        let owns = !candidate.owned.ptu.is_zero();
        match candidate.prices.get(PtuTerm::Hourly) {
            None => self.leave_out(INPUT, "no hourly price is known, or asked for"),
            Some(hourly) if owns || grid.price.term != PtuTerm::Hourly => {
                self.add(
                    INPUT,
                    "not renewed, so paid by the hour",
                    Change::Expired(hourly.clone()),
                );
            }
            Some(_) => self.leave_out(INPUT, "nothing is reserved"),
        }
    }
}

/// The length that 99 of 100 answers do not exceed [token], by nearest rank.
fn long_answer(stage: &mut Stage<'_>) -> Result<u32, PlanError> {
    let mut lengths: BTreeMap<u32, u64> = BTreeMap::new();
    stage.look(|request, _| *lengths.entry(request.tokens.output).or_default() += 1)?;
    let count: u64 = lengths.values().sum();
    let rank = (count * 99).div_ceil(100);
    let mut seen = 0;
    for (length, answers) in lengths {
        seen += answers;
        if seen >= rank {
            return Ok(length);
        }
    }
    Ok(0)
}
