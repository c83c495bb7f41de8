//! The band over the depth of the bucket, which Azure does not document.

use super::grid::Grid;
use super::{DepthCase, SizeCost};
use crate::chargeback::Facts;
use crate::plan::error::PlanError;
use crate::plan::point::Point;
use crate::plan::stage::Stage;
use crate::sim::Setup;
use crate::sim::setup::DeploymentRules;
use crate::time::SimDuration;

/// The grid with each depth of the scenario's band, ascending by depth. `points` are those of the
/// depth that the scenario states; they are not played again.
pub(super) fn depths(
    grid: &Grid<'_>,
    points: &[Point],
    facts: &Facts<'_>,
    stage: &mut Stage<'_>,
) -> Result<Vec<DepthCase>, PlanError> {
    let setups: Vec<Setup> = grid.setups().collect();
    let depths = band(grid);
    let played: Vec<SimDuration> = depths
        .iter()
        .copied()
        .filter(|depth| !has_depth(&setups, *depth))
        .collect();
    let deeper = |depth: &SimDuration| {
        let depth = *depth;
        setups.iter().map(move |one| one.clone().with_depth(depth))
    };
    let all: Vec<Setup> = played.iter().flat_map(deeper).collect();
    let others = match all.as_slice() {
        [] => Vec::new(),
        all => grid.played(all, facts, stage)?,
    };
    let mut others = others.chunks(setups.len());
    let cases = depths.into_iter().map(|depth| {
        let points = if played.contains(&depth) {
            others.next().expect("every played depth has its points")
        } else {
            points
        };
        let sizes = points.iter().map(|point| grid.sized(point));
        DepthCase::of(depth, sizes.collect())
    });
    Ok(cases.collect())
}

fn band(grid: &Grid<'_>) -> Vec<SimDuration> {
    let simulation = &grid.curve.candidate.config.scenario.simulation;
    let depths = simulation.band_depths_s.iter();
    let mut depths: Vec<SimDuration> = depths.map(|seconds| seconds.0).collect();
    depths.sort_unstable();
    depths.dedup();
    depths
}

/// Whether every bucket of every setup has this depth as it is.
fn has_depth(setups: &[Setup], depth: SimDuration) -> bool {
    let deployments = setups.iter().flat_map(|setup| &setup.deployments);
    let mut rules = deployments.map(|deployment| &deployment.rules);
    rules.all(|rules| match rules {
        DeploymentRules::Provisioned(rules) => rules.depth == depth,
        DeploymentRules::Standard(_) => true,
    })
}

impl DepthCase {
    fn of(depth: SimDuration, sizes: Vec<SizeCost>) -> Self {
        let best = super::cheapest(&sizes).ptu;
        Self { depth, sizes, best }
    }

    /// The cheapest size.
    pub(super) fn cheapest(&self) -> &SizeCost {
        super::cheapest(&self.sizes)
    }
}
