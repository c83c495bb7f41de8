//! Lower `max_tokens`: admission counts on it, so what callers state too much of is throughput
//! that nobody uses until the answer is complete.

use std::collections::BTreeMap;
use std::num::NonZero;

use super::Lever;
use super::bench::{Bench, Words};
use super::changes::{Capped, is_lowered};
use crate::plan::error::PlanError;
use crate::plan::sentence::{Figure, Sentence};
use crate::plan::stage::Stage;
use crate::sim::provisioned::UnstatedMaximum;
use crate::sim::setup::DeploymentRules;

/// Answers of an app that its cap has to hold [10⁻²].
const HELD: u64 = 99;

/// Answers of one app by their length [token].
#[derive(Default)]
struct Answers {
    by_length: BTreeMap<u32, u64>,
    /// What admission counts on, added up [token].
    counted_on: u64,
}

/// What lower caps would do.
struct Caps {
    by_app: BTreeMap<String, NonZero<u32>>,
    requests: u64,
    /// Mean of what admission counts on now, over the apps concerned [token].
    now: u64,
    /// Apps concerned.
    apps: usize,
}

impl Answers {
    fn count(&self) -> u64 {
        self.by_length.values().sum()
    }

    /// The length that 99 of 100 answers do not exceed; at least one token.
    fn cap(&self) -> Option<NonZero<u32>> {
        let needed = (self.count() * HELD).div_ceil(100);
        let mut seen = 0;
        let mut lengths = self.by_length.iter();
        let (length, _) = lengths.find(|(_, count)| {
            seen += **count;
            seen >= needed
        })?;
        NonZero::new((*length).max(1))
    }
}

/// The lever; nothing where admission counts on no more than the answers need.
pub(super) fn lever(bench: &Bench<'_>, stage: &mut Stage<'_>) -> Result<Option<Lever>, PlanError> {
    let candidate = bench.candidate();
    let DeploymentRules::Provisioned(rules) =
        &candidate.built.setup.deployments[candidate.place].rules
    else {
        return Ok(None);
    };
    let Some(caps) = caps(rules.unstated, stage)? else {
        return Ok(None);
    };
    let by_app = caps.by_app.clone();
    let unstated = rules.unstated;
    let mut lower =
        stage.changed(move |traffic| Box::new(Capped::new(traffic, by_app.clone(), unstated)));
    let found = bench.search(candidate, &mut lower)?;
    Ok(found.map(|(choice, point)| bench.lever(words(&caps), choice, Some(&point))))
}

/// The caps of apps whose requests count on more than they need; `None` where none do.
fn caps(unstated: UnstatedMaximum, stage: &mut Stage<'_>) -> Result<Option<Caps>, PlanError> {
    let mut apps: BTreeMap<String, Answers> = BTreeMap::new();
    stage.look(|request, app| {
        if !apps.contains_key(app.name()) {
            apps.insert(app.name().to_owned(), Answers::default());
        }
        let answers = apps.get_mut(app.name()).expect("it was inserted above");
        *answers.by_length.entry(request.tokens.output).or_default() += 1;
        answers.counted_on += u64::from(unstated.for_request(request));
    })?;
    let caps = apps
        .iter()
        .filter_map(|(app, answers)| Some((app.clone(), answers.cap()?)));
    let mut by_app: BTreeMap<String, NonZero<u32>> = caps.collect();
    let mut lowered: BTreeMap<String, u64> = BTreeMap::new();
    stage.look(|request, app| {
        let cap = by_app.get(app.name()).map_or(u32::MAX, |cap| cap.get());
        if is_lowered(request, cap, unstated) {
            match lowered.get_mut(app.name()) {
                Some(count) => *count += 1,
                None => drop(lowered.insert(app.name().to_owned(), 1)),
            }
        }
    })?;
    by_app.retain(|app, _| lowered.contains_key(app));
    let concerned = || apps.iter().filter(|(app, _)| lowered.contains_key(*app));
    let requests: u64 = concerned().map(|(_, answers)| answers.count()).sum();
    let counted_on: u64 = concerned().map(|(_, answers)| answers.counted_on).sum();
    Ok((requests > 0).then(|| Caps {
        apps: by_app.len(),
        by_app,
        requests: lowered.values().sum(),
        now: counted_on / requests,
    }))
}

fn words(caps: &Caps) -> Words {
    let requests = Figure::Count(caps.requests);
    let now = Figure::Count(caps.now);
    let what = match caps.by_app.iter().next() {
        Some((app, cap)) if caps.apps == 1 => Sentence::new(
            "{} requests of {} state at most {}, which 99 of 100 of its answers need; admission \
             counts on {} a request now",
            [
                requests,
                app.clone().into(),
                u64::from(cap.get()).into(),
                now,
            ],
        ),
        _ => Sentence::new(
            "{} requests of {} apps state at most what 99 of 100 answers of their app need; \
             admission counts on {} a request now",
            [requests, caps.apps.into(), now],
        ),
    };
    Words {
        name: "lower max_tokens",
        what,
        caution: Sentence::plain(
            "1 of 100 answers is longer and keeps its maximum here; callers that cannot tell which \
             would have them cut",
        ),
    }
}
