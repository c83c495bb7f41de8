//! How deployments are told apart.

/// The place of a deployment in its fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeploymentId(u16);

impl DeploymentId {
    /// The deployment at `place`.
    pub fn at(place: usize) -> Self {
        Self(u16::try_from(place).expect("a scenario has fewer than 2^16 deployments"))
    }

    /// Its place.
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}
