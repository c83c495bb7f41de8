//! What is played beside the scenario as it is written: other sizes, other depths.

use anyhow::{Context, bail};

use super::SimulateArgs;
use crate::chargeback::deployments::CapacityStep;
use crate::config::Config;
use crate::config::scenario::GatewaySection;
use crate::sim::gateway::Preset;
use crate::time::Timestamp;
use crate::units::Ptu;

/// `--ptu [NAME=]N`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PtuFlag {
    deployment: Option<String>,
    ptu: Ptu,
}

impl std::str::FromStr for PtuFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (deployment, count) = match text.rsplit_once('=') {
            Some((name, count)) => (Some(name.to_owned()), count),
            None => (None, text),
        };
        let ptu = count.parse().map_err(|_| {
            format!("{count:?} is no number of PTU; expected e.g. 250, or chat-ptu=250")
        })?;
        Ok(Self {
            deployment,
            ptu: Ptu::new(ptu),
        })
    }
}

/// One of `--compare`: a number is a size, anything else a preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// What `--ptu` would say.
    Size(PtuFlag),
    /// What `--policy` would say.
    Policy(String),
}

impl std::str::FromStr for Compared {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_size = text.contains('=') || text.starts_with(|first: char| first.is_ascii_digit());
        match (text, is_size) {
            ("", _) => Err("nothing between two commas; expected e.g. 15,30,60".to_owned()),
            (_, true) => text.parse().map(Self::Size),
            (_, false) => Ok(Self::Policy(text.to_owned())),
        }
    }
}

/// A changed scenario.
#[derive(Clone)]
pub(super) struct Variation {
    /// What is changed, for headings.
    pub(super) label: String,
    /// The scenario.
    pub(super) config: Config,
}

/// The scenario in every combination of the sizes asked for.
pub(super) fn variations(config: &Config, args: &SimulateArgs) -> anyhow::Result<Vec<Variation>> {
    let mut base = config.clone();
    args.scenario.override_simulation(&mut base)?;
    let mut made = vec![Variation {
        label: String::new(),
        config: base,
    }];
    let compared = args.compare.iter().filter_map(|one| match one {
        Compared::Policy(name) => Some(name),
        Compared::Size(_) => None,
    });
    let policies = args.policy.iter().chain(compared);
    let routed: Vec<Variation> = policies
        .map(|name| routed(&made[0], name))
        .collect::<anyhow::Result<_>>()?;
    if !routed.is_empty() {
        made = routed;
    }
    for (place, sizes) in sizes_by_deployment(config, args)? {
        made = made
            .iter()
            .flat_map(|variation| sizes.iter().map(|&ptu| resized(variation, place, ptu)))
            .collect();
    }
    Ok(made)
}

fn routed(variation: &Variation, preset: &str) -> anyhow::Result<Variation> {
    if let Err(error) = Preset::named(preset) {
        bail!("--policy: {error}\nhint: --list-policies lists the presets");
    }
    let mut config = variation.config.clone();
    config.scenario.gateway = GatewaySection::Preset(preset.to_owned());
    Ok(Variation {
        label: preset.to_owned(),
        config,
    })
}

/// The sizes asked for, by the place of the deployment.
fn sizes_by_deployment(
    config: &Config,
    args: &SimulateArgs,
) -> anyhow::Result<Vec<(usize, Vec<Ptu>)>> {
    let mut sizes: Vec<(usize, Vec<Ptu>)> = Vec::new();
    let compared = args.compare.iter().filter_map(|one| match one {
        Compared::Size(flag) => Some(flag),
        Compared::Policy(_) => None,
    });
    for flag in args.ptu.iter().chain(compared) {
        let place = place_of(config, flag.deployment.as_deref())?;
        match sizes.iter_mut().find(|(known, _)| *known == place) {
            Some((_, sizes)) => sizes.push(flag.ptu),
            None => sizes.push((place, vec![flag.ptu])),
        }
    }
    Ok(sizes)
}

fn place_of(config: &Config, name: Option<&str>) -> anyhow::Result<usize> {
    let deployments = config.policy.deployments.iter().enumerate();
    let provisioned: Vec<(usize, &str)> = deployments
        .filter(|(_, deployment)| deployment.is_provisioned())
        .map(|(at, deployment)| (at, deployment.name.as_str()))
        .collect();
    let names = || {
        let names: Vec<&str> = provisioned.iter().map(|(_, name)| *name).collect();
        names.join(", ")
    };
    match (name, provisioned.as_slice()) {
        (None, [(only, _)]) => Ok(*only),
        (None, []) => bail!("--ptu needs a provisioned deployment, and the scenario has none"),
        (None, _) => bail!(
            "--ptu: name the deployment, as in NAME=250; it is one of {}",
            names()
        ),
        (Some(name), _) => provisioned
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(at, _)| *at)
            .with_context(|| {
                format!(
                    "--ptu {name}=…: no such provisioned deployment; there is {}",
                    names()
                )
            }),
    }
}

fn resized(variation: &Variation, place: usize, ptu: Ptu) -> Variation {
    let mut config = variation.config.clone();
    let deployment = &mut config.policy.deployments[place];
    deployment.capacity = vec![CapacityStep {
        from: Timestamp::from_micros(0),
        ptu,
    }];
    let label = match config
        .policy
        .deployments
        .iter()
        .filter(|d| d.is_provisioned())
        .count()
    {
        1 => format!("{ptu} PTU"),
        _ => format!("{} {ptu} PTU", config.policy.deployments[place].name),
    };
    let parts: Vec<&str> = [variation.label.as_str(), &label]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    Variation {
        label: parts.join(", "),
        config,
    }
}
