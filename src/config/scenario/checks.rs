//! What no single value of a scenario tells.

use super::super::deployment::SimulatedDeployment;
use super::{AppSection, GatewaySection, Kind, Scenario, SimulationSection, TrafficSection};
use crate::chargeback::deployments::Deployment;
use crate::chargeback::{Fault, Policy, Step};
use crate::spelling::hint;
use crate::time::SimDuration;
use crate::workload::Seed;

impl Scenario {
    /// Everything wrong with the scenario that can be told without facts, in the order of its
    /// sections.
    pub(in crate::config) fn faults(&self, policy: &Policy) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, deployment) in policy.deployments.iter().enumerate() {
            let simulated = &self.deployments[at];
            check_capacity(deployment, simulated, at, &mut faults);
            check_quota(deployment, simulated, at, &mut faults);
            check_spillover(policy, simulated, at, &mut faults);
        }
        self.check_simulation(&mut faults);
        self.check_gateway(&mut faults);
        for (at, section) in self.traffic.iter().enumerate() {
            check_traffic(section, &self.simulation, at, &mut faults);
        }
        for (at, app) in self.apps.iter().enumerate() {
            check_app(app, at, &mut faults);
            self.check_queue_of(app, at, &mut faults);
        }
        faults
    }

    fn check_queue_of(&self, app: &AppSection, at: usize, faults: &mut Vec<Fault>) {
        let Some(name) = &app.queue else { return };
        let names = || self.queues.iter().map(|queue| queue.name.as_str());
        if names().any(|known| known == name) {
            return;
        }
        let nearest = hint(name, names());
        faults.push(Fault::of(
            vec![Step::Key("app"), Step::At(at), Step::Key("queue")],
            format!(
                "app {:?} uses queue {name:?}, which is not described{nearest}",
                app.name
            ),
        ));
    }

    fn check_gateway(&self, faults: &mut Vec<Fault>) {
        let message = match (&self.gateway, self.gateway.policy()) {
            (GatewaySection::Both(preset), Ok(_)) => format!(
                "preset {preset:?} is a whole policy; leave the other keys out, or copy the preset \
                 and change it (tollbook simulate --show-policy {preset})"
            ),
            (_, Ok(_)) => return,
            (_, Err(error)) => format!("{error}\nhint: --list-policies lists the presets"),
        };
        faults.push(Fault::of(
            vec![Step::Key("gateway"), Step::Key("preset")],
            message,
        ));
    }

    fn check_simulation(&self, faults: &mut Vec<Fault>) {
        let simulation = &self.simulation;
        let mut fault = |key, message: &str| {
            faults.push(Fault::of(
                vec![Step::Key("simulation"), Step::Key(key)],
                message.to_owned(),
            ));
        };
        let span = simulation.from.zip(simulation.until);
        if span.is_some_and(|(from, until)| until <= from) {
            fault("until", "`until` is not after `from`");
        }
        if simulation.depth_s.is_some_and(SimDuration::is_zero) {
            fault(
                "depth_s",
                "a bucket without depth admits nothing; depth_s must be above 0",
            );
        }
        if simulation
            .band_depths_s
            .iter()
            .any(|depth| depth.0.is_zero())
        {
            fault(
                "band_depths_s",
                "a bucket without depth admits nothing; depths must be above 0",
            );
        }
    }
}

/// A fault of one key of a deployment.
pub(super) fn deployment_fault(at: usize, key: &'static str, message: String) -> Fault {
    Fault::of(
        vec![Step::Key("deployment"), Step::At(at), Step::Key(key)],
        message,
    )
}

fn check_capacity(
    deployment: &Deployment,
    simulated: &SimulatedDeployment,
    at: usize,
    faults: &mut Vec<Fault>,
) {
    let name = &deployment.name;
    if let (Some(_), [first, ..]) = (simulated.ptu, deployment.capacity.as_slice())
        && first.from.micros() != 0
    {
        let message = format!(
            "deployment {name:?} has both `ptu` and `capacity`; `ptu` is short for a capacity that \
             never changes"
        );
        faults.push(deployment_fault(at, "ptu", message));
    }
    let only_provisioned = [
        ("depth_s", simulated.depth.is_some()),
        ("spillover_to", simulated.spillover_to.is_some()),
    ];
    for (key, given) in only_provisioned {
        if given && !deployment.is_provisioned() {
            let offer = deployment.offer;
            let message = format!(
                "deployment {name:?} has `{key}`, but its offer is {offer}; only provisioned \
                 deployments have one"
            );
            faults.push(deployment_fault(at, key, message));
        }
    }
    if simulated.depth.is_some_and(SimDuration::is_zero) {
        let message = "a bucket without depth admits nothing; depth_s must be above 0".to_owned();
        faults.push(deployment_fault(at, "depth_s", message));
    }
}

