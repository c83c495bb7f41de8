//! How far the answers can be trusted: what is not known, varied one thing at a time.
//!
//! Everything here is about the curve and term of the recommended choice, on a grid of its sizes.

mod bootstrap;
mod cases;
mod depths;
mod grid;
mod growth;
mod regret;
mod sensitivity;

use std::num::NonZero;

pub use growth::{Growth, GrowthError};

use super::error::PlanError;
use super::stage::Stage;
use super::study::Study;
use crate::chargeback::Facts;
use crate::money::Money;
use crate::time::SimDuration;
use crate::units::Ptu;
use cases::{Listed, Stagehand};
use grid::Grid;

/// How often days are drawn anew unless told otherwise.
pub const ROUNDS: NonZero<u32> = NonZero::new(1_000).expect("it is not zero");

/// How many sizes are looked at unless told otherwise.
pub const SIZES: usize = 20;

/// What is doubted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubts {
    /// What is left to chance follows from it.
    pub seed: u64,
    /// How often days are drawn anew.
    pub rounds: NonZero<u32>,
    /// About how many sizes are looked at. All of them are played for each depth and each case with
    /// other traffic, so that fewer save time where traffic is long.
    pub sizes: usize,
    /// How fast traffic may grow: a case at the middle and one at the end of the term for each.
    pub growth: Vec<Growth>,
}

impl Default for Doubts {
    fn default() -> Self {
        Self {
            seed: 1,
            rounds: ROUNDS,
            sizes: SIZES,
            growth: Vec::new(),
        }
    }
}

/// A cost and a spill at one size, in some case [USD over the span; share of weighted tokens].
#[derive(Clone, Debug, PartialEq)]
pub struct SizeCost {
    /// The deployed size.
    pub ptu: Ptu,
    /// What it costs over the span, lost tokens at what they would have cost.
    pub cost: Money,
    /// The spilled part of weighted tokens, from 0 to 1.
    pub spill: f64,
}

/// The grid with another depth of the bucket, which Azure does not document.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthCase {
    /// The depth.
    pub depth: SimDuration,
    /// Every size of the grid, ascending; 0 PTU first.
    pub sizes: Vec<SizeCost>,
    /// The cheapest of them.
    pub best: Ptu,
}

/// The cost of one size over days that are drawn anew.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeInterval {
    /// The deployed size.
    pub ptu: Ptu,
    /// 5 of 100 draws cost less.
    pub low: Money,
    /// Half of all draws cost less.
    pub median: Money,
    /// 5 of 100 draws cost more.
    pub high: Money,
}

/// Days drawn anew, in blocks, with a seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    /// Days that there are.
    pub days: usize,
    /// Days of a block.
    pub block: usize,
    /// How often days were drawn.
    pub rounds: usize,
    /// The seed.
    pub seed: u64,
    /// Every size of the grid, ascending.
    pub sizes: Vec<SizeInterval>,
    /// How often each size was the cheapest [draws], ascending by size; never 0.
    pub best: Vec<(Ptu, usize)>,
    /// The range that the cheapest size falls into in 90 of 100 draws.
    pub range: (Ptu, Ptu),
}

/// One thing that could turn out otherwise: growth, a mix, a price.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it is called, e.g. `volume +20 %`.
    pub name: String,
    /// What is varied, e.g. `volume`; cases of one input are its low and its high.
    pub input: String,
    /// Every size of the grid, ascending.
    pub sizes: Vec<SizeCost>,
    /// The cheapest of them in this case.
    pub best: SizeCost,
    /// What the recommended size costs in this case.
    pub recommended: SizeCost,
    /// Whether what was bought stays bought in it, so that a wrong size is regretted. When a
    /// reservation expires it does not: it is renewed, or given up.
    pub binds: bool,
}

/// How much one input moves the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// The input.
    pub input: String,
    /// The names of its cases.
    pub cases: Vec<String>,
    /// The cheapest sizes over its cases: least and greatest.
    pub sizes: (Ptu, Ptu),
    /// The costs of the cheapest over its cases: least and greatest.
    pub costs: (Money, Money),
    /// What is cheapest where that costs least, and where it costs most. Their sizes need not be
    /// [`Self::sizes`]: dearer does not always mean larger.
    pub ends: (SizeCost, SizeCost),
}

/// What a size costs more than the best one, over all cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Regret {
    /// The deployed size.
    pub ptu: Ptu,
    /// What it costs more than the best of each case, in the order of cases.
    pub by_case: Vec<Money>,
    /// The greatest of them, over the cases in which what was bought stays bought.
    pub greatest: Money,
}

/// Something that was not varied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is.
    pub input: String,
    /// Why not.
    pub why: String,
}

/// How far the answers can be trusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// The band over the depth, ascending by depth.
    pub depths: Vec<DepthCase>,
    /// Days drawn anew, or why there are too few.
    pub bootstrap: Result<Bootstrap, String>,
    /// What could turn out otherwise; the first is the traffic as it is.
    pub cases: Vec<Case>,
    /// What was not varied, because it cannot be here.
    pub left_out: Vec<LeftOut>,
    /// Inputs by how much they move the cost, the greatest first.
    pub swings: Vec<Swing>,
    /// Sizes by their greatest regret, the least first.
    pub regrets: Vec<Regret>,
}

/// Looks at how far the answers of a plan can be trusted. The traffic is played once more with the
/// depths of the band, and once for each case in which it is different.
pub fn doubt(
    study: &Study,
    facts: &Facts<'_>,
    doubts: &Doubts,
    stage: &mut Stage<'_>,
) -> Result<Uncertainty, PlanError> {
    let grid = Grid::of(study, doubts);
    let points = grid.points(facts, stage)?;
    let depths = depths::depths(&grid, &points, facts, stage)?;
    let mut listed = Listed::of(study, &grid, facts, doubts, stage)?;
    let stagehand = Stagehand {
        grid: &grid,
        points: &points,
        facts,
        seed: doubts.seed,
    };
    let cases = stagehand.cases(&mut listed, stage)?;
    Ok(Uncertainty {
        bootstrap: bootstrap::bootstrap(&grid, &points, doubts),
        swings: sensitivity::swings(&cases, &depths),
        regrets: regret::regrets(&cases),
        left_out: listed.left_out,
        depths,
        cases,
    })
}

/// The cheapest size, the smaller of two alike.
fn cheapest(sizes: &[SizeCost]) -> &SizeCost {
    let cheapest = sizes.iter().min_by(|one, other| one.cost.cmp(&other.cost));
    cheapest.expect("a grid starts with 0 PTU")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes with whole costs [USD].
    pub(super) fn sizes(costs: &[(u32, u32)]) -> Vec<SizeCost> {
        let size = |&(ptu, cost): &(u32, u32)| SizeCost {
            ptu: Ptu::new(ptu),
            cost: cost.to_string().parse().unwrap(),
            spill: 0.0,
        };
        costs.iter().map(size).collect()
    }

    /// A case with whole costs [USD], whose first size is the recommended one.
    pub(super) fn case(name: &str, input: &str, costs: &[(u32, u32)]) -> Case {
        let sizes = sizes(costs);
        Case {
            name: name.to_owned(),
            input: input.to_owned(),
            best: cheapest(&sizes).clone(),
            recommended: sizes[0].clone(),
            binds: true,
            sizes,
        }
    }
}
