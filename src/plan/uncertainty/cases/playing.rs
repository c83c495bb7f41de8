//! Plays a case, and prices it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Change, Listed, Planned};
use crate::chargeback::Facts;
use crate::money::Money;
use crate::plan::error::PlanError;
use crate::plan::point::Point;
use crate::plan::stage::Stage;
use crate::plan::uncertainty::grid::Grid;
use crate::plan::uncertainty::{Case, SizeCost, cheapest};
use crate::time::SimDuration;
use crate::workload::transform::{Factor as Volume, Limited, Reshape, Scale, Scaling, TokenLimits};
use crate::workload::{Seed, Traffic};

type Boxed<'t> = Box<dyn Traffic + 't>;

/// Plays cases on the grid.
pub(in crate::plan::uncertainty) struct Stagehand<'g, 'p> {
    pub(in crate::plan::uncertainty) grid: &'g Grid<'p>,
    /// The grid under the traffic as it is.
    pub(in crate::plan::uncertainty) points: &'g [Point],
    pub(in crate::plan::uncertainty) facts: &'g Facts<'g>,
    pub(in crate::plan::uncertainty) seed: u64,
}

impl Stagehand<'_, '_> {
    /// Every case, in the order of the list. One that asks for tokens that have no price, such as
    /// cached ones of a model that nobody gives such a price for, is left out.
    pub(in crate::plan::uncertainty) fn cases(
        &self,
        listed: &mut Listed,
        stage: &mut Stage<'_>,
    ) -> Result<Vec<Case>, PlanError> {
        let mut cases = Vec::new();
        for planned in std::mem::take(&mut listed.planned) {
            match self.case(&planned, stage) {
                Ok(case) => cases.push(case),
                Err(PlanError::Charge(error)) => {
                    listed.leave_out(&planned.name, &error.to_string());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(cases)
    }

    fn case(&self, planned: &Planned, stage: &mut Stage<'_>) -> Result<Case, PlanError> {
        let points = self.points(&planned.change, stage)?;
        let priced = |point: &Point| SizeCost {
            cost: self.cost(point, &planned.change),
            ..self.grid.sized(point)
        };
        let sizes: Vec<SizeCost> = points.iter().map(priced).collect();
        let recommended = |size: &&SizeCost| size.ptu == self.grid.recommended;
        let recommended = sizes.iter().find(recommended);
        Ok(Case {
            name: planned.name.clone(),
            input: planned.input.clone(),
            best: cheapest(&sizes).clone(),
            recommended: recommended.expect("it is on the grid").clone(),
            binds: !matches!(planned.change, Change::Expired(_)),
            sizes,
        })
    }

    /// The grid's points, played again where the traffic is different.
    fn points(
        &self,
        change: &Change,
        stage: &mut Stage<'_>,
    ) -> Result<Cow<'_, [Point]>, PlanError> {
        let mut changed = match change {
            Change::Volume(factor) => {
                let scaling = self.scaling(*factor);
                stage.changed(move |traffic| -> Boxed<'_> {
                    Box::new(Scale::new(traffic, &scaling))
                })
            }
            Change::Shape(reshaping) => {
                let reshaping = *reshaping;
                stage.changed(move |traffic| -> Boxed<'_> {
                    Box::new(Reshape::new(traffic, reshaping))
                })
            }
            Change::Stated(most) => {
                let limits = TokenLimits {
                    default: Some(*most),
                    ..TokenLimits::default()
                };
                stage.changed(move |traffic| -> Boxed<'_> {
                    Box::new(Limited::new(traffic, limits, BTreeMap::new()))
                })
            }
            Change::Nothing | Change::TokenPrice(_) | Change::PtuPrice(_) | Change::Expired(_) => {
                return Ok(Cow::Borrowed(self.points));
            }
        };
        self.grid.play(self.facts, &mut changed).map(Cow::Owned)
    }

    /// Copies of a request come within a second of it, as with `simulate --scale`.
    fn scaling(&self, factor: Volume) -> Scaling {
        Scaling {
            factor,
            jitter: SimDuration::SECOND,
            seed: Seed::new(self.seed),
            name: "plan".to_owned(),
        }
    }

    /// What a point costs in a case over the span, lost tokens at what they would have cost.
    fn cost(&self, point: &Point, change: &Change) -> Money {
        let cost = self.grid.cost(point);
        let tokens = cost.tokens.clone() + cost.lost.clone();
        match change {
            Change::TokenPrice(factor) => cost.provisioned() + tokens.times(factor),
            Change::PtuPrice(factor) => cost.owned + cost.bought.times(factor) + tokens,
            Change::Expired(hourly) => self.grid.span().cost(point.ptu, &hourly.per_hour) + tokens,
            Change::Nothing | Change::Volume(_) | Change::Shape(_) | Change::Stated(_) => {
                cost.compared()
            }
        }
    }
}
