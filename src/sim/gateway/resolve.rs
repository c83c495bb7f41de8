//! From a policy as written to one that a run can use: names become places, and what makes no
//! sense is refused.

mod checks;
#[cfg(test)]
mod tests;

use thiserror::Error;

use super::policy::{MemberPolicy, Policy, PoolPolicy};
use super::rules::{GatewayRules, Member, PoolRules};
use crate::azure::{DeploymentKind, Offer};
use crate::sim::deployment::DeploymentId;
use crate::sim::fleet::Spillover;
use crate::sim::seconds::Seconds;
use crate::spelling;
use crate::time::SimDuration;

/// What a policy may know of a deployment; its place in the list is its place in the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentRole {
    /// Its name in the scenario.
    pub name: String,
    /// How it serves.
    pub offer: Offer,
    /// Where its requests may be processed.
    pub kind: DeploymentKind,
}

/// Why a policy cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PolicyError {
    /// A field does not hold what it should.
    #[error("[gateway] {place}: `{field}` is {found}; expected {expected}")]
    Field {
        /// The part of the policy.
        place: String,
        /// The field.
        field: &'static str,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// There is nobody to send calls to.
    #[error(
        "[gateway] {place} has no {missing}; add a [[gateway.{missing}]] that names deployments"
    )]
    Empty {
        /// The part of the policy.
        place: String,
        /// What is missing.
        missing: &'static str,
    },
    /// A name that nothing has.
    #[error("[gateway] {place}: there is no {what} {found:?}{hint}")]
    Unknown {
        /// The part of the policy.
        place: String,
        /// What is named.
        what: &'static str,
        /// The name.
        found: String,
        /// Names that are alike.
        hint: String,
    },
    /// A role that no deployment plays.
    #[error(
        "[gateway] {place}: no deployment is {wanted}; there are {known}. Name a deployment \
             with `deployment`, or add one to the scenario"
    )]
    NoRole {
        /// The part of the policy.
        place: String,
        /// The role.
        wanted: String,
        /// The deployments and their roles.
        known: String,
    },
    /// A deployment is a member more than once.
    #[error("[gateway] {place}: {deployment:?} is a member already; list it once")]
    Twice {
        /// The part of the policy.
        place: String,
        /// The deployment.
        deployment: String,
    },
    /// No preset has this name.
    #[error("there is no gateway preset {found:?}{hint}")]
    Preset {
        /// The name.
        found: String,
        /// Names that are alike.
        hint: String,
    },
    /// No client preset has this name.
    #[error("there is no client preset {found:?}{hint}")]
    Client {
        /// The name.
        found: String,
        /// Names that are alike.
        hint: String,
    },
    /// A preset is not what it should be.
    #[error("preset {name:?}: {problem}")]
    PresetFile {
        /// The preset.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Policy {
    /// The policy for the deployments of a scenario, in the order of their places.
    pub fn resolve(&self, roles: &[DeploymentRole]) -> Result<GatewayRules, PolicyError> {
        self.check()?;
        let pools = self.pool.iter().enumerate();
        let pools = pools.map(|(number, pool)| pool.resolve(&pool.place(number), roles));
        let pools: Vec<PoolRules> = pools.collect::<Result<_, _>>()?;
        let bands = self.priority.band.iter();
        let bands = bands.map(|band| Ok((band.band(), self.pool_named(&band.pool)?)));
        let otherwise = self.priority.otherwise.as_deref();
        Ok(GatewayRules {
            pools,
            bands: bands.collect::<Result<_, PolicyError>>()?,
            otherwise: otherwise.map_or(Ok(0), |name| self.pool_named(name))?,
            missing_priority: self.priority.missing,
            health: self.health.clone(),
            retry: self.retry.clone(),
            exhausted: self.exhausted.clone(),
            limits: self.limit.clone(),
            tracked: self.tracked_reserve,
            instances: self.instances,
            spillover: self.spillover(roles)?,
        })
    }

    fn pool_named(&self, name: &str) -> Result<usize, PolicyError> {
        let names = || self.pool.iter().map(|pool| pool.name.as_str());
        names()
            .position(|known| known == name)
            .ok_or_else(|| PolicyError::Unknown {
                place: "priority".to_owned(),
                what: "pool",
                found: name.to_owned(),
                hint: spelling::hint(name, names()),
            })
    }

    fn spillover(&self, roles: &[DeploymentRole]) -> Result<Option<Spillover>, PolicyError> {
        let Some(policy) = &self.spillover else {
            return Ok(None);
        };
        let place = "spillover";
        let target = match &policy.to {
            Some(name) => named(place, name, roles)?,
            None => *playing(place, Some(Offer::Standard), None, roles)?
                .first()
                .expect("a role that nobody plays is an error"),
        };
        if roles[target].offer == Offer::Provisioned {
            return Err(PolicyError::Field {
                place: place.to_owned(),
                field: "to",
                found: format!("the provisioned deployment {:?}", roles[target].name),
                expected: "a deployment that is paid by the token",
            });
        }
        Ok(Some(Spillover {
            to: DeploymentId::at(target),
            delay: policy.delay_s.span(),
        }))
    }
}

