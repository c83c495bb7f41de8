//! One pooled deployment against one for each app: what pooling is worth.

use std::collections::BTreeSet;

use super::Lever;
use super::bench::{Bench, Words};
use super::changes::{Pass, Passing};
use crate::plan::answers::Choice;
use crate::plan::curve::Cost;
use crate::plan::error::PlanError;
use crate::plan::sentence::{Figure, Sentence};
use crate::plan::stage::Stage;
use crate::units::Ptu;

/// Apps that are looked at alone; all others would share one more deployment.
const ALONE: usize = 9;

/// The lever, which tells what separate deployments would cost; nothing where there is one app,
/// or where reservations are owned, which separate deployments would share.
pub(super) fn lever(bench: &Bench<'_>, stage: &mut Stage<'_>) -> Result<Option<Lever>, PlanError> {
    let groups = groups(bench);
    if groups.len() < 2 || !bench.candidate().owned.ptu.is_zero() {
        return Ok(None);
    }
    let (mut sizes, mut cost) = (Vec::new(), Cost::default());
    for group in &groups {
        let pass = Pass::Only(group.clone());
        let mut alone = stage.changed(move |traffic| Box::new(Passing::new(traffic, pass.clone())));
        let Some((choice, _)) = bench.search(bench.candidate(), &mut alone)? else {
            return Ok(None);
        };
        sizes.push(choice.ptu);
        cost.bought += &choice.cost.bought;
        cost.tokens += &choice.cost.tokens;
    }
    let ptu: Ptu = sizes.iter().copied().sum();
    if ptu.is_zero() && bench.recommended().ptu.is_zero() {
        return Ok(None);
    }
    let choice = Choice {
        ptu,
        cost,
        ..bench.recommended().clone()
    };
    Ok(Some(bench.lever(words(&groups, &sizes), choice, None)))
}

/// The heaviest apps alone, and all others together.
fn groups(bench: &Bench<'_>) -> Vec<BTreeSet<String>> {
    let apps = &bench.study.survey.apps;
    let mut names: Vec<&String> = apps.keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(apps[*name].weighted));
    let (alone, together) = names.split_at(names.len().min(ALONE));
    let one = |name: &&String| BTreeSet::from([(*name).clone()]);
    let mut groups: Vec<BTreeSet<String>> = alone.iter().map(one).collect();
    if !together.is_empty() {
        groups.push(together.iter().map(|name| (*name).clone()).collect());
    }
    groups
}

fn words(groups: &[BTreeSet<String>], sizes: &[Ptu]) -> Words {
    let told = groups.iter().zip(sizes).map(|(group, size)| {
        let first = group.first().map_or("", String::as_str);
        match group.len() {
            1 if first.is_empty() => format!("unnamed {size}"),
            1 => format!("{first} {size}"),
            many => format!("{many} others {size}"),
        }
    });
    let told: Vec<String> = told.collect();
    Words {
        name: "separate deployments",
        what: Sentence::new(
            "a deployment for each app in place of one for all, in PTU: {}",
            [Figure::Text(told.join(", "))],
        ),
        caution: Sentence::plain("apps no longer compete, and none uses what another leaves idle"),
    }
}
