//! Quota: how much a subscription may deploy of a kind in a region, whatever the model.
//!
//! Source: Microsoft Learn, provisioned throughput units, quota (2026-05): it is given by
//! subscription, region and deployment type, and shared by all models.

use std::str::FromStr;

use thiserror::Error;

use crate::azure::{DeploymentKind, region_name};
use crate::units::Ptu;

/// How much may be deployed of a kind in a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Deployment kind.
    pub kind: DeploymentKind,
    /// Azure region, programmatic name.
    pub region: String,
    /// The most that may be deployed.
    pub ptu: Ptu,
}

/// A text that is no quota.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{found:?} is no quota; expected KIND:REGION=PTU, such as global:swedencentral=500{why}")]
pub struct QuotaError {
    found: String,
    why: String,
}

impl Quota {
    /// Whether it is for this kind and region.
    pub fn covers(&self, kind: DeploymentKind, region: &str) -> bool {
        self.kind == kind && self.region == region
    }
}

impl FromStr for Quota {
    type Err = QuotaError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = |why: String| QuotaError {
            found: text.to_owned(),
            why,
        };
        let parts = text.split_once(':');
        let parts = parts.and_then(|(kind, rest)| Some((kind, rest.split_once('=')?)));
        let (kind, (region, ptu)) = parts.ok_or_else(|| refused(String::new()))?;
        let kind = kind.trim().parse::<DeploymentKind>();
        let ptu = ptu.trim().parse().ok();
        Ok(Self {
            kind: kind.map_err(|error| refused(format!("; {error}")))?,
            region: region_name(region),
            ptu: Ptu::new(ptu.ok_or_else(|| refused(String::new()))?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_read_with_any_spelling_of_the_region() {
        let quota: Quota = "global:Sweden Central=500".parse().unwrap();
        assert!(quota.covers(DeploymentKind::Global, "swedencentral"));
        assert!(!quota.covers(DeploymentKind::Regional, "swedencentral"));
        assert_eq!(quota.ptu, Ptu::new(500));
        for text in [
            "",
            "global=500",
            "zone:eastus=5",
            "global:eastus",
            "global:eastus=-5",
        ] {
            assert!(text.parse::<Quota>().is_err(), "{text:?}");
        }
    }
}
