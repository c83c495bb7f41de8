//! How far the answers can be trusted: what is not known, varied one thing at a time.
//!
//! Everything here is about the curve and term of the recommended choice, on a grid of its sizes.

use crate::money::Money;
use crate::time::SimDuration;
use crate::units::Ptu;

/// A cost and a spill at one size, in some case [USD over the span; share of weighted tokens].
#[derive(Clone, Debug, PartialEq)]
pub struct SizeCost {
    /// The deployed size.
    pub ptu: Ptu,
    /// What it costs over the span.
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
}

/// What a size costs more than the best one, over all cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Regret {
    /// The deployed size.
    pub ptu: Ptu,
    /// What it costs more than the best of each case, in the order of cases.
    pub by_case: Vec<Money>,
    /// The greatest of them.
    pub greatest: Money,
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
    /// Inputs by how much they move the cost, the greatest first.
    pub swings: Vec<Swing>,
    /// Sizes by their greatest regret, the least first.
    pub regrets: Vec<Regret>,
}
