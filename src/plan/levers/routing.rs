//! Plain spillover in place of the gateway's policy: what priorities and shares cost.

use super::Lever;
use super::bench::{Bench, Words};
use crate::plan::error::PlanError;
use crate::plan::sentence::Sentence;
use crate::plan::stage::Stage;
use crate::sim::DeploymentId;
use crate::sim::gateway::GatewayRules;

/// The lever; nothing where the gateway has no policy, or the deployment no spillover of its own.
pub(super) fn lever(bench: &Bench<'_>, stage: &mut Stage<'_>) -> Result<Option<Lever>, PlanError> {
    let mut candidate = bench.candidate().clone();
    let policy = candidate.config.scenario.gateway.policy();
    let setup = &mut candidate.built.setup;
    let spills = setup.deployments[candidate.place].spillover.is_some();
    if !spills || !matches!(policy, Ok(Some(_))) {
        return Ok(None);
    }
    setup.gateway = GatewayRules::pass_to(DeploymentId::at(candidate.place));
    let found = bench.search(&candidate, stage)?;
    let words = Words {
        name: "plain spillover",
        what: Sentence::plain("every call to the planned deployment, without the gateway's policy"),
        caution: Sentence::plain(
            "priorities, limits and shares of the gateway no longer protect anybody",
        ),
    };
    Ok(found.map(|(choice, point)| bench.lever(words, choice, Some(&point))))
}