fn check_quota(
    deployment: &Deployment,
    simulated: &SimulatedDeployment,
    at: usize,
    faults: &mut Vec<Fault>,
) {
    let name = &deployment.name;
    for (key, quota) in [("tpm", simulated.tpm), ("rpm", simulated.rpm)] {
        if quota.is_some() && deployment.is_provisioned() {
            let message = format!(
                "deployment {name:?} has `{key}`, but it is provisioned: its capacity is its limit"
            );
            faults.push(deployment_fault(at, key, message));
        }
        if quota == Some(0) {
            let message = format!("a rate of 0 serves nothing; leave `{key}` out for no limit");
            faults.push(deployment_fault(at, key, message));
        }
    }
    if simulated.rpm_slice.is_some_and(SimDuration::is_zero) {
        let message = "requests cannot be counted in slices of 0 s; Azure counts in 1 or 10 s";
        faults.push(deployment_fault(at, "rpm_slice_s", message.to_owned()));
    }
    if simulated.output_tokens_per_s == Some(0) {
        let message = "a rate of 0 never ends an answer; leave `output_tokens_per_s` out for \
                       answers that take no time";
        faults.push(deployment_fault(
            at,
            "output_tokens_per_s",
            message.to_owned(),
        ));
    }
}

fn check_spillover(
    policy: &Policy,
    simulated: &SimulatedDeployment,
    at: usize,
    faults: &mut Vec<Fault>,
) {
    let Some(to) = &simulated.spillover_to else {
        return;
    };
    let name = &policy.deployments[at].name;
    let others = policy
        .deployments
        .iter()
        .filter(|other| other.name != *name);
    let message = match policy.deployments.iter().find(|other| other.name == *to) {
        Some(target) if target.name == *name => {
            format!("deployment {name:?} spills over to itself")
        }
        Some(target) if target.is_provisioned() => format!(
            "deployment {name:?} spills over to {to:?}, which is provisioned; Azure spills over to \
             standard deployments only"
        ),
        Some(_) => return,
        None => {
            let nearest = hint(to, others.map(|other| other.name.as_str()));
            format!("deployment {name:?} spills over to {to:?}, which is not described{nearest}")
        }
    };
    faults.push(deployment_fault(at, "spillover_to", message));
}

fn check_traffic(
    section: &TrafficSection,
    simulation: &SimulationSection,
    at: usize,
    faults: &mut Vec<Fault>,
) {
    let mut fault = |key, message: String| {
        faults.push(Fault::of(
            vec![Step::Key("traffic"), Step::At(at), Step::Key(key)],
            message,
        ));
    };
    let span = section.from.zip(section.until);
    if span.is_some_and(|(from, until)| until <= from) {
        fault("until", "`until` is not after `from`".to_owned());
    }
    let no_rate = |rate: Option<f64>| rate.is_some_and(|rate| rate.is_nan() || rate <= 0.0);
    for (key, rate) in [
        ("requests_per_s", section.requests_per_s),
        ("requests_per_minute", section.requests_per_minute),
    ] {
        if no_rate(rate) {
            fault(
                key,
                "a rate must be above 0; leave the section out to have none of it".to_owned(),
            );
        }
    }
    if let Some(problem) = shape_problem(section) {
        fault("shape", problem);
    }
    let problem = match section.kind {
        Kind::Synthetic => section.synthetic(simulation, None).err(),
        Kind::Minutes => section.minute_options("", Seed::new(0)).err(),
        Kind::Metrics => section.metrics_options("", Seed::new(0)).err(),
        _ => None,
    };
    if let Some(problem) = problem.or_else(|| file_problem(section)) {
        fault("kind", problem);
    }
}

/// What a shape contradicts.
fn shape_problem(section: &TrafficSection) -> Option<String> {
    section.shape.as_ref()?;
    let contradicted = [
        ("input", section.input.is_some()),
        ("cached_share", section.cached_share.is_some()),
    ];
    match contradicted.iter().find(|(_, given)| *given) {
        _ if section.kind != Kind::Synthetic => Some(format!(
            "`shape` is for traffic of kind \"synthetic\"; this is {:?}",
            section.kind.name()
        )),
        Some((key, _)) => Some(format!(
            "a shape knows its `{key}`; leave out one of the two"
        )),
        None => None,
    }
}

/// What is wrong with the files that a section names, or does not.
fn file_problem(section: &TrafficSection) -> Option<String> {
    let tables = [&section.rates, &section.tokens];
    let (kind, has_files) = (section.kind, !section.files.is_empty());
    match kind {
        Kind::Servegen if has_files || tables.iter().any(|table| table.is_empty()) => Some(
            "traffic of kind \"servegen\" is two tables, `rates` and `tokens`, in place of `files`"
                .to_owned(),
        ),
        Kind::Servegen => None,
        _ if tables.iter().any(|table| !table.is_empty()) => Some(format!(
            "`rates` and `tokens` are tables of kind \"servegen\"; this is {:?}",
            kind.name()
        )),
        Kind::Synthetic if has_files => Some("a synthetic app has no `files`".to_owned()),
        Kind::Synthetic | Kind::Logs => None,
        _ if has_files => None,
        kind => Some(format!("traffic of kind {:?} needs `files`", kind.name())),
    }
}

fn check_app(app: &AppSection, at: usize, faults: &mut Vec<Fault>) {
    let limited = app.max_tokens.or(app.default_max_tokens).is_some();
    if limited && app.name.ends_with('*') {
        faults.push(Fault::of(
            vec![Step::Key("app"), Step::At(at), Step::Key("name")],
            format!(
                "limits of answers are set app by app; name one in place of {:?}",
                app.name
            ),
        ));
    }
}