impl PoolPolicy {
    fn resolve(&self, place: &str, roles: &[DeploymentRole]) -> Result<PoolRules, PolicyError> {
        let mut members: Vec<Member> = Vec::new();
        for policy in &self.member {
            for found in policy.places(place, roles)? {
                let member = policy.at(found, &roles[found]);
                if members
                    .iter()
                    .any(|known| known.deployment == member.deployment)
                {
                    return Err(PolicyError::Twice {
                        place: place.to_owned(),
                        deployment: roles[found].name.clone(),
                    });
                }
                members.push(member);
            }
        }
        checks::members(place, self, &members)?;
        members.sort_by_key(|member| member.priority);
        Ok(PoolRules {
            choice: self.choice,
            refresh: self.refresh_s.map_or(SimDuration::ZERO, Seconds::span),
            members,
        })
    }
}

impl MemberPolicy {
    fn at(&self, place: usize, role: &DeploymentRole) -> Member {
        Member {
            deployment: DeploymentId::at(place),
            is_provisioned: role.offer == Offer::Provisioned,
            priority: self.priority,
            weight: self.weight,
            only: self.only.clone(),
        }
    }

    /// The places of the deployments it stands for.
    fn places(&self, place: &str, roles: &[DeploymentRole]) -> Result<Vec<usize>, PolicyError> {
        if let Some(name) = &self.deployment {
            return named(place, name, roles).map(|found| vec![found]);
        }
        let found = playing(place, self.offer, self.kind, roles)?;
        let Some(nth) = self.nth else {
            return Ok(found);
        };
        let chosen = nth.checked_sub(1).and_then(|nth| found.get(nth as usize));
        chosen
            .map(|place| vec![*place])
            .ok_or_else(|| PolicyError::NoRole {
                place: place.to_owned(),
                wanted: format!("number {nth} that is {}", wanted(self.offer, self.kind)),
                known: known(roles),
            })
    }
}

fn named(place: &str, name: &str, roles: &[DeploymentRole]) -> Result<usize, PolicyError> {
    let names = || roles.iter().map(|role| role.name.as_str());
    names()
        .position(|known| known == name)
        .ok_or_else(|| PolicyError::Unknown {
            place: place.to_owned(),
            what: "deployment",
            found: name.to_owned(),
            hint: spelling::hint(name, names()),
        })
}

/// The places of the deployments that play a role; at least one.
fn playing(
    place: &str,
    offer: Option<Offer>,
    kind: Option<DeploymentKind>,
    roles: &[DeploymentRole],
) -> Result<Vec<usize>, PolicyError> {
    let plays = |role: &DeploymentRole| {
        offer.is_none_or(|offer| role.offer == offer) && kind.is_none_or(|kind| role.kind == kind)
    };
    let found: Vec<usize> = (0..roles.len()).filter(|at| plays(&roles[*at])).collect();
    if found.is_empty() {
        return Err(PolicyError::NoRole {
            place: place.to_owned(),
            wanted: wanted(offer, kind),
            known: known(roles),
        });
    }
    Ok(found)
}

fn wanted(offer: Option<Offer>, kind: Option<DeploymentKind>) -> String {
    let words = [kind.map(DeploymentKind::name), offer.map(Offer::name)];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    words.join(" ")
}

fn known(roles: &[DeploymentRole]) -> String {
    let known = roles.iter().map(|role| {
        let DeploymentRole { name, offer, kind } = role;
        format!("{name:?} ({kind} {offer})")
    });
    let known: Vec<String> = known.collect();
    match known.as_slice() {
        [] => "none".to_owned(),
        known => known.join(", "),
    }
}
