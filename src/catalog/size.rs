//! Which sizes a provisioned deployment may have, where it may run, and how fast it should be.

use crate::azure::DeploymentKind;
use crate::facts::Provenance;
use crate::units::Ptu;

use super::ModelName;

/// The legal sizes of a provisioned deployment: the minimum, and steps above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PtuSizes {
    minimum: Ptu,
    increment: Option<Ptu>,
}

/// The legal sizes next to one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearestSizes {
    /// The largest legal size below; `None` under the minimum.
    pub below: Option<Ptu>,
    /// The smallest legal size above; `None` where no source gives the increment.
    pub above: Option<Ptu>,
}

impl PtuSizes {
    /// Sizes from `minimum` in steps of `increment`; `None` where no source gives the step, or
    /// it is zero.
    pub fn new(minimum: Ptu, increment: Option<Ptu>) -> Self {
        let increment = increment.filter(|step| !step.is_zero());
        Self { minimum, increment }
    }

    /// The smallest legal size [PTU].
    pub const fn minimum(self) -> Ptu {
        self.minimum
    }

    /// The step between sizes [PTU].
    pub const fn increment(self) -> Option<Ptu> {
        self.increment
    }

    /// Whether a deployment may have `size`.
    pub fn allow(self, size: Ptu) -> bool {
        self.nearest(size).below == Some(size)
    }

    /// The legal sizes at or next to `size`: both are `size` itself where it is legal.
    pub fn nearest(self, size: Ptu) -> NearestSizes {
        let (least, size) = (self.minimum.get(), size.get());
        let Some(over) = size.checked_sub(least) else {
            return NearestSizes {
                below: None,
                above: Some(self.minimum),
            };
        };
        let Some(step) = self.increment.map(Ptu::get) else {
            let above = (over == 0).then_some(self.minimum);
            return NearestSizes {
                below: Some(self.minimum),
                above,
            };
        };
        let below = size - over % step;
        let above = if below == size {
            Some(size)
        } else {
            below.checked_add(step)
        };
        NearestSizes {
            below: Some(Ptu::new(below)),
            above: above.map(Ptu::new),
        }
    }
}

/// What is known about a model's provisioned deployments apart from their throughput.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentFacts {
    /// The model.
    pub name: ModelName,
    /// Deployment kinds, each with the data zone it is limited to; empty where nobody checked.
    pub kinds: Vec<(DeploymentKind, Option<String>)>,
    /// Sizes of global and data zone deployments.
    pub shared_sizes: Option<PtuSizes>,
    /// Sizes of regional deployments.
    pub regional_sizes: Option<PtuSizes>,
    /// Speed that 99 % of requests should exceed [output token/second].
    pub latency_tokens_per_second: Option<u32>,
    /// Where this is from and when it holds.
    pub provenance: Provenance,
}

impl DeploymentFacts {
    /// The legal sizes of a kind.
    pub const fn sizes(&self, kind: DeploymentKind) -> Option<PtuSizes> {
        match kind {
            DeploymentKind::Global | DeploymentKind::DataZone => self.shared_sizes,
            DeploymentKind::Regional => self.regional_sizes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_step_up_from_the_minimum() {
        let sizes = PtuSizes::new(Ptu::new(25), Some(Ptu::new(50)));
        for (size, legal, below, above) in [
            (0, false, None, Some(25)),
            (24, false, None, Some(25)),
            (25, true, Some(25), Some(25)),
            (50, false, Some(25), Some(75)),
            (75, true, Some(75), Some(75)),
            (u32::MAX, false, Some(4_294_967_275), None),
        ] {
            let nearest = sizes.nearest(Ptu::new(size));
            assert_eq!(sizes.allow(Ptu::new(size)), legal, "{size}");
            assert_eq!(nearest.below.map(Ptu::get), below, "{size}");
            assert_eq!(nearest.above.map(Ptu::get), above, "{size}");
        }
    }

    #[test]
    fn without_a_step_only_the_minimum_is_known_to_be_legal() {
        let sizes = PtuSizes::new(Ptu::new(100), None);
        assert!(sizes.allow(Ptu::new(100)));
        assert!(!sizes.allow(Ptu::new(150)));
    }
}
