//! The ways to deploy that are planned: the scenario's own, and other models and kinds.

use anyhow::{Context, bail};
use chrono::NaiveDate;

use super::PlanArgs;
use crate::azure::DeploymentKind;
use crate::commands::facts::KnownFacts;
use crate::config::Config;
use crate::plan::Candidate;
use crate::plan::candidate::Market;

/// Every model in every kind that is asked for; the scenario's own where nothing is.
pub(super) fn of(
    args: &PlanArgs,
    config: &Config,
    facts: &KnownFacts,
    today: NaiveDate,
) -> anyhow::Result<Vec<Candidate>> {
    let place = place_of(config, args.deployment.as_deref())?;
    let own = &config.policy.deployments[place];
    if let (Some(_), [first, _, ..]) = (&args.model_version, args.model.as_slice()) {
        bail!("--model-version is of one model; plan {first} alone");
    }
    let models = or_own(&args.model, own.model.clone());
    let kinds = or_own(&args.kind, own.kind);
    let market = market(args, facts, today);
    let mut candidates = Vec::new();
    for model in &models {
        for kind in &kinds {
            let mut changed = changed(config, place, model, *kind);
            if let Some(version) = &args.model_version {
                name_version(&mut changed, place, version);
            }
            let mut candidate = Candidate::of(changed, place, &market)?;
            if (model, *kind) != (&own.model, own.kind) {
                // Nothing of it is deployed today.
                candidate.today = None;
            }
            candidates.push(candidate);
        }
    }
    Ok(candidates)
}

fn market<'f>(args: &PlanArgs, facts: &'f KnownFacts, today: NaiveDate) -> Market<'f> {
    Market {
        facts: facts.borrowed(),
        terms: args.terms(),
        on: args.as_of.unwrap_or(today),
    }
}

/// Every provisioned deployment of a scenario.
pub(super) fn fleet(
    args: &PlanArgs,
    config: &Config,
    facts: &KnownFacts,
    today: NaiveDate,
) -> anyhow::Result<Vec<Candidate>> {
    let market = market(args, facts, today);
    let deployments = config.policy.deployments.iter().enumerate();
    let provisioned = deployments.filter(|(_, deployment)| deployment.is_provisioned());
    let candidates = provisioned.map(|(place, _)| Candidate::of(config.clone(), place, &market));
    Ok(candidates.collect::<Result<_, _>>()?)
}

/// States the version of the planned deployment, and of those that serve the same model.
fn name_version(config: &mut Config, place: usize, version: &str) {
    let model = config.policy.deployments[place].model.clone();
    let deployments = config.policy.deployments.iter_mut();
    for deployment in deployments.filter(|one| one.model == model) {
        deployment.version = Some(version.to_owned());
    }
}

fn or_own<T: Clone>(asked: &[T], own: T) -> Vec<T> {
    if asked.is_empty() {
        vec![own]
    } else {
        asked.to_vec()
    }
}

/// The place of the deployment to plan.
fn place_of(config: &Config, name: Option<&str>) -> anyhow::Result<usize> {
    let deployments = config.policy.deployments.iter().enumerate();
    let provisioned: Vec<_> = deployments
        .filter(|(_, deployment)| deployment.is_provisioned())
        .collect();
    let names = || {
        let names = provisioned.iter().map(|(_, one)| one.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    match (name, provisioned.as_slice()) {
        (None, [(place, _)]) => Ok(*place),
        (None, []) => bail!(
            "there is no provisioned deployment to plan\n\
             hint: add a [[deployment]] with offer = \"provisioned\", or plan a trace with --model"
        ),
        (None, _) => bail!("--deployment: name the one to plan; there is {}", names()),
        (Some(name), found) => found
            .iter()
            .find(|(_, one)| one.name == name)
            .map(|(place, _)| *place)
            .with_context(|| {
                format!(
                    "--deployment {name}: no such provisioned deployment; there is {}",
                    names()
                )
            }),
    }
}

/// The configuration with another model and kind planned; standard deployments that served the
/// same model in the same kind change with it, for they take its spillover.
fn changed(config: &Config, place: usize, model: &str, kind: DeploymentKind) -> Config {
    let mut config = config.clone();
    let own = config.policy.deployments[place].clone();
    for (at, deployment) in config.policy.deployments.iter_mut().enumerate() {
        let alike = deployment.model == own.model && deployment.kind == own.kind;
        if at != place && (deployment.is_provisioned() || !alike) {
            continue;
        }
        if deployment.model != model {
            model.clone_into(&mut deployment.model);
            deployment.version = None;
        }
        deployment.kind = kind;
    }
    config
}
