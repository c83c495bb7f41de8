//! Move apps that can wait to a queue behind the bucket: they fill the valleys.

use std::collections::BTreeMap;

use super::Lever;
use super::bench::{Bench, Words};
use crate::plan::candidate::Candidate;
use crate::plan::error::PlanError;
use crate::plan::point::{Fate, Point};
use crate::plan::sentence::{Figure, Sentence};
use crate::plan::stage::Stage;
use crate::sim::DeploymentId;
use crate::sim::queue::{GateRules, QueueRules, Signal};
use crate::sim::setup::{AppPattern, AppRules};
use crate::workload::App;

/// The line above which a queue of our own making holds back: what is above is left to those who
/// cannot wait [10⁻³ of the bucket's depth].
const STOP: u32 = 800;

/// The lever; nothing where no app is known that can wait, or all wait already.
pub(super) fn lever(
    bench: &Bench<'_>,
    movable: &[String],
    stage: &mut Stage<'_>,
) -> Result<Option<Lever>, PlanError> {
    let setup = &bench.candidate().built.setup;
    let sent_now = |name: &&String| setup.rules_for(&App::named(name)).queue.is_none();
    let moved: Vec<String> = movable.iter().filter(sent_now).cloned().collect();
    if moved.is_empty() {
        return Ok(None);
    }
    let queued = queued(bench.candidate(), &moved);
    let found = bench.search(&queued, stage)?;
    Ok(found.map(|(choice, point)| bench.lever(words(&moved, &point), choice, Some(&point))))
}

/// The candidate with these apps behind the scenario's first queue, or one that watches the
/// planned deployment where it has none.
fn queued(candidate: &Candidate, apps: &[String]) -> Candidate {
    let mut candidate = candidate.clone();
    let watched = DeploymentId::at(candidate.place);
    let setup = &mut candidate.built.setup;
    if setup.queues.is_empty() {
        setup.queues.push(QueueRules {
            gate: Some(GateRules {
                watched,
                stop: STOP,
                resume: STOP,
                signal: Signal::Level,
            }),
            ..QueueRules::named("batch")
        });
    }
    for app in apps {
        let rules = AppRules {
            queue: Some(0),
            ..setup.rules_for(&App::named(app))
        };
        setup.apps.insert(0, (AppPattern(app.clone()), rules));
    }
    candidate
}

fn words(apps: &[String], point: &Point) -> Words {
    let waits: BTreeMap<&str, &Fate> = apps
        .iter()
        .filter_map(|app| Some((app.as_str(), point.apps.get(app)?)))
        .collect();
    let longest = waits.values().map(|fate| fate.p95_wait()).max();
    Words {
        name: "queue what can wait",
        what: Sentence::new(
            "{} behind a queue that sends while the bucket has room",
            [Figure::Text(apps.join(", "))],
        ),
        caution: Sentence::new(
            "5 of 100 of its requests wait longer than {}",
            [longest.unwrap_or_default().into()],
        ),
    }
}
